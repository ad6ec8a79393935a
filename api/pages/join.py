"""办证: enrolling online, to be confirmed at a desk; and the text that is agreed to."""

import hmac
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import cast

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from api.auth import ANYBODY, SESSION_COOKIE, current_principal
from api.idempotency import Acting
from api.language import current_language
from api.limits import TOO_MANY, counted
from api.messages import sentence
from api.pages import shell
from api.pages.acting import FIELD, Went, act_once
from api.pages.join_notice import notice_of
from api.pages.my_forms import Checks, Filled, branches_by_library, error_of, shown_again, typed
from api.pages.sent import told
from api.pages.wording import named
from api.resources.operation import office
from api.translations import LazyText, gettext, lazy_gettext
from union_catalog.errors import InvalidInput, NotFound, Refused
from union_catalog.patrons.ages import needs_guardian
from union_catalog.patrons.consents import CARD
from union_catalog.patrons.enrolment import Agreement, born_on, check_age_told, check_birth_date, read_email, read_phone
from union_catalog.patrons.keys import RESIDENT_ID, Document, read_document
from union_catalog.services import sessions
from union_catalog.services.access import SESSION_PREFIX
from union_catalog.services.patrons import enrol, pins
from union_catalog.services.patrons.enrol import Asked, Guardian

join = Blueprint("join", __name__)
join.after_request(shell.remember_language)
_FIELDS = (
    "name", "birth_date", "document_type", "document", "phone", "email", "home_branch", "pin", "again", "consent", "guardian_card",
    "guardian_name", "guardian_phone",
)  # fmt: skip
# Nobody is told who is a reader: no more is said than that a desk can help.
_KNOWN: Mapping[str, LazyText] = {
    "patron_exists": lazy_gettext("这份证件已经办过证了。忘了密码或丢了卡，带证件到任一服务台就能找回。"),
    "possible_duplicate": lazy_gettext("姓名、出生日期和电话都相同的读者已经有了，可能你办过证。请带证件到任一服务台，当面就能办好。"),
}
_RENAMED: Mapping[str, str] = {"card": "guardian_card", "guardian": "guardian_card"}


def install_join(app: Flask) -> None:
    """Puts the pages into ``app``."""
    app.register_blueprint(join)


@join.after_request
def keep_nothing(response: Response) -> Response:
    """What somebody typed is on the page."""
    if request.endpoint != "join.notice":
        response.headers["Cache-Control"] = "no-store, private"
    return response


@join.get("/join/notice")
def notice() -> str:
    """What is kept of readers and why: the text that is agreed to."""
    return render_template("join-notice.html", notice=notice_of(CARD))


@join.get("/join")
def form() -> AnyResponse:
    """Fill in at home, show the document at a desk; a reader has a card already."""
    if current_principal() is not ANYBODY:
        return _back()
    return make_response(render_template("join.html", form=Filled({"document_type": RESIDENT_ID}), **_around()))


@join.post("/join")
@counted("enrolments")
def enrol_me() -> AnyResponse:
    """A new reader, pending until a desk has seen the document, signed in at once. 422 with the same form and all that is wrong,
    409 where somebody like this is a reader already."""
    if current_principal() is not ANYBODY:
        return _back()
    checks = _checked()
    if checks.errors:
        return shown_again("join.html", checks.errors, _around())
    hashed, secret = pins.hashed(office(), request.form.get("pin", "")), _session_of_this_form()

    def work(acting: Acting) -> Went:
        made = enrol.enrol(acting.connection, office(), acting.context, _asked(hashed), at_desk=False)
        sessions.begin(acting.connection, acting.clock, secret, "patron", made.patron.id)
        return Went(shell.page_address("my_card.card"), made.patron.id)

    try:
        answer = act_once(work)
    except (InvalidInput, NotFound) as error:
        return shown_again("join.html", error_of(error, _FIELDS, _RENAMED), _around())
    except Refused as error:
        known = named(_KNOWN, error.code) if error.code in _KNOWN else told(error)
        return shown_again("join.html", {"": known}, _around(), 409)
    cast(Response, answer).set_cookie(SESSION_COOKIE, secret, httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    return answer


@join.errorhandler(HTTPStatus.TOO_MANY_REQUESTS)
def too_many(_: TooManyRequests) -> AnyResponse:
    """The same form, with what was typed and when to try again."""
    return shown_again("join.html", {"": sentence(TOO_MANY["enrolments"], {}, current_language())}, _around(), HTTPStatus.TOO_MANY_REQUESTS)


def _back() -> AnyResponse:
    """Whoever has signed in fills in no form of a stranger's."""
    return redirect(url_for("my_card.card" if current_principal().patron else "pages.home"), 303)


def _around() -> dict[str, object]:
    young = bool(request.form.get("guardian_card") or request.form.get("guardian_name"))
    libraries = branches_by_library()
    return {"libraries": libraries, "notice": notice_of(CARD), "of_child": young or _is_young()}


def _session_of_this_form() -> str:
    """The same for a form that is sent twice, so that the second answer does not sign out whom the first has signed in; nobody else can
    tell it."""
    about = f"join\n{request.form.get(FIELD, '')}\n{request.form.get('csrf_token', '')}"
    return SESSION_PREFIX + hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), about.encode(), "sha256").hex()


