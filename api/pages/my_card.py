"""My card: the code, what is due, what stands in the way; renewing, and reporting the card lost."""

from flask import Blueprint, Flask, render_template, request
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api.auth import current_context, current_principal
from api.idempotency import Acting
from api.labels import label
from api.language import current_language
from api.money import yuan
from api.pages import shell
from api.pages.acting import Went, act_once
from api.pages.my_blocks import block_lines
from api.pages.my_loans import due_view, loan_lines, outcomes_in, renewed_in_words, told_in_address
from api.pages.my_views import CardView, CodeView, DueView, WardLine
from api.pages.my_words import near_day, spaced
from api.resources.me import drawn
from api.resources.operation import catalogue, clock, office
from union_catalog.ids import BranchCode, LoanId, PatronId
from union_catalog.patrons.credit import standing
from union_catalog.patrons.model import Credential
from union_catalog.services import accounts, policies
from union_catalog.services.circulation.renewals import renew_all, renew_one
from union_catalog.services.circulation.station import Station
from union_catalog.services.patrons import cards, codes, profile
from union_catalog.services.patrons.lookup import actor_patron
from union_catalog.services.patrons.office import require
from union_catalog.services.patrons.profile import Profile

my_card = Blueprint("my_card", __name__)
my_card.after_request(shell.remember_language)
_ENDS_SOON = 30  # days before a card runs out


def install_my_card(app: Flask) -> None:
    """Puts the pages into ``app``; every template may ask ``my_due()``: what the signed-in reader has out, None for anybody else."""
    app.register_blueprint(my_card)
    app.jinja_env.globals["my_due"] = my_due


def me() -> PatronId:
    """The reader who asks."""
    return actor_patron(current_context(clock()))


def my_due() -> DueView | None:
    """What the signed-in reader has out, for pages that are not the reader's alone."""
    patron = current_principal().patron
    if patron is None:
        return None
    with catalogue().database.read() as connection:
        return due_view(connection, patron)


@my_card.get("/me")
def card() -> str:
    """Show the code, know what is due."""
    with catalogue().database.read() as connection:
        view = _card_view(connection)
    return render_template("my-card.html", view=view)


@my_card.get("/me/code")
def code() -> str:
    """The code alone, for the page that renews it."""
    with catalogue().database.read() as connection:
        patron = require(connection, me())
    return render_template("my-code.html", code=_code(patron.id))


@my_card.post("/me/renewals")
def renew() -> AnyResponse:
    """More time for one loan, or for all of them, each decided by itself."""
    loan = request.form.get("loan", "")

    def work(acting: Acting) -> Went:
        reader = actor_patron(acting.context)
        here = Station(office=office(), context=acting.context, branch=BranchCode(""))
        done = renew_one(acting.connection, here, LoanId(loan)) if loan else renew_all(acting.connection, here, reader)
        said = "&".join(f"r={one}" for one in told_in_address(done))
        cases, refused = ([one.plan.case for one in done if one.plan.refused is no] for no in (False, True))
        return Went(f"{shell.page_address('my_card.card')}?{said}#loans", reader, tuple(cases), tuple(refused))

    return act_once(work)


@my_card.get("/me/lost")
def lost() -> str:
    """What reporting the card lost does, and one button."""
    with catalogue().database.read() as connection:
        shown = _profile(connection)
    return render_template("my-lost.html", frozen=_frozen(shown), numbers=[spaced(one.number) for one in shown.cards if _is_taken(one)])


@my_card.post("/me/lost")
def freeze() -> AnyResponse:
    """From now on no desk takes any of the reader's cards."""

    def work(acting: Acting) -> Went:
        reader = actor_patron(acting.context)
        cards.freeze(acting.connection, office(), acting.context, reader)
        return Went(shell.page_address("my_card.lost"), reader)

    return act_once(work)


def _profile(connection: Connection) -> Profile:
    return profile.read(connection, office(), current_context(clock()), me())


def _card_view(connection: Connection) -> CardView:
    shown, outcomes = _profile(connection), outcomes_in(request.args.getlist("r"))
    patron = shown.patron
    blocks, loans = block_lines(connection, patron.id), loan_lines(connection, patron.id, outcomes)
    table, owed = policies.table(connection), accounts.ledger(connection, patron.id).owed_fen
    days_left = (patron.expires_on - office().today()).days if patron.expires_on else _ENDS_SOON + 1
    return CardView(
        name=shown.name,
        number=next((spaced(one.number) for one in shown.cards if _is_taken(one)), ""),
        expires=near_day(patron.expires_on) if patron.expires_on else "",
        expired=shown.expired,
        expiring=0 <= days_left <= _ENDS_SOON,
        left=None if any(block.everywhere for block in blocks) else max(table.allowance(patron.category, patron.credit) - len(loans), 0),
        frozen=_frozen(shown),
        code=_code(patron.id),
        blocks=blocks,
        loans=loans,
        renewed=renewed_in_words({id_: codes for id_, codes in outcomes.items() if id_ in {one.id for one in loans}}),
        some_refused=any(outcomes.values()),
        wards=_wards(connection, shown),
        keeps_history=patron.keeps_history,
        points=patron.credit,
        standing=label("credit_standing", standing(patron.credit, table.network.thresholds), current_language()),
        owed=yuan(owed, current_language()) if owed > 0 else "",
    )


def _is_taken(one: Credential) -> bool:
    """A card that desks take, and that has a number to show."""
    return one.kind in cards.PLASTIC and one.state == "valid"


def _frozen(shown: Profile) -> bool:
    """Cards there were, and none is taken any more."""
    plastic = [one for one in shown.cards if one.kind in cards.PLASTIC]
    return bool(plastic) and not any(map(_is_taken, plastic))


def _code(patron: PatronId) -> CodeView:
    text, made = codes.new_code(office(), patron)
    ends = made.ends_at.astimezone(office().timezone).strftime("%H:%M:%S")
    lasts = int((made.ends_at - office().now()).total_seconds())
    return CodeView(Markup(drawn(text)), lasts, ends)  # noqa: S704  # a drawing of ours


def _wards(connection: Connection, shown: Profile) -> tuple[WardLine, ...]:
    """Each with its name, so that two children are told apart."""
    context = current_context(clock())
    found = []
    for ward in shown.wards:
        due = due_view(connection, PatronId(ward))
        found.append(WardLine(profile.name_of_ward(connection, office(), context, ward), due.loans, due.look))
    return tuple(found)
