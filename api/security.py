"""What every answer carries to keep a browser safe, and the key that signs cookies."""

import os
import re
import secrets
from pathlib import Path

from flask import Flask, Response, abort, request

from union_catalog.errors import ConfigurationError
from union_catalog.settings import Settings

# Nothing is fetched from elsewhere and nothing inline is run: scripts, styles and pictures are files of
# our own.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SHORTEST_KEY = 16
_ONLY_TLS = "max-age=31536000"
_CONTROL = re.compile("[\x00-\x1f\x7f]")


def guard_answers(app: Flask) -> None:
    """Puts the headers on every answer, and lets none be kept by a cache unasked."""

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-cache")
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", _ONLY_TLS)
        return response


def guard_paths(app: Flask) -> None:
    """Refuses addresses with control characters: none of ours holds one, and PostgreSQL takes no NUL in
    a text."""

    @app.before_request
    def refuse() -> None:
        if _CONTROL.search(request.path):
            abort(404)


def signing_key(settings: Settings) -> str:
    """The configured key, else the one kept in the home folder, made there once for all processes.

    Raises ConfigurationError for a configured key under 16 characters and for a home folder that cannot
    be written.
    """
    if settings.secret_key:
        if len(settings.secret_key) < SHORTEST_KEY:
            raise ConfigurationError("short_secret_key", name="UNION_CATALOG_SECRET_KEY", least=SHORTEST_KEY)
        return settings.secret_key
    try:
        return _kept_key(settings.home / "secret_key")
    except OSError as error:
        raise ConfigurationError("home_not_writable", name="UNION_CATALOG_HOME", path=str(settings.home)) from error


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # fails where another process was first: its key is then everybody's
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
