"""Patrons, what they show to be known by, what they agreed to, and what is held against them.

Whatever tells who somebody is stands in ``person`` alone (and, for the while of a message, in ``notice``): without that row a patron is a
number, and so are its loans.
"""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text
from sqlalchemy.types import JSON

from union_catalog.storage.tables.base import Code, Instant, PublicId, metadata

Day = String(10)

patron = Table(
    "patron",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("library", Code, ForeignKey("library.code"), nullable=False),
    Column("home_branch", Code, ForeignKey("branch.code"), nullable=False),
    Column("category", String(20), nullable=False),
    Column("state", String(8), nullable=False),
    Column("language", String(5), nullable=False, server_default="zh"),
    Column("keeps_history", Boolean, nullable=False, server_default=text("true")),
    Column("credit", Integer, nullable=False),  # the sum of credit_entry, kept in the same transactions
    Column("guardian_id", PublicId, ForeignKey("patron.id"), index=True),
    Column("expires_on", Day),
    Column("merged_into", PublicId, ForeignKey("patron.id"), index=True),
    Column("created_at", Instant, nullable=False),
    CheckConstraint("state IN ('pending', 'active', 'merged', 'erased')", name="state"),
    CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged"),
    Index("ix_patron_keeps_nothing", "id", sqlite_where=text("NOT keeps_history"), postgresql_where=text("NOT keeps_history")),
)

person = Table(
    "person",
    metadata,
    Column("patron_id", PublicId, ForeignKey("patron.id"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("birth_date", Day),
    Column("phone", String(40), nullable=False, server_default=""),
    Column("email", String(254), nullable=False, server_default=""),
    Column("document_type", String(20)),
    Column("document_hash", String(64), unique=True),  # keyed; the number itself is nowhere
    Index("ix_person_name", "name", "birth_date"),
)

# ``number`` of a social security card is its keyed hash.
credential = Table(
    "credential",
    metadata,
    Column("issuer", Code, primary_key=True),  # "" for the network itself
    Column("number", String(80), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("patron_id", PublicId, ForeignKey("patron.id"), nullable=False, index=True),
    Column("state", String(10), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("ended_at", Instant),
    CheckConstraint("kind IN ('card', 'member_card', 'social')", name="kind"),
    CheckConstraint("state IN ('valid', 'lost', 'damaged', 'replaced')", name="state"),
    Index("ix_credential_number", "number"),
    Index(
        "ix_credential_valid_card",
        "patron_id",
        unique=True,
        sqlite_where=text("kind = 'card' AND state = 'valid'"),
        postgresql_where=text("kind = 'card' AND state = 'valid'"),
    ),
)

pin = Table(
    "pin",
    metadata,
    Column("patron_id", PublicId, ForeignKey("patron.id"), primary_key=True),
    Column("hash", Text, nullable=False),  # argon2
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Instant),
    Column("set_at", Instant, nullable=False),
)

used_qr = Table(
    "used_qr",
    metadata,
    Column("nonce", String(40), primary_key=True),
    Column("expires_at", Instant, nullable=False, index=True),
)

# A reader who has shown a code at a desk, until the desk lets go of it.
desk_session = Table(
    "desk_session",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("patron_id", PublicId, ForeignKey("patron.id"), nullable=False, index=True),
    Column("branch", Code, ForeignKey("branch.code"), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

consent = Table(
    "consent",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("patron_id", PublicId, ForeignKey("patron.id"), nullable=False, index=True),
    Column("purpose", String(30), nullable=False),
    Column("notice", String(40), nullable=False),  # the version of the text that was agreed to
    Column("library", Code, ForeignKey("library.code")),  # to whom data may be passed on
    Column("guardian_id", PublicId, ForeignKey("patron.id")),  # who agreed for a child
    Column("given_on", Day, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("withdrawn_at", Instant),
)

patron_merge = Table(
    "patron_merge",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("kept_id", PublicId, ForeignKey("patron.id"), nullable=False, index=True),
    Column("gone_id", PublicId, ForeignKey("patron.id"), nullable=False, index=True),
    Column("before", JSON, nullable=False),  # ids of what was moved, and the values that gave way: what an undoing needs
    Column("actor", String(80), nullable=False),
    Column("merged_at", Instant, nullable=False),
    Column("undone_at", Instant),
    Index(
        "ix_patron_merge_in_force",
        "gone_id",
        unique=True,
        sqlite_where=text("undone_at IS NULL"),
        postgresql_where=text("undone_at IS NULL"),
    ),
)

block = Table(
    "block",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("patron_id", PublicId, ForeignKey("patron.id"), nullable=False),
    Column("library", Code, ForeignKey("library.code"), nullable=False),  # that set it
    Column("code", String(30), nullable=False),
    Column("scope", String(8), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("lifted_by", String(30), nullable=False),  # which deed lifts it
    Column("loan_id", PublicId),
    Column("since", Instant, nullable=False),
    Column("until", Day),  # the last day on which it holds; none: until lifted
    Column("actor", String(80), nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String(80)),
    Column("ended_reason", Text, nullable=False, server_default=""),
    CheckConstraint("scope IN ('network', 'library')", name="scope"),
    Index(
        "ix_block_in_force",
        "patron_id",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

credit_entry = Table(
    "credit_entry",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("patron_id", PublicId, ForeignKey("patron.id"), nullable=False, index=True),
    Column("points", Integer, nullable=False),
    Column("cause", String(30), nullable=False),
    Column("loan_id", PublicId),
    Column("reason", Text, nullable=False, server_default=""),
    Column("reverses", PublicId, ForeignKey("credit_entry.id"), unique=True),
    Column("actor", String(80), nullable=False),
    Column("entered_at", Instant, nullable=False),
)

# What a reader says against a block, a charge or an entry of the credit log; a person decides.
objection = Table(
    "objection",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("patron_id", PublicId, ForeignKey("patron.id"), nullable=False, index=True),
    Column("about", String(8), nullable=False),
    Column("about_id", PublicId, nullable=False),
    Column("library", Code, ForeignKey("library.code"), nullable=False),  # that decides
    Column("text", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("answer", Text, nullable=False, server_default=""),
    Column("decided_by", String(80)),
    Column("decided_at", Instant),
    CheckConstraint("about IN ('block', 'credit', 'account')", name="about"),
    CheckConstraint("state IN ('open', 'upheld', 'rejected')", name="state"),
    Index("ix_objection_open", "about_id", unique=True, sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
)
