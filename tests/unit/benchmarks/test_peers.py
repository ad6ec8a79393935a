"""Each peer fails on Chinese as it is known to, or the benchmark would hold us against straw; and each is right where it should be."""

import pytest

from benchmarks.peers import (
    PEERS,
    Described,
    describe,
    judged_by_peers,
    open_library,
    openrs,
    openrs_key,
    recordmanager,
    reservoir,
    to_latin,
)
from tests.unit.matching.examples import described
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.matching.features import features_of
from union_catalog.matching.rules import decide


def peer_view(
    title: str = "红楼梦",
    by: str = "曹雪芹",
    publisher: str = "人民文学出版社",
    date: str = "2008-7",
    *,
    volume: str = "",
    edition: str = "第1版",
    isbn: str = "",
    pages: str = "320页",
) -> Described:
    """What the peers see of a record; by default all are one edition."""
    return describe(described(title, by, publisher, date, volume=volume, edition=edition, isbn=isbn, pages=pages))


BOOK = peer_view()


@pytest.mark.parametrize("peer", PEERS)
def test_the_same_description_matches(peer: str) -> None:
    assert PEERS[peer](BOOK, peer_view())


@pytest.mark.parametrize("peer", PEERS)
def test_an_english_book_of_another_title_does_not_match(peer: str) -> None:
    one = peer_view("A brief history of time", "Stephen Hawking", "Bantam Books", "1988")
    two = peer_view("The selfish gene", "Richard Dawkins", "Oxford University Press", "1976")
    assert not PEERS[peer](one, two)


def test_openrs_strips_han_and_takes_any_two_books_of_a_year_and_extent_for_one() -> None:
    other = peer_view("时间简史", "霍金", "湖南科学技术出版社", "2008-1")
    assert openrs_key(other)[0] == ""
    assert openrs(BOOK, other)


def test_reservoir_does_not_see_a_chinese_author() -> None:
    assert reservoir(BOOK, peer_view(by="高鹗"))


def test_reservoir_takes_every_chinese_edition_for_the_first() -> None:
    assert reservoir(BOOK, peer_view(edition="第3版"))


def test_reservoir_sees_pages_of_four_digits_only() -> None:
    assert reservoir(BOOK, peer_view(pages="980页"))


def test_reservoir_keeps_the_scripts_apart() -> None:
    assert not reservoir(BOOK, peer_view("紅樓夢"))


@pytest.mark.parametrize(("one", "other"), [("权利与义务", "权力与义务"), ("历史", "厉史")])
def test_recordmanager_hears_no_difference_between_homophones(one: str, other: str) -> None:
    assert to_latin(one) == to_latin(other)
    assert recordmanager(peer_view(one), peer_view(other))


def test_recordmanager_takes_authors_that_sound_alike_for_one() -> None:
    assert recordmanager(peer_view("活着", "余华"), peer_view("活着", "于华"))


def test_recordmanager_hears_tones_and_reads_both_scripts() -> None:
    assert to_latin("买") != to_latin("卖")
    assert to_latin("红楼梦") == to_latin("紅樓夢")


@pytest.mark.parametrize("peer", ["RecordManager", "Gold Rush as OpenRS"])
def test_an_isbn_alone_merges_the_volumes_of_a_set(peer: str) -> None:
    one, two = (
        peer_view("资治通鉴", volume=volume, isbn="9787101081121", edition=edition) for volume, edition in (("上", "1"), ("下", "2"))
    )
    assert PEERS[peer](one, two)


def test_open_library_cannot_call_a_short_title_equal() -> None:
    """Without a date, a short title that is equal is not enough where a long one is."""
    assert not open_library(peer_view(date=""), peer_view(date=""))
    long = "活着为了讲述一个漫长的故事"
    assert open_library(peer_view(long, date=""), peer_view(long, date=""))


def test_recordmanager_puts_a_record_with_one_of_another_library_only() -> None:
    records = {"JD:1": described(), "JD:2": described(), "JX:1": described(isbn="9787020002207"), "JX:2": described()}
    pairs = [("JD:1", "JX:1"), ("JD:1", "JX:2"), ("JD:2", "JX:1"), ("JD:2", "JX:2"), ("JD:1", "JD:2")]
    judged = dict(judged_by_peers(records, pairs))
    assert judged["RecordManager"] == [("JD:1", "JX:1"), ("JD:2", "JX:2")]
    assert judged["Gold Rush as Reservoir"] == sorted(pairs[:4])


@pytest.mark.parametrize(
    "other",
    [
        described("时间简史", edition="第1版", pages="320页"),
        described(by="高鹗", edition="第1版", pages="320页"),
        described(edition="第3版", pages="320页"),
        described(edition="第1版", pages="980页"),
    ],
)
def test_ours_tells_apart_what_the_peers_mix_up(other: BibliographicRecord) -> None:
    ours = features_of(described(edition="第1版", pages="320页"))
    assert decide(ours, features_of(other))[0] == "different"
