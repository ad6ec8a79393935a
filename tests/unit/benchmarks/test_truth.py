"""Precision and recall of pairs against what is known."""

from benchmarks.truth import Truth, across

TRUTH = Truth(frozenset({("JD:1", "JX:1"), ("JD:2", "JX:2")}), frozenset({("JD:3", "JX:3")}))


def test_pairs_count_whichever_way_round_they_are_written() -> None:
    score = TRUTH.score("", [("JX:1", "JD:1"), ("JD:1", "JX:1"), ("JD:1", "JX:2")])
    assert (score.precision, score.recall, score.false, score.missed) == (0.5, 0.5, 1, 1)
    assert score.f1 == 0.5


def test_unclear_pairs_count_in_neither() -> None:
    score = TRUTH.score("", [("JD:1", "JX:1"), ("JD:2", "JX:2"), ("JX:3", "JD:3")])
    assert (score.precision, score.recall, score.false) == (1, 1, 0)


def test_nothing_found_has_no_false_pairs() -> None:
    assert TRUTH.score("", []).f1 == 0


def test_only_pairs_of_jiading_and_jiaxing_are_counted() -> None:
    found = set(across([{"JD:1", "JX:1", "JX:2", "WZ:1"}, {"KS:1", "WZ:2"}]))
    assert found == {("JD:1", "JX:1"), ("JD:1", "JX:2")}
