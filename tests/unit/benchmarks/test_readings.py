"""What readers found, counted against the clusters of today."""

import pytest

from benchmarks.readings import READINGS, Count, count, parse

ROWS = [
    "# library\tseed\tcluster\tverdict\treason",
    "KS\t1\tcommon\tread\t150 of 1500",
    "KS\t1\trare\tread\t50 of 100",
    "KS\t1\tJD:1#aaa\tfalse\ttwo translations",
    "KS\t1\tJD:2#bbb\tfalse\tanother volume",
    "KS\t1\tJD:3#ccc\tdoubtful\tno date",
    "WZ\t4\tcommon\tread\t100 of 1000",
]


def test_what_is_gone_is_no_longer_false() -> None:
    today = {"JD:1#aaa": "rare", "JD:3#ccc": "common"}
    assert count(parse(ROWS), today) == [Count("KS", 200, 1, 1, 1, 2 / 1600), Count("WZ", 100, 0, 0, 0, 0)]


def test_a_false_cluster_of_a_rule_of_which_few_were_read_weighs_more() -> None:
    common, rare = (count(parse(ROWS), {"JD:1#aaa": rule})[0].share for rule in ("common", "rare"))
    assert (common, rare) == (10 / 1600, 2 / 1600)


def test_a_cluster_found_in_two_samples_is_one() -> None:
    rows = [*ROWS, "KS\t2\trare\tread\t50 of 100", "KS\t2\tJD:1#aaa\tfalse\tthe same again"]
    assert count(parse(rows), {"JD:1#aaa": "rare"})[0] == Count("KS", 250, 1, 0, 2, 1 / 1600)


@pytest.mark.parametrize("row", ["KS\t1\tJD:1#a\twrong\twhy", "KS\t1\tJD:1#a\tfalse", "KS\tx\tJD:1#a\tfalse\t", "KS\t1\trule\tread\tmany"])
def test_a_row_that_cannot_be_read_is_told(row: str) -> None:
    with pytest.raises(ValueError, match="not a reading"):
        parse([row])


def test_the_readings_that_are_kept_can_be_read() -> None:
    assert all(reading.library for reading in parse(READINGS.read_text("utf-8").splitlines()))
