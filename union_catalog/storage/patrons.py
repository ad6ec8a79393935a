"""Rows of ``patron`` and ``person`` to and from values."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, Row, RowMapping, Select, select, text, update

from union_catalog.clock import instant_text, parse_instant
from union_catalog.ids import PatronId, new_id
from union_catalog.patrons.model import Patron, Person
from union_catalog.storage.bulk import insert_rows
from union_catalog.storage.tables import credit_entry, patron, person
from union_catalog.storage.values import one_of

Likeness = tuple[str, date, str]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _patron(row: Row[tuple[object, ...]]) -> Patron:
    values = row._mapping
    return Patron(
        id=PatronId(values["id"]),
        library=values["library"],
        home_branch=values["home_branch"],
        category=values["category"],
        state=values["state"],
        language=values["language"],
        keeps_history=bool(values["keeps_history"]),
        credit=values["credit"],
        guardian=PatronId(values["guardian_id"]) if values["guardian_id"] else None,
        expires_on=_day(values["expires_on"]),
        merged_into=PatronId(values["merged_into"]) if values["merged_into"] else None,
        created_at=parse_instant(values["created_at"]),
    )


def add(connection: Connection, patrons: Sequence[tuple[Patron, Person]]) -> None:
    """New readers with what tells who they are. A document that another reader holds violates the database's constraint."""
    insert_rows(connection, patron, [_patron_row(one) for one, _ in patrons])
    insert_rows(connection, person, [_person_row(one.id, who) for one, who in patrons])


def begin_credit(connection: Connection, patrons: Sequence[Patron], actor: str) -> None:
    """The first entry of each one's log, whose sum is the reader's score."""
    insert_rows(connection, credit_entry, [_first_entry(one, actor) for one in patrons])


def _first_entry(one: Patron, actor: str) -> dict[str, object]:
    row = {"id": new_id(), "patron_id": one.id, "points": one.credit, "cause": "enrolled"}
    return row | {"actor": actor, "entered_at": instant_text(one.created_at)}


def _patron_row(one: Patron) -> dict[str, object]:
    return {
        "id": one.id,
        "library": one.library,
        "home_branch": one.home_branch,
        "category": one.category,
        "state": one.state,
        "language": one.language,
        "keeps_history": one.keeps_history,
        "credit": one.credit,
        "guardian_id": one.guardian,
        "expires_on": _text(one.expires_on),
        "merged_into": one.merged_into,
        "created_at": instant_text(one.created_at),
    }


def _person_row(patron_id: PatronId, who: Person) -> dict[str, object]:
    return {
        "patron_id": patron_id,
        "name": who.name,
        "birth_date": _text(who.birth_date),
        "phone": who.phone,
        "email": who.email,
        "document_type": who.document_type,
        "document_hash": who.document_hash,
    }


def find(connection: Connection, patron_id: str) -> Patron | None:
    """As it stands; None for an id that nobody has."""
    row = connection.execute(select(patron).where(patron.c.id == patron_id)).first()
    return _patron(row) if row else None


def lock(connection: Connection, ids: Collection[str]) -> dict[PatronId, Patron]:
    """Until the transaction ends nobody else changes these. Locked in the order of their ids, so that two who want the same never wait
    for each other."""
    statement: Select[tuple[object, ...]] = select(patron).where(patron.c.id.in_(sorted(ids))).order_by(patron.c.id)
    found = [_patron(row) for row in connection.execute(statement.with_for_update())]
    return {one.id: one for one in found}


def person_of(connection: Connection, patron_id: str) -> Person | None:
    """Who it is; None for an erased reader."""
    return people(connection, [patron_id]).get(PatronId(patron_id))


def people(connection: Connection, ids: Collection[str]) -> dict[PatronId, Person]:
    """Reader → who it is; erased ones are left out."""
    rows = connection.execute(select(person).where(one_of(person.c.patron_id, ids))).mappings()
    return {PatronId(row["patron_id"]): _person(row) for row in rows}


def _person(row: RowMapping) -> Person:
    return Person(
        name=row["name"],
        birth_date=_day(row["birth_date"]),
        phone=row["phone"],
        email=row["email"],
        document_type=row["document_type"],
        document_hash=row["document_hash"],
    )


