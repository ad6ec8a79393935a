"""What can be said for certain of the most frequent values, when every part of an index tells only its own most frequent."""

import random
from collections import Counter

import pytest

from union_catalog.search.frequent import MOST_NAMES, Tally, candidates, tally


def told(parts: list[Counter[str]], asked: int, each: int) -> Tally[str]:
    """As engines do: every part tells its ``each`` most frequent, of their sum the ``asked`` most frequent are told."""
    summed: Counter[str] = Counter()
    error = 0
    for part in parts:
        first = part.most_common(each)
        summed.update(dict(first))
        error += first[-1][1] if len(part) > len(first) else 0
    kept = dict(summed.most_common(asked))
    return tally(kept, asked, error, sum(map(Counter.total, parts)) - sum(kept.values()))


@pytest.mark.parametrize("seed", range(200))
def test_the_most_frequent_are_always_among_the_candidates(seed: int) -> None:
    draw = random.Random(seed)
    names = [f"n{i}" for i in range(draw.choice((10, 60, 400)))]
    weights = [1 / (1 + i) ** draw.choice((0.2, 0.8, 1.5)) for i in range(len(names))]
    parts = [Counter(draw.choices(names, weights, k=draw.choice((50, 2_000)))) for _ in range(draw.choice((1, 3, 6)))]
    asked, each = draw.choice(((40, 40), (100, 60), (100, 400)))
    found = told(parts, asked, each)
    known = candidates(found)
    exact: Counter[str] = sum(parts, Counter())
    lowest = sorted(exact.values(), reverse=True)[:MOST_NAMES][-1]
    if known is not None:
        assert {name for name, count in exact.items() if count > lowest} <= set(known)
        assert {name for name, count in exact.items() if count == lowest} <= set(known) or len(exact) < MOST_NAMES
    if found.error == 0 and known is not None:
        assert all(found.counts[name] == exact[name] for name in known)


def test_values_that_were_not_told_must_be_rarer_than_the_last_that_counts() -> None:
    counts = {f"n{i}": 100 - i for i in range(MOST_NAMES)} | {"m": 5}
    lowest = 100 - MOST_NAMES + 1
    assert candidates(Tally(counts, error=0, rest=lowest - 1)) is not None
    assert candidates(Tally(counts, error=0, rest=lowest)) is None


def test_what_is_complete_needs_no_second_look() -> None:
    found = tally({"a": 3, "b": 1}, 100, 0, 0)
    assert found.complete
    assert candidates(found) == ("a", "b")


def test_fewer_values_than_are_wanted_are_certain_only_if_they_are_all() -> None:
    assert candidates(tally({"a": 3}, 100, 2, 4)) is None
