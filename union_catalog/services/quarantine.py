"""The quarantine: what lies there, and what becomes of it."""

from collections.abc import Collection, Iterator

from union_catalog.clock import Clock, instant_text
from union_catalog.context import Context
from union_catalog.errors import NotFound
from union_catalog.storage import events, loads
from union_catalog.storage.database import Database
from union_catalog.storage.events import Event
from union_catalog.storage.loads import Quarantined

_PAGE = 500


def open_cases(database: Database, library: str = "") -> Iterator[Quarantined]:
    """Every open case by id, a page at a time."""
    after = ""
    while True:
        with database.read() as connection:
            page = loads.quarantined(connection, library, after, _PAGE)
        if not page:
            return
        yield from page
        after = page[-1].id


def cases(database: Database, ids: Collection[str]) -> list[Quarantined]:
    """The open cases with these ids. Raises NotFound for the first that is not open."""
    with database.read() as connection:
        found = loads.quarantined_by_id(connection, ids)
    missing = next((case_id for case_id in ids if case_id not in found), None)
    if missing is not None:
        raise NotFound("unknown_quarantine_case", kind="quarantine", id=missing)
    return [found[case_id] for case_id in ids]


def resolve(database: Database, clock: Clock, context: Context, settled: Collection[Quarantined]) -> None:
    """These records have been taken after all."""
    now = instant_text(clock.now())
    done = [Event("quarantine.resolved", f"quarantine:{case.id}", case.library) for case in settled]
    with database.write() as connection:
        loads.resolve(connection, [case.id for case in settled], now)
        events.append(connection, context, done, now)
