"""Loans, holds, transits, where items are, and what was done at desks.

An item's status is derived from these; it has no status of its own.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, text
from sqlalchemy.types import JSON

from union_catalog.storage.tables.base import Code, Instant, PublicId, metadata

Day = String(10)
_OPEN_LOAN = "state IN ('open', 'claimed_returned')"
_REMEMBERED = "ended_at IS NOT NULL AND patron_id IS NOT NULL"  # a history that still has its reader
_OPEN_TRANSIT = "state IN ('requested', 'dispatched')"
_OPEN_HOLD = "state IN ('placed', 'allocated', 'in_transit', 'on_shelf')"
UNDONE_OF_READER = "undone_at IS NOT NULL AND patron_id IS NOT NULL"  # of actions that were taken back, those that still know a reader
_LYING = "resolved_at IS NULL"
_ALLOCATED = "state IN ('allocated', 'in_transit', 'on_shelf')"

# Only of items that circulation has touched; any other is at its home branch and in good condition. Loads never write here.
item_state = Table(
    "item_state",
    metadata,
    Column("item_id", PublicId, ForeignKey("item.id"), primary_key=True),
    Column("branch", Code, ForeignKey("branch.code")),  # where it is or was last seen; none: at its home branch
    Column("condition", String(10), nullable=False, server_default="good"),
    Column("changed_at", Instant, nullable=False),
    CheckConstraint("condition IN ('good', 'damaged', 'lost', 'missing', 'withdrawn')", name="condition"),
)

# ``patron_id`` goes when the history loses its reader; library, category and age band stay for statistics.
loan = Table(
    "loan",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("item_id", PublicId, ForeignKey("item.id"), nullable=False, index=True),
    Column("patron_id", PublicId, ForeignKey("patron.id")),
    Column("state", String(16), nullable=False),
    Column("item_library", Code, nullable=False),
    Column("lending_branch", Code, ForeignKey("branch.code"), nullable=False),
    Column("lent_at", Instant, nullable=False),
    Column("due_date", Day, nullable=False),
    Column("renewals", Integer, nullable=False, server_default="0"),
    Column("policy_version", Integer, ForeignKey("policy_version.version"), nullable=False),
    Column("policy_rule", String(40), nullable=False),
    Column("patron_library", Code, nullable=False),
    Column("patron_category", String(20), nullable=False),
    Column("age_band", String(8), nullable=False),
    Column("ended_at", Instant),
    Column("returned_branch", Code, ForeignKey("branch.code")),
    CheckConstraint("state IN ('open', 'returned', 'lost', 'claimed_returned')", name="state"),
    CheckConstraint(f"({_OPEN_LOAN}) = (ended_at IS NULL)", name="ended"),
    CheckConstraint(f"patron_id IS NOT NULL OR NOT ({_OPEN_LOAN})", name="has_patron"),
    Index("ix_loan_open_item", "item_id", unique=True, sqlite_where=text(_OPEN_LOAN), postgresql_where=text(_OPEN_LOAN)),
    Index("ix_loan_open_patron", "patron_id", sqlite_where=text(_OPEN_LOAN), postgresql_where=text(_OPEN_LOAN)),
    Index("ix_loan_open_due", "due_date", "id", sqlite_where=text(_OPEN_LOAN), postgresql_where=text(_OPEN_LOAN)),
    Index("ix_loan_patron_ended", "patron_id", "ended_at"),
    Index("ix_loan_remembered", "ended_at", "id", sqlite_where=text(_REMEMBERED), postgresql_where=text(_REMEMBERED)),
)

hold = Table(
    "hold",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("sequence", BigInteger, nullable=False, unique=True),  # the place in the queue; never given twice
    Column("patron_id", PublicId, ForeignKey("patron.id"), index=True),
    Column("union_id", PublicId, nullable=False),
    Column("item_id", PublicId, ForeignKey("item.id")),  # allocated, or asked for by itself
    Column("pickup_branch", Code, ForeignKey("branch.code"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("expires_on", Day),
    Column("shelf_until", Day),
    Column("ended_at", Instant),
    CheckConstraint("state IN ('placed', 'allocated', 'in_transit', 'on_shelf', 'fulfilled', 'cancelled', 'expired')", name="state"),
    CheckConstraint(f"item_id IS NOT NULL OR NOT ({_ALLOCATED})", name="allocated"),
    Index("ix_hold_allocated_item", "item_id", unique=True, sqlite_where=text(_ALLOCATED), postgresql_where=text(_ALLOCATED)),
    Index("ix_hold_queue", "union_id", "sequence", sqlite_where=text(_OPEN_HOLD), postgresql_where=text(_OPEN_HOLD)),
)

transit = Table(
    "transit",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("item_id", PublicId, ForeignKey("item.id"), nullable=False, index=True),
    Column("from_branch", Code, ForeignKey("branch.code"), nullable=False),
    Column("to_branch", Code, ForeignKey("branch.code"), nullable=False),
    Column("purpose", String(10), nullable=False),
    Column("hold_id", PublicId, ForeignKey("hold.id")),
    Column("state", String(12), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("dispatched_at", Instant),
    Column("ended_at", Instant),
    CheckConstraint("purpose IN ('to_pickup', 'to_home')", name="purpose"),
    CheckConstraint("(purpose = 'to_pickup') = (hold_id IS NOT NULL)", name="hold"),
    CheckConstraint("state IN ('requested', 'dispatched', 'received', 'lost', 'cancelled')", name="state"),
    Index("ix_transit_open_item", "item_id", unique=True, sqlite_where=text(_OPEN_TRANSIT), postgresql_where=text(_OPEN_TRANSIT)),
    Index("ix_transit_open_to", "to_branch", "id", sqlite_where=text(_OPEN_TRANSIT), postgresql_where=text(_OPEN_TRANSIT)),
)

# What a desk did, append-only but for ``undone_at``: the answer to a second scan, what an undoing needs, and the trace of who did what.
desk_action = Table(
    "desk_action",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("action", String(20), nullable=False),
    Column("case_number", String(8), nullable=False),
    Column("branch", Code, ForeignKey("branch.code"), nullable=False),
    Column("item_id", PublicId, ForeignKey("item.id")),  # none for a barcode that nobody knows
    Column("barcode", String(80), nullable=False, server_default=""),
    Column("patron_id", PublicId, ForeignKey("patron.id"), index=True),
    Column("loan_id", PublicId, index=True),
    Column("actor", String(80), nullable=False),
    Column("command_id", String(80), nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("told", JSON, nullable=False),  # what fills the instruction, in codes; blocks that were overridden, and why in words
    Column("before", JSON, nullable=False),  # the rows as they were
    Column("undone_at", Instant),
    Index("ix_desk_action_branch", "branch", "recorded_at"),
    Index("ix_desk_action_item", "item_id", "recorded_at"),
    Index("ix_desk_action_undone", "undone_at", sqlite_where=text(UNDONE_OF_READER), postgresql_where=text(UNDONE_OF_READER)),
)

# Returned with a barcode that no library knows: taken in, and looked into. At a branch it lies there once, however often it is scanned.
stray_item = Table(
    "stray_item",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("barcode", String(80), nullable=False),
    Column("branch", Code, ForeignKey("branch.code"), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("taken_at", Instant, nullable=False),
    Column("resolution", String(12), nullable=False, server_default=""),
    Column("reason", String(20), nullable=False, server_default=""),  # a code: what was removed may be anybody's
    Column("item_id", PublicId, ForeignKey("item.id")),  # what it turned out to be
    Column("to_branch", Code, ForeignKey("branch.code")),  # where it was sent on
    Column("action_id", PublicId),  # the desk's action by which it was resolved
    Column("resolved_at", Instant),
    Column("resolved_by", String(80), nullable=False, server_default=""),
    CheckConstraint("resolution IN ('', 'item', 'catalogued', 'sent_on', 'removed')", name="resolution"),
    CheckConstraint("(resolution = '') = (resolved_at IS NULL)", name="resolved"),
    Index("ix_stray_item_lying", "branch", "barcode", unique=True, sqlite_where=text(_LYING), postgresql_where=text(_LYING)),
)
