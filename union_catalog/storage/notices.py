"""Rows of ``notice`` to and from values."""

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from union_catalog.clock import instant_text
from union_catalog.notices.model import Notice
from union_catalog.storage.tables import notice as table


def add(connection: Connection, notices: list[Notice], not_before: str) -> int:
    """Puts them on their way, but for those of whose kind and ``about`` there is one already. Answers how many are new."""
    if not notices:
        return 0
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).on_conflict_do_nothing(index_elements=["kind", "about"]).returning(table.c.id)
    return len(connection.execute(statement.values([_row(notice, not_before) for notice in notices])).all())


def _row(notice: Notice, not_before: str) -> dict[str, object]:
    return {
        "id": notice.id,
        "patron_id": notice.patron,
        "kind": notice.kind,
        "about": notice.about,
        "loan_id": notice.loan,
        "data": dict(notice.data),
        "state": "pending",
        "not_before": not_before,
        "created_at": instant_text(notice.created_at),
    }
