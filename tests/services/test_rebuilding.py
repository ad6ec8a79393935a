"""Deciding everything anew: what it repairs, what it keeps, what it tells, and that it can be stopped anywhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from tests.services.conftest import KEY_LIMIT, Loader
from tests.services.records import book, done
from tests.services.spoilt import contents, forget_rules, graph, spoil, under
from tests.services.test_order import LIBRARIES, SETS, arrival, empty, partition, works_are_true
from union_catalog.clock import SteppingClock, instant_text
from union_catalog.context import Context
from union_catalog.errors import Busy, Refused
from union_catalog.matching.merging import MergedRecord
from union_catalog.services import verdicts
from union_catalog.services.corrections import correct
from union_catalog.services.ingest.batch import Batch
from union_catalog.services.loads import LoadRequest, loading
from union_catalog.services.prepared import prepare
from union_catalog.services.rebuilding.preview import preview
from union_catalog.services.rebuilding.rebuild import Rebuilding, rebuild
from union_catalog.services.rebuilding.report import Advance, Changes, Moved, Report
from union_catalog.services.rebuilding.status import matching_status
from union_catalog.storage import leases, matching_state, outbox
from union_catalog.storage.database import Database
from union_catalog.storage.matching_state import MatchingState
from union_catalog.storage.tables import (
    event,
    union_content,
    union_record,
    union_work_key,
)
from union_catalog.storage.tables import (
    matching_state as state_table,
)
from union_catalog.storage.values import pack, unpack

Unions = Callable[[], dict[str, str]]
EDITIONS = (("红楼梦", 2008), ("活着", 2012), ("围城", 1991))


@pytest.fixture
def request_(catalogue_database: Database, now: SteppingClock, context: Context) -> Rebuilding:
    return Rebuilding(catalogue_database, now, context, KEY_LIMIT, stretch=2)


@pytest.fixture
def loaded(load: Loader) -> None:
    """Three editions in three libraries each, and one that only Wenzhou has."""
    for library in LIBRARIES:
        load(library, [book(str(n), title, year=year) for n, (title, year) in enumerate(EDITIONS)])
    load("WZ", [book("9", "别的书", author="某人")])


def told_by(request: Rebuilding) -> tuple[Report, list[Moved]]:
    moved: list[Moved] = []
    return rebuild(request, told=moved.extend), moved


def counts(report: Report) -> tuple[int, int, int, Changes]:
    return report.records, report.clusters_before, report.clusters_after, report.changes


@contextmanager
def held(request: Rebuilding, name: str) -> Iterator[None]:
    with request.database.write() as connection:
        lease = leases.acquire(connection, name, "somebody", request.clock.now(), 60)
    assert lease is not None
    yield
    with request.database.write() as connection:
        leases.release(connection, lease)


@pytest.mark.usefixtures("loaded")
def test_under_the_same_rules_nothing_changes(request_: Rebuilding, union_of: Unions) -> None:
    before, graph_before = union_of(), graph(request_.database)
    messages = contents(request_.database)["outbox"]
    report, moved = told_by(request_)
    assert counts(report) == (10, 4, 4, Changes())
    assert (moved, union_of(), graph(request_.database)) == ([], before, graph_before)
    assert contents(request_.database)["outbox"] == messages


@pytest.mark.usefixtures("loaded")
def test_a_spoilt_graph_is_made_whole(request_: Rebuilding, union_of: Unions) -> None:
    before, graph_before = union_of(), graph(request_.database)
    spoil(request_.database)
    assert graph(request_.database) != graph_before
    report, moved = told_by(request_)
    assert (counts(report), moved) == ((10, 4, 4, Changes()), [])
    assert (union_of(), graph(request_.database)) == (before, graph_before)


@pytest.mark.usefixtures("loaded")
def test_what_stands_wrongly_together_or_apart_is_put_right_and_told(request_: Rebuilding, union_of: Unions, load: Loader) -> None:
    before = union_of()
    under(request_.database, "WZ:9", before["JD:0"])  # stranger
    under(request_.database, "JX:1", before["JD:2"])  # leaves its own
    messages = len(contents(request_.database)["outbox"])
    spoil(request_.database)
    report, moved = told_by(request_)
    after = union_of()
    assert partition(after) == partition(before)
    assert {key: after[key] for key in before if key != "WZ:9"} == {key: before[key] for key in before if key != "WZ:9"}
    assert counts(report) == (10, 3, 4, Changes(merged=0, split=1, moved=2, described=3))
    assert moved == [Moved("JX", "1", before["JD:2"], before["JD:1"]), Moved("WZ", "9", before["JD:0"], after["WZ:9"])]
    assert len(contents(request_.database)["outbox"]) == messages + 4  # 红楼梦, 活着, 围城, and the new one
    assert counts(rebuild(request_)) == (10, 4, 4, Changes())


def test_other_rules_join_and_part_and_the_oldest_id_stays(request_: Rebuilding, load: Loader, union_of: Unions) -> None:
    for library in LIBRARIES:
        load(library, [book("1")], key_limit=1)
    apart = union_of()
    assert len(set(apart.values())) == 3
    report, moved = told_by(request_)
    assert counts(report) == (3, 3, 1, Changes(merged=2, split=0, moved=2))
    assert set(union_of().values()) == {apart["JD:1"]}
    assert [(m.library, m.after) for m in moved] == [("JX", apart["JD:1"]), ("WZ", apart["JD:1"])]

    report, moved = told_by(replace(request_, key_limit=1))
    assert counts(report) == (3, 1, 3, Changes(merged=0, split=2, moved=2))
    assert union_of()["JD:1"] == apart["JD:1"]
    with request_.database.read() as connection:
        kinds = list(connection.execute(select(event.c.kind).where(event.c.kind.like("union.%")).order_by(event.c.id)).scalars())
    assert kinds == ["union.merged", "union.merged", "union.split", "union.split"]


def test_a_tombstone_has_no_part_in_it_and_may_come_back(request_: Rebuilding, load: Loader, union_of: Unions) -> None:
    load("JD", [book("1")])
    load("JX", [book("1")])
    before = union_of()
    load("JD", [book("1", deleted=True, version="20260602000000.0")])
    spoil(request_.database)
    assert counts(rebuild(request_)) == (1, 1, 1, Changes())
    load("JD", [book("1", version="20260603000000.0")])
    assert union_of() == before


@pytest.mark.usefixtures("loaded")
def test_what_staff_said_holds(request_: Rebuilding, union_of: Unions) -> None:
    database, now, context = request_.database, request_.clock, request_.context
    done(database, verdicts.give, now, context, "WZ:9", "JD:0", "same")
    done(database, verdicts.give, now, context, "JX:1", "JD:1", "different")
    done(database, verdicts.give, now, context, "JX:1", "WZ:1", "different")
    done(database, correct, now, context, "WZ:2", "title", "另一部书", "wrong title page", KEY_LIMIT)
    before, links = union_of(), graph(database)
    assert before["WZ:9"] == before["JD:0"] == before["JX:0"] != before["WZ:0"]  # one of a library is enough
    assert before["JX:1"] != before["JD:1"] == before["WZ:1"]
    assert before["WZ:2"] != before["JD:2"]
    spoil(database)
    assert counts(preview(database, KEY_LIMIT, stretch=3)) == (10, 6, 6, Changes())
    assert counts(rebuild(request_)) == (10, 6, 6, Changes())
    assert (union_of(), graph(database)) == (before, links)


@pytest.mark.usefixtures("loaded")
def test_descriptions_and_works_of_another_make_are_made_again_and_their_ids_stay(request_: Rebuilding, union_of: Unions) -> None:
    database, before = request_.database, union_of()
    u, c, k = union_record.c, union_content.c, union_work_key.c
    with database.write() as connection:
        works = {row.id: row.work_id for row in connection.execute(select(u.id, u.work_id))}
        merged = {row.union_id: bytes(row.merged_z) for row in connection.execute(select(c.union_id, c.merged_z))}
        other = unpack(merged[before["JD:0"]], MergedRecord)
        other = msgspec.structs.replace(other, record=msgspec.structs.replace(other.record, audience="juvenile"))
        connection.execute(update(union_content).where(c.union_id == before["JD:0"]).values(merged_z=pack(other)))
        connection.execute(update(union_work_key).where(k.union_id == before["JD:2"]).values(key=k.key + 1))
    foreseen = preview(database, KEY_LIMIT, stretch=3)
    with database.read() as connection:
        messages = outbox.last_message(connection)
    report = rebuild(request_)
    assert counts(report) == counts(foreseen)
    assert (report.changes.described, report.changes.moved) == (1, 0)
    assert union_of() == before
    with database.read() as connection:
        assert {row.union_id: bytes(row.merged_z) for row in connection.execute(select(c.union_id, c.merged_z))} == merged
        assert {row.id: row.work_id for row in connection.execute(select(u.id, u.work_id))} == works
    assert report.last_message == messages + 1
    assert works_are_true(database)
    assert counts(rebuild(request_)) == (10, 4, 4, Changes())


class Killed(Exception):
    """Stands for the end of the process between two transactions."""


@pytest.mark.parametrize("steps", range(1, 13))
def test_stopped_after_any_stretch_it_goes_on_to_the_same_end(
    request_: Rebuilding, loaded: None, load: Loader, union_of: Unions, steps: int
) -> None:
    before = union_of()
    under(request_.database, "WZ:9", before["JD:0"])
    under(request_.database, "JX:1", before["JD:2"])
    graph_before = graph(request_.database)
    spoil(request_.database)
    left = iter(range(steps - 1))

    def step(_: Advance) -> None:
        if next(left, None) is None:
            raise Killed

    with pytest.raises(Killed):
        rebuild(request_, step)
    with pytest.raises(Refused, match="rebuild_unfinished"):
        load("JD", [book("7")])
    assert not matching_status(request_.database, request_.clock, KEY_LIMIT).running
    assert rebuild(request_).resumed
    assert partition(union_of()) == partition(before)
    assert graph(request_.database) == graph_before
    load("JD", [book("7", "又一种")])
    assert counts(rebuild(request_)) == (11, 5, 5, Changes())


@pytest.mark.usefixtures("loaded")
def test_broken_off_under_other_rules_it_begins_anew(request_: Rebuilding, union_of: Unions) -> None:
    before = union_of()
    spoil(request_.database)
    with request_.database.write() as connection:
        matching_state.put(connection, MatchingState("other rules", "settling", 9), instant_text(request_.clock.now()))
    assert not rebuild(request_).resumed
    assert union_of() == before


@pytest.mark.usefixtures("loaded")
def test_loads_are_refused_until_the_rules_of_this_version_are_applied(request_: Rebuilding, load: Loader) -> None:
    forget_rules(request_.database)
    assert not matching_status(request_.database, request_.clock, KEY_LIMIT).is_current
    with pytest.raises(Refused, match="rules_changed"):
        load("JD", [book("7")])
    rebuild(request_)
    load("JD", [book("7")])
    with pytest.raises(Refused, match="rules_changed"):
        load("JD", [book("8")], key_limit=KEY_LIMIT + 1)
    with request_.database.write() as connection:
        connection.execute(delete(state_table))  # a database of a version that kept no state
    with pytest.raises(Refused, match="rules_changed"):
        load("JD", [book("8")])


def test_an_empty_catalogue_begins_under_the_present_rules(request_: Rebuilding, load: Loader) -> None:
    assert matching_status(request_.database, request_.clock, KEY_LIMIT).is_current
    load("JD", [book("1")], key_limit=KEY_LIMIT)
    assert matching_status(request_.database, request_.clock, KEY_LIMIT).is_current


@pytest.mark.usefixtures("loaded")
def test_a_load_and_a_rebuild_keep_out_of_each_other_s_way(request_: Rebuilding, load: Loader) -> None:
    with held(request_, "load:JX"), pytest.raises(Busy, match="loads_running"):
        rebuild(request_, patience=0)
    with held(request_, "rebuild"), pytest.raises(Busy, match="matching_rebuild_running"):
        rebuild(request_, patience=0)
    load("JD", [book("7")])  # neither has touched anything
    refused = []

    def meanwhile(_: Advance) -> None:
        for attempt in (lambda: load("JD", [book("8")]), lambda: rebuild(request_, patience=0)):
            with pytest.raises(Busy, match="matching_rebuild_running"):
                attempt()
        refused.append(True)

    rebuild(request_, meanwhile)
    assert len(refused) > 6
    load("JD", [book("8")])


@pytest.mark.usefixtures("loaded")
def test_a_load_that_slept_past_its_lease_adds_nothing_while_a_rebuild_runs(request_: Rebuilding, now: SteppingClock) -> None:
    wanted = LoadRequest("JD", "export.iso", "0" * 64, "cnmarc", "utf-8")
    batch = Batch([prepare("JD", book("8"))], [0])
    with loading(request_.database, now, request_.context, wanted, KEY_LIMIT) as begun:
        now.advance(timedelta(seconds=300))

        def wake(_: Advance) -> None:
            with pytest.raises(Busy, match="matching_rebuild_running"):
                begun.ingest.take(begun.state, batch, 0.0)

        assert counts(rebuild(request_, wake, patience=0)) == (10, 4, 4, Changes())
        begun.ingest.take(begun.state, batch, 0.0)
    assert counts(rebuild(request_)) == (11, 5, 5, Changes())


@pytest.mark.usefixtures("loaded")
def test_a_preview_writes_nothing_and_says_what_the_rebuild_then_does(request_: Rebuilding, union_of: Unions) -> None:
    before = union_of()
    under(request_.database, "WZ:9", before["JD:0"])
    under(request_.database, "JX:1", before["JD:2"])
    spoil(request_.database)
    everything = contents(request_.database)
    foreseen: list[Moved] = []
    report = preview(request_.database, KEY_LIMIT, told=foreseen.extend, stretch=2)
    assert contents(request_.database) == everything
    done, moved = told_by(request_)
    assert counts(report) == counts(done)
    assert [replace(m, after="new:1") if m.after not in before.values() else m for m in moved] == foreseen


@pytest.mark.usefixtures("loaded")
def test_a_preview_sees_one_moment_and_keeps_no_load_waiting(request_: Rebuilding, load: Loader, union_of: Unions) -> None:
    before = union_of()
    under(request_.database, "JX:1", before["JD:2"])
    numbers = iter(range(100, 200))

    def meanwhile(_: Advance) -> None:
        load("WZ", [book(str(next(numbers)), "活着", year=2012), book("9", f"改了 {next(numbers)}", author="某人")])

    report = preview(request_.database, KEY_LIMIT, 3, meanwhile)
    assert counts(report) == (10, 4, 4, Changes(moved=1, described=2))
    assert len(union_of()) > 15


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=SETS,
    limits=st.permutations((1, 3, 200)),
    stretch=st.integers(1, 5),
)
def test_it_ends_where_loads_into_an_empty_catalogue_end(
    sqlite_only: None,
    request_: Rebuilding,
    load: Loader,
    union_of: Unions,
    chosen: list[tuple[str, tuple[str, str, str, int, str]]],
    limits: list[int],
    stretch: int,
) -> None:
    """However the records were decided before: the clusters, the graph and the works; the preview knew; once more changes nothing."""
    records = [(library, arrival(number, facts)) for number, (library, facts) in enumerate(chosen)]
    database, new = request_.database, replace(request_, key_limit=limits[0], stretch=stretch)
    empty(database)
    for library, record in records:
        load(library, [record], key_limit=limits[0])
    expected, graph_expected = partition(union_of()), graph(database)

    empty(database)
    for library, record in records:
        load(library, [record], key_limit=limits[1])
    foreseen = preview(database, limits[0], stretch=stretch)
    report = rebuild(new)
    assert (partition(union_of()), graph(database)) == (expected, graph_expected)
    assert counts(report) == counts(foreseen)
    assert report.clusters_after == len(expected)
    assert works_are_true(database)
    assert rebuild(new).changes == Changes()
