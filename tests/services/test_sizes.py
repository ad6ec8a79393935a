"""More of a kind than any shelf holds: what is too common is dropped and counted, what grows too large is told, nothing is lost."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from tests.services.conftest import Loader
from tests.services.records import book
from union_catalog.clock import SteppingClock
from union_catalog.context import Context
from union_catalog.ids import new_id
from union_catalog.matching.clustering import LARGE
from union_catalog.services.ingest.batch import Batch, Told
from union_catalog.services.loads import LoadRequest, finish, loading
from union_catalog.services.matching import large
from union_catalog.services.prepared import Arrival, prepare
from union_catalog.storage.database import Database
from union_catalog.storage.tables import event, match_doubt, match_edge

LIMIT = 20
ISBN = "9787020002207"
Taken = Callable[..., Told]


@pytest.fixture
def taken(catalogue_database: Database, now: SteppingClock, context: Context) -> Taken:
    """Loads records into JD in batches under a limit of keys, and answers what was told of them."""

    def run(arrivals: list[Arrival], key_limit: int, batch: int = 50) -> Told:
        records = [prepare("JD", arrival) for arrival in arrivals]
        request = LoadRequest("JD", "export.iso", new_id(), "cnmarc", "utf-8", False, False)
        with loading(catalogue_database, now, context, request, key_limit) as begun:
            state = begun.state
            for start in range(0, len(records), batch):
                part = records[start : start + batch]
                state = begun.ingest.take(state, Batch(part, range(start, start + len(part))), 0.0)
            finish(catalogue_database, now, context, begun, state, request)
        return begun.ingest.told

    return run


def rows(database: Database) -> dict[str, int]:
    with database.read() as connection:
        tables = (match_edge, match_doubt)
        return {table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one()) for table in tables}


SHELVES = {
    "one ISBN": [book(str(n), f"书名{n}之{n * 7}", author=f"某{n}", isbn=ISBN) for n in range(120)],
    "one record": [book(str(n), isbn=ISBN) for n in range(120)],
    "全集": [book(str(n), "全集", author="", publisher="", year=0) for n in range(120)],
    "punctuation": [book(str(n), "……！？"[: 1 + n % 4], author="某某", publisher="作家出版社", year=2000) for n in range(120)],
    "empty titles": [book(str(n), "", author="", publisher="", year=0) for n in range(120)],
    "volumes of a set": [
        book(str(n), f"四库全书 第{n}册", author="纪昀", publisher="商务印书馆", year=1986, isbn=ISBN) for n in range(120)
    ],
}


@pytest.mark.parametrize("shelf", SHELVES)
def test_nothing_too_common_brings_records_together(
    taken: Taken, union_of: Callable[[], dict[str, str]], catalogue_database: Database, shelf: str
) -> None:
    told = taken(SHELVES[shelf], LIMIT)
    assert len(set(union_of().values())) == len(SHELVES[shelf])
    assert rows(catalogue_database) == {"match_edge": 0, "match_doubt": 0}
    assert bool(told.oversized) is (shelf != "empty titles")
    assert set(told.oversized.values()) <= union_of().keys()


def test_a_key_below_the_limit_is_not_counted(taken: Taken) -> None:
    assert taken([book(str(n), isbn=ISBN) for n in range(LIMIT)], LIMIT).oversized == {}


def test_a_cluster_that_outgrows_any_edition_is_told_once(
    taken: Taken, load: Loader, union_of: Callable[[], dict[str, str]], catalogue_database: Database
) -> None:
    told = taken([book(str(n), isbn=ISBN) for n in range(LARGE)], 2 * LARGE, LARGE)
    assert (told.large, large(catalogue_database)) == ({}, [])
    told = taken([book(str(n), isbn=ISBN) for n in range(LARGE, LARGE + 60)], 2 * LARGE, LARGE)
    [union_id] = set(union_of().values())
    assert list(told.large) == [union_id]
    assert large(catalogue_database) == [(union_id, LARGE + 60)]
    with catalogue_database.read() as connection:
        events = Counter(connection.execute(select(event.c.kind)).scalars())
    assert events["union.large"] == 1
