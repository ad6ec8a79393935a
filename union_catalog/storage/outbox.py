"""The outbox: what must leave the process after the commit, written in the same transaction as its cause.

A message is (topic, aggregate, revision); every consumer has its own delivery row. Consumers claim by state, oldest first. A message
says *that* something changed; the consumer reads what it is now, so that many messages of one aggregate are one piece of work.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Insert, delete, func, insert, literal, or_, select, union_all, update

from union_catalog.clock import instant_text
from union_catalog.storage.bulk import insert_rows
from union_catalog.storage.tables import outbox, outbox_delivery
from union_catalog.storage.values import allocate, one_of

TOPIC_UNION = "union_record"
TOPIC_ITEM = "item"
CONSUMER_INDEX = "index"
CONSUMER_AVAILABILITY = "availability"

# Who hears of what. A new consumer starts with the messages written after it is named here.
CONSUMERS: dict[str, tuple[str, ...]] = {TOPIC_UNION: (CONSUMER_INDEX,), TOPIC_ITEM: (CONSUMER_AVAILABILITY,)}

_OPEN = ("pending", "leased")


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that changed; ``id`` tells messages apart and says nothing of order. ``cause`` is the command that changed it."""

    id: int
    topic: str
    aggregate: str
    revision: int
    cause: str


def put(connection: Connection, topic: str, changes: Sequence[tuple[str, int]], now: str, cause: str) -> int:
    """Writes (aggregate, revision) messages for every consumer of the topic. Answers the highest message id, 0 for none.

    ``cause`` is the id of the command that they come from.
    """
    ids = allocate(connection, "outbox", len(changes))
    if not changes:
        return 0
    messages: list[dict[str, object]] = [
        {"id": id_, "topic": topic, "aggregate": aggregate, "revision": revision, "created_at": now, "cause": cause}
        for id_, (aggregate, revision) in zip(ids, changes, strict=True)
    ]
    insert_rows(connection, outbox, messages)
    deliveries: list[dict[str, object]] = [
        {"message_id": id_, "consumer": consumer, "state": "pending", "attempts": 0} for consumer in CONSUMERS[topic] for id_ in ids
    ]
    insert_rows(connection, outbox_delivery, deliveries)
    return ids[-1]


def put_with(connection: Connection, statement: Insert, topic: str, aggregate: str, now: str, cause: str) -> None:
    """Carries out an insertion and writes one message without a revision; on PostgreSQL all of it is one round trip."""
    if connection.dialect.name != "postgresql":
        connection.execute(statement)
        put(connection, topic, [(aggregate, 0)], now, cause)
        return
    row = {"topic": topic, "aggregate": aggregate, "revision": 0, "created_at": now, "cause": cause}
    message = insert(outbox).values(id=_NEXT, **row).returning(outbox.c.id).cte("message")
    names = ["message_id", "consumer", "state", "attempts"]
    consumers = union_all(*[select(message.c.id, literal(consumer), literal("pending"), literal(0)) for consumer in CONSUMERS[topic]])
    delivery = insert(outbox_delivery).from_select(names, consumers).returning(outbox_delivery.c.message_id).cte("delivery")
    connection.execute(statement.add_cte(message, delivery))


_NEXT = func.nextval("outbox_seq")


def claim(connection: Connection, consumer: str, holder: str, now: datetime, seconds: float, limit: int) -> list[Message]:
    """Takes up to ``limit`` open messages, oldest first; those another holder has and whose lease still runs are passed over."""
    d = outbox_delivery.c
    free = or_(d.state == "pending", d.lease_until <= instant_text(now))
    choice = select(d.message_id).where(d.consumer == consumer, d.state.in_(_OPEN), free).order_by(d.message_id).limit(limit)
    ids = list(connection.execute(choice.with_for_update(skip_locked=True)).scalars())
    if not ids:
        return []
    mine = (d.consumer == consumer, one_of(d.message_id, ids))
    until = instant_text(now + timedelta(seconds=seconds))
    taken = {"state": "leased", "lease_holder": holder, "lease_until": until, "attempts": d.attempts + 1}
    connection.execute(update(outbox_delivery).where(*mine).values(taken))
    columns = (outbox.c.id, outbox.c.topic, outbox.c.aggregate, outbox.c.revision, func.coalesce(outbox.c.cause, ""))
    rows = connection.execute(select(*columns).where(one_of(outbox.c.id, ids)).order_by(outbox.c.id))
    return [Message(*row) for row in rows]


def finish(connection: Connection, consumer: str, ids: Collection[int], now: datetime) -> None:
    """They have been dealt with."""
    d = outbox_delivery.c
    statement = update(outbox_delivery).where(d.consumer == consumer, one_of(d.message_id, ids))
    connection.execute(statement.values(state="done", lease_holder=None, lease_until=None, done_at=instant_text(now), reason=None))


def give_back(connection: Connection, consumer: str, ids: Collection[int]) -> None:
    """They could not be dealt with now; whoever claims next gets them again."""
    d = outbox_delivery.c
    statement = update(outbox_delivery).where(d.consumer == consumer, one_of(d.message_id, ids))
    connection.execute(statement.values(state="pending", lease_holder=None, lease_until=None))


def count_open(connection: Connection, consumer: str, up_to: int | None = None) -> int:
    """Messages the consumer has still to deal with, of those with an id up to the given one."""
    d = outbox_delivery.c
    statement = select(func.count()).where(d.consumer == consumer, d.state.in_(_OPEN))
    return int(connection.execute(statement if up_to is None else statement.where(d.message_id <= up_to)).scalar_one())


def oldest_open(connection: Connection, consumer: str) -> str | None:
    """When the oldest message that waits was written; None if none waits."""
    d = outbox_delivery.c
    statement = select(func.min(outbox.c.created_at)).join(outbox_delivery, d.message_id == outbox.c.id)
    return connection.execute(statement.where(d.consumer == consumer, d.state.in_(_OPEN))).scalar()


def prune(connection: Connection, before: datetime, limit: int = 10_000) -> int:
    """Removes up to ``limit`` messages older than ``before`` that every consumer is done with. Answers how many."""
    d = outbox_delivery.c
    still_open = select(d.message_id).where(d.message_id == outbox.c.id, d.state != "done").exists()
    old = select(outbox.c.id).where(outbox.c.created_at < instant_text(before), ~still_open).order_by(outbox.c.id).limit(limit)
    ids = list(connection.execute(old).scalars())
    if ids:
        connection.execute(delete(outbox_delivery).where(one_of(d.message_id, ids)))
        connection.execute(delete(outbox).where(one_of(outbox.c.id, ids)))
    return len(ids)


def last_message(connection: Connection) -> int:
    """The highest message id so far; 0 in an empty outbox."""
    return int(connection.execute(select(func.max(outbox.c.id))).scalar() or 0)
