"""SELECTs for whoever reads: union records with contents, sources, items, libraries, branches. One query a kind, never one a row.

What every page asks is put together once, for that takes longer than asking it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, literal_column, select

from union_catalog.storage.item_status import BELONGS, DUE, PLACE, STATUS, with_status
from union_catalog.storage.tables import branch, item, library, region, source_record, union_content, union_record
from union_catalog.storage.values import among


@dataclass(frozen=True, slots=True)
class UnionRow:
    """A union record with what is stored of it. ``target`` is set for a redirected one."""

    id: str
    revision: int
    state: str
    target: str | None
    work_id: str | None
    updated_at: str
    merged_z: bytes
    analysed_z: bytes
    analysis_version: int


_UNION = (
    union_record.c.id,
    union_record.c.revision,
    union_record.c.state,
    union_record.c.target,
    union_record.c.work_id,
    union_record.c.updated_at,
    union_content.c.merged_z,
    union_content.c.analysed_z,
    union_content.c.analysis_version,
)
_UNION_FROM: Select[Any] = select(*_UNION).join(union_content, union_content.c.union_id == union_record.c.id)
_UNIONS = _UNION_FROM.where(among(union_record.c.id, "ids"))
_EDITIONS = (
    select(union_record.c.id)
    .where(union_record.c.work_id == bindparam("work_id"), union_record.c.state == "live")
    .order_by(union_record.c.born)
    .limit(bindparam("most"))
)
_SOURCES = (
    select(source_record.c.library, source_record.c.record_id, source_record.c.version, source_record.c.received_at)
    .where(source_record.c.union_id == bindparam("union_id"), source_record.c.deleted_at.is_(None))
    .order_by(source_record.c.library, source_record.c.record_id)
)
_ITEMS = (
    select(item, library.c.name.label("library_name"), library.c.name_en.label("library_name_en"))
    .add_columns(branch.c.name.label("branch_name"), branch.c.name_en.label("branch_name_en"))
    .add_columns(STATUS.label("status"), PLACE.label("place"), DUE)
    .select_from(with_status(source_record.join(item, source_record.c.id == item.c.source_id)).outerjoin(branch, branch.c.code == PLACE))
    .where(source_record.c.union_id == bindparam("union_id"), BELONGS)
    .order_by(item.c.library, literal_column("place"), item.c.barcode, item.c.id)
)
_LIBRARY_NAMES = select(library.c.code, library.c.name, library.c.name_en)
_BRANCH_NAMES = select(branch.c.code, branch.c.name, branch.c.name_en, branch.c.library)
_BRANCHES = (
    select(branch, library.c.name.label("library_name"), library.c.name_en.label("library_name_en"), library.c.region)
    .add_columns(region.c.name.label("region_name"), region.c.name_en.label("region_name_en"))
    .join(library, library.c.code == branch.c.library)
    .outerjoin(region, region.c.code == library.c.region)
    .order_by(library.c.rank, library.c.code, branch.c.code)
)
_BRANCH = _BRANCHES.where(branch.c.code == bindparam("code"))
_SOME_BRANCHES = _BRANCHES.where(branch.c.code.in_(bindparam("codes", expanding=True)))


def unions(connection: Connection, ids: Collection[str]) -> dict[str, UnionRow]:
    """By id; those that never were are left out."""
    if not ids:
        return {}
    rows = connection.execute(_UNIONS, {"ids": ids}).all()
    return {row[0]: UnionRow(*row) for row in rows}


def live_unions(connection: Connection, after: str, limit: int) -> list[UnionRow]:
    """Live ones by id, after ``after``: the pages of a rebuild."""
    statement = _UNION_FROM.where(union_record.c.state == "live", union_record.c.id > after)
    return [UnionRow(*row) for row in connection.execute(statement.order_by(union_record.c.id).limit(limit)).all()]


def live_revisions(connection: Connection) -> Iterator[tuple[str, int]]:
    """(id, revision) of every live union record, ordered by id, in bounded memory."""
    statement = select(union_record.c.id, union_record.c.revision).where(union_record.c.state == "live").order_by(union_record.c.id)
    for row in connection.execution_options(yield_per=5000).execute(statement):
        yield row[0], row[1]


def editions(connection: Connection, work_id: str, limit: int) -> list[str]:
    """Ids of live union records of one work, the latest changed last."""
    return list(connection.execute(_EDITIONS, {"work_id": work_id, "most": limit}).scalars())


def recent(connection: Connection, limit: int) -> list[str]:
    """Ids of the live union records that came last."""
    statement = select(union_record.c.id).where(union_record.c.state == "live").order_by(union_record.c.id.desc()).limit(limit)
    return list(connection.execute(statement).scalars())


def sources_of(connection: Connection, union_id: str) -> Sequence[Any]:
    """Rows (library, record_id, version, received_at) of the live source records of a union record."""
    return connection.execute(_SOURCES, {"union_id": union_id}).all()


def items_of(connection: Connection, union_id: str) -> Sequence[Any]:
    """Rows of every item of a union record that is not withdrawn, with its branch and library, in the order of libraries and branches."""
    return connection.execute(_ITEMS, {"union_id": union_id}).all()


def names(connection: Connection) -> tuple[Sequence[Any], Sequence[Any]]:
    """Rows (code, name, name_en) of libraries, and (code, name, name_en, library) of branches: what every list needs and no more."""
    return connection.execute(_LIBRARY_NAMES).all(), connection.execute(_BRANCH_NAMES).all()


def libraries(connection: Connection) -> Sequence[Any]:
    """Rows of libraries with their region's names, in the order in which they are shown."""
    statement = select(library, region.c.name.label("region_name"), region.c.name_en.label("region_name_en"))
    statement = statement.outerjoin(region, region.c.code == library.c.region)
    return connection.execute(statement.order_by(library.c.rank, library.c.code)).all()


def branches(connection: Connection) -> Sequence[Any]:
    """Rows of branches with the names of their library and its region, by library and code."""
    return connection.execute(_BRANCHES).all()


def branch_of(connection: Connection, code: str) -> Any | None:
    """The row that ``branches`` has of one branch; None for a code that nobody has."""
    return connection.execute(_BRANCH, {"code": code}).one_or_none()


def branches_of(connection: Connection, codes: Collection[str]) -> dict[str, Any]:
    """The rows that ``branches`` has of some, by code; those that nobody has are left out."""
    return {row.code: row for row in connection.execute(_SOME_BRANCHES, {"codes": list(codes)})} if codes else {}
