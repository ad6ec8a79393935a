"""Items and the barcodes they once had."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from union_catalog.storage.tables.base import Code, Id, Instant, PublicId, metadata

item = Table(
    "item",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("library", Code, ForeignKey("library.code"), nullable=False),
    Column("source_id", Id, ForeignKey("source_record.id"), nullable=False, index=True),
    Column("branch", Code, ForeignKey("branch.code")),  # none for what lies nowhere: an electronic resource
    Column("barcode", String(80)),
    Column("call_number", Text, nullable=False),
    Column("item_type", String(40), nullable=False),
    Column("lending", String(12), nullable=False),
    Column("reported_status", String(16), nullable=False),
    Column("status_word", Text, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Column("price", Text, nullable=False),
    Column("volume", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("withdrawn_at", Instant),
    UniqueConstraint("library", "barcode"),
    Index("ix_item_barcode", "barcode"),  # whose it is, nobody says who scans it
    CheckConstraint("lending IN ('loan', 'library_use', 'online')", name="lending"),
)

item_past_barcode = Table(
    "item_past_barcode",
    metadata,
    Column("library", Code, primary_key=True),
    Column("barcode", String(80), primary_key=True),
    Column("item_id", PublicId, ForeignKey("item.id"), primary_key=True),
    Column("until", Instant, nullable=False),
)
