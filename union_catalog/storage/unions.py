"""Union records and works: their state, revision and stored content."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from union_catalog.storage.bulk import insert_rows, update_rows
from union_catalog.storage.tables import source_record, union_content, union_record
from union_catalog.storage.values import allocate, one_of


@dataclass(frozen=True, slots=True)
class UnionWrite:
    """A live union record as it is to stand from now on."""

    id: str
    revision: int
    work_id: str
    merged_z: bytes
    analysed_z: bytes
    analysis_version: int
    is_new: bool


def ages(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """The first revision of each that is live or gone, not of those redirected: the lower, the older."""
    if not ids:
        return {}
    u = union_record.c
    rows = connection.execute(select(u.id, u.born).where(one_of(u.id, ids), u.state != "redirected")).all()
    return {row[0]: row[1] for row in rows}


def live_of(connection: Connection, ids: Collection[str]) -> set[str]:
    """Which of these stand for a record now."""
    if not ids:
        return set()
    u = union_record.c
    return set(connection.execute(select(u.id).where(one_of(u.id, ids), u.state == "live")).scalars())


def write(connection: Connection, writes: Sequence[UnionWrite], now: str) -> None:
    """Makes or changes live union records."""
    new = [w for w in writes if w.is_new]
    insert_rows(connection, union_record, [_record(w, now) | {"born": w.revision} for w in new])
    insert_rows(connection, union_content, [_content(w) for w in new])
    old = [w for w in writes if not w.is_new]
    update_rows(connection, union_record, "id", [_record(w, now) for w in old])
    update_rows(connection, union_content, "union_id", [_content(w) for w in old])


def _record(w: UnionWrite, now: str) -> dict[str, object]:
    return {"id": w.id, "revision": w.revision, "state": "live", "target": None, "work_id": w.work_id, "updated_at": now}


def _content(w: UnionWrite) -> dict[str, object]:
    return {
        "union_id": w.id,
        "merged_z": w.merged_z,
        "analysed_z": w.analysed_z,
        "analysis_version": w.analysis_version,
    }


def retire(connection: Connection, targets: Mapping[str, str | None], revisions: Mapping[str, int], now: str) -> None:
    """Ids that no longer stand for a record: redirected to a target, or gone (None). Older redirects to them are led on."""
    for union_id, target in targets.items():
        state = "redirected" if target else "gone"
        statement = update(union_record).where(union_record.c.id == union_id)
        connection.execute(statement.values(state=state, target=target, revision=revisions[union_id], updated_at=now))
        if target:
            connection.execute(update(union_record).where(union_record.c.target == union_id).values(target=target))


def raise_revisions(connection: Connection, source_ids: Collection[int], now: str) -> list[tuple[str, int]]:
    """For a change of items alone: new revisions for the live union records of these source records. Answers (id, revision)."""
    if not source_ids:
        return []
    s = source_record.c
    statement = select(s.union_id).where(one_of(s.id, source_ids), s.union_id.is_not(None)).distinct()
    ids = sorted(connection.execute(statement).scalars())
    raised = list(zip(ids, allocate(connection, "revision", len(ids)), strict=True))
    if raised:
        change = update(union_record).where(union_record.c.id == bindparam("key"), union_record.c.state == "live")
        rows = [{"key": union_id, "revision": revision, "updated_at": now} for union_id, revision in raised]
        connection.execute(change.values(revision=bindparam("revision"), updated_at=bindparam("updated_at")), rows)
    return raised


def keep_analysis(connection: Connection, analysed: Mapping[str, bytes], version: int) -> None:
    """Stores text that was analysed anew."""
    rows: list[dict[str, object]] = [
        {"union_id": union_id, "analysed_z": packed, "analysis_version": version} for union_id, packed in analysed.items()
    ]
    update_rows(connection, union_content, "union_id", rows)


def move_to_works(connection: Connection, work_of: Mapping[str, str], now: str) -> list[tuple[str, int]]:
    """Union records that come under another work without a change of their own. Answers (id, new revision)."""
    moved = list(zip(sorted(work_of), allocate(connection, "revision", len(work_of)), strict=True))
    rows: list[dict[str, object]] = [
        {"id": union_id, "work_id": work_of[union_id], "revision": revision, "updated_at": now} for union_id, revision in moved
    ]
    update_rows(connection, union_record, "id", rows)
    return moved
