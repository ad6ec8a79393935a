"""Rows of ``consent`` to and from values."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, RowMapping, select, update

from union_catalog.clock import instant_text, parse_instant
from union_catalog.ids import LibraryCode, PatronId
from union_catalog.patrons.consents import SHARING, Consent
from union_catalog.storage.bulk import insert_rows
from union_catalog.storage.tables import consent as table


def _consent(row: RowMapping) -> Consent:
    return Consent(
        id=row["id"],
        patron=PatronId(row["patron_id"]),
        purpose=row["purpose"],
        notice=row["notice"],
        library=LibraryCode(row["library"]) if row["library"] else None,
        guardian=PatronId(row["guardian_id"]) if row["guardian_id"] else None,
        given_on=date.fromisoformat(row["given_on"]),
        recorded_at=parse_instant(row["recorded_at"]),
        actor=row["actor"],
        withdrawn_at=parse_instant(row["withdrawn_at"]) if row["withdrawn_at"] else None,
    )


def add(connection: Connection, consent: Consent) -> None:
    """A new one, in force."""
    add_all(connection, [consent])


def add_all(connection: Connection, consents: Sequence[Consent]) -> None:
    """New ones, in force."""
    insert_rows(connection, table, [_row(consent) for consent in consents])


def _row(consent: Consent) -> dict[str, object]:
    return {
        "id": consent.id,
        "patron_id": consent.patron,
        "purpose": consent.purpose,
        "notice": consent.notice,
        "library": consent.library,
        "guardian_id": consent.guardian,
        "given_on": consent.given_on.isoformat(),
        "recorded_at": instant_text(consent.recorded_at),
        "actor": consent.actor,
    }


def of(connection: Connection, patron: PatronId) -> Sequence[Consent]:
    """All that a reader ever gave, those withdrawn too, in the order in which they were recorded."""
    statement = select(table).where(table.c.patron_id == patron).order_by(table.c.recorded_at, table.c.id)
    return [_consent(row) for row in connection.execute(statement).mappings()]


def find(connection: Connection, patron: PatronId, consent_id: str) -> Consent | None:
    """One of this reader's; another reader's is not found."""
    statement = select(table).where(table.c.id == consent_id, table.c.patron_id == patron)
    row = connection.execute(statement).mappings().first()
    return _consent(row) if row else None


def standing(connection: Connection, patron: PatronId, purpose: str, library: str | None) -> Consent | None:
    """The latest in force for a purpose, and for a library where the purpose is of one."""
    of_whom = table.c.library.is_(None) if library is None else table.c.library == library
    statement = select(table).where(table.c.patron_id == patron, table.c.purpose == purpose, of_whom, table.c.withdrawn_at.is_(None))
    row = connection.execute(statement.order_by(table.c.recorded_at.desc(), table.c.id.desc())).mappings().first()
    return _consent(row) if row else None


def shared_with(connection: Connection, patron: PatronId) -> frozenset[str]:
    """The libraries to which this reader's data may be passed on now."""
    statement = select(table.c.library).where(table.c.patron_id == patron, table.c.purpose == SHARING, table.c.withdrawn_at.is_(None))
    return frozenset(connection.execute(statement).scalars())


def withdraw(connection: Connection, consent_id: str, now: str) -> None:
    """From now on it is no longer in force; what was done before stays lawful."""
    connection.execute(update(table).where(table.c.id == consent_id, table.c.withdrawn_at.is_(None)).values(withdrawn_at=now))
