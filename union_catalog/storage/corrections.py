"""Corrections: what was written over a field of a source record, by whom, and whether it is still in force."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from union_catalog.bibliographic.corrections import Correction
from union_catalog.storage.tables import correction, source_record
from union_catalog.storage.values import one_of

_IN_FORCE = correction.c.undone_at.is_(None)


def in_force(connection: Connection, source_ids: Collection[int]) -> dict[int, tuple[Correction, ...]]:
    """The corrections that hold now, of those of the source records that have any.

    A load asks for every batch, so that an installation without corrections pays for one look at an empty index.
    """
    if not source_ids or connection.execute(select(correction.c.source_id).where(_IN_FORCE).limit(1)).first() is None:
        return {}
    c = correction.c
    statement = select(c.source_id, c.field, c.value).where(one_of(c.source_id, source_ids), _IN_FORCE)
    found: dict[int, list[Correction]] = defaultdict(list)
    for source_id, field, value in connection.execute(statement.order_by(c.source_id, c.field)):
        found[source_id].append(Correction(field, value))
    return {source_id: tuple(made) for source_id, made in found.items()}


def standing(connection: Connection, source_id: int, field: str) -> Any | None:
    """(id, value) of the correction that holds now on a field of a source record; None if there is none."""
    c = correction.c
    return connection.execute(select(c.id, c.value).where(c.source_id == source_id, c.field == field, _IN_FORCE)).first()


def add(connection: Connection, row: Mapping[str, object]) -> None:
    """Writes a correction down; the one in force on the same field must be ended first."""
    connection.execute(insert(correction), [dict(row)])


def end(connection: Connection, correction_id: str, actor: str, now: str) -> None:
    """It holds no more; it stays as history."""
    change = update(correction).where(correction.c.id == correction_id, _IN_FORCE)
    connection.execute(change.values(undone_by=actor, undone_at=now))


def _select() -> Any:
    columns = (source_record.c.library, source_record.c.record_id, source_record.c.deleted_at)
    return select(correction, *columns).join(source_record, source_record.c.id == correction.c.source_id)


def find(connection: Connection, correction_id: str) -> Any | None:
    """The correction with library, record_id and deleted_at of its record; None if there is none of this id."""
    return connection.execute(_select().where(correction.c.id == correction_id)).first()


def listed(connection: Connection, source_id: int | None, library: str, *, undone: bool) -> Sequence[Any]:
    """Rows as of :func:`find`, the latest first. ``source_id`` None and ``library`` "" mean all of them."""
    statement = _select()
    if source_id is not None:
        statement = statement.where(correction.c.source_id == source_id)
    if library:
        statement = statement.where(source_record.c.library == library)
    if not undone:
        statement = statement.where(_IN_FORCE)
    return connection.execute(statement.order_by(correction.c.made_at.desc(), correction.c.id.desc())).all()
