"""What desks did without a line, as they handed it in later, and the keys with which devices seal it until then."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, String, Table, text
from sqlalchemy.types import JSON

from union_catalog.storage.tables.base import Code, Instant, PublicId, metadata

HAS_CARD = "card <> ''"

# Devices are given the public half; older ones are kept, as a device may come back late.
offline_key = Table(
    "offline_key",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("private_key", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
)

offline_batch = Table(
    "offline_batch",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("branch", Code, ForeignKey("branch.code"), nullable=False),
    Column("device", String(80), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("received_at", Instant, nullable=False),
    Index("ix_offline_batch_branch", "branch", "received_at"),
)

# A line is that of its device for good, whichever batch brings it again. Whose card it was stands in the desk's action alone: a number is
# kept here only while nobody knows whose it is, or what was lent with it.
offline_line = Table(
    "offline_line",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("batch_id", PublicId, ForeignKey("offline_batch.id"), nullable=False, index=True),
    Column("branch", Code, nullable=False),
    Column("device", String(80), nullable=False),
    Column("line", String(80), nullable=False),
    Column("action", String(10), nullable=False),
    Column("library", Code, nullable=False, server_default=""),
    Column("barcode", String(200), nullable=False),
    Column("card", String(80), nullable=False, server_default=""),
    Column("card_hash", String(64), nullable=False, server_default=""),  # as credentials keep social security cards: to be found by
    Column("occurred_at", Instant, nullable=False),  # as the device says
    Column("taken_at", Instant, nullable=False),  # as it was recorded: not in the future
    Column("verdict", String(20), nullable=False),
    Column("case_number", String(8), nullable=False, server_default=""),
    Column("told", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("action_id", PublicId),
    Column("loan_id", PublicId),
    Column("settled_at", Instant),
    Column("settled_by", String(80), nullable=False, server_default=""),
    CheckConstraint("action IN ('check_out', 'check_in', 'renew')", name="action"),
    CheckConstraint(
        "verdict IN ('recorded', 'recorded_with_blocks', 'conflict', 'repeated', 'unknown_item', 'unknown_card', 'invalid')", name="verdict"
    ),
    Index("ix_offline_line_once", "branch", "device", "line", unique=True),
    Index("ix_offline_line_card", "card", sqlite_where=text(HAS_CARD), postgresql_where=text(HAS_CARD)),
)