def _checked() -> Checks:
    """Everything that can be said without the database, each at its field."""
    checks, said = Checks(), typed()
    if not said.get("name", "").strip():
        checks.wrong("name", gettext("请写姓名，和证件上一样。"))
    checks.attempt("document", _document)
    checks.attempt("birth_date", _demand_age)
    checks.attempt("phone", lambda: read_phone(said.get("phone", "")))
    checks.attempt("email", lambda: read_email(said.get("email", "")))
    if not (said.get("phone", "").strip() or said.get("email", "").strip()):
        checks.wrong("phone", gettext("电话和邮箱至少写一样，到期提醒才送得到。"))
    if not said.get("home_branch"):
        checks.wrong("home_branch", gettext("请选一个常去的馆。"))
    if _is_young() and not (said.get("guardian_card", "").strip() or said.get("guardian_name", "").strip()):
        checks.wrong("guardian_card", gettext("未满14岁要有监护人：写监护人的卡号，没有卡就写姓名和电话。"))
    checks.attempt("pin", lambda: pins.hashed(office(), request.form.get("pin", "")))
    if request.form.get("pin") != request.form.get("again"):
        checks.wrong("again", gettext("两次输入的不一样。"))
    if said.get("consent") != notice_of(CARD).version:
        checks.wrong("consent", gettext("同意以后才能办证。"))
    return checks


def _document() -> Document | None:
    """None where none is told; a desk sees it then. Raises InvalidInput."""
    number = request.form.get("document", "").strip()
    return read_document(request.form.get("document_type", ""), number) if number else None


def _birth_date() -> date | None:
    """Raises InvalidInput("birth_date_impossible") for one that is none, or none of a living person."""
    said = request.form.get("birth_date", "").strip()
    try:
        born = date.fromisoformat(said) if said else None
    except ValueError as error:
        raise InvalidInput("birth_date_impossible", name="birth_date") from error
    check_birth_date(born, office().today())
    return born


def _demand_age() -> None:
    """Raises InvalidInput for a date that cannot be, that the document contradicts, or that nothing tells; not for a wrong document."""
    born = _birth_date()
    try:
        document = _document()
    except InvalidInput:
        return
    check_age_told(born_on(born, document), "")


def _is_young() -> bool:
    """As far as the date can be told from what is typed."""
    try:
        document = _document()
        born = _birth_date() or (document.born if document else None)
    except InvalidInput:
        return False
    return born is not None and needs_guardian(born, "", office().today())


def _asked(hashed: str) -> Asked:
    said = typed()
    return Asked(
        name=said.get("name", ""),
        birth_date=_birth_date(),
        document=_document(),
        phone=said.get("phone", ""),
        email=said.get("email", ""),
        home_branch=said.get("home_branch", ""),
        language=current_language(),
        guardian=_guardian(said),
        consent=Agreement(notice=notice_of(CARD).version, given_on=office().today()),
        pin_hash=hashed,
    )


def _guardian(said: Mapping[str, str]) -> Guardian | None:
    card, name = said.get("guardian_card", "").strip(), said.get("guardian_name", "").strip()
    return Guardian(card=card, name=name, phone=said.get("guardian_phone", "")) if card or name else None
