"""That a form of ours was sent from a page of ours.

No browser may send us anything on behalf of another site. A form that does something for somebody, or that signs somebody in, carries a
token as well: of whoever has signed in it belongs to the session, of a stranger to a cookie of the browser. What a script sends to the
API on the strength of the cookie carries it as a header. The forms that keep a wish of the reader in the reader's own browser need none.
"""

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from markupsafe import Markup

from api.auth import API, current_principal
from union_catalog.errors import NotAllowed

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
COOKIE = "form"
_SAFE = ("GET", "HEAD", "OPTIONS")
_WISHES = ("pages.choose_near", "pages.choose_display")


def guard_forms(app: Flask) -> None:
    """Refuses what comes from elsewhere; to be called after ``guard_routes``. Templates say ``csrf_field()`` inside their forms."""
    app.jinja_env.globals["csrf_field"] = csrf_field
    app.jinja_env.globals["csrf_token"] = csrf_token

    @app.before_request
    def check() -> None:
        if request.method not in _SAFE and request.endpoint is not None:
            _demand_ours()

    @app.after_request
    def remember(response: Response) -> Response:
        made = g.get("form_cookie", "")
        if made:
            response.set_cookie(COOKIE, made, httponly=True, samesite="Strict", secure=request.is_secure, path="/")
        return response


def csrf_token() -> str:
    """What a form of the page that is being drawn has to carry."""
    session = current_principal().session
    g.personal = True  # the page holds something of one reader's own
    return _token(session or _form_cookie())


def csrf_field() -> Markup:
    """The hidden field with it."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token())


def _demand_ours() -> None:
    """Raises NotAllowed("form_from_elsewhere") and NotAllowed("form_outdated")."""
    principal = current_principal()
    of_api = request.path.startswith(API)
    if of_api and not principal.by_cookie:
        return  # shown by hand, or nothing at all: there is nothing that a browser would add unasked
    if not _is_same_site():
        raise NotAllowed("form_from_elsewhere", right="form")
    if request.endpoint in _WISHES:
        return
    shown = request.headers.get(HEADER, "") if of_api else request.form.get(FIELD, "") or request.headers.get(HEADER, "")
    binding = principal.session or request.cookies.get(COOKIE, "")
    if not binding or not hmac.compare_digest(shown.encode(), _token(binding).encode()):
        raise NotAllowed("form_outdated", right="form")


def _is_same_site() -> bool:
    """As the browser says it; an older one names the page's origin, and what is no browser says neither."""
    told = request.headers.get("Sec-Fetch-Site", "")
    if told:
        return told in ("same-origin", "none")
    origin = request.headers.get("Origin", "")
    return not origin or urlsplit(origin).netloc == request.host


def _form_cookie() -> str:
    kept: str = request.cookies.get(COOKIE, "") or g.get("form_cookie", "")
    if not kept:
        kept = g.form_cookie = secrets.token_urlsafe(18)
    return kept


def _token(binding: str) -> str:
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), f"form\n{binding}".encode(), "sha256").hex()
