"""The partition is a function of the set of records: whatever the order of arrival, the size of batches, and what came in between."""

import random
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from tests.services.conftest import Loader
from tests.services.records import book
from union_catalog.matching.features import features_of
from union_catalog.matching.merging import MergedRecord
from union_catalog.matching.work_groups import work_groups
from union_catalog.matching.works import work_keys
from union_catalog.services.prepared import Arrival
from union_catalog.storage.database import Database
from union_catalog.storage.tables import metadata, union_content, union_record, union_work_key
from union_catalog.storage.values import unpack

LIBRARIES = ("JD", "JX", "WZ")
# Few words, so that many records meet: the same title under different imprints, years apart, one shared ISBN.
FACTS = st.tuples(
    st.sampled_from(("红楼梦", "紅樓夢", "红楼梦魇", "活着", "全集")),
    st.sampled_from(("曹雪芹", "余华", "")),
    st.sampled_from(("人民文学出版社", "作家出版社")),
    st.sampled_from((2007, 2008, 2019)),
    st.sampled_from(("", "", "9787020002207")),
)
SETS = st.lists(st.tuples(st.sampled_from(LIBRARIES), FACTS), min_size=4, max_size=14)


def arrival(number: int, facts: tuple[str, str, str, int, str], version: int = 1) -> Arrival:
    title, author, publisher, year, isbn = facts
    return book(str(number), title, author=author, publisher=publisher, year=year, isbn=isbn, version=f"{version:017d}")


def partition(found: dict[str, str]) -> set[frozenset[str]]:
    parts: dict[str, set[str]] = {}
    for key, union_id in found.items():
        parts.setdefault(union_id, set()).add(key)
    return {frozenset(part) for part in parts.values()}


def empty(database: Database) -> None:
    keep = {"library", "feed", "counter"}
    with database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name not in keep:
                connection.execute(text(f'DELETE FROM "{table.name}"'))


def works_are_true(database: Database) -> bool:
    """The live union records under one work are those that hang together by the keys of their descriptions, and these keys are stored."""
    u, k = union_record.c, union_work_key.c
    statement = select(u.id, u.work_id, union_content.c.merged_z).join(union_content, union_content.c.union_id == u.id)
    with database.read() as connection:
        rows = connection.execute(statement.where(u.state == "live")).all()
        held = connection.execute(select(k.union_id, k.key).join(union_record, u.id == k.union_id).where(u.state == "live")).all()
    records = {row.id: unpack(row.merged_z, MergedRecord).record for row in rows}
    keys = {union_id: work_keys(features_of(record), record) for union_id, record in records.items()}
    assert sorted(tuple(row) for row in held) == sorted((union_id, key) for union_id, own in keys.items() for key in own)
    return partition({row.id: row.work_id for row in rows}) == {frozenset(group) for group in work_groups(keys)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=SETS, seed=st.integers(0, 2**16), size=st.integers(1, 5), key_limit=st.sampled_from((3, 200)))
def test_order_and_batches_do_not_matter(
    sqlite_only: None,
    load: Loader,
    union_of: Callable[[], dict[str, str]],
    catalogue_database: Database,
    chosen: list[tuple[str, tuple[str, str, str, int, str]]],
    seed: int,
    size: int,
    key_limit: int,
) -> None:
    records = [(library, number, facts) for number, (library, facts) in enumerate(chosen)]
    empty(catalogue_database)
    for library in LIBRARIES:
        load(library, [arrival(n, facts) for code, n, facts in records if code == library], key_limit=key_limit)
    expected = partition(union_of())

    empty(catalogue_database)
    shuffled = random.Random(seed).sample(records, len(records))
    for library, number, facts in shuffled:
        load(library, [arrival(number, facts)], batch=size, key_limit=key_limit)
    assert partition(union_of()) == expected

    # A record that is something else for a while, and one that comes and goes, leave no trace.
    library, number, facts = shuffled[0]
    load(library, [arrival(number, ("别的书", "某人", "别的社", 1980, ""), version=2)], key_limit=key_limit)
    load(library, [book("guest", deleted=False)], key_limit=key_limit)
    load(library, [book("guest", deleted=True, version="20260602000000.0")], key_limit=key_limit)
    assert works_are_true(catalogue_database)
    load(library, [arrival(number, facts, version=3)], key_limit=key_limit)
    assert partition(union_of()) == expected
    assert works_are_true(catalogue_database)


def test_the_examples_do_merge(load: Loader, union_of: Callable[[], dict[str, str]], tmp_path: Path) -> None:
    load("JD", [arrival(1, ("红楼梦", "曹雪芹", "人民文学出版社", 2008, ""))])
    load("JX", [arrival(2, ("紅樓夢", "曹雪芹", "人民文学出版社", 2008, "9787020002207"))])
    load("WZ", [arrival(3, ("红楼梦", "曹雪芹", "作家出版社", 2019, ""))])
    assert partition(union_of()) == {frozenset({"JD:1", "JX:2"}), frozenset({"WZ:3"})}
