"""The rules on real records whose editions are known, and the partition of all of them in several orders."""

import random
from pathlib import Path

import pytest

from benchmarks.partitions import candidate_pairs, cluster
from benchmarks.truth import across, read_exports, read_truth
from union_catalog.matching.features import Features, features_of

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def members(shared_data: Path) -> dict[str, Features]:
    return {key: features_of(record) for key, record in read_exports({"JD", "JX"}).items()}


def test_known_editions_are_found_and_no_others(members: dict[str, Features]) -> None:
    found = read_truth().score("", across(cluster(members, candidate_pairs(members))))
    assert found.precision >= 0.990
    assert found.recall >= 0.970


def test_the_clusters_of_real_records_do_not_depend_on_order(members: dict[str, Features]) -> None:
    expected = set(cluster(members, sorted(candidate_pairs(members))))
    for seed in (1, 2):
        order = list(members.items())
        random.Random(seed).shuffle(order)
        shuffled = dict(order)
        pairs = [(b, a) for a, b in candidate_pairs(shuffled)]
        assert set(cluster(shuffled, pairs)) == expected
