"""The address of the page."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, render_template

from api.explorer.forms import operations


def install_explorer(app: Flask, document: Mapping[str, Any]) -> None:
    """Adds /api/docs to ``app``: the forms of ``document``, read once."""
    explorer = Blueprint(
        "explorer",
        "api.explorer",
        url_prefix="/api/docs",
        static_folder="static",
        template_folder="templates",
    )
    forms = operations(document)
    about = document["info"]["description"]

    @explorer.get("")
    def page() -> str:
        """What the API offers, to be read and tried."""
        return render_template("explorer.html", operations=forms, about=about)

    app.register_blueprint(explorer)
