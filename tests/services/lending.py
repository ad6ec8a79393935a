"""Readers and loans as rows, for tests of what is done with them afterwards."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select

from union_catalog.clock import instant_text
from union_catalog.ids import ItemId, LoanId, PatronId, new_id
from union_catalog.storage.database import Database
from union_catalog.storage.tables import branch, item, loan, patron, person, policy_version

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # noon in Shanghai
TODAY = date(2026, 11, 22)


@dataclass
class Desk:
    """Makes readers and loans of the items that were loaded."""

    database: Database

    def reader(self, name: str = "林小满", *, email: str = "", phone: str = "", language: str = "zh", **columns: object) -> PatronId:
        patron_id = PatronId(new_id())
        row: dict[str, object] = {"id": patron_id, "library": "JD", "home_branch": self.branch(), "category": "adult", "state": "active"}
        row |= {"language": language, "keeps_history": True, "credit": 100, "created_at": instant_text(NOW), **columns}
        with self.database.write() as connection:
            connection.execute(insert(patron).values(row))
            connection.execute(insert(person).values(patron_id=patron_id, name=name, email=email, phone=phone))
        return patron_id

    def branch(self) -> str:
        with self.database.read() as connection:
            return str(connection.execute(select(branch.c.code).order_by(branch.c.code).limit(1)).scalar_one())

    def item(self, barcode: str) -> ItemId:
        with self.database.read() as connection:
            return ItemId(connection.execute(select(item.c.id).where(item.c.barcode == barcode)).scalar_one())

    def lend(self, reader: PatronId, barcode: str, due: date, *, lent: datetime | None = None, ended: datetime | None = None) -> LoanId:
        """An open loan, or one that was returned at ``ended``."""
        loan_id = LoanId(new_id())
        row: dict[str, object] = {
            "id": loan_id,
            "item_id": self.item(barcode),
            "patron_id": reader,
            "item_library": "JD",
            "lending_branch": self.branch(),
        }
        row |= {"state": "returned" if ended else "open", "ended_at": instant_text(ended) if ended else None}
        row |= {"lent_at": instant_text(lent or NOW - timedelta(days=30)), "due_date": due.isoformat(), "renewals": 0}
        row |= {"policy_rule": "fallback", "patron_library": "JD", "patron_category": "adult", "age_band": "25-59"}
        with self.database.write() as connection:
            version = connection.execute(select(policy_version.c.version)).scalars().first()
            connection.execute(insert(loan).values(row | {"policy_version": version}))
        return loan_id
