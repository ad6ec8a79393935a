"""Records come, change and go, staff speaks and takes it back, in any order: the clusters are always those that the whole makes."""

import shutil
import tempfile
from collections import Counter
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import ClassVar

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from tests.services.records import book, done
from union_catalog.clock import SteppingClock
from union_catalog.context import command_line
from union_catalog.errors import Refused
from union_catalog.ids import new_id
from union_catalog.matching.clustering import Edge, StaffVerdict, partition
from union_catalog.matching.features import Features
from union_catalog.matching.keys import keys_of
from union_catalog.matching.rules import decide
from union_catalog.services import verdicts
from union_catalog.services.ingest.batch import Batch
from union_catalog.services.loads import LoadRequest, finish, loading
from union_catalog.services.network import add_library
from union_catalog.services.prepared import Arrival, prepare
from union_catalog.storage.database import Database
from union_catalog.storage.tables import match_doubt, source_content, source_record, union_record
from union_catalog.storage.verdicts import Said

LIBRARIES = ("JD", "JX", "WZ")
KEY_LIMIT = 5
FACTS = st.tuples(
    st.sampled_from(("红楼梦", "紅樓夢", "红楼梦", "活着")),
    st.sampled_from(("曹雪芹", "余华", "")),
    st.sampled_from(("人民文学出版社", "作家出版社", "")),
    st.sampled_from((2007, 2008, 2008, 2019)),
    st.sampled_from(("", "", "", "9787020002207")),
)
NUMBERS = st.integers(1, 3)


class Deciding(RuleBasedStateMachine):
    """A catalogue on SQLite beside the few facts from which it must follow."""

    template: ClassVar[Path]
    met: ClassVar[Counter[str]]  # how many steps over all examples met what

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "catalogue.sqlite3")
        self.database = Database(f"sqlite:///{self.folder / 'catalogue.sqlite3'}")
        self.clock = SteppingClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))
        self.context = command_line(self.clock)
        for code in LIBRARIES:
            add_library(self.database, self.clock, self.context, code, code, "native")
        self.version = 0
        self.stored: set[str] = set()
        self.live: set[str] = set()
        self.said: dict[frozenset[str], Said] = {}
        self.before: dict[str, str] = {}

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    def _load(self, library: str, arrivals: list[Arrival]) -> None:
        request = LoadRequest(library, "export.iso", new_id(), "cnmarc", "utf-8", False, False)
        with loading(self.database, self.clock, self.context, request, KEY_LIMIT) as begun:
            records = [prepare(library, arrival) for arrival in arrivals]
            state = begun.ingest.take(begun.state, Batch(records, range(len(records))), 0.0)
            finish(self.database, self.clock, self.context, begun, state, request)

    @rule(library=st.sampled_from(LIBRARIES), facts=st.dictionaries(NUMBERS, FACTS, min_size=1))
    def records_come_or_change(self, library: str, facts: dict[int, tuple[str, str, str, int, str]]) -> None:
        self.version += 1
        version = f"{self.version:017d}"
        self._load(library, [
            book(str(n), title, author=by, publisher=house, year=year, isbn=isbn, version=version)
            for n, (title, by, house, year, isbn) in facts.items()
        ])  # fmt: skip
        self.stored |= {f"{library}:{n}" for n in facts}
        self.live |= {f"{library}:{n}" for n in facts}

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def a_record_goes(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.live)))
        library, _, number = key.partition(":")
        self.version += 1
        self._load(library, [book(number, version=f"{self.version:017d}", deleted=True)])
        self.live.discard(key)

    @precondition(lambda self: len(self.live) > 1)
    @rule(data=st.data(), verdict=st.sampled_from(("same", "different")), again=st.booleans())
    def staff_speaks(self, data: st.DataObject, verdict: Said, again: bool) -> None:
        spoken = self.live.intersection(*[frozenset().union(*self.said)] if again else [])  # where contradictions are
        pool = sorted(spoken if len(spoken) > 1 else self.live)
        first, second = data.draw(st.lists(st.sampled_from(pool), min_size=2, max_size=2, unique=True))
        pair = frozenset((first, second))
        try:
            given = done(self.database, verdicts.give, self.clock, self.context, first, second, verdict)
        except Refused as refused:
            self.met[refused.code] += 1
            assert self.said.get(pair, verdict) != verdict or not self._consistent(pair, verdict)
            return
        assert given.changed is (pair not in self.said)
        assert self._consistent(pair, verdict)
        self.said[pair] = verdict

    def _consistent(self, pair: frozenset[str], verdict: Said) -> bool:
        """Whether what staff has said so far leaves room for this, by the plainest way to find out."""
        said = {**self.said, pair: verdict}
        group = {key: {key} for key in self.stored}
        for (a, b), kind in ((tuple(ends), kind) for ends, kind in said.items()):
            if kind == "same" and group[a] is not group[b]:
                joined = group[a] | group[b]
                group.update(dict.fromkeys(joined, joined))
        return all(group[a] is not group[b] for (a, b), kind in ((tuple(ends), kind) for ends, kind in said.items()) if kind == "different")

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def staff_takes_it_back(self, data: st.DataObject) -> None:
        first, second = data.draw(st.sampled_from(sorted(tuple(sorted(pair)) for pair in self.said)))
        done(self.database, verdicts.undo_pair, self.clock, self.context, second, first)
        del self.said[frozenset((first, second))]

    def _members(self) -> dict[str, tuple[str, Features]]:
        s = source_record.c
        statement = select(s.library, s.record_id, s.union_id, source_content.c.features).join(source_content).where(s.deleted_at.is_(None))
        with self.database.read() as connection:
            rows = connection.execute(statement).all()
        return {f"{row[0]}:{row[1]}": (row[2], msgspec.msgpack.decode(row[3], type=Features)) for row in rows}

    @invariant()
    def the_clusters_are_those_of_the_whole(self) -> None:
        members = self._members()
        assert members.keys() == self.live
        found: dict[str, set[str]] = {}
        for key, (union_id, _) in members.items():
            found.setdefault(union_id, set()).add(key)
        assert {frozenset(part) for part in found.values()} == decided({key: features for key, (_, features) in members.items()}, self.said)
        self.met["cluster of three or more"] += any(len(part) > 2 for part in found.values())
        self._note_moves({key: union_id for key, (union_id, _) in members.items()})

    def _note_moves(self, now: dict[str, str]) -> None:
        self.met["fell apart"] += any(a in now and b in now and now[a] != now[b] for a, b in _together(self.before))
        self.met["came together"] += any(
            a in self.before and b in self.before and self.before[a] != self.before[b] for a, b in _together(now)
        )
        self.before = now

    @invariant()
    def every_record_stands_in_one_live_union_record(self) -> None:
        with self.database.read() as connection:
            live = set(connection.execute(select(union_record.c.id).where(union_record.c.state == "live")).scalars())
        assert live == {union_id for union_id, _ in self._members().values()}

    @invariant()
    def doubts_are_between_live_records_that_are_apart_or_were_undecided(self) -> None:
        members = self._members()
        s = source_record.c
        with self.database.read() as connection:
            keys = {row.id: f"{row.library}:{row.record_id}" for row in connection.execute(select(s.id, s.library, s.record_id)).all()}
            doubts = connection.execute(select(match_doubt)).all()
        for row in doubts:
            (here, a), (there, b) = members[keys[row.a]], members[keys[row.b]]
            assert decide(a, b)[0] == ("unsure" if row.kind == "unsure" else "same")
            assert row.kind == "unsure" or here != there
            assert row.worth >= row.doubt


