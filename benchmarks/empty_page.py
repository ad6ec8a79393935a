"""The least that Flask can serve, for the server's own settings: what pages are measured against."""

from flask import Flask


def create_app() -> Flask:
    """One page without anything."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "", endpoint="empty")
    return app
