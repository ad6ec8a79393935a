"""The match graph, what staff said of it, and under which rules it was made."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from union_catalog.storage.tables.base import Id, Instant, PublicId, metadata

match_key = Table(
    "match_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", Id, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Pairs judged to be one edition; a is the lower source id. Every other pair is not stored.
match_edge = Table(
    "match_edge",
    metadata,
    Column("a", Id, primary_key=True, autoincrement=False),
    Column("b", Id, primary_key=True, autoincrement=False, index=True),
    Column("strength", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What staff said of two records; a is the lower source id. It holds until it is undone, and stays here as history.
match_verdict = Table(
    "match_verdict",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("a", Id, ForeignKey("source_record.id"), nullable=False),
    Column("b", Id, ForeignKey("source_record.id"), nullable=False, index=True),
    Column("verdict", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("undone_by", String(80)),
    Column("undone_at", Instant),
    CheckConstraint("verdict IN ('same', 'different')", name="verdict"),
    CheckConstraint("a < b", name="order"),
    Index(
        "ix_match_verdict_in_force",
        "a",
        "b",
        unique=True,
        sqlite_where=text("undone_at IS NULL"),
        postgresql_where=text("undone_at IS NULL"),
    ),
)

# Pairs that stay apart although much speaks for them: what is worth a look. a is the lower source id.
match_doubt = Table(
    "match_doubt",
    metadata,
    Column("a", Id, primary_key=True, autoincrement=False),
    Column("b", Id, primary_key=True, autoincrement=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("doubt", Integer, nullable=False),  # thousandths, 1000 at even odds
    Column("worth", BigInteger, nullable=False),  # doubt × the copies that a decision would bring together
    CheckConstraint("kind IN ('unsure', 'parted')", name="kind"),
    Index("ix_match_doubt_worth", "worth", "a", "b"),
    sqlite_with_rowid=False,
)

# One row: under which rules the graph was made, and where a rebuild stands.
matching_state = Table(
    "matching_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("rules", String(64), nullable=False),  # matching.rules.rules_digest()
    Column("phase", String(10), nullable=False),
    Column("position", BigInteger, nullable=False),  # the last source id that the phase has dealt with
    Column("changed_at", Instant, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
    CheckConstraint("phase IN ('ready', 'deriving', 'linking', 'settling')", name="phase"),
)
