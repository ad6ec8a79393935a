"""Corrections by cataloguers: they outlive loads, decide clusters at once, and leave nothing behind when they are undone."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from indexers.catching_up import catch_up
from indexers.embedded.engine import EmbeddedEngine
from indexers.relay import Relay
from tests.services.conftest import KEY_LIMIT, Loader
from tests.services.records import book, done
from union_catalog.bibliographic.record import BibliographicRecord, Text
from union_catalog.clock import SteppingClock
from union_catalog.context import Context, command_line
from union_catalog.errors import InvalidInput, NotAllowed, NotFound
from union_catalog.matching.merging import MemberRecord, MergedRecord, merge
from union_catalog.search.engine import SearchRequest
from union_catalog.search.query import parse
from union_catalog.services.corrections import correct, listed, undo
from union_catalog.services.index_feed import IndexFeed
from union_catalog.services.prepared import Arrival, member_record
from union_catalog.services.rebuilding.rebuild import Rebuilding, rebuild
from union_catalog.services.views import CorrectionView
from union_catalog.storage import corrections, sources
from union_catalog.storage.database import Database
from union_catalog.storage.tables import event, match_edge, match_key, outbox, source_content, source_record, union_content, union_record
from union_catalog.storage.values import unpack

Unions = Callable[[], dict[str, str]]
WRONG, RIGHT = "9787108009821", "9787020002207"


@pytest.fixture
def set_field(load: Loader, catalogue_database: Database, now: SteppingClock, context: Context) -> Callable[..., CorrectionView]:
    """``set_field("JD:1", "title", "红楼梦")``."""

    def run(key: str, field: str, value: object, *, by: Context = context, reason: str = "据原书") -> CorrectionView:
        return done(catalogue_database, correct, now, by, key, field, value, reason, KEY_LIMIT)

    return run


@pytest.fixture
def take_back(catalogue_database: Database, now: SteppingClock, context: Context) -> Callable[[str], CorrectionView]:
    return lambda correction_id: done(catalogue_database, undo, now, context, correction_id, KEY_LIMIT)


def merged(database: Database, union_id: str) -> MergedRecord:
    with database.read() as connection:
        packed = connection.execute(select(union_content.c.merged_z).where(union_content.c.union_id == union_id)).scalar_one()
    return unpack(packed, MergedRecord)


def titles(database: Database, union_id: str) -> list[str]:
    return [title.text for title in merged(database, union_id).record.titles]


def stored(database: Database) -> dict[str, Any]:
    """Everything that is decided or shown, without revisions."""
    with database.read() as connection:
        return {
            "features": connection.execute(
                select(source_content.c.source_id, source_content.c.features).order_by(source_content.c.source_id)
            ).all(),
            "sent": sorted(
                tuple(row)
                for row in connection.execute(select(source_content.c.source_id, source_content.c.raw_z, source_content.c.record_z))
            ),
            "keys": sorted(tuple(row) for row in connection.execute(select(match_key))),
            "edges": sorted(tuple(row) for row in connection.execute(select(match_edge))),
            "live": {
                row.id: (row.work_id, unpack(row.merged_z, MergedRecord), row.analysed_z)
                for row in connection.execute(
                    select(union_record.c.id, union_record.c.work_id, union_content.c.merged_z, union_content.c.analysed_z)
                    .join(union_content, union_content.c.union_id == union_record.c.id)
                    .where(union_record.c.state == "live")
                )
            },
        }


def merged_anew(database: Database, union_of: dict[str, str]) -> dict[str, MergedRecord]:
    """What each union record should be, from what the libraries sent and what is corrected now."""
    with database.read() as connection:
        ids = list(connection.execute(select(source_record.c.id)).scalars())
        found = {source.key: source.id for source in sources.by_ids(connection, ids).values()}
        made, packed = corrections.in_force(connection, ids), sources.contents(connection, ids)
        ranks = sources.ranks(connection)
    members: dict[str, list[MemberRecord]] = {}
    for key, union_id in union_of.items():
        sent = unpack(packed[found[key]][0], BibliographicRecord)
        members.setdefault(union_id, []).append(member_record(key, ranks[key[:2]], sent, made.get(found[key], ())))
    return {union_id: merge(of_it) for union_id, of_it in members.items()}


def events(database: Database, prefix: str) -> list[tuple[str, str]]:
    with database.read() as connection:
        rows = connection.execute(select(event.c.kind, event.c.subject, event.c.data).order_by(event.c.id)).all()
    found = [row for row in rows if row.kind.startswith(prefix)]
    assert all("红" not in str(row.data) for row in found)
    return [(row.kind, row.subject) for row in found]


def with_note(arrival: Arrival, text: str) -> Arrival:
    """The same record with a note, so that it counts as changed."""
    record = msgspec.structs.replace(arrival.record, notes=(Text(text=text),))
    return msgspec.structs.replace(arrival, record=record, digest=arrival.digest[:-4] + "note")


def test_a_corrected_title_stands_whatever_is_loaded_later(
    load: Loader, set_field: Callable[..., CorrectionView], union_of: Unions, catalogue_database: Database
) -> None:
    load("JD", [book("1", "红搂梦")])
    made = set_field("JD:1", "title", "红楼梦")
    assert (made.sent, made.value, made.field, made.actor) == ("红搂梦", "红楼梦", "title", "cli:union-catalog")
    assert titles(catalogue_database, union_of()["JD:1"]) == ["红楼梦"]
    load("JD", [with_note(book("1", "红搂梦", year=2009), "附图")])
    found = merged(catalogue_database, union_of()["JD:1"])
    assert ([title.text for title in found.record.titles], found.record.year, found.record.notes[0].text) == (["红楼梦"], 2009, "附图")
    load("JX", [book("9", "紅樓夢", year=2009), book("10", "红楼梦魇", author="张爱玲")])
    both = union_of()
    assert both["JD:1"] == both["JX:9"] != both["JX:10"]
    found = merged(catalogue_database, both["JD:1"])
    assert [title.text for title in found.record.titles] == ["红楼梦", "紅樓夢"]
    assert found.corrected == (("titles", ("JD:1",)),)
    load("JX", [with_note(book("9", "紅樓夢", year=2009), "线装")])
    assert titles(catalogue_database, both["JD:1"]) == ["红楼梦", "紅樓夢"]


def test_search_finds_the_new_title_and_no_longer_the_old(
    load: Loader, set_field: Callable[..., CorrectionView], take_back: Callable[[str], CorrectionView], catalogue_database: Database,
    union_of: Unions, now: SteppingClock, tmp_path: Path,
) -> None:  # fmt: skip
    engine = EmbeddedEngine(tmp_path / "index")
    engine.create()
    feed = IndexFeed(catalogue_database, now, 15.0)

    def found(query: str) -> list[str]:
        catch_up(Relay(feed, engine), feed.last_message(), longest=10.0)
        return [hit.union_id for hit in engine.search(SearchRequest(parse(query))).hits]

    load("JD", [book("1", "石头城", author="钱鍾书")])
    union_id = union_of()["JD:1"]
    assert found("石头城") == found("钱锺书") == found("錢鍾書") == [union_id]
    made = set_field("JD:1", "title", "围城")
    assert (found("石头城"), found("圍城")) == ([], [union_id])
    take_back(made.id)
    assert (found("石头城"), found("围城")) == ([union_id], [])
    engine.close()


def test_undone_is_exactly_what_was_before(
    load: Loader, set_field: Callable[..., CorrectionView], take_back: Callable[[str], CorrectionView], catalogue_database: Database,
    union_of: Unions,
) -> None:  # fmt: skip
    load("JD", [book("1"), book("2", "活着", author="余华")])
    load("JX", [book("9")])
    before, unions = stored(catalogue_database), union_of()
    made = [set_field("JD:1", *what) for what in (("date", "1996"), ("responsibility", "高鹗著"), ("subjects", [{"heading": "小说"}]))]
    assert union_of()["JD:1"] != union_of()["JX:9"]
    after = stored(catalogue_database)
    assert after["sent"] == before["sent"]
    assert after["features"] != before["features"]
    for one in made:
        take_back(one.id)
    assert (stored(catalogue_database), union_of()) == (before, unions)
    kinds = [kind for kind, subject in events(catalogue_database, "correction.") if subject == "source:JD:1"]
    assert kinds == ["correction.made"] * 3 + ["correction.undone"] * 3


def test_a_corrected_record_decides_as_one_that_was_sent_right(
    load: Loader, set_field: Callable[..., CorrectionView], catalogue_database: Database, union_of: Unions
) -> None:
    load("JD", [book("1", "红搂梦", author="高鹗", year=1996, isbn=WRONG)])
    for field, text in (("title", "红楼梦"), ("responsibility", "曹雪芹著"), ("date", "2008"), ("isbn", RIGHT)):
        set_field("JD:1", field, text)
    load("JX", [book("9", isbn=RIGHT)])
    (_, corrected), (_, right) = stored(catalogue_database)["features"]
    assert corrected == right
    assert len(set(union_of().values())) == 1


def test_a_corrected_isbn_parts_two_editions_at_once(
    load: Loader, set_field: Callable[..., CorrectionView], take_back: Callable[[str], CorrectionView], catalogue_database: Database,
    union_of: Unions,
) -> None:  # fmt: skip
    load("JD", [book("1", isbn=WRONG)])
    load("JX", [book("9", isbn=WRONG)])
    together = union_of()["JD:1"]
    assert together == union_of()["JX:9"]
    made = set_field("JD:1", "isbn", "978-7-02-000220-7")
    apart = union_of()
    assert apart["JD:1"] != apart["JX:9"]
    assert [i.value for i in merged(catalogue_database, apart["JD:1"]).record.identifiers] == [RIGHT]
    assert [i.value for i in merged(catalogue_database, apart["JX:9"]).record.identifiers] == [WRONG]
    take_back(made.id)
    assert set(union_of().values()) == {together}


def test_a_correction_sleeps_while_its_record_is_gone(
    load: Loader, set_field: Callable[..., CorrectionView], catalogue_database: Database, union_of: Unions
) -> None:
    load("JD", [book("1", "红搂梦"), book("2", "活着", author="余华")])
    set_field("JD:1", "title", "红楼梦")
    load("JD", [book("1", deleted=True, version="20260603000000.0")])
    assert "JD:1" not in union_of()
    assert [one.asleep for one in listed(catalogue_database)] == [True]
    again = set_field("JD:1", "publisher", "作家出版社")
    assert again.asleep
    load("JD", [book("1", "红搂梦", version="20260604000000.0")])
    found = merged(catalogue_database, union_of()["JD:1"]).record
    assert (found.titles[0].text, found.publications[0].publishers) == ("红楼梦", ("作家出版社",))


def test_a_second_correction_of_a_field_takes_the_place_of_the_first(
    load: Loader, set_field: Callable[..., CorrectionView], take_back: Callable[[str], CorrectionView], catalogue_database: Database,
    union_of: Unions,
) -> None:  # fmt: skip
    load("JD", [book("1", "红搂梦")])
    first, second = set_field("JD:1", "title", "红楼夢"), set_field("JD:1", "title", "红楼梦")
    assert [one.id for one in listed(catalogue_database, "JD:1")] == [second.id]
    history = {one.id: one.undone_at is None for one in listed(catalogue_database, "JD:1", undone=True)}
    assert history == {first.id: False, second.id: True}
    assert titles(catalogue_database, union_of()["JD:1"]) == ["红楼梦"]
    assert set_field("JD:1", "title", "红楼梦", reason="再说一遍").id == second.id
    take_back(first.id)
    assert titles(catalogue_database, union_of()["JD:1"]) == ["红楼梦"]
    take_back(second.id)
    assert titles(catalogue_database, union_of()["JD:1"]) == ["红搂梦"]


def test_the_index_is_told_of_everyone_concerned(
    load: Loader, set_field: Callable[..., CorrectionView], catalogue_database: Database, union_of: Unions
) -> None:
    load("JD", [book("1")])
    load("JX", [book("9")])
    with catalogue_database.read() as connection:
        sent = len(connection.execute(select(outbox.c.id)).all())
    set_field("JD:1", "title", "活着")
    with catalogue_database.read() as connection:
        told = list(connection.execute(select(outbox.c.aggregate).order_by(outbox.c.id)).scalars())[sent:]
    assert set(told) == set(union_of().values())


def test_staff_of_a_library_correct_their_own_records_only(
    load: Loader, set_field: Callable[..., CorrectionView], catalogue_database: Database, now: SteppingClock
) -> None:
    load("JD", [book("1", "红搂梦")])
    with pytest.raises(NotAllowed, match="other_library"):
        set_field("JD:1", "title", "红楼梦", by=command_line(now, "JX"))
    made = set_field("JD:1", "title", "红楼梦", by=command_line(now, "JD"))
    with pytest.raises(NotAllowed, match="other_library"):
        done(catalogue_database, undo, now, command_line(now, "JX"), made.id, KEY_LIMIT)
    assert listed(catalogue_database, library="JX") == ()
    assert [one.key for one in listed(catalogue_database, library="JD")] == ["JD:1"]


@pytest.mark.parametrize(
    ("key", "field", "value", "reason", "code"),
    [
        ("JD1", "title", "红楼梦", "据原书", "bad_record_key"),
        ("JD:2", "title", "红楼梦", "据原书", "unknown_source_record"),
        ("JD:1", "titel", "红楼梦", "据原书", "correction_unknown_field"),
        ("JD:1", "title", "——", "据原书", "correction_empty"),
        ("JD:1", "isbn", "9787020002208", "据原书", "correction_not_isbn"),
        ("JD:1", "title", "红楼梦", " ", "correction_reason"),
    ],
)
def test_what_cannot_be_meant_changes_nothing(
    load: Loader, set_field: Callable[..., CorrectionView], catalogue_database: Database,
    key: str, field: str, value: str, reason: str, code: str,
) -> None:  # fmt: skip
    load("JD", [book("1")])
    before = stored(catalogue_database)
    with pytest.raises((InvalidInput, NotFound)) as refused:
        set_field(key, field, value, reason=reason)
    assert refused.value.code == code
    assert (stored(catalogue_database), listed(catalogue_database, undone=True)) == (before, ())


def test_deciding_everything_anew_keeps_corrections(
    load: Loader, set_field: Callable[..., CorrectionView], catalogue_database: Database, union_of: Unions, now: SteppingClock,
    context: Context,
) -> None:  # fmt: skip
    load("JD", [book("1", "红搂梦", isbn=WRONG), book("2", "石头城", author="钱锺书")])
    load("JX", [book("9", isbn=WRONG)])
    set_field("JD:1", "title", "红楼梦")
    set_field("JD:1", "isbn", RIGHT)
    set_field("JD:2", "title", "围城")
    before, unions = stored(catalogue_database), union_of()
    rebuild(Rebuilding(catalogue_database, now, context, KEY_LIMIT, stretch=1000))
    assert (stored(catalogue_database), union_of()) == (before, unions)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_turmoil_all_stands_as_if_decided_from_the_beginning(
    load: Loader, set_field: Callable[..., CorrectionView], take_back: Callable[[str], CorrectionView], catalogue_database: Database,
    union_of: Unions, now: SteppingClock, context: Context, seed: int,
) -> None:  # fmt: skip
    random, version = Random(seed), 20260601000000
    typed = {"title": ("红楼梦", "红搂梦", "石头记"), "date": ("2008", "1996", ""), "isbn": (RIGHT, WRONG, ""), "publisher": ("三联书店",)}
    loaded: list[str] = []
    for _ in range(25):
        version += 1
        library, number = random.choice(("JD", "JX", "WZ")), str(random.randint(1, 2))
        if random.random() < 0.5 or not loaded:
            told = {"year": random.choice((2008, 1996)), "isbn": random.choice(("", RIGHT, WRONG)), "deleted": random.random() < 0.2}
            load(library, [book(number, random.choice(typed["title"]), version=f"{version}.0", **told)])  # type: ignore[arg-type]  # as drawn
            with catalogue_database.read() as connection:
                loaded = [f"{row.library}:{row.record_id}" for row in connection.execute(select(source_record))]
        elif random.random() < 0.7 or not (standing := listed(catalogue_database)):
            field = random.choice(sorted(typed))
            set_field(random.choice(sorted(loaded)), field, random.choice(typed[field]))
        else:
            take_back(random.choice(standing).id)
    before, unions = stored(catalogue_database), union_of()
    assert {union_id: found for union_id, (_, found, _) in before["live"].items()} == merged_anew(catalogue_database, unions)
    rebuild(Rebuilding(catalogue_database, now, context, KEY_LIMIT, stretch=1000))
    after = stored(catalogue_database)
    assert union_of() == unions
    assert {name: after[name] for name in ("keys", "edges", "live")} == {name: before[name] for name in ("keys", "edges", "live")}


def test_an_unknown_correction_cannot_be_undone(take_back: Callable[[str], CorrectionView]) -> None:
    with pytest.raises(NotFound, match="unknown_correction"):
        take_back("nothing")


def test_what_the_library_sent_is_kept_as_it_came(
    load: Loader, set_field: Callable[..., CorrectionView], catalogue_database: Database
) -> None:
    load("JD", [book("1", "红搂梦")])
    set_field("JD:1", "title", "红楼梦")
    with catalogue_database.read() as connection:
        packed = connection.execute(select(source_content.c.record_z)).scalar_one()
    assert unpack(packed, BibliographicRecord).titles[0].text == "红搂梦"
