"""Messages to readers, on their way out."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text
from sqlalchemy.types import JSON

from union_catalog.storage.tables.base import Instant, PublicId, metadata

WAITING = "state = 'pending'"
UNDER_WAY = "state = 'sending'"
DEAD = "state = 'dead'"

# Where it goes is read from the reader when it is sent, and is not kept. Those that go out together have one ``message``.
notice = Table(
    "notice",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("patron_id", PublicId, ForeignKey("patron.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("about", String(60), nullable=False),  # what it is of, so that none is made twice: a loan and a day
    Column("loan_id", PublicId),  # it goes when the loan loses its reader
    Column("data", JSON, nullable=False),  # ids, codes and dates
    Column("state", String(8), nullable=False),
    Column("message", PublicId),
    Column("channel", String(8)),
    Column("lease_until", Instant),  # of one that is being sent
    Column("not_before", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("reason", String(16)),  # notices.model.REASONS: why it was not sent
    CheckConstraint("state IN ('pending', 'sending', 'sent', 'dead', 'dropped')", name="state"),
    CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="lease"),
    UniqueConstraint("kind", "about"),
    Index("ix_notice_waiting", "not_before", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    Index("ix_notice_dead", "reason", sqlite_where=text(DEAD), postgresql_where=text(DEAD)),
    Index("ix_notice_under_way", "lease_until", sqlite_where=text(UNDER_WAY), postgresql_where=text(UNDER_WAY)),
)
