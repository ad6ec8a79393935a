"""Feeds, loads and the quarantine."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import JSON

from union_catalog.storage.tables.base import Code, Instant, PublicId, metadata

feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("library", Code, ForeignKey("library.code"), nullable=False),
    Column("name", String(40), nullable=False),
    UniqueConstraint("library", "name"),
)

load = Table(
    "load",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("library", Code, ForeignKey("library.code"), nullable=False),
    Column("feed_id", Integer, ForeignKey("feed.id"), nullable=False),
    Column("file", Text, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("format", String(20), nullable=False),
    Column("encoding", String(20), nullable=False),
    Column("is_full", Boolean, nullable=False),
    Column("records_before", BigInteger, nullable=False),  # of the library: what a full load's withdrawals are measured by
    Column("state", String(12), nullable=False),
    Column("position", BigInteger, nullable=False),  # records of the file that are dealt with: where a resumed load goes on
    Column("stored", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("deleted", BigInteger, nullable=False),
    Column("quarantined", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    CheckConstraint("state IN ('running', 'done', 'guarded', 'failed')", name="state"),
    Index("ix_load_library_file", "library", "file_sha256"),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("library", Code, ForeignKey("library.code"), nullable=False),
    Column("load_id", PublicId, nullable=False),
    Column("file", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("code", String(40), nullable=False),
    Column("data", JSON, nullable=False),
    Column("format", String(20), nullable=False),
    Column("encoding", String(20), nullable=False),
    Column("bytes_sha256", String(64), nullable=False),
    Column("raw_z", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    UniqueConstraint("library", "position", "code", "bytes_sha256"),
)
