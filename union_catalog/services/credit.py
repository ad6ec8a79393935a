"""The lending score as a use case: changed by rule and by deed, mended by time, and told. Crossing a threshold is told to the reader."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from union_catalog.circulation.policy import NetworkTerms
from union_catalog.clock import Clock, business_date, instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, Refused
from union_catalog.ids import LoanId, PatronId, new_id
from union_catalog.patrons.credit import DEEDS, Standing, Thresholds, repair, standing
from union_catalog.patrons.model import Patron
from union_catalog.services import notices, policies
from union_catalog.services.patrons import office
from union_catalog.storage import credit as rows
from union_catalog.storage import events, patrons
from union_catalog.storage.credit import CreditEntry
from union_catalog.storage.database import Database
from union_catalog.storage.events import Event

_ORDER: tuple[Standing, ...] = ("blocked", "limited", "deposit", "deposit_free")
_TOLD: dict[Standing, str] = {"blocked": "credit_blocked", "limited": "credit_limited"}
_CROSSINGS = (*_TOLD.values(), "credit_restored")
_BATCH = 200
_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """``points`` up or down; ``reverses`` an entry whose change is taken back."""

    points: int
    cause: str
    loan: LoanId | None = None
    reason: str = ""
    reverses: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """The score before and after, and the entry: None where nothing was left to change."""

    before: int
    after: int
    entry: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A reader's score, what it allows, and the log behind it, newest first. ``mends_on``: when time gives back next; None for never."""

    points: int
    standing: Standing
    thresholds: Thresholds
    full: int
    mends_on: date | None
    log: tuple[CreditEntry, ...]


def change(connection: Connection, clock: Clock, context: Context, patron: Patron, changed: Change) -> Changed:
    """Enters a change for a reader who is locked, and writes to the reader where the score passes a threshold.

    The score never rises above the full one: of what would go beyond, nothing is entered.
    """
    network = policies.table(connection).network
    points = min(changed.points, max(network.credit.full - patron.credit, 0)) if changed.points > 0 else changed.points
    if not points and changed.reverses is None:
        return Changed(patron.credit, patron.credit, None)
    entry = _entry(clock, str(context.actor), patron, replace(changed, points=points))
    rows.add(connection, [entry])
    told = Event("credit.changed", f"patron:{patron.id}", patron.library, {"entry": entry.id, "points": points, "cause": entry.cause})
    events.append(connection, context, [told], instant_text(entry.entered_at))
    after = patron.credit + points
    _tell_crossing(connection, clock, network, patron, after, entry.id)
    return Changed(patron.credit, after, entry.id)


def _entry(clock: Clock, actor: str, patron: Patron, changed: Change) -> CreditEntry:
    return CreditEntry(
        id=new_id(),
        patron=patron.id,
        points=changed.points,
        cause=changed.cause,
        loan=changed.loan,
        reason=changed.reason,
        reverses=changed.reverses,
        actor=actor,
        entered_at=clock.now(),
    )


def _tell_crossing(connection: Connection, clock: Clock, network: NetworkTerms, patron: Patron, after: int, entry: str) -> None:
    was, now = standing(patron.credit, network.thresholds), standing(after, network.thresholds)
    if was == now or patron.state != "active":
        return
    fallen = _ORDER.index(now) < _ORDER.index(was)
    kind = _TOLD.get(now) if fallen else "credit_restored"
    if kind is not None:
        notices.enqueue(connection, clock, patron.id, kind, entry, {"points": after, "standing": now})


def settle(connection: Connection, clock: Clock, actor: str, patron_id: PatronId, moved: int, about: str) -> str | None:
    """After a desk's plan has moved a score by ``moved``: what goes beyond the full one is taken off, a threshold passed is told.

    ``about`` names the desk's action, so that nobody is told twice of it. Answers the entry by which something was taken off.
    """
    patron = patrons.lock(connection, [patron_id])[patron_id]
    network = policies.table(connection).network
    beyond = max(patron.credit - network.credit.full, 0)
    trimmed = _entry(clock, actor, patron, Change(points=-beyond, cause="full")) if beyond else None
    if trimmed is not None:
        rows.add(connection, [trimmed])
    _tell_crossing(connection, clock, network, replace(patron, credit=patron.credit - moved), patron.credit - beyond, about)
    return trimmed.id if trimmed is not None else None


