"""Samples of clusters for people to read."""

from collections import Counter

import pytest

from benchmarks.sampling import FEWEST, TOGETHER, Cluster, Link, merged_clusters, name_of, sample, told
from tests.unit.matching.examples import described, features


def clusters(**sizes: int) -> list[Cluster]:
    """So many clusters of two records under each rule."""
    made = []
    for rule, size in sizes.items():
        for number in range(size):
            members = (f"JD:{rule}{number}", f"KS:{rule}{number}")
            made.append(Cluster(name_of(members), members, (Link(500, rule, *members),)))
    return made


def rules_of(drawn: list[Cluster]) -> Counter[str]:
    return Counter(one.rule for one in drawn)


def test_a_sample_is_in_proportion_with_a_few_of_each_rare_rule() -> None:
    drawn = rules_of(sample(clusters(common=1500, usual=500, rare=3), 100, 1))
    assert drawn["rare"] == 3
    assert drawn.total() == 100
    assert drawn["common"] > 2 * drawn["usual"] > 2 * FEWEST


def test_rare_rules_alone_may_exceed_the_count() -> None:
    assert rules_of(sample(clusters(a=50, b=50), 4, 1)) == {"a": FEWEST, "b": FEWEST}


def test_where_there_are_too_few_all_are_drawn() -> None:
    every = clusters(a=7, b=20)
    assert sorted(sample(every, 200, 1)) == sorted(every)


def test_a_seed_draws_the_same_and_another_seed_others() -> None:
    every = clusters(common=300)
    assert sample(every, 50, 1) == sample(reversed(every), 50, 1)
    assert sample(every, 50, 1) != sample(every, 50, 2)
    assert len(set(sample(every, 50, 1))) == 50


def test_a_name_tells_the_members() -> None:
    assert name_of(["KS:1", "JD:2"]) == name_of(["JD:2", "KS:1"])
    assert name_of(["KS:1", "JD:2"]).startswith("JD:2#")
    assert name_of(["KS:1", "JD:2", "WZ:3"]) != name_of(["KS:1", "JD:2"])


def test_a_cluster_is_told_by_the_weakest_of_the_links_that_are_needed() -> None:
    """JX and KS agree to the month, WZ tells no month to either: the link between the first two and one to the third are needed."""
    members = {"JX:1": features(), "KS:1": features(), "WZ:1": features(date="2008"), "WZ:2": features("时间简史")}
    (one,) = merged_clusters([{"KS:1", "JX:1", "WZ:1"}, {"WZ:2"}], members, "KS")
    assert one.members == ("JX:1", "KS:1", "WZ:1")
    assert [link.rule for link in one.links] == ["title_creator_publisher_month", "title_creator_publisher_year"]
    assert one.rule == "title_creator_publisher_year"


def test_only_clusters_with_a_record_of_the_library_count() -> None:
    members = {"JX:1": features(), "JD:1": features()}
    assert merged_clusters([members], members, "KS") == []
    assert len(merged_clusters([members], members)) == 1


def test_a_cluster_without_links_is_a_stratum_of_its_own() -> None:
    members = {"JX:1": features(), "KS:1": features("时间简史", "霍金")}
    (one,) = merged_clusters([members], members, "KS")
    assert one.rule == TOGETHER


@pytest.mark.parametrize(
    "expected", ["红楼梦", "曹雪芹", "人民文学出版社 2008-7", "isbn 9787020002207", "320页", "I242.4", "JD:1", "rule 500"]
)
def test_a_reader_sees_what_the_record_says(expected: str) -> None:
    record = described(isbn="9787020002207", pages="320页", clc="I242.4")
    one = Cluster("JD:1#abc", ("JD:1",), (Link(500, "rule", "JD:1", "KS:1"),))
    assert expected in "\n".join(told([one], {"JD:1": record}))
