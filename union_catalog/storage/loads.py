"""Loads and their checkpoints, and the quarantine."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from union_catalog.ids import new_id
from union_catalog.storage.tables import load, quarantine, source_record
from union_catalog.storage.values import compress, decompress, one_of


@dataclass(frozen=True, slots=True)
class LoadState:
    """A load as of its last commit. ``position`` records of the file are dealt with: the sum of the four counts.

    ``records_before``: live records of the library when it began.
    """

    id: str
    library: str
    feed_id: int
    file: str
    file_sha256: str
    format: str
    encoding: str
    is_full: bool
    records_before: int = 0
    position: int = 0
    stored: int = 0
    unchanged: int = 0
    deleted: int = 0
    quarantined: int = 0
    seconds: float = 0.0

    def plus(self, *, stored: int, unchanged: int, deleted: int, quarantined: int) -> "LoadState":
        """The state after a batch with these counts."""
        return replace(
            self,
            position=self.position + stored + unchanged + deleted + quarantined,
            stored=self.stored + stored,
            unchanged=self.unchanged + unchanged,
            deleted=self.deleted + deleted,
            quarantined=self.quarantined + quarantined,
        )


_STATE = tuple(load.c[name] for name in LoadState.__dataclass_fields__)


def begin(connection: Connection, state: LoadState, now: str) -> None:
    """A new load; no record of it is stored yet."""
    values = {name: getattr(state, name) for name in LoadState.__dataclass_fields__}
    connection.execute(insert(load).values(**values, state="running", started_at=now))


def unfinished(connection: Connection, library: str) -> LoadState | None:
    """The library's newest load, if it was broken off. One that another has followed is history: to go on with it would mix the two."""
    newest = select(*_STATE, load.c.state).where(load.c.library == library).order_by(load.c.started_at.desc(), load.c.id.desc())
    row = connection.execute(newest.limit(1)).first()
    return LoadState(*row[:-1]) if row and row.state == "running" else None


def checkpoint(connection: Connection, state: LoadState) -> None:
    """Written in the transaction of the batch it speaks of, so that a load goes on exactly where its last commit was."""
    names = ("position", "stored", "unchanged", "deleted", "quarantined", "seconds")
    connection.execute(update(load).where(load.c.id == state.id).values({name: getattr(state, name) for name in names}))


def finish(connection: Connection, load_id: str, outcome: str, now: str) -> None:
    """``outcome``: "done" or "guarded"."""
    connection.execute(update(load).where(load.c.id == load_id).values(state=outcome, finished_at=now))


def records_before_guarded(connection: Connection, library: str) -> int | None:
    """What the library's newest load was measured by if the guard stopped it: trying it again must not look like less of a loss."""
    newest = select(load.c.state, load.c.records_before).where(load.c.library == library)
    row = connection.execute(newest.order_by(load.c.started_at.desc(), load.c.id.desc()).limit(1)).first()
    return int(row.records_before) if row and row.state == "guarded" else None


def not_seen(connection: Connection, state: LoadState, after: int, limit: int) -> list[tuple[int, str]]:
    """(id, record id) of live records of the load's feed that its file did not hold, quarantined ones excepted; by id, after ``after``."""
    held = select(quarantine.c.record_id).where(quarantine.c.load_id == state.id, quarantine.c.library == state.library)
    s = source_record.c
    statement = select(s.id, s.record_id).where(*_missing(state), s.id > after, s.record_id.not_in(held))
    return [(row[0], row[1]) for row in connection.execute(statement.order_by(s.id).limit(limit))]


def count_not_seen(connection: Connection, state: LoadState) -> int:
    """How many :func:`not_seen` would give in all."""
    held = select(quarantine.c.record_id).where(quarantine.c.load_id == state.id, quarantine.c.library == state.library)
    statement = select(func.count()).where(*_missing(state), source_record.c.record_id.not_in(held))
    return int(connection.execute(statement).scalar_one())


def _missing(state: LoadState) -> tuple[Any, ...]:
    s = source_record.c
    return (s.library == state.library, s.feed_id == state.feed_id, s.deleted_at.is_(None), s.seen_load != state.id)


