"""One line of an offline desk, carried out as far as it can be, and what is to be thought of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from union_catalog.circulation.cases import CheckIn, CheckOut, ItemCase, Recorded
from union_catalog.circulation.plan import Note, flagged
from union_catalog.circulation.stray_loans import decide_stray_loan
from union_catalog.errors import InvalidInput, NotFound, Refused
from union_catalog.ids import new_id
from union_catalog.patrons.qr import VALID_FOR, is_code, read_code
from union_catalog.services.circulation import finding
from union_catalog.services.circulation.check_in import check_in, locked
from union_catalog.services.circulation.check_out import ACTION as CHECK_OUT
from union_catalog.services.circulation.check_out import CheckOutAsked, check_out
from union_catalog.services.circulation.deeds import About, Deed, do
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.renewals import renew_one
from union_catalog.services.circulation.station import Station
from union_catalog.services.patrons import lookup
from union_catalog.services.patrons.codes import SESSION
from union_catalog.storage import desk_sessions
from union_catalog.storage.circulation import actions, offline
from union_catalog.storage.desk_sessions import DeskSession

VERDICTS = ("recorded", "recorded_with_blocks", "conflict", "repeated", "unknown_item", "unknown_card", "invalid")
_BY_CASE: Mapping[str, str] = {
    CheckOut.RECORDED_WITH_BLOCKS: "recorded_with_blocks",
    CheckOut.RECORDED_AFTER_RETURN: "conflict",
    CheckOut.LENT_ON_SINCE: "conflict",
    CheckOut.ALREADY_LENT: "repeated",
    CheckIn.REPEATED: "repeated",
    CheckIn.SEEN_SINCE: "repeated",
    CheckIn.LENT_SINCE: "conflict",
    CheckIn.UNKNOWN: "unknown_item",
}
_OF_CARDS = frozenset(
    {
        "unknown_card", "card_check_digit", "card_is_code", "ambiguous_card", "unknown_patron", "patron_merged", "card_or_session",
        "qr_forged", "qr_expired",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAsked:
    """What was done with which item; ``card`` as it was scanned, "" where none was."""

    action: str
    item: ItemReference
    card: str = ""
    issuer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict of VERDICTS and the case behind it, "" where there is none. ``keeps_card``: somebody will need its number."""

    verdict: str
    case: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[list[Any], ...] = ()
    event: str = ""
    loan: str = ""
    keeps_card: bool = False


def carry(connection: Connection, station: Station, asked: LineAsked) -> Judged:
    """Carries a line out. What a rule or an unknown number stops is a verdict; only what no line is to blame for is raised."""
    try:
        with connection.begin_nested():
            return _ACT[asked.action](connection, station, asked)
    except (InvalidInput, NotFound, Refused) as error:
        return _stopped(connection, station, asked, error)


def _stopped(connection: Connection, station: Station, asked: LineAsked, error: InvalidInput | NotFound | Refused) -> Judged:
    if error.code not in _OF_CARDS:
        return _stopped_by_item(asked, error)
    if asked.action != "check_out":
        return Judged(verdict="unknown_card", told=_told(asked), notes=(["unknown_card", {}],), keeps_card=True)
    try:
        return _lent_to_nobody(connection, station, asked)
    except (InvalidInput, NotFound, Refused) as of_item:
        return _stopped_by_item(asked, of_item)


def _told(asked: LineAsked) -> dict[str, str]:
    return {"barcode": asked.item.barcode, "library": asked.item.library}


def _stopped_by_item(asked: LineAsked, error: InvalidInput | NotFound | Refused) -> Judged:
    told = _told(asked)
    if error.code == "unknown_item":
        return Judged(verdict="unknown_item", case=Recorded.UNKNOWN_ITEM, told=told, keeps_card=True)
    if error.code == "ambiguous_item":
        libraries = error.data["libraries"]
        named = "、".join(libraries) if isinstance(libraries, tuple) else ""
        notes = (["several_libraries", {"libraries": named}],)
        return Judged(verdict="conflict", case=CheckIn.AMBIGUOUS, told=told, notes=notes, keeps_card=True)
    return Judged(verdict="invalid", told={**told, "error": error.code}, notes=(["line_unreadable", {}],))


