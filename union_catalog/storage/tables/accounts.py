"""Money, in fen."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from union_catalog.storage.tables.base import Code, Instant, PublicId, metadata

# Append-only. What is owed is the sum of ``owed_fen``, what is deposited that of ``deposit_fen``, what went through the till ``cash_fen``.
# What is owed for one loan and one cause is the sum of its entries: a charge, and whatever settled it. One receipt may have several lines.
account_entry = Table(
    "account_entry",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("patron_id", PublicId, ForeignKey("patron.id"), nullable=False, index=True),
    Column("library", Code, ForeignKey("library.code"), nullable=False),  # to which it is owed or paid
    Column("branch", Code, ForeignKey("branch.code")),  # at whose till
    Column("kind", String(14), nullable=False),
    Column("cause", String(14), nullable=False, server_default=""),  # what is owed for, in every entry that changes it
    Column("owed_fen", BigInteger, nullable=False, server_default="0"),
    Column("deposit_fen", BigInteger, nullable=False, server_default="0"),
    Column("cash_fen", BigInteger, nullable=False, server_default="0"),
    Column("method", String(12), nullable=False, server_default=""),
    Column("loan_id", PublicId),
    Column("reason", Text, nullable=False, server_default=""),
    Column("receipt", String(60)),
    Column("line", Integer, nullable=False, server_default="1"),
    Column("reverses", PublicId, ForeignKey("account_entry.id"), unique=True),
    Column("actor", String(80), nullable=False),
    Column("entered_at", Instant, nullable=False),
    CheckConstraint("kind IN ('charge', 'deposit', 'refund', 'compensation', 'fine', 'waiver', 'replacement', 'reversal')", name="kind"),
    CheckConstraint("cause IN ('', 'fine', 'compensation')", name="cause"),
    CheckConstraint("(cause = '') = (owed_fen = 0)", name="owed"),
    UniqueConstraint("receipt", "line"),
    Index("ix_account_entry_till", "branch", "entered_at"),
)

# How many receipts a till has given out on a day: they are numbered without gaps.
till_day = Table(
    "till_day",
    metadata,
    Column("branch", Code, ForeignKey("branch.code"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("receipts", Integer, nullable=False),
)
