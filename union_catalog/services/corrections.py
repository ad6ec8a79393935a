"""Corrections by cataloguers: made, undone, listed. Each takes a transaction that writes, and decides clusters and works anew in it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from union_catalog.bibliographic.corrections import Correction, as_sent, correction
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.clock import Clock, instant_text, parse_instant
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotAllowed, NotFound
from union_catalog.ids import new_id
from union_catalog.services.deciding import graph
from union_catalog.services.deciding.anew import conclude, move, with_neighbours
from union_catalog.services.deciding.clusters import Node, settle
from union_catalog.services.prepared import derive
from union_catalog.services.rebuilding.readiness import require_ready
from union_catalog.services.views import CorrectionView
from union_catalog.storage import corrections, events, sources, stretches
from union_catalog.storage.database import Database, lock_matching
from union_catalog.storage.events import Event
from union_catalog.storage.sources import StoredSource
from union_catalog.storage.values import unpack
from union_catalog.text import squeeze, tidy

LONGEST_REASON = 1000


def correct(
    connection: Connection, clock: Clock, context: Context, key: str, field: str, value: object, reason: str, key_limit: int
) -> CorrectionView:
    """Writes ``value`` over ``field`` of the record ``key`` ("JD:JD000000001"); a correction in force on the same field gives way to it,
    unless it says the same already.

    The value is a text as a librarian types it, or the JSON of a field of BibliographicRecord. Holds whatever the library sends later,
    and rests while the record is gone there. Raises InvalidInput as ``bibliographic.corrections.correction`` does, and for a missing
    reason; NotFound for an unknown record, NotAllowed for one of another library than the context's; Refused and Busy while the
    matching is not ready to be changed.
    """
    told = squeeze(tidy(reason.encode("utf-8", "replace").decode()))
    if not 0 < len(told) <= LONGEST_REASON:
        raise InvalidInput("correction_reason", name="reason", most=LONGEST_REASON)
    now = instant_text(clock.now())
    lock_matching(connection)
    require_ready(connection, clock.now(), key_limit)
    source = sources.require(connection, key)
    _require_right(context, source.library)
    made = correction(field, value, _sent(connection, source.id))
    earlier = corrections.standing(connection, source.id, field)
    if earlier is not None and earlier.value == made.value:
        return _found(connection, earlier.id)
    if earlier is not None:
        corrections.end(connection, earlier.id, str(context.actor), now)
    correction_id = new_id()
    corrections.add(connection, _row(correction_id, source, made, told, context, now))
    ended = [_event("correction.undone", source, earlier.id, field)] if earlier is not None else []
    _decide(connection, context, now, source, key_limit, [*ended, _event("correction.made", source, correction_id, field)])
    return _found(connection, correction_id)


def undo(connection: Connection, clock: Clock, context: Context, correction_id: str, key_limit: int) -> CorrectionView:
    """Ends a correction: what the library sends holds again. Undoing what is undone already changes nothing.

    Raises NotFound, NotAllowed, Refused and Busy as :func:`correct` does.
    """
    now = instant_text(clock.now())
    lock_matching(connection)
    require_ready(connection, clock.now(), key_limit)
    view = _found(connection, correction_id)
    _require_right(context, view.library)
    if view.undone_at is not None:
        return view
    source = sources.require(connection, view.key)
    corrections.end(connection, correction_id, str(context.actor), now)
    _decide(connection, context, now, source, key_limit, [_event("correction.undone", source, correction_id, view.field)])
    return _found(connection, correction_id)


def listed(database: Database, key: str = "", library: str = "", *, undone: bool = False) -> tuple[CorrectionView, ...]:
    """Corrections, the latest first: those of one record, of one library or of all; with ``undone`` also those that hold no more.

    Raises InvalidInput and NotFound for ``key`` as :func:`correct` does.
    """
    with database.read() as connection:
        source_id = sources.require(connection, key).id if key else None
        return _views(connection, corrections.listed(connection, source_id, library, undone=undone))


def _require_right(context: Context, library: str) -> None:
    if context.library not in ("", library):
        raise NotAllowed("other_library", right="correct", library=library)


def _sent(connection: Connection, source_id: int) -> BibliographicRecord:
    packed, _ = sources.contents(connection, [source_id])[source_id]
    return unpack(packed, BibliographicRecord)


def _row(correction_id: str, source: StoredSource, made: Correction, reason: str, context: Context, now: str) -> dict[str, object]:
    return {
        "id": correction_id,
        "source_id": source.id,
        "field": made.field,
        "value": made.value,
        "reason": reason,
        "actor": str(context.actor),
        "made_at": now,
    }


def _event(kind: str, source: StoredSource, correction_id: str, field: str) -> Event:
    return Event(kind, f"source:{source.key}", source.library, {"correction": correction_id, "field": field})


def _decide(connection: Connection, context: Context, now: str, source: StoredSource, key_limit: int, told: Sequence[Event]) -> None:
    """Takes the record up again as if it had arrived changed. Of a record that is gone only the journal hears."""
    if source.deleted:
        events.append(connection, context, told, now)
        return
    record_z, joined = sources.contents(connection, [source.id])[source.id]
    made = corrections.in_force(connection, [source.id]).get(source.id, ())
    derived = derive(source.key, record_z, tuple(joined.split("\x1f")) if joined else (), made)
    found = graph.refresh(connection, {source.id: (derived.features, derived.keys)}, [source.id], key_limit)
    nodes = with_neighbours(connection, {source.id: Node(source.id, source.key, source.union_id, derived)}, found)
    outcome = settle(connection, nodes, (), found, now)
    stretches.keep_features(connection, {source.id: derived.features})
    sources.assign(connection, {source.id: outcome.union_of[source.id]})
    move(connection, nodes, outcome)
    conclude(connection, context, now, nodes, found, outcome, told=told)


def _found(connection: Connection, correction_id: str) -> CorrectionView:
    row = corrections.find(connection, correction_id)
    if row is None:
        raise NotFound("unknown_correction", kind="correction", id=correction_id)
    return _views(connection, [row])[0]


def _views(connection: Connection, rows: Sequence[Any]) -> tuple[CorrectionView, ...]:
    packed = sources.contents(connection, {row.source_id for row in rows})
    sent = {source_id: unpack(record_z, BibliographicRecord) for source_id, (record_z, _) in packed.items()}
    return tuple(
        CorrectionView(
            id=row.id,
            key=f"{row.library}:{row.record_id}",
            library=row.library,
            field=row.field,
            value=row.value,
            sent=as_sent(sent[row.source_id], row.field),
            reason=row.reason,
            actor=row.actor,
            made_at=parse_instant(row.made_at),
            undone_by=row.undone_by or "",
            undone_at=parse_instant(row.undone_at) if row.undone_at else None,
            asleep=row.deleted_at is not None,
        )
        for row in rows
    )
