"""Explanations over the real tables, on both databases: members, links, words of staff, neighbours, bounds."""

from collections.abc import Callable

import msgspec
import pytest
from sqlalchemy import update

from tests.services.conftest import Loader
from tests.services.records import book, done
from union_catalog.clock import SteppingClock
from union_catalog.context import Context
from union_catalog.errors import Gone, InvalidInput, NotFound, Redirected
from union_catalog.services import verdicts
from union_catalog.services.explaining import MOST_MEMBERS, MOST_NEAR, RecordExplanation, explain_pair, explain_record
from union_catalog.storage.database import Database
from union_catalog.storage.tables import matching_state, source_content

Unions = Callable[[], dict[str, str]]
ISBN, OTHER_ISBN = "9787020002207", "9787020024759"


@pytest.fixture
def why(catalogue_database: Database, union_of: Unions) -> Callable[[str], RecordExplanation]:
    """The explanation of the edition in which a record stands."""
    return lambda key: explain_record(catalogue_database, union_of()[key])


Why = Callable[[str], RecordExplanation]


def links(found: RecordExplanation) -> list[tuple[str, str]]:
    return [(link.first, link.second) for link in found.explanation.links]


def near(found: RecordExplanation) -> list[tuple[str, str, str, str]]:
    return [(one.ours.key, one.theirs.key, one.separation.by, one.separation.field) for one in found.near]


def test_members_links_and_what_was_outweighed(load: Loader, why: Why) -> None:
    load("JD", [book("1", isbn=ISBN)])
    load("JX", [book("1", "紅樓夢", isbn=ISBN)])
    load("WZ", [book("1", isbn=ISBN, year=2009)])
    found = why("JX:1")
    assert [(member.key, member.title, member.date) for member in found.members] == [
        ("JD:1", "红楼梦", "2008"),
        ("JX:1", "紅樓夢", "2008"),
        ("WZ:1", "红楼梦", "2009"),
    ]
    assert (found.total, len(links(found)), found.explanation.untied) == (3, 2, ())
    assert found.differs == {"JD:1": frozenset(), "JX:1": frozenset(), "WZ:1": frozenset({"date"})}


def test_an_edition_near_is_told_from_both_sides_with_the_veto(load: Loader, why: Why) -> None:
    load("JD", [book("1", year=2008, isbn=ISBN)])
    load("JX", [book("1", year=1982, isbn=OTHER_ISBN)])
    assert near(why("JD:1")) == [("JD:1", "JX:1", "rule", "isbn")]
    assert near(why("JX:1")) == [("JX:1", "JD:1", "rule", "isbn")]


def test_only_the_nearest_are_told(load: Loader, why: Why) -> None:
    load("JD", [book("1", year=2008), *(book(str(year), year=year) for year in range(1950, 2000, 5))])
    found = why("JD:1")
    assert len(found.near) == MOST_NEAR
    assert all(one.separation.field == "date" for one in found.near)


def test_words_of_staff_are_told_and_no_longer_when_undone(
    load: Loader, why: Why, catalogue_database: Database, now: SteppingClock, context: Context
) -> None:
    load("JD", [book("1")])
    load("JX", [book("1")])
    given = done(catalogue_database, verdicts.give, now, context, "JD:1", "JX:1", "different", "两种装帧")
    found = why("JD:1")
    assert [(word.first, word.second, word.verdict, word.reason) for word in found.words] == [("JD:1", "JX:1", "different", "两种装帧")]
    assert near(found) == [("JD:1", "JX:1", "staff", "")]
    pair = explain_pair(catalogue_database, "JX:1", "JD:1")
    assert (pair.together, pair.verdict.verdict, pair.word and pair.word.verdict) == (False, "same", "different")
    done(catalogue_database, verdicts.undo, now, context, given.verdict.id)
    assert links(why("JD:1")) == [("JD:1", "JX:1")]
    assert explain_pair(catalogue_database, "JX:1", "JD:1").word is None


