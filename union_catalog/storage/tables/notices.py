"""Messages to readers, on their way out."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text
from sqlalchemy.types import JSON

from union_catalog.storage.tables.base import Instant, PublicId, metadata

_WAITING = "state = 'pending'"

# Where it goes is read from the reader when it is sent, and is not kept.
notice = Table(
    "notice",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("patron_id", PublicId, ForeignKey("patron.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("about", String(60), nullable=False),  # what it is of, so that none is made twice: a loan and a day
    Column("data", JSON, nullable=False),  # ids, codes and dates
    Column("state", String(8), nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("reason", Text),  # why it could not be sent
    CheckConstraint("state IN ('pending', 'sent', 'dead')", name="state"),
    UniqueConstraint("kind", "about"),
    Index("ix_notice_waiting", "not_before", "id", sqlite_where=text(_WAITING), postgresql_where=text(_WAITING)),
)
