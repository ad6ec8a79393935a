"""Rows of ``credential``: what readers show to be known by."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, RowMapping, select, update

from union_catalog.clock import instant_text, parse_instant
from union_catalog.ids import PatronId
from union_catalog.patrons.model import Credential
from union_catalog.storage.bulk import insert_rows
from union_catalog.storage.tables import credential
from union_catalog.storage.values import one_of


def _credential(row: RowMapping) -> Credential:
    return Credential(
        issuer=row["issuer"],
        number=row["number"],
        kind=row["kind"],
        patron=PatronId(row["patron_id"]),
        state=row["state"],
        issued_at=parse_instant(row["issued_at"]),
        ended_at=parse_instant(row["ended_at"]) if row["ended_at"] else None,
    )


def add(connection: Connection, credentials: Sequence[Credential]) -> None:
    """New ones. The database holds that an issuer's number is one reader's, and that a reader has one valid card of ours."""
    rows: list[dict[str, object]] = [
        {
            "issuer": one.issuer,
            "number": one.number,
            "kind": one.kind,
            "patron_id": one.patron,
            "state": one.state,
            "issued_at": instant_text(one.issued_at),
            "ended_at": instant_text(one.ended_at) if one.ended_at else None,
        }
        for one in credentials
    ]
    insert_rows(connection, credential, rows)


def shown(connection: Connection, numbers: Collection[str]) -> list[Credential]:
    """All that have one of these numbers, whoever issued them, by issuer."""
    statement = select(credential).where(one_of(credential.c.number, numbers)).order_by(credential.c.issuer, credential.c.number)
    return [_credential(row) for row in connection.execute(statement).mappings()]


def of(connection: Connection, patron_id: PatronId) -> list[Credential]:
    """All that a reader has or had, the oldest first."""
    order = credential.c.issued_at, credential.c.issuer, credential.c.number
    statement = select(credential).where(credential.c.patron_id == patron_id).order_by(*order)
    return [_credential(row) for row in connection.execute(statement).mappings()]


def end(connection: Connection, patron_id: PatronId, kinds: Collection[str], state: str, now: str) -> int:
    """Ends the reader's valid ones of these kinds, and says how many there were."""
    which = credential.c.patron_id == patron_id, credential.c.state == "valid", credential.c.kind.in_(kinds)
    return connection.execute(update(credential).where(*which).values(state=state, ended_at=now)).rowcount


def hand_over(connection: Connection, issuer: str, number: str, patron_id: PatronId, state: str, ended_at: str | None) -> None:
    """From now on it is this reader's, in this state."""
    which = credential.c.issuer == issuer, credential.c.number == number
    connection.execute(update(credential).where(*which).values(patron_id=patron_id, state=state, ended_at=ended_at))


def taken(connection: Connection, issuer: str, numbers: Collection[str]) -> set[str]:
    """Which of these numbers the issuer has given out already."""
    statement = select(credential.c.number).where(credential.c.issuer == issuer, one_of(credential.c.number, numbers))
    return set(connection.execute(statement).scalars())


def holders(connection: Connection, issuer: str, numbers: Collection[str]) -> dict[str, PatronId]:
    """Number → whose it is, of one issuer's."""
    statement = select(credential.c.number, credential.c.patron_id)
    rows = connection.execute(statement.where(credential.c.issuer == issuer, one_of(credential.c.number, numbers)))
    return {row.number: PatronId(row.patron_id) for row in rows}
