"""Members' own records, and what cataloguers corrected in them."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint, text
from sqlalchemy.types import JSON

from union_catalog.storage.tables.base import Code, Id, Instant, PublicId, metadata

source_record = Table(
    "source_record",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("library", Code, ForeignKey("library.code"), nullable=False),
    Column("record_id", Text, nullable=False),
    Column("feed_id", Integer, ForeignKey("feed.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("version", String(40), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("deleted_at", Instant),  # a tombstone: the record is gone at its library, and kept here
    Column("seen_load", PublicId, nullable=False),  # the last load whose file held it
    Column("union_id", PublicId, index=True),
    UniqueConstraint("library", "record_id"),
)

# Apart from the row above, so that marking a record as seen does not rewrite its bytes.
source_content = Table(
    "source_content",
    metadata,
    Column("source_id", Id, ForeignKey("source_record.id"), primary_key=True, autoincrement=False),
    Column("format", String(20), nullable=False),
    Column("encoding", String(20), nullable=False),
    Column("raw_z", LargeBinary, nullable=False),  # the bytes as they came, compressed
    Column("record_z", LargeBinary, nullable=False),  # BibliographicRecord
    Column("features", LargeBinary, nullable=False),  # matching.features.Features as MessagePack, short enough as it is
    Column("call_numbers", Text, nullable=False),  # distinct, parted by U+001F
)

# What a cataloguer wrote over a part of a source record (see bibliographic/corrections.py). It holds whatever the library sends later,
# until it is undone.
correction = Table(
    "correction",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("source_id", Id, ForeignKey("source_record.id"), nullable=False),
    Column("field", String(40), nullable=False),
    Column("value", JSON, nullable=False),  # the text of the part, or a whole field of BibliographicRecord
    Column("reason", Text, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("undone_by", String(80)),
    Column("undone_at", Instant),
    Index(
        "ix_correction_in_force",
        "source_id",
        "field",
        unique=True,
        sqlite_where=text("undone_at IS NULL"),
        postgresql_where=text("undone_at IS NULL"),
    ),
)