def test_what_staff_joined_is_a_link_whatever_the_rules_say(
    load: Loader, why: Why, catalogue_database: Database, now: SteppingClock, context: Context
) -> None:
    load("JD", [book("1", year=2008)])
    load("JX", [book("1", year=1982)])
    done(catalogue_database, verdicts.give, now, context, "JD:1", "JX:1", "same", "年份是笔误")
    (link,) = why("JD:1").explanation.links
    assert (link.by_staff, link.verdict.verdict, link.verdict.rule) == (True, "different", "other_year")


def test_a_pair_is_told_its_own_word_and_not_that_on_another_pair(
    load: Loader, catalogue_database: Database, now: SteppingClock, context: Context
) -> None:
    load("JD", [book("1"), book("2", "围城", author="钱钟书")])
    load("JX", [book("1")])
    done(catalogue_database, verdicts.give, now, context, "JD:1", "JD:2", "different", "另一部书")
    assert explain_pair(catalogue_database, "JD:1", "JX:1").word is None


def test_a_record_that_is_gone_is_no_member_and_no_neighbour(load: Loader, why: Why, catalogue_database: Database) -> None:
    load("JD", [book("1", isbn=ISBN)])
    load("JX", [book("1", isbn=ISBN), book("2", year=1982)])
    load("JX", [book("1", isbn=ISBN, deleted=True), book("2", year=1982, deleted=True)])
    found = why("JD:1")
    assert [member.key for member in found.members] == ["JD:1"]
    assert found.near == ()
    with pytest.raises(NotFound, match="unknown_source_record"):
        explain_pair(catalogue_database, "JD:1", "JX:1")


def test_a_large_edition_is_explained_in_part(load: Loader, why: Why) -> None:
    load("JD", [book(f"{number:03}", isbn=ISBN) for number in range(MOST_MEMBERS + 10)])
    found = why("JD:069")
    assert (found.total, len(found.members)) == (MOST_MEMBERS + 10, MOST_MEMBERS)
    assert len(links(found)) == MOST_MEMBERS - 1


def test_what_staff_said_of_the_last_of_many_is_told_first(
    load: Loader, why: Why, catalogue_database: Database, now: SteppingClock, context: Context
) -> None:
    load("JD", [book(f"{number:03}", isbn=ISBN) for number in range(20)])
    load("JX", [book("1", isbn=OTHER_ISBN)])
    done(catalogue_database, verdicts.give, now, context, "JD:019", "JX:1", "different", "另一版")
    assert near(why("JD:000")) == [("JD:019", "JX:1", "staff", "")]


def test_ids_are_followed_or_refused_as_for_the_record(load: Loader, catalogue_database: Database, union_of: Unions) -> None:
    load("JD", [book("1", year=1982)])
    load("JX", [book("1")])
    before = union_of()
    load("JX", [book("1", year=1982)])
    assert len(set(union_of().values())) == 1
    with pytest.raises(Redirected):
        explain_record(catalogue_database, before["JX:1"])
    load("JD", [book("1", deleted=True)])
    load("JX", [book("1", deleted=True)])
    with pytest.raises(Gone):
        explain_record(catalogue_database, before["JD:1"])
    with pytest.raises(NotFound):
        explain_record(catalogue_database, "none")
    for first in ("JD1", ":1", "JD:"):
        with pytest.raises(InvalidInput, match="bad_record_key"):
            explain_pair(catalogue_database, first, "JD:1")


def test_features_of_an_older_version_are_made_anew_and_the_reader_is_told(load: Loader, why: Why, catalogue_database: Database) -> None:
    """After a new version is installed and before a rebuild the stored ones may be of a form that this version cannot read."""
    load("JD", [book("1", isbn=ISBN)])
    load("JX", [book("1", isbn=ISBN), book("2", year=1982)])
    now_said = why("JD:1")
    with catalogue_database.write() as connection:
        connection.execute(update(source_content).values(features=msgspec.msgpack.encode(["红楼梦", 7])))
        connection.execute(update(matching_state).values(rules="of another version"))
    found = why("JD:1")
    assert (now_said.outdated, found.outdated) == (False, True)
    assert (found.explanation, found.near) == (now_said.explanation, now_said.near)
    assert explain_pair(catalogue_database, "JD:1", "JX:1").verdict.rule == "isbn_title"
