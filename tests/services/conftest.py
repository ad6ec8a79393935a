"""A catalogue with three libraries, and a way to load small records into it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from union_catalog.clock import SteppingClock
from union_catalog.context import Context, command_line
from union_catalog.ids import new_id
from union_catalog.services.ingest.batch import Batch
from union_catalog.services.loads import LoadRequest, finish, loading
from union_catalog.services.network import add_library
from union_catalog.services.prepared import Arrival, prepare
from union_catalog.storage.database import Database
from union_catalog.storage.loads import LoadState
from union_catalog.storage.tables import source_record

KEY_LIMIT = 200
Loader = Callable[..., LoadState]


@pytest.fixture
def now() -> SteppingClock:
    return SteppingClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))


@pytest.fixture
def context(now: SteppingClock) -> Context:
    return command_line(now)


@pytest.fixture
def catalogue_database(database: Database, now: SteppingClock, context: Context) -> Database:
    """An empty catalogue of the libraries JD, JX and WZ."""
    for code, name in (("JD", "嘉定区图书馆"), ("JX", "嘉兴市图书馆"), ("WZ", "温州市图书馆")):
        add_library(database, now, context, code, name, "native")
    return database


@pytest.fixture
def load(catalogue_database: Database, now: SteppingClock, context: Context) -> Loader:
    """``load("JD", [book(…)], batch=1000, full=False, allow_withdrawals=False, key_limit=200)`` → the state at its end."""

    def run(
        library: str,
        arrivals: Sequence[Arrival],
        *,
        batch: int = 1000,
        full: bool = False,
        allow_withdrawals: bool = False,
        key_limit: int = KEY_LIMIT,
    ) -> LoadState:
        prepared = [prepare(library, arrival) for arrival in arrivals]
        request = LoadRequest(library, "export.iso", new_id(), "cnmarc", "utf-8", full, allow_withdrawals)
        with loading(catalogue_database, now, context, request, key_limit) as begun:
            state = begun.state
            for start in range(0, len(prepared), batch):
                part = prepared[start : start + batch]
                state = begun.ingest.take(state, Batch(part, range(start, start + len(part))), 0.0)
            ended = finish(catalogue_database, now, context, begun, state, request)
        if ended.refusal is not None:
            raise ended.refusal
        return state

    return run


@pytest.fixture
def union_of(catalogue_database: Database) -> Callable[[], dict[str, str]]:
    """record key → union id of every live source record."""

    def read() -> dict[str, str]:
        s = source_record.c
        with catalogue_database.read() as connection:
            rows = connection.execute(select(s.library, s.record_id, s.union_id).where(s.deleted_at.is_(None)))
            return {f"{row.library}:{row.record_id}": row.union_id for row in rows}

    return read


@pytest.fixture
def sqlite_only(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("the partition is decided outside the database; one of them is enough for many examples")
