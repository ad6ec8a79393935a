"""What a reader chooses: whether the history is kept, contact, branch and language, the PIN, consents."""

import secrets
from typing import Any

from flask import Blueprint, Flask, make_response, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api.auth import SESSION_COOKIE, current_context
from api.idempotency import Acting
from api.labels import label
from api.language import current_language
from api.pages import shell
from api.pages.acting import Went, act_once
from api.pages.join_notice import notice_of
from api.pages.my_card import me
from api.pages.my_forms import Checks, Filled, branches_by_library, error_of, shown_again
from api.pages.my_loans import place_of
from api.pages.my_views import ConsentLine, PastLine
from api.pages.my_words import day_of, near_day
from api.resources.operation import catalogue, clock, office
from api.resources.standing import Libraries, libraries
from api.translations import gettext
from union_catalog.errors import InvalidInput
from union_catalog.ids import LibraryCode
from union_catalog.patrons.consents import CARD, SHARING, Consent
from union_catalog.services import consents as consenting
from union_catalog.services import policies, sessions
from union_catalog.services.access import SESSION_PREFIX
from union_catalog.services.circulation.showing import past_loans
from union_catalog.services.patrons import pins, profile
from union_catalog.services.patrons.lookup import actor_patron
from union_catalog.services.patrons.profile import Changes
from union_catalog.services.summaries import network_names

my_choices = Blueprint("my_choices", __name__)
my_choices.after_request(shell.remember_language)
_PAST = 100
_DETAILS = ("phone", "email", "home_branch", "language")


def install_my_choices(app: Flask) -> None:
    """Puts the pages into ``app``."""
    app.register_blueprint(my_choices)


@my_choices.get("/me/history")
def history() -> str:
    """What was given back, as far as it is remembered, and whether it is to be."""
    with catalogue().database.read() as connection:
        kept = profile.read(connection, office(), current_context(clock()), me()).patron.keeps_history
        days = policies.table(connection).network.history_days
        lines = _past(connection)
    return render_template("my-history.html", keeps=kept, days=days, lines=lines, changed=request.args.get("changed"))


@my_choices.post("/me/history")
def choose_history() -> AnyResponse:
    """Keep it or not; what was given back is forgotten at once where it is not kept."""
    keeps = request.form.get("keeps") == "true"
    return _change(Changes(keeps_history=keeps), "my_choices.history")


@my_choices.get("/me/details")
def details() -> str:
    """Where messages go, in which language, and which branch is the reader's own."""
    with catalogue().database.read() as connection:
        shown = profile.read(connection, office(), current_context(clock()), me())
    patron, person = shown.patron, shown.person
    values = {"home_branch": patron.home_branch, "language": patron.language}
    values |= {"phone": person.phone, "email": person.email} if person else {}
    form, changed = Filled(values), request.args.get("changed")
    return render_template("my-details.html", form=form, libraries=branches_by_library(), changed=changed)


@my_choices.post("/me/details")
def change_details() -> AnyResponse:
    """422 with the same form and what cannot stand."""
    said: dict[str, Any] = {name: request.form.get(name) for name in _DETAILS}
    try:
        return _change(Changes(**said), "my_choices.details")
    except InvalidInput as error:
        return shown_again("my-details.html", error_of(error, _DETAILS), {"libraries": branches_by_library()})


def _change(changes: Changes, back: str) -> AnyResponse:
    def work(acting: Acting) -> Went:
        reader = actor_patron(acting.context)
        profile.change(acting.connection, office(), acting.context, reader, changes)
        return Went(f"{shell.page_address(back)}?changed=1", reader)

    return act_once(work)


@my_choices.get("/me/pin")
def pin() -> str:
    """The present PIN and another one."""
    return render_template("my-pin.html", form=Filled(), changed=request.args.get("changed"))


