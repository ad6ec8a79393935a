"""Union records and works."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer, LargeBinary, String, Table

from union_catalog.storage.tables.base import Instant, PublicId, metadata

work = Table(
    "work",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("born", BigInteger, nullable=False),
    Column("target", PublicId),  # of a redirected one
)

union_record = Table(
    "union_record",
    metadata,
    Column("id", PublicId, primary_key=True),
    Column("born", BigInteger, nullable=False),  # its first revision: what "older" means
    Column("revision", BigInteger, nullable=False),
    Column("state", String(10), nullable=False),
    Column("target", PublicId),  # of a redirected one
    Column("work_id", PublicId, index=True),
    Column("updated_at", Instant, nullable=False),
    CheckConstraint("state IN ('live', 'redirected', 'gone')", name="state"),
    CheckConstraint("(state = 'redirected') = (target IS NOT NULL)", name="target"),
)

union_content = Table(
    "union_content",
    metadata,
    Column("union_id", PublicId, ForeignKey("union_record.id"), primary_key=True),
    Column("merged_z", LargeBinary, nullable=False),  # matching.merging.MergedRecord
    Column("analysed_z", LargeBinary, nullable=False),  # search.document.AnalysedText
    Column("analysis_version", Integer, nullable=False),
)

# A work is a connected component of union records by shared keys. The keys of a work that has lost all its editions wait for them.
union_work_key = Table(
    "union_work_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("union_id", PublicId, primary_key=True, index=True),
    sqlite_with_rowid=False,
)