def count_nameless(connection: Connection, load_id: str) -> int:
    """Quarantined records of the load whose id could not be read: any record that is missing may be one of them."""
    statement = select(func.count()).where(quarantine.c.load_id == load_id, quarantine.c.record_id == "")
    return int(connection.execute(statement).scalar_one())


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that could not be taken, with its bytes. ``data`` fills the sentence that ``code`` stands for."""

    library: str
    file: str
    position: int
    record_id: str
    code: str
    data: Mapping[str, object]
    format: str
    encoding: str
    bytes_sha256: str
    raw: bytes
    id: str = ""
    load_id: str = ""


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """The loads of a library that are in one state: how many, their records, and when the newest ended (None while none has)."""

    library: str
    state: str
    loads: int
    records: int
    ended: str | None


def load_figures(connection: Connection) -> list[LoadFigures]:
    """Of every library and state that there is, in their order."""
    columns = (load.c.library, load.c.state, func.count(), func.sum(load.c.position), func.max(load.c.finished_at))
    rows = connection.execute(select(*columns).group_by(load.c.library, load.c.state).order_by(load.c.library, load.c.state))
    return [LoadFigures(row[0], row[1], row[2], int(row[3]), row[4]) for row in rows]


def quarantine_figures(connection: Connection) -> list[tuple[str, str, int]]:
    """(library, code, open cases) of everything that lies in quarantine."""
    q = quarantine.c
    statement = select(q.library, q.code, func.count()).where(q.resolved_at.is_(None)).group_by(q.library, q.code)
    return [(row[0], row[1], row[2]) for row in connection.execute(statement.order_by(q.library, q.code))]


def isolate(connection: Connection, load_id: str, records: Sequence[Quarantined], now: str) -> None:
    """Puts them in quarantine. One that lies there already from an earlier load of the same bytes stays one, and is open again."""
    if not records:
        return
    rows = [
        {
            "id": new_id(),
            "library": q.library,
            "load_id": load_id,
            "file": q.file,
            "position": q.position,
            "record_id": q.record_id,
            "code": q.code,
            "data": dict(q.data),
            "format": q.format,
            "encoding": q.encoding,
            "bytes_sha256": q.bytes_sha256,
            "raw_z": compress(q.raw),
            "created_at": now,
            "resolved_at": None,
        }
        for q in records
    ]
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(quarantine)
    again = {"load_id": statement.excluded.load_id, "file": statement.excluded.file, "resolved_at": None}
    key = [quarantine.c.library, quarantine.c.position, quarantine.c.code, quarantine.c.bytes_sha256]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=again), rows)


_QUARANTINED = tuple(
    quarantine.c[name]
    for name in (
        *("library", "file", "position", "record_id", "code", "data", "format", "encoding"),
        *("bytes_sha256", "raw_z", "id", "load_id"),
    )
)


def quarantined(connection: Connection, library: str = "", after: str = "", limit: int = 1000) -> list[Quarantined]:
    """Open quarantine, by id after ``after``."""
    statement = select(*_QUARANTINED).where(quarantine.c.resolved_at.is_(None), quarantine.c.id > after)
    if library:
        statement = statement.where(quarantine.c.library == library)
    return [_quarantined(row) for row in connection.execute(statement.order_by(quarantine.c.id).limit(limit))]


def quarantined_by_id(connection: Connection, ids: Collection[str]) -> dict[str, Quarantined]:
    """Those of the given cases that are open."""
    condition = (quarantine.c.resolved_at.is_(None), one_of(quarantine.c.id, ids))
    found = [_quarantined(row) for row in connection.execute(select(*_QUARANTINED).where(*condition))]
    return {case.id: case for case in found}


def _quarantined(row: Any) -> Quarantined:
    values = {name: value for name, value in row._mapping.items() if name != "raw_z"}
    return Quarantined(**values, raw=decompress(row.raw_z))


def resolve(connection: Connection, ids: Collection[str], now: str) -> None:
    """These records have been taken after all."""
    connection.execute(update(quarantine).where(one_of(quarantine.c.id, ids)).values(resolved_at=now))


def settle_quarantine(connection: Connection, state: LoadState, record_ids: Collection[str], now: str) -> None:
    """A record that has come in whole settles what earlier loads had to set aside of it."""
    q = quarantine.c
    if not record_ids or not connection.execute(select(q.id).where(q.library == state.library, q.resolved_at.is_(None)).limit(1)).first():
        return
    mine = (q.library == state.library, q.resolved_at.is_(None), q.load_id != state.id)
    connection.execute(update(quarantine).where(*mine, one_of(q.record_id, record_ids)).values(resolved_at=now))


def set_aside(state: LoadState, record_id: str, position: int, raw_z: bytes) -> Quarantined:
    """The second description of an id in one file: nobody can tell which is meant, and the first stands."""
    raw = decompress(raw_z)
    return Quarantined(
        library=state.library,
        file=state.file,
        position=position,
        record_id=record_id,
        code="duplicate_id",
        data={"record_id": record_id},
        format=state.format,
        encoding=state.encoding,
        bytes_sha256=hashlib.sha256(raw).hexdigest(),
        raw=raw,
    )