@my_choices.post("/me/pin")
def change_pin() -> AnyResponse:
    """Every other browser is signed out; this one goes on with a new session."""
    checks, wanted = Checks(), request.form.get("new_pin", "")
    checks.attempt("new_pin", lambda: pins.hashed(office(), wanted))
    if wanted != request.form.get("again", ""):
        checks.wrong("again", gettext("两次输入的不一样。"))
    if not checks.errors:
        checks.attempt("pin", lambda: _demand_own_pin(request.form.get("pin", "")))
    if checks.errors:
        return shown_again("my-pin.html", checks.errors, {})
    return _with_another_pin(wanted)


def _demand_own_pin(shown: str) -> None:
    context = current_context(clock())
    pins.check_own(catalogue().database, office(), context, actor_patron(context), shown)


def _with_another_pin(wanted: str) -> AnyResponse:
    hashed, secret = pins.hashed(office(), wanted), SESSION_PREFIX + secrets.token_urlsafe(32)
    context = current_context(clock())
    with catalogue().database.write() as connection:
        patron = pins.reset(connection, office(), context, me(), hashed)
        sessions.begin(connection, clock(), secret, "patron", patron.id)
    answer = make_response(redirect(f"{shell.page_address('my_choices.pin')}?changed=1", 303))
    answer.set_cookie(SESSION_COOKIE, secret, httponly=True, samesite="Lax", secure=request.is_secure, path="/")
    return answer


@my_choices.get("/me/consents")
def consents() -> str:
    """What the reader agreed to; what is passed on to other libraries can be begun and ended here."""
    return render_template("my-consents.html", **_consents())


@my_choices.post("/me/consents")
def give_consent() -> AnyResponse:
    """Lets another library see what the reader has on loan."""
    library = request.form.get("library", "")

    def work(acting: Acting) -> Went:
        reader, now = actor_patron(acting.context), office().today()
        consenting.record(acting.connection, acting.context, reader, SHARING, notice_of(SHARING).version, now, LibraryCode(library))
        return Went(shell.page_address("my_choices.consents"), reader)

    return act_once(work)


@my_choices.post("/me/consents/<consent_id>/withdraw")
def withdraw_consent(consent_id: str) -> AnyResponse:
    """From now on that library sees no more than any other."""

    def work(acting: Acting) -> Went:
        reader = actor_patron(acting.context)
        consenting.withdraw(acting.connection, acting.context, reader, consent_id)
        return Went(shell.page_address("my_choices.consents"), reader)

    return act_once(work)


def _consents() -> dict[str, object]:
    with catalogue().database.read() as connection:
        found = consenting.all_of(connection, me())
        patron = profile.read(connection, office(), current_context(clock()), me()).patron
        names = libraries(connection, current_language())
    shared = {one.library for one in found if one.purpose == SHARING and one.withdrawn_at is None}
    others = {code: name for code, name in sorted(names.names.items()) if code != patron.library and code not in shared}
    return {"lines": [_line(one, names) for one in reversed(found)], "others": others, "notice": notice_of(SHARING)}


def _line(one: Consent, names: Libraries) -> ConsentLine:
    ended = one.withdrawn_at is not None
    return ConsentLine(
        id="" if ended or one.purpose == CARD else one.id,
        label=label("consent_purpose", one.purpose, current_language()),
        library=names.name(one.library) if one.library else "",
        notice=one.notice,
        given=near_day(one.given_on),
        withdrawn=near_day(day_of(one.withdrawn_at)) if one.withdrawn_at else "",
    )


def _past(connection: Connection) -> tuple[PastLine, ...]:
    found = past_loans(connection, me(), _PAST)
    names = network_names(connection) if found else None
    return tuple(
        PastLine(
            title=title.title or gettext("[无题名]"),
            volume=title.volume,
            union_id=title.union_id,
            place=place_of(names, loan.lending_branch) if names else "",
            lent=near_day(day_of(loan.lent_at)),
            ended=near_day(day_of(loan.ended_at)),
            lost=loan.state == "lost",
        )
        for loan, title in found
    )
