"""The pages for signing in and out: one form for readers (card and PIN) and staff (name and password)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import cast

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from api.auth import ANYBODY, SESSION_COOKIE, current_principal
from api.language import current_language
from api.limits import TOO_MANY, counted
from api.messages import sentence
from api.pages import shell
from api.permissions import held
from api.resources.operation import catalogue, clock
from api.resources.sessions import identify
from api.translations import gettext, ngettext
from union_catalog.clock import parse_instant
from union_catalog.errors import InvalidInput, NotAllowed, NotAuthenticated, Refused, UnionCatalogError
from union_catalog.services import access, sessions, staff
from union_catalog.services.access import SESSION_PREFIX
from union_catalog.services.passwords import TRIES

signing = Blueprint("signing", __name__)
signing.after_request(shell.remember_language)
_WRONG = ("card_or_pin_wrong", "name_or_password_wrong")
_LOCKED = ("pin_locked", "password_locked")


@dataclass(frozen=True, slots=True)
class SignInView:
    """The form as it was sent. ``both``: the error is of both fields, which must not be told apart; else of the first.

    ``unsent``: whoever comes here has sent a form, and it was not taken.
    """

    who: str = ""
    back: str = ""
    error: str = ""
    both: bool = False
    unsent: bool = False


def install_sign_in(app: Flask) -> None:
    """Puts the pages into ``app``; every template may ask ``signed_in``: "staff", "patron" or ""."""
    app.register_blueprint(signing)

    @app.context_processor
    def know() -> dict[str, object]:
        principal = current_principal()
        return {"signed_in": principal.actor.kind if principal is not ANYBODY else ""}


@signing.get("/sign-in")
def sign_in() -> AnyResponse:
    """Say who you are; whoever has said so already is sent on."""
    view = SignInView(back=request.args.get("back", ""), unsent="unsent" in request.args)
    if current_principal() is not ANYBODY:
        return redirect(_onward(view.back, current_principal().roles), 303)
    return make_response(render_template("sign-in.html", view=view))


@signing.post("/sign-in")
@counted("sign_ins")
def enter() -> AnyResponse:
    """Begins a session and goes on to where they were going, from nowhere to where they begin.

    422 with the same form where card and PIN do not match.
    """
    told = _typed()
    shown = _secrets(told.who, request.form.get("secret", ""))
    try:
        begin = identify(shown)
        secret = SESSION_PREFIX + secrets.token_urlsafe(32)
        with catalogue().database.write() as connection:
            sessions.end(connection, current_principal().session)
            begin(connection, secret)
    except (NotAuthenticated, InvalidInput, NotAllowed, Refused) as error:
        return make_response(render_template("sign-in.html", view=_refused(told, error)), 422)
    known = access.known(catalogue().database, clock(), secret)
    answer = cast(Response, redirect(_onward(told.back, held(known.roles if known else ())), 303))
    answer.set_cookie(SESSION_COOKIE, secret, httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    return answer


@signing.errorhandler(HTTPStatus.TOO_MANY_REQUESTS)
def too_often(_: TooManyRequests) -> AnyResponse:
    """The same form, with what was typed and when to try again."""
    view = replace(_typed(), error=sentence(TOO_MANY["sign_ins"], {}, current_language()))
    return make_response(render_template("sign-in.html", view=view), HTTPStatus.TOO_MANY_REQUESTS)


@signing.post("/sign-out")
def leave() -> AnyResponse:
    """Ends the session."""
    with catalogue().database.write() as connection:
        sessions.end(connection, current_principal().session)
    answer = cast(Response, redirect(url_for("pages.home"), 303))
    answer.delete_cookie(SESSION_COOKIE, path="/")
    return answer


def _onward(back: str, roles: frozenset[str]) -> str:
    """``back``, else where somebody with these roles begins: readers at their card, who does nothing but lend and take back at the desk,
    all other staff at what there is to do."""
    if back:
        return shell.safe_return(back)
    if "reader" in roles:
        return shell.page_address("my_card.card")
    if roles & {"manager", "cataloguing"}:
        return shell.page_address("staff_start.start")
    return shell.page_address("desk.page" if "circulation" in roles else "pages.home")


def _secrets(who: str, secret: str) -> Mapping[str, str]:
    """Whoever is not on the staff is a reader, or nobody."""
    if staff.is_name(catalogue().database, who):
        return {"username": who, "password": secret}
    return {"card": who, "pin": secret}


def _typed() -> SignInView:
    return SignInView(request.form.get("who", "").strip(), request.form.get("back", ""))


def _refused(told: SignInView, error: UnionCatalogError) -> SignInView:
    if error.code in _WRONG:
        return SignInView(told.who, told.back, _wrong(), both=True)
    text = _locked(parse_instant(str(error.data["until"]))) if error.code in _LOCKED else _told(error)
    return SignInView(told.who, told.back, text)


def _wrong() -> str:
    """Not how many tries are left, which would tell which cards there are."""
    return gettext("卡号或密码不对。连错%(tries)s次会锁定，服务台可立即重设。", tries=TRIES)


def _locked(until: datetime) -> str:
    minutes = max(1, -int((clock().now() - until).total_seconds() // 60))
    return ngettext("已锁定%(num)s分钟，服务台可立即重设。", "已锁定%(num)s分钟，服务台可立即重设。", minutes, num=minutes)


def _told(error: UnionCatalogError) -> str:
    if error.code == "card_check_digit":
        return gettext("末位校验不符，请再看一遍卡号。")
    return sentence(error.code, error.data, current_language())
