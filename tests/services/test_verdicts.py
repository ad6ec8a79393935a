"""What staff say of two records: it holds at once and for ever, until it is undone, and then leaves no trace."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.services.conftest import Loader
from tests.services.records import book, done
from union_catalog.clock import SteppingClock
from union_catalog.context import Actor, Context
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Refused, UnionCatalogError
from union_catalog.services import verdicts
from union_catalog.services.verdicts import Given
from union_catalog.storage.database import Database
from union_catalog.storage.tables import event, outbox
from union_catalog.storage.verdicts import Said

Parts = Callable[[], set[frozenset[str]]]
Staff = Callable[..., Given]


def groups(*parts: str) -> set[frozenset[str]]:
    return {frozenset(part.split()) for part in parts}


@pytest.fixture
def parts(union_of: Callable[[], dict[str, str]]) -> Parts:
    """The clusters as they stand."""

    def read() -> set[frozenset[str]]:
        found: dict[str, set[str]] = {}
        for key, union_id in union_of().items():
            found.setdefault(union_id, set()).add(key)
        return {frozenset(part) for part in found.values()}

    return read


@pytest.fixture
def staff(catalogue_database: Database, now: SteppingClock, context: Context) -> Staff:
    """``staff("same", "JD:1", "JX:1")``; "undo" takes it back."""

    def say(verdict: str, first: str, second: str, by: Context = context) -> Given:
        if verdict == "undo":
            return done(catalogue_database, verdicts.undo_pair, now, by, first, second)
        kind: Said = "same" if verdict == "same" else "different"
        return done(catalogue_database, verdicts.give, now, by, first, second, kind, "看过书")

    return say


@pytest.fixture
def three(load: Loader) -> None:
    """One edition in two libraries, and another book."""
    load("JD", [book("1")])
    load("JX", [book("1", "紅樓夢")])
    load("WZ", [book("1", "围城", author="钱锺书", year=1991)])


def kinds(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        rows = connection.execute(select(event.c.kind, event.c.subject).where(event.c.kind.like("verdict.%")).order_by(event.c.id)).all()
    return [(row.kind, row.subject) for row in rows]


def test_records_without_a_common_key_come_together(three: None, parts: Parts, staff: Staff) -> None:
    given = staff("same", "JD:1", "WZ:1")
    assert parts() == groups("JD:1 JX:1 WZ:1")
    assert [cluster.records for cluster in given.clusters] == [("JD:1", "JX:1", "WZ:1")]
    assert given.changed
    assert given.apart == ()


def test_what_was_one_falls_apart_and_comes_back(three: None, parts: Parts, staff: Staff, union_of: Callable[[], dict[str, str]]) -> None:
    before = union_of()
    given = staff("different", "JX:1", "JD:1")
    assert parts() == groups("JD:1", "JX:1", "WZ:1")
    assert [(apart.first, apart.second, apart.by) for apart in given.apart] == [("JD:1", "JX:1", "staff")]
    undone = staff("undo", "JD:1", "JX:1")
    assert [cluster.records for cluster in undone.clusters] == [("JD:1", "JX:1")]
    assert union_of() == before


def test_what_changes_is_told_to_the_index_and_the_journal(three: None, catalogue_database: Database, staff: Staff) -> None:
    def messages() -> int:
        with catalogue_database.read() as connection:
            return len(connection.execute(select(outbox.c.id)).all())

    before = messages()
    given = staff("different", "JD:1", "JX:1")
    assert messages() == before + 2
    staff("undo", "JD:1", "JX:1")
    subject = f"verdict:{given.verdict.id}"
    assert kinds(catalogue_database) == [("verdict.given", subject), ("verdict.undone", subject)]


def test_the_same_again_is_no_change(three: None, catalogue_database: Database, staff: Staff) -> None:
    first, second = staff("same", "JD:1", "WZ:1"), staff("same", "WZ:1", "JD:1")
    assert not second.changed
    assert second.verdict == first.verdict
    assert second.clusters == first.clusters
    assert len(kinds(catalogue_database)) == 1


def test_the_opposite_has_to_be_undone_first(three: None, staff: Staff, parts: Parts) -> None:
    given = staff("same", "JD:1", "WZ:1")
    with pytest.raises(Refused) as refused:
        staff("different", "WZ:1", "JD:1")
    assert (refused.value.code, refused.value.data["id"]) == ("verdict_stands", given.verdict.id)
    staff("undo", "WZ:1", "JD:1")
    staff("different", "WZ:1", "JD:1")
    assert parts() == groups("JD:1 JX:1", "WZ:1")


def test_a_contradiction_is_told_with_the_whole_chain(three: None, load: Loader, staff: Staff, parts: Parts) -> None:
    load("JX", [book("2", "活着", author="余华")])
    staff("same", "JD:1", "WZ:1")
    staff("same", "WZ:1", "JX:2")
    before = parts()
    with pytest.raises(Refused) as refused:
        staff("different", "JD:1", "JX:2")
    assert refused.value.code == "verdicts_contradict"
    assert refused.value.data["chain"] == ("JD:1 = WZ:1", "WZ:1 = JX:2")
    assert parts() == before
    staff("undo", "JD:1", "WZ:1")
    staff("different", "JD:1", "JX:2")
    with pytest.raises(Refused) as again:
        staff("same", "JD:1", "WZ:1")
    assert set(again.value.data["chain"]) == {"JD:1 ≠ JX:2", "WZ:1 = JX:2"}  # type: ignore[arg-type]  # a tuple of texts


def test_different_holds_through_others(three: None, load: Loader, staff: Staff, parts: Parts) -> None:
    """The third fits both; it goes with one of them, and does not bring them together."""
    staff("different", "JD:1", "JX:1")
    load("WZ", [book("2", "红楼梦")])
    found = parts()
    assert not any({"JD:1", "JX:1"} <= part for part in found)
    assert any("WZ:2" in part and len(part) == 2 for part in found)


def test_a_verdict_sleeps_while_a_record_is_gone(
    three: None, load: Loader, staff: Staff, parts: Parts, catalogue_database: Database
) -> None:
    given = staff("same", "JD:1", "WZ:1")
    load("WZ", [book("1", deleted=True, version="20260602000000.0")])
    assert parts() == groups("JD:1 JX:1")
    assert [(row.id, row.asleep) for row in verdicts.listed(catalogue_database)] == [(given.verdict.id, True)]
    with pytest.raises(Refused) as refused:
        staff("same", "JX:1", "WZ:1")
    assert (refused.value.code, refused.value.data) == ("source_record_gone", {"id": "WZ:1"})
    load("WZ", [book("1", "围城", author="钱锺书", year=1991, version="20260603000000.0")])
    assert parts() == groups("JD:1 JX:1 WZ:1")
    assert not verdicts.listed(catalogue_database)[0].asleep


def test_a_sleeping_verdict_stands_against_its_contradiction(three: None, load: Loader, staff: Staff) -> None:
    staff("same", "JD:1", "WZ:1")
    staff("same", "JX:1", "WZ:1")
    load("WZ", [book("1", deleted=True, version="20260602000000.0")])
    with pytest.raises(Refused) as refused:
        staff("different", "JD:1", "JX:1")
    assert refused.value.code == "verdicts_contradict"


def test_a_sleeping_verdict_can_be_undone(three: None, load: Loader, staff: Staff, parts: Parts) -> None:
    staff("same", "JD:1", "WZ:1")
    load("WZ", [book("1", deleted=True, version="20260602000000.0")])
    assert [cluster.records for cluster in staff("undo", "JD:1", "WZ:1").clusters] == [("JD:1", "JX:1")]
    load("WZ", [book("1", "围城", author="钱锺书", year=1991, version="20260603000000.0")])
    assert parts() == groups("JD:1 JX:1", "WZ:1")


@pytest.mark.parametrize(
    ("first", "second", "error", "code"),
    [
        ("JD:1", "JD:1", InvalidInput, "one_record_twice"),
        ("JD1", "JX:1", InvalidInput, "bad_record_key"),
        ("JD:1", "JX:404", NotFound, "unknown_source_record"),
        ("JD:1", "XX:1", NotFound, "unknown_source_record"),
    ],
)
def test_what_names_no_two_records_is_refused(
    three: None, staff: Staff, first: str, second: str, error: type[UnionCatalogError], code: str
) -> None:
    for verdict in ("same", "different", "undo"):
        with pytest.raises(error) as raised:
            staff(verdict, first, second)
        assert raised.value.code == code


def test_nothing_is_undone_that_was_not_said(three: None, catalogue_database: Database, now: SteppingClock, context: Context) -> None:
    with pytest.raises(NotFound) as unknown:
        done(catalogue_database, verdicts.undo_pair, now, context, "JD:1", "JX:1")
    assert unknown.value.code == "unknown_verdict"
    given = done(catalogue_database, verdicts.give, now, context, "JD:1", "JX:1", "different")
    done(catalogue_database, verdicts.undo, now, context, given.verdict.id)
    with pytest.raises(NotFound):
        done(catalogue_database, verdicts.undo, now, context, given.verdict.id)


def test_a_library_decides_on_its_own_records_only(three: None, staff: Staff, context: Context) -> None:
    jiading = Context(actor=Actor(kind="staff", id="s1"), occurred_at=context.occurred_at, command_id=context.command_id, library="JD")
    with pytest.raises(NotAllowed):
        staff("same", "JX:1", "WZ:1", jiading)
    assert staff("same", "WZ:1", "JD:1", jiading).verdict.actor == "staff:s1"
    wenzhou = Context(actor=Actor(kind="staff", id="s2"), occurred_at=context.occurred_at, command_id=context.command_id, library="JX")
    with pytest.raises(NotAllowed):
        staff("undo", "JD:1", "WZ:1", wenzhou)


def test_history_stays(three: None, staff: Staff, catalogue_database: Database) -> None:
    first = staff("same", "JD:1", "WZ:1").verdict
    staff("undo", "JD:1", "WZ:1")
    second = staff("different", "JD:1", "WZ:1").verdict
    assert [row.id for row in verdicts.listed(catalogue_database)] == [second.id]
    told = verdicts.listed(catalogue_database, history=True)
    assert [(row.id, row.undone_at is not None) for row in told] == [(first.id, True), (second.id, False)]
    assert (told[0].reason, told[0].actor, told[0].undone_by) == ("看过书", "cli:union-catalog", "cli:union-catalog")
    assert [row.id for row in verdicts.listed(catalogue_database, after=first.id, history=True)] == [second.id]
    pair = verdicts.between(catalogue_database, "WZ:1", "JD:1")
    assert pair is not None
    assert pair.id == second.id


def test_the_neighbours_that_stay_apart_are_told_with_the_rule(load: Loader, staff: Staff) -> None:
    load("JD", [book("1"), book("2")])
    load("JX", [book("1")])
    given = staff("same", "JD:1", "JX:1")
    assert [cluster.records for cluster in given.clusters] == [("JD:1", "JX:1")]
    assert [(apart.first, apart.second, apart.by) for apart in given.apart] == [("JD:1", "JD:2", "one_library")]
