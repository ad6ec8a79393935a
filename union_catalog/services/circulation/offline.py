"""What a desk did without a line, handed in later: every line has its verdict, and none is dropped.

Each line is one transaction with a command id of its own, in the order in which things happened. A line is known by branch, device and
the device's id of it: whatever is handed in again, in part or whole, changes nothing and gets the first verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from union_catalog.circulation.cases import CheckIn
from union_catalog.circulation.sealing import new_pair
from union_catalog.clock import Clock
from union_catalog.context import CommandId, Context
from union_catalog.errors import InvalidInput, NotFound, Raced, Refused
from union_catalog.ids import BranchCode, new_id
from union_catalog.patrons.cards import plain_number
from union_catalog.services.circulation import finding
from union_catalog.services.circulation.carrying import Judged, LineAsked, carry
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.station import AHEAD, BEHIND, Station, in_time
from union_catalog.services.patrons.office import Office
from union_catalog.storage import network
from union_catalog.storage.circulation import actions, offline, strays
from union_catalog.storage.circulation.offline import TO_LOOK_INTO, StoredBatch, StoredKey, StoredLine
from union_catalog.storage.database import Database

ATTEMPTS = 8  # of a line that lost a race
LONGEST_KEPT, LONGEST_BARCODE, LONGEST_LIBRARY = 80, 200, 40
KEY_LASTS = timedelta(days=90)  # then devices are given another; what older ones sealed is still read


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineLine:
    """One scan. ``id`` is the device's; ``occurred_at`` is what its clock said."""

    id: str
    asked: LineAsked
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineBatch:
    """``sent_at``: what the device's clock says now, by which it is corrected; None where it does not tell."""

    branch: BranchCode
    device: str
    lines: Sequence[OfflineLine]
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """``batch`` holds those lines that nobody had handed in before; where there are none, it is that of the first line, "" for no line."""

    batch: str
    lines: tuple[StoredLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Who hands in, and what they may do."""

    database: Database
    office: Office
    context: Context
    rights: frozenset[str] = frozenset()

    def station(self, at: BranchCode, when: datetime, line_id: str) -> Station:
        """The desk as it was when it happened."""
        context = replace(self.context, command_id=CommandId(line_id))
        return Station(office=self.office, context=context, branch=at, rights=self.rights, occurred_at=when, happened=True)


@dataclass(slots=True)
class _Intake:
    """Where the lines of one upload go: its batch is made with the first line that is new."""

    worker: Worker
    batch: OfflineBatch
    now: datetime
    id: str = ""
    skew: timedelta = field(default_factory=timedelta)

    def __post_init__(self) -> None:
        sent = self.batch.sent_at
        if sent is not None and abs(self.now - sent) > AHEAD:
            self.skew = self.now - sent


def library_of(database: Database, branch: str) -> str:
    """Whose desk it is. Raises NotFound("unknown_branch")."""
    with database.read() as connection:
        library = network.library_of_branch(connection, branch)
    if library is None:
        raise NotFound("unknown_branch", kind="branch", id=branch)
    return library


def take(worker: Worker, batch: OfflineBatch) -> Taken:
    """Records every line and answers them in the order in which they were handed in.

    Raises NotFound("unknown_branch") and NotAllowed("other_desk") before the first, and what no line is to blame for (the database out of
    reach): the lines before it are recorded, and handing in all of them again does the rest.
    """
    with worker.database.read() as connection:
        Station(office=worker.office, context=worker.context, branch=batch.branch).find_library(connection)
    intake = _Intake(worker, batch, worker.office.now())
    order = sorted(range(len(batch.lines)), key=lambda place: (batch.lines[place].occurred_at, place))
    judged = {place: _take_line(intake, batch.lines[place]) for place in order}
    lines = tuple(judged[place] for place in range(len(batch.lines)))
    return Taken(intake.id or (lines[0].batch if lines else ""), lines)


def _take_line(intake: _Intake, line: OfflineLine) -> StoredLine:
    for _ in range(ATTEMPTS - 1):
        try:
            return _attempt(intake, line)
        except Raced:
            continue
    return _attempt(intake, line)


def _attempt(intake: _Intake, line: OfflineLine) -> StoredLine:
    batch, worker = intake.batch, intake.worker
    with worker.database.write() as connection:
        known = offline.find(connection, batch.branch, batch.device, line.id)
        if known is not None:
            return known if _is_same(known, line) else _reused(known, line)
        when, notes = _corrected(intake, line.occurred_at)
        line_id = new_id()
        judged = carry(connection, worker.station(batch.branch, when, line_id), line.asked)
        actor = str(worker.context.actor)
        made = intake.id or offline.add_batch(connection, batch.branch, batch.device, actor, intake.now)
        card = _card(worker.office, line.asked.card if judged.keeps_card else "")
        stored = _stored(line_id, made, batch, line, when, judged, notes, card)
        offline.add_line(connection, stored)
    intake.id = made
    return stored


def _is_same(known: StoredLine, line: OfflineLine) -> bool:
    item = line.asked.item
    return (known.action, known.barcode, known.occurred_at) == (line.asked.action, _kept(item.barcode, LONGEST_BARCODE), line.occurred_at)


def _reused(known: StoredLine, line: OfflineLine) -> StoredLine:
    """Another thing under an id that was used: told, and not kept, as the first must not be lost."""
    item, told = line.asked.item, {"barcode": line.asked.item.barcode}
    other = replace(known, action=line.asked.action, library=item.library, barcode=item.barcode, occurred_at=line.occurred_at, told=told)
    return replace(other, verdict="invalid", case="", notes=[["line_reused", {}]], event=None, loan=None)


def _corrected(intake: _Intake, told: datetime) -> tuple[datetime, list[list[Any]]]:
    """When it happened by our clock: the device's is corrected, nothing lies in the future or further back than desks may tell."""
    notes: list[list[Any]] = []
    if intake.skew:
        notes.append(["clock_shifted", {"minutes": round(abs(intake.skew).total_seconds() / 60)}])
    when = told + intake.skew
    if when > intake.now + AHEAD:
        notes.append(["clock_ahead", {}])
    if when < intake.now - BEHIND:
        notes.append(["clock_behind", {"days": BEHIND.days}])
    return min(in_time(when, intake.now), intake.now), notes


def _stored(
    line_id: str,
    batch_id: str,
    batch: OfflineBatch,
    line: OfflineLine,
    when: datetime,
    judged: Judged,
    notes: list[list[Any]],
    card: tuple[str, str],
) -> StoredLine:
    return StoredLine(
        id=line_id,
        batch=batch_id,
        branch=batch.branch,
        device=batch.device,
        line=line.id,
        action=line.asked.action,
        library=_kept(line.asked.item.library, LONGEST_LIBRARY),
        barcode=_kept(line.asked.item.barcode, LONGEST_BARCODE),
        card=card[0],
        card_hash=card[1],
        occurred_at=line.occurred_at,
        taken_at=when,
        verdict=judged.verdict,
        case=judged.case,
        told=judged.told,
        notes=[*notes, *judged.notes],
        event=judged.event or None,
        loan=judged.loan or None,
    )


def _card(office: Office, scanned: str) -> tuple[str, str]:
    """The number as it is kept, and its keyed hash: it may turn out to be a social security card, of which nothing else is kept."""
    kept = _kept(scanned, LONGEST_KEPT)
    return kept, office.keys.social_card(plain_number(kept).upper()) if kept else ""


def _kept(text: str, most: int) -> str:
    """As much of a scan as can be stored, whatever the scanner sent."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()[:most]


def latest(connection: Connection, context: Context, limit: int) -> list[StoredBatch]:
    """The batches of the desks at which the actor may work, the latest first."""
    return offline.batches(connection, context.library, context.branches, limit)


def sealing_key(database: Database, clock: Clock) -> StoredKey:
    """The pair of the day, made where there is none or it has grown old."""
    now = clock.now()
    with database.read() as connection:
        newest = offline.newest_key(connection)
    if newest is not None and now - newest.made_at < KEY_LASTS:
        return newest
    with database.write() as connection:
        return offline.add_key(connection, *new_pair(), now)


def private_key(connection: Connection, key_id: str) -> bytes:
    """Of a pair that was given out. Raises InvalidInput("sealed_unreadable") for one that never was."""
    found = offline.key(connection, key_id)
    if found is None:
        raise InvalidInput("sealed_unreadable", name="key")
    return found.private


def shown(connection: Connection, batch_id: str) -> tuple[StoredBatch, list[StoredLine]]:
    """Raises NotFound("unknown_batch")."""
    found = offline.batch(connection, batch_id)
    if found is None:
        raise NotFound("unknown_batch", kind="offline_batch", id=batch_id)
    return found, offline.lines_of(connection, batch_id)


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody found out about a line: whose card, which item; "" where it stays as it was."""

    card: str = ""
    library: str = ""
    barcode: str = ""

    def __bool__(self) -> bool:
        return bool(self.card or self.library or self.barcode)


def settle(connection: Connection, worker: Worker, line_id: str, correction: Correction) -> StoredLine:
    """Somebody has looked into a line: recorded anew with what was found out, or done with as it is, the number of its card forgotten.

    Raises NotFound("unknown_line"), NotFound("unknown_library"), Refused("line_settled"), NotAllowed("other_desk"), and of a return as
    ``finding.known``. Any other correction that settles nothing is kept as the line's new verdict.
    """
    line = offline.by_id(connection, line_id)
    if line is None:
        raise NotFound("unknown_line", kind="offline_line", id=line_id)
    Station(office=worker.office, context=worker.context, branch=line.branch).find_library(connection)
    if line.settled_at is not None:
        raise Refused("line_settled", id=line_id)
    if correction.library:
        network.require_library(connection, correction.library)
    done = _anew(connection, worker, line, correction) if correction else line
    if not correction or done.verdict not in TO_LOOK_INTO or done.verdict == "recorded_with_blocks":
        done = replace(done, card="", card_hash="", settled_at=worker.office.now(), settled_by=str(worker.context.actor))
    offline.change_line(connection, done)
    return done


def _anew(connection: Connection, worker: Worker, line: StoredLine, correction: Correction) -> StoredLine:
    """As if it had been right from the first; what stood in its place is taken back unless something was done with the item since."""
    now, actor = worker.office.now(), str(worker.context.actor)
    action = actions.find(connection, line.event) if line.event and line.verdict == "unknown_card" else None
    if action is not None and action.item and actions.latest_of_item(connection, action.item) == action.id:
        actions.take_back(connection, action, actor, now)
    item = ItemReference(correction.barcode or line.barcode, correction.library or line.library)
    asked = LineAsked(action=line.action, item=item, card=correction.card or line.card)
    known = finding.known(connection, item) if line.action == "check_in" else None
    judged = carry(connection, worker.station(line.branch, in_time(line.taken_at, now), line.id), asked)
    if line.case == CheckIn.UNKNOWN and known is not None:
        found = strays.Resolution(how="item", by=actor, at=now, item=known.id, action=judged.event or None)
        strays.resolve(connection, str(line.told["barcode"]), line.branch, found)
    card, hashed = _card(worker.office, asked.card if judged.keeps_card else "")
    kept = [note for note in line.notes if note[0].startswith("clock_")]
    return replace(
        line,
        library=item.library,
        barcode=_kept(item.barcode, LONGEST_BARCODE),
        card=card,
        card_hash=hashed,
        verdict=judged.verdict,
        case=judged.case,
        told=judged.told,
        notes=[*kept, *judged.notes],
        event=judged.event or None,
        loan=judged.loan or None,
    )
