"""Numbers, events, the outbox, leases and jobs."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Float, ForeignKey, Index, Integer, String, Table, Text, text
from sqlalchemy.types import JSON

from union_catalog.storage.tables.base import Code, Id, Instant, PublicId, metadata

counter = Table(
    "counter",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# Append-only. Ids and codes, never personal values.
event = Table(
    "event",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("subject", Text, nullable=False),
    Column("library", Code),
    Column("actor", String(80), nullable=False),
    Column("command_id", String(40), nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("data", JSON, nullable=False),
    Index("ix_event_subject", "subject", "id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("topic", String(40), nullable=False),
    Column("aggregate", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("cause", String(40)),  # the command that wrote it
)

# One row a message and consumer, claimed by state: commits are unordered, so no reader may go by "id greater than the last seen".
outbox_delivery = Table(
    "outbox_delivery",
    metadata,
    Column("message_id", Id, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    Column("consumer", String(40), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("lease_holder", String(120)),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("done_at", Instant),
    Column("reason", Text),  # why it is dead
    CheckConstraint("state IN ('pending', 'leased', 'done', 'dead')", name="state"),
    Index(
        "ix_outbox_delivery_open",
        "consumer",
        "message_id",
        sqlite_where=text("state IN ('pending', 'leased')"),
        postgresql_where=text("state IN ('pending', 'leased')"),
    ),
    Index(
        "ix_outbox_delivery_dead",
        "consumer",
        "message_id",
        sqlite_where=text("state = 'dead'"),
        postgresql_where=text("state = 'dead'"),
    ),
    sqlite_with_rowid=False,
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("holder", String(120), nullable=False),
    Column("until", Instant, nullable=False),
    Column("token", BigInteger, nullable=False),  # grows with each holder: what a holder of yesterday writes can be told
)

OPEN_JOB = "state IN ('queued', 'running')"
job = Table(
    "job",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("state", String(12), nullable=False),
    Column("progress", Float, nullable=False),
    Column("result", JSON),
    Column("error", String(80)),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state"),
    Index("ix_job_name", "name", "created_at"),
    Index("ix_job_open", "created_at", "id", sqlite_where=text(OPEN_JOB), postgresql_where=text(OPEN_JOB)),
)