def by_documents(connection: Connection, hashes: Collection[str]) -> dict[str, PatronId]:
    """Document → the reader who holds it; a merged one leads on to the one that is kept."""
    statement = select(person.c.document_hash, patron.c.id, patron.c.merged_into).join(patron, patron.c.id == person.c.patron_id)
    rows = connection.execute(statement.where(one_of(person.c.document_hash, hashes))).all()
    return {row.document_hash: _kept(connection, row.merged_into) if row.merged_into else PatronId(row.id) for row in rows}


def _kept(connection: Connection, patron_id: str) -> PatronId:
    """Where a chain of merges ends."""
    further = connection.execute(select(patron.c.merged_into).where(patron.c.id == patron_id)).scalar()
    return _kept(connection, further) if further else PatronId(patron_id)


def all_alike(connection: Connection, wanted: Collection[Likeness]) -> dict[Likeness, tuple[PatronId, ...]]:
    """Of each name, date of birth and telephone the readers who have all three, without those that were merged."""
    found: dict[Likeness, tuple[PatronId, ...]] = {}
    if not wanted:
        return found
    names, days = [name for name, _, _ in wanted], [born.isoformat() for _, born, _ in wanted]
    on_postgresql = connection.dialect.name == "postgresql"
    told = {"names": names, "days": days} if on_postgresql else {"told": json.dumps(list(zip(names, days, strict=True)))}
    for row in connection.execute(_ALIKE_POSTGRESQL if on_postgresql else _ALIKE, told):
        likeness = row.name, date.fromisoformat(row.birth_date), row.phone
        if likeness in wanted:
            found[likeness] = (*found.get(likeness, ()), PatronId(row.id))
    return found


# Name and day together are what the index holds: readers of a common name alone are thousands.
_ALIKE_OF = """SELECT DISTINCT person.name, person.birth_date, person.phone, patron.id FROM {told}
JOIN person ON person.name = told.name AND person.birth_date = told.day AND person.phone <> ''
JOIN patron ON patron.id = person.patron_id AND patron.state <> 'merged' ORDER BY patron.id"""
_ALIKE_POSTGRESQL = text(_ALIKE_OF.format(told="unnest(CAST(:names AS text[]), CAST(:days AS text[])) AS told (name, day)"))
_ALIKE = text(
    _ALIKE_OF.format(told="(SELECT value ->> 0 AS name, value ->> 1 AS day FROM json_each(:told)) AS told")  # names of ours alone
)


def present(connection: Connection, ids: Collection[str]) -> dict[str, PatronId]:
    """Those of the ids that are readers who were neither merged nor erased."""
    statement = select(patron.c.id).where(one_of(patron.c.id, ids), patron.c.state.in_(("active", "pending")))
    return {found: PatronId(found) for found in connection.execute(statement).scalars()}


def alike(connection: Connection, likeness: Likeness) -> tuple[PatronId, ...]:
    """Readers of this name, date of birth and telephone, without those that were merged."""
    name, born, phone = likeness
    statement = select(patron.c.id).join(person, patron.c.id == person.c.patron_id).order_by(patron.c.id)
    told = person.c.name == name, person.c.birth_date == born.isoformat(), person.c.phone == phone, patron.c.state != "merged"
    return tuple(map(PatronId, connection.execute(statement.where(*told)).scalars()))


def named(connection: Connection, name: str, born: date, limit: int) -> tuple[PatronId, ...]:
    """Readers of this name who were born on this day, without those that were merged."""
    statement = select(patron.c.id).join(person, patron.c.id == person.c.patron_id).order_by(patron.c.id).limit(limit)
    told = person.c.name == name, person.c.birth_date == born.isoformat(), patron.c.state != "merged"
    return tuple(map(PatronId, connection.execute(statement.where(*told)).scalars()))


def change(connection: Connection, patron_id: PatronId, values: Mapping[str, object]) -> None:
    """Sets columns of the reader's own row."""
    if values:
        connection.execute(update(patron).where(patron.c.id == patron_id).values(dict(values)))


def change_person(connection: Connection, patron_id: PatronId, values: Mapping[str, object]) -> None:
    """Sets columns of the row that tells who it is."""
    if values:
        connection.execute(update(person).where(person.c.patron_id == patron_id).values(dict(values)))


def wards(connection: Connection, patron_id: PatronId) -> tuple[PatronId, ...]:
    """The children for whom this reader stands."""
    statement = select(patron.c.id).where(patron.c.guardian_id == patron_id).order_by(patron.c.id)
    return tuple(map(PatronId, connection.execute(statement).scalars()))
