"""What readers object to, and what was decided."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, insert, select, update

from union_catalog.clock import instant_text, parse_instant
from union_catalog.ids import PatronId
from union_catalog.storage.tables import objection

About = Literal["block", "credit", "account"]
State = Literal["open", "upheld", "rejected"]
_o = objection.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """``about_id`` is a block, an entry of the credit log or of the account; ``library`` set it or asked it, and decides."""

    id: str
    patron: PatronId
    about: About
    about_id: str
    library: str
    text: str
    state: State = "open"
    made_at: datetime
    answer: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None


def _objection(row: Row[Any]) -> Objection:
    return Objection(
        id=row.id,
        patron=PatronId(row.patron_id),
        about=row.about,
        about_id=row.about_id,
        library=row.library,
        text=row.text,
        state=row.state,
        made_at=parse_instant(row.made_at),
        answer=row.answer,
        decided_by=row.decided_by,
        decided_at=parse_instant(row.decided_at) if row.decided_at else None,
    )


def add(connection: Connection, made: Objection) -> None:
    """Writes a new one down; two that are open about the same thing violate the database's constraint."""
    values = {
        "id": made.id,
        "patron_id": made.patron,
        "about": made.about,
        "about_id": made.about_id,
        "library": made.library,
        "text": made.text,
        "state": made.state,
        "made_at": instant_text(made.made_at),
    }
    connection.execute(insert(objection).values(values))


def find(connection: Connection, objection_id: str) -> Objection | None:
    """None for an id that nobody has."""
    row = connection.execute(select(objection).where(_o.id == objection_id)).first()
    return _objection(row) if row else None


def lock(connection: Connection, objection_id: str) -> Objection | None:
    """Until the transaction ends nobody else decides it."""
    row = connection.execute(select(objection).where(_o.id == objection_id).with_for_update()).first()
    return _objection(row) if row else None


def about(connection: Connection, about_id: str) -> Objection | None:
    """The newest about one thing."""
    found = _read(connection, select(objection).where(_o.about_id == about_id).order_by(_o.made_at.desc(), _o.id.desc()).limit(1))
    return found[0] if found else None


def of_patron(connection: Connection, patron: PatronId) -> list[Objection]:
    """All of one reader, the newest first."""
    return _read(connection, select(objection).where(_o.patron_id == patron).order_by(_o.made_at.desc(), _o.id.desc()))


def waiting(connection: Connection, library: str, after: str, limit: int) -> list[Objection]:
    """Those that are open, by id after ``after``; only what this library decides, or all with ""."""
    whose = [_o.library == library] if library else []
    return _read(connection, select(objection).where(_o.state == "open", _o.id > after, *whose).order_by(_o.id).limit(limit))


def decide(connection: Connection, objection_id: str, state: State, answer: str, actor: str, now: datetime) -> None:
    """Writes down what was decided of a locked one."""
    values = {"state": state, "answer": answer, "decided_by": actor, "decided_at": instant_text(now)}
    connection.execute(update(objection).where(_o.id == objection_id).values(values))


def _read(connection: Connection, statement: Select[Any]) -> list[Objection]:
    return [_objection(row) for row in connection.execute(statement)]
