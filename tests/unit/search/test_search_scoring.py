"""Scores in every order are whole numbers, within the bound that the engines reckon with."""

import pytest

from union_catalog.search.engine import SearchRequest, Sort
from union_catalog.search.matches import AnyToken
from union_catalog.search.nearby import RINGS, Nearby
from union_catalog.search.plan import plan
from union_catalog.search.query import parse
from union_catalog.search.ranking import ANYWHERE, HIGHEST_SCORE
from union_catalog.search.scoring import HIGHEST, Scoring, scoring

HERE = Nearby(tuple((f"B-{i}",) for i in range(len(RINGS))))


def made(query: str, sort: Sort, nearby: Nearby | None) -> Scoring | None:
    request = SearchRequest(parse(query), sort=sort, nearby=nearby)
    return scoring(request, plan(request.query))


@pytest.mark.parametrize("query", ["", "红楼梦", "红楼梦 曹雪芹 人民文学 古典 小说 研究", "honglou meng", '"时间简史" -插图 author:霍金'])
@pytest.mark.parametrize("sort", ["relevance", "distance"])
@pytest.mark.parametrize("nearby", [None, HERE])
def test_no_score_is_higher_than_the_bound(query: str, sort: Sort, nearby: Nearby | None) -> None:
    found = made(query, sort, nearby)
    if found is None:
        assert query == ""
        assert nearby is None
        return
    highest = found.base + sum(max(one.weight for one in group) for group in found.groups)
    assert highest < HIGHEST
    assert all(isinstance(one.weight, int) for group in found.groups for one in group)


def test_by_distance_the_next_ring_is_worth_more_than_any_relevance() -> None:
    found = made("红楼梦", "distance", HERE)
    assert found is not None
    *_, rings = found.groups
    weights = [one.weight for one in rings]
    assert weights == sorted(weights, reverse=True)
    assert min(a - b for a, b in zip(weights, [*weights[1:], 0], strict=True)) > HIGHEST_SCORE


def test_by_relevance_nearness_is_worth_less_than_any_difference_in_relevance() -> None:
    plain, near = made("红楼梦", "relevance", None), made("红楼梦", "relevance", HERE)
    assert plain is not None
    assert near is not None
    *texts, rings = near.groups
    step = near.base // ANYWHERE
    assert max(one.weight for one in rings) < step
    assert [[one.weight for one in group] for group in texts] == [[one.weight * step for one in group] for group in plain.groups]


def test_rings_without_branches_are_not_asked_for() -> None:
    found = made("红楼梦", "distance", Nearby(((), ("B-1",), (), (), (), ())))
    assert found is not None
    assert [one.match for one in found.groups[-1]] == [AnyToken("available_branch", ("B-1",))]
    assert made("红楼梦", "distance", Nearby(((),) * len(RINGS))) == made("红楼梦", "relevance", None)


@pytest.mark.parametrize("sort", ["year", "-year", "title", "popularity"])
def test_other_orders_have_no_score(sort: Sort) -> None:
    assert made("红楼梦", sort, HERE) is None
