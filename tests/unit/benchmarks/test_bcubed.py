"""B-cubed on partitions small enough to count by hand."""

import pytest

from benchmarks.bcubed import b_cubed

EDITIONS = {"JD:1": "a", "JX:1": "a", "JD:2": "b", "JX:2": "b"}


def test_the_right_partition_is_perfect() -> None:
    found = b_cubed([{"JD:1", "JX:1"}, {"JD:2", "JX:2"}], EDITIONS)
    assert (found.precision, found.recall, found.f1, found.records) == (1, 1, 1, 4)


def test_one_cluster_of_all_has_recall_alone() -> None:
    found = b_cubed([EDITIONS], EDITIONS)
    assert (found.precision, found.recall) == (0.5, 1)


def test_records_left_alone_have_precision_alone() -> None:
    found = b_cubed([{key} for key in EDITIONS], EDITIONS)
    assert (found.precision, found.recall) == (1, 0.5)


def test_a_stray_record_hurts_those_it_stands_with() -> None:
    """JD:2 with a's two: 2/3, 2/3 and 1/3 of what they see is right; JX:2 alone sees itself."""
    found = b_cubed([{"JD:1", "JX:1", "JD:2"}, {"JX:2"}], EDITIONS)
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.recall == pytest.approx((1 + 1 + 0.5 + 0.5) / 4)


def test_records_of_unknown_edition_do_not_count() -> None:
    parts = [{"JD:1", "JX:1", "WZ:9"}, {"JD:2", "JX:2"}, {"KS:7", "WZ:8"}]
    assert b_cubed(parts, EDITIONS) == b_cubed([{"JD:1", "JX:1"}, {"JD:2", "JX:2"}], EDITIONS)


@pytest.mark.parametrize("together", [True, False])
def test_an_unclear_pair_counts_neither_way(together: bool) -> None:
    parts = [{"JD:1", "JX:2"}, {"JX:1"}, {"JD:2"}] if together else [{"JD:1"}, {"JX:2"}, {"JX:1"}, {"JD:2"}]
    found = b_cubed(parts, EDITIONS, {("JD:1", "JX:2")})
    assert (found.precision, found.recall) == (1, 0.5)