def _lend(connection: Connection, station: Station, asked: LineAsked) -> Judged:
    if is_code(asked.card):
        shown = CheckOutAsked(item=asked.item, session=_session(connection, station, asked.card))
    else:
        shown = CheckOutAsked(item=asked.item, card=asked.card, issuer=asked.issuer)
    return _judged(connection, station, check_out(connection, station, shown))


def _session(connection: Connection, station: Station, code: str) -> str:
    """A code that was shown serves for all that was scanned after it, as long as a session at a desk would.

    Raises InvalidInput: qr_forged, qr_expired.
    """
    moment = station.moment()
    read = read_code(station.office.keys, code, moment.occurred_at, SESSION)
    session = DeskSession(new_id(), read.patron, station.branch, moment.actor, moment.now, moment.now + VALID_FOR)
    desk_sessions.add(connection, session)
    return session.id


def _take_in(connection: Connection, station: Station, asked: LineAsked) -> Judged:
    done = _judged(connection, station, check_in(connection, station, asked.item))
    if done.case == CheckIn.UNKNOWN and _is_card(connection, station, asked.item.barcode):
        return replace(done, notes=(*done.notes, ["was_a_card", {}]))
    return done


def _is_card(connection: Connection, station: Station, number: str) -> bool:
    """A device without a line does not know the cards of member libraries."""
    try:
        lookup.by_card(connection, station.office, number)
    except (InvalidInput, NotFound):
        return False
    except Refused:
        return True
    return True


def _renew(connection: Connection, station: Station, asked: LineAsked) -> Judged:
    """Of whoever has it, whom a card that was shown must be. A renewal that is refused changes nothing: the reader has to hear of it."""
    found = finding.wanted(connection, asked.item)
    loan = finding.at_desk(connection, station, found).item.loan
    told = {"barcode": found.barcode, "library": found.library}
    if loan is None:
        return Judged(verdict="conflict", case=ItemCase.NOT_ON_LOAN, told=told)
    if asked.card and lookup.by_card(connection, station.office, asked.card, asked.issuer).patron != loan.patron:
        return Judged(verdict="conflict", told=told, notes=(["other_reader", {}],))
    done = renew_one(connection, station, loan.id)[0]
    if done.deed is None:
        notes = _noted(flagged(done.plan.blocks))
        return Judged(verdict="conflict", case=done.plan.case, told=done.plan.told, notes=notes, loan=loan.id)
    return _judged(connection, station, done.deed)


_ACT = {"check_out": _lend, "check_in": _take_in, "renew": _renew}


def _judged(connection: Connection, station: Station, deed: Deed) -> Judged:
    """A deed that an earlier command did is a repetition: the desk had sent it before the line went."""
    action = actions.find(connection, deed.event)
    first = action is None or action.command_id == station.context.command_id
    verdict = _BY_CASE.get(deed.case, "recorded") if first else "repeated"
    if deed.case == Recorded.RETURNED_SINCE and deed.notes:
        verdict = "recorded_with_blocks"
    return Judged(
        verdict=verdict,
        case=deed.case,
        told={**deed.told, "first": deed.first} if deed.first else deed.told,
        notes=_noted(deed.notes),
        event=deed.event if first else "",
        loan=deed.loan,
    )


def _noted(notes: tuple[Note, ...]) -> tuple[list[Any], ...]:
    return tuple([note.code, dict(note.data)] for note in notes)


def _lent_to_nobody(connection: Connection, station: Station, asked: LineAsked) -> Judged:
    """The item is out, the number is kept for somebody to find out whose it is."""
    found = finding.wanted(connection, asked.item)
    moment, handled = station.moment(), locked(connection, station, found)
    returned = offline.next_return(connection, found.id, moment.occurred_at)
    plan = decide_stray_loan(handled.item, station.desk(connection, handled, moment, {}), returned)
    about = About(action=CHECK_OUT, command_id=station.context.command_id, item=found.id, barcode=handled.item.barcode)
    deed = do(connection, plan, moment, about)
    notes = (["unknown_card", {}], *_noted(deed.notes))
    return Judged(verdict="unknown_card", case=deed.case, told=deed.told, notes=notes, event=deed.event, keeps_card=True)