def settle_undone(connection: Connection, clock: Clock, actor: str, patron_id: PatronId, moved: int, action: str) -> None:
    """After an undoing has moved a score back by ``moved``: what the desk's ``action`` had to tell is not told where that can be helped;
    of what was told the contrary is."""
    if not notices.unsay(connection, _CROSSINGS, action):
        settle(connection, clock, actor, patron_id, moved, f"{action}:undone")


def enter_deed(connection: Connection, clock: Clock, context: Context, patron_id: str, deed: Change) -> Changed:
    """What staff enter with a reason: a deed that mends, or conduct that harms.

    Raises InvalidInput: unknown_deed, reason_needed, points_not_allowed (none, or more at once than the policy lets staff enter), and as
    :func:`office.lock`.
    """
    if deed.cause not in DEEDS:
        raise InvalidInput("unknown_deed", name="cause", known=DEEDS)
    if not deed.reason.strip():
        raise InvalidInput("reason_needed", name="reason")
    patron = office.lock(connection, patron_id)
    most = policies.table(connection).network.credit.deed_most
    if not deed.points or abs(deed.points) > most or (deed.cause == "conduct") != (deed.points < 0):
        raise InvalidInput("points_not_allowed", name="points", most=most)
    return change(connection, clock, context, patron, deed)


def take_back(connection: Connection, clock: Clock, context: Context, patron: Patron, entry: CreditEntry, reason: str) -> Changed:
    """Reverses an entry of a locked reader. Raises Refused("reversed_already")."""
    if rows.is_reversed(connection, entry.id):
        raise Refused("reversed_already")
    back = Change(points=-entry.points, cause="reversed", loan=entry.loan, reason=reason, reverses=entry.id)
    return change(connection, clock, context, patron, back)


def set_aside(connection: Connection, clock: Clock, context: Context, patron: Patron) -> str:
    """Takes out the whole score of a locked reader whose record becomes part of another, where it must not count beside the other's.

    Answers the entry, "" for none.
    """
    if not patron.credit:
        return ""
    entry = _entry(clock, str(context.actor), patron, Change(points=-patron.credit, cause="set_aside"))
    rows.add(connection, [entry])
    return entry.id


def lower(connection: Connection, clock: Clock, context: Context, patron: Patron, points: int) -> str:
    """Brings the score of a locked reader down to that of the record that becomes part of this one. Answers the entry, "" for none."""
    told = f"{patron.credit} → {patron.credit + points}"
    return change(connection, clock, context, patron, Change(points=points, cause="merged", reason=told)).entry or ""


def give_back(connection: Connection, clock: Clock, context: Context, patron: Patron, entry_id: str) -> None:
    """Takes an entry of :func:`set_aside` or :func:`lower` back; one that was taken back before, or "", is left as it is."""
    entry = rows.find(connection, entry_id)
    if entry is not None and not rows.is_reversed(connection, entry.id):
        take_back(connection, clock, context, patron, entry, "")


def told_of(connection: Connection, patron_id: str, zone: ZoneInfo) -> Told:
    """The score as it is. Raises NotFound("unknown_patron")."""
    patron = office.require(connection, patron_id)
    network = policies.table(connection).network
    taken = rows.last_taken(connection, patron.id) or patron.created_at
    mends = business_date(taken, zone) + timedelta(days=network.credit.repair_days) if patron.credit < network.credit.full else None
    log = rows.log(connection, patron.id, _SHOWN)
    return Told(patron.credit, standing(patron.credit, network.thresholds), network.thresholds, network.credit.full, mends, log)


def mend(database: Database, clock: Clock, context: Context, zone: ZoneInfo) -> int:
    """Gives back to everybody what time mends, once a day at most; says to how many. Each batch is a transaction of its own."""
    mended, after = 0, ""
    while True:
        with database.write() as connection:
            terms = policies.table(connection).network.credit
            quiet_since = clock.now() - timedelta(days=terms.repair_days - 1)
            found = rows.mending(connection, terms.full, quiet_since, after, _BATCH)
            mended += sum(_mend_one(connection, clock, context, zone, patron) for patron in patrons.lock(connection, found).values())
        if len(found) < _BATCH:
            return mended
        after = found[-1]


def _mend_one(connection: Connection, clock: Clock, context: Context, zone: ZoneInfo, patron: Patron) -> bool:
    terms = policies.table(connection).network.credit
    taken: datetime = rows.last_taken(connection, patron.id) or patron.created_at
    points = repair(terms, patron.credit, business_date(taken, zone), business_date(clock.now(), zone))
    return bool(points) and change(connection, clock, context, patron, Change(points=points, cause="time")).entry is not None
