"""What can be had follows what desks do: on pages at once, in the index with the next batch of the relay."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from indexers.embedded.engine import EmbeddedEngine
from indexers.relay import Relay
from tests.services.desks import Town, town
from tests.services.records import book, item
from union_catalog.clock import SteppingClock
from union_catalog.search.engine import Filters, SearchRequest
from union_catalog.search.query import parse
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.index_feed import IndexFeed
from union_catalog.storage.database import Database
from union_catalog.storage.tables import branch, library


@pytest.fixture
def jd(catalogue_database: Database, now: SteppingClock, load: Callable[..., object]) -> Town:
    found = town(catalogue_database, now)
    load("JD", [book("1", items=[item("b1", "JD-1"), item("b2", "JD-1")])])
    return found


@pytest.fixture
def catalogue(jd: Town, tmp_path: Path) -> Catalogue:
    engine = EmbeddedEngine(tmp_path / "index")
    engine.create()
    return Catalogue(jd.database, engine)


def statuses(catalogue: Catalogue, union_id: str) -> dict[str, tuple[str, str, date | None]]:
    return {one.barcode: (one.status, one.branch, one.due_date) for one in catalogue.items(union_id)}


def to_be_had(catalogue: Catalogue) -> int:
    """How many records the index says can be had now."""
    return catalogue.engine.search(SearchRequest(parse("红楼梦"), Filters(available=True))).total


def test_pages_and_index_follow_loans(jd: Town, catalogue: Catalogue) -> None:
    relay = Relay(IndexFeed(jd.database, jd.clock, 30.0), catalogue.engine)
    relay.step()
    union_id = catalogue.recent()[0].union_id
    home = statuses(catalogue, union_id)["b1"][1]
    jd.lend("b1", jd.card(), at=home)
    assert statuses(catalogue, union_id) == {"b1": ("on_loan", home, date(2026, 12, 22)), "b2": ("available", home, None)}
    assert [one.available for one in catalogue.live_summary(union_id).libraries] == [1]
    assert relay.feed.backlog().waiting == 1
    jd.lend("b2", jd.card(), at=home)
    assert relay.step().messages == 1  # two items, one record
    assert relay.feed.backlog().waiting == 0
    assert to_be_had(catalogue) == 0
    jd.take("b1", at="JX-1")
    assert statuses(catalogue, union_id)["b1"][0] == "in_transit"
    jd.wait(days=1)
    jd.take("b1", at=home)
    assert statuses(catalogue, union_id)["b1"] == ("available", home, None)
    relay.step()
    assert to_be_had(catalogue) == 1
    jd.say("b1", "missing", at=home)
    assert statuses(catalogue, union_id)["b1"][0] == "missing"
    jd.say("b1", "withdrawn", at=home)
    assert set(statuses(catalogue, union_id)) == {"b2"}


def test_what_floats_is_looked_for_where_it_lies(jd: Town, catalogue: Catalogue) -> None:
    union_id = catalogue.recent()[0].union_id
    home = statuses(catalogue, union_id)["b1"][1]
    jd.change(library, {"floating": "library"}, code="JD")
    jd.lend("b1", jd.card(), at=home)
    jd.take("b1", at="JD-2")
    assert statuses(catalogue, union_id)["b1"][:2] == ("available", "JD-2")
    assert [(one.code, one.available) for one in catalogue.live_summary(union_id).branches] == sorted([(home, 1), ("JD-2", 1)])


def test_a_report_counts_until_circulation_touches_the_item(jd: Town, catalogue: Catalogue) -> None:
    barcode = jd.item(reported_status="on_loan", union_id=catalogue.recent()[0].union_id)
    assert statuses(catalogue, catalogue.recent()[0].union_id)[barcode][0] == "on_loan"
    jd.take(barcode)
    assert statuses(catalogue, catalogue.recent()[0].union_id)[barcode][0] == "available"
    assert jd.rows(branch, code="JD-1")
