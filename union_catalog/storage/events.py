"""The append-only journal: what happened, to what, by whom, when it happened and when it was written down."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select

from union_catalog.clock import instant_text
from union_catalog.context import Context
from union_catalog.storage.tables import event
from union_catalog.storage.values import allocate

# Every kind that is written, documented in docs/glossary.md.
KINDS = (
    "account.entered",
    "block.ended",
    "block.entered",
    "branch.calendar",
    "branch.found",
    "card.frozen",
    "card.issued",
    "consent.given",
    "consent.withdrawn",
    "correction.made",
    "correction.undone",
    "credential.added",
    "credit.changed",
    "item.moved",
    "item.returned",
    "item.withdrawn",
    "library.added",
    "load.finished",
    "load.guarded",
    "load.started",
    "matching.rebuilt",
    "network.applied",
    "objection.decided",
    "objection.made",
    "patron.changed",
    "patron.confirmed",
    "patron.enrolled",
    "patron.erased",
    "patron.exported",
    "patron.merged",
    "patron.unmerged",
    "pin.locked",
    "pin.set",
    "policy.changed",
    "quarantine.resolved",
    "source.deleted",
    "staff.added",
    "staff.changed",
    "staff.disabled",
    "staff.locked",
    "staff.password",
    "staff.unlocked",
    "union.gone",
    "union.large",
    "union.merged",
    "union.split",
    "verdict.given",
    "verdict.undone",
    "work.merged",
    "work.split",
)


@dataclass(frozen=True, slots=True)
class Event:
    """``subject`` is "kind:id"; ``data`` holds ids and codes, never anything about a person."""

    kind: str
    subject: str
    library: str | None = None
    data: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One as it was written down."""

    id: int
    kind: str
    actor: str
    occurred_at: str
    recorded_at: str
    data: dict[str, object]


def of_subject(connection: Connection, subject: str, before: int | None, limit: int) -> list[StoredEvent]:
    """Those of one subject ("patron:…"), the latest first; ``before`` is the id of the last one seen."""
    statement = select(event).where(event.c.subject == subject).order_by(event.c.id.desc()).limit(limit)
    rows = connection.execute(statement if before is None else statement.where(event.c.id < before))
    return [StoredEvent(row.id, row.kind, row.actor, row.occurred_at, row.recorded_at, row.data) for row in rows]


def append(connection: Connection, context: Context, events: Sequence[Event], now: str) -> None:
    """Writes them down in their order."""
    ids = allocate(connection, "event", len(events))
    rows = [
        {
            "id": id_,
            "kind": e.kind,
            "subject": e.subject,
            "library": e.library,
            "actor": str(context.actor),
            "command_id": context.command_id,
            "occurred_at": instant_text(context.occurred_at),
            "recorded_at": now,
            "data": e.data,
        }
        for id_, e in zip(ids, events, strict=True)
    ]
    if rows:
        connection.execute(insert(event), rows)
