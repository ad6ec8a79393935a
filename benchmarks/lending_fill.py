"""A network's readers, items and loans of any number, written by the database itself: PostgreSQL only.

Every item was lent and returned before, two and a half times on the average, and the latest return is among what desks did; a fifth of the
items are on loan. All past loans still know their readers. There are no catalogue records: what is measured here are desks.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import text

from benchmarks.exports import Installation
from benchmarks.figures import ROOT
from union_catalog.clock import SystemClock, instant_text
from union_catalog.storage.database import Database

ITEMS_A_READER, LOANS_A_READER = 4, 10
_SQL = ROOT / "benchmarks" / "data" / "lending.sql"
_INDEXED = ("loan", "desk_action", "item", "credential", "credit_entry", "person", "patron")


@dataclass(frozen=True, slots=True)
class Size:
    """There are four items and ten past loans a reader."""

    readers: int

    @property
    def items(self) -> int:
        return self.readers * ITEMS_A_READER

    @property
    def past_loans(self) -> int:
        return self.readers * LOANS_A_READER

    def told(self) -> str:
        """In words."""
        return f"{self.readers:,} readers, {self.items:,} items, {self.past_loans:,} past loans"


def fill(installation: Installation, url: str, size: Size) -> None:
    """Into an empty database: the demo's network and rules, then the rows."""
    installation.run("init")
    installation.run("network", "apply", str(ROOT / "demo" / "network.toml"))
    installation.run("policies", "apply", str(ROOT / "demo" / "policies.toml"))
    database = Database(url)
    now, today = SystemClock().now(), date.today()  # noqa: DTZ011 - of no library in particular
    told = {"readers": size.readers, "items": size.items, "past": size.past_loans, "now": instant_text(now), "today": today}
    told |= {"long_ago": instant_text(now - timedelta(days=800)), "yesterday": instant_text(now - timedelta(days=1))}
    with database.write() as connection:
        # Nothing refers to what is not there: so much is known, and need not be looked up ten million times.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        indexes = connection.execute(_INDEXES, {"tables": list(_INDEXED)}).all()
        for row in indexes:
            connection.execute(text(f'DROP INDEX "{row.indexname}"'))
        for statement in _SQL.read_text("utf-8").split(";\n"):
            connection.execute(text(statement), told)
        for row in indexes:
            connection.execute(text(row.indexdef))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))
        connection.execute(text("CHECKPOINT"))
    database.close()


# Indexes that no constraint needs; they are made again when all rows are there.
_INDEXES = text(
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(:tables)"
    " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)"
)