def _together(union_of: dict[str, str]) -> list[tuple[str, str]]:
    return [(a, b) for a, b in combinations(sorted(union_of), 2) if union_of[a] == union_of[b]]


def decided(members: dict[str, Features], said: dict[frozenset[str], Said]) -> set[frozenset[str]]:
    """The partition from scratch: pairs that share a key which is not too common, and the verdicts on live records."""
    held: dict[int, set[str]] = {}
    for key, features in members.items():
        for number in keys_of(features):
            held.setdefault(number, set()).add(key)
    pairs = {pair for holders in held.values() if len(holders) <= KEY_LIMIT for pair in combinations(sorted(holders), 2)}
    judged = ((a, b, *decide(members[a], members[b])) for a, b in pairs)
    edges = [Edge(a, b, strength) for a, b, kind, strength in judged if kind == "same"]
    verdicts_ = [StaffVerdict(min(pair), max(pair), kind) for pair, kind in said.items() if pair <= members.keys()]
    ties = [(edge.first, edge.second) for edge in edges] + [(v.first, v.second) for v in verdicts_ if v.kind == "same"]
    component = {key: frozenset({key}) for key in members}
    for a, b in ties:
        joined = component[a] | component[b]
        component.update(dict.fromkeys(joined, joined))
    parts = (partition({key: members[key] for key in group}, edges, verdicts_) for group in set(component.values()))
    return {part for found in parts for part in found}


def test_the_catalogue_is_a_function_of_its_records_and_verdicts(sqlite_database: Database) -> None:
    Deciding.template, Deciding.met = Path(str(sqlite_database.url.database)), Counter()
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Deciding, settings=settings(max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=checks)
    )
    often = ("fell apart", "came together", "cluster of three or more")
    assert all(Deciding.met[name] >= 5 for name in often), Deciding.met
