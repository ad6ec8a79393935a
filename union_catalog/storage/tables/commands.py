"""Commands that were answered: the same key gets the same answer."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from union_catalog.storage.tables.base import Instant, PublicId, metadata

answered_command = Table(
    "answered_command",
    metadata,
    Column("principal", String(80), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),  # SHA-256 of method, path and body
    Column("status", Integer, nullable=False),
    Column("content_type", String(80), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("patron_id", PublicId, index=True),  # whom the answer speaks of: it goes when the reader is erased
    Column("answered_at", Instant, nullable=False),
    Index("ix_answered_command_answered_at", "answered_at"),
)
