"""What another edition of one work is to the one that is shown."""

from typing import get_args

import pytest

from api.labels import vocabularies
from tests.unit.matching.examples import features
from union_catalog.matching.features import Features
from union_catalog.matching.work_relations import WorkRelation, relation


@pytest.mark.parametrize(
    ("of", "other", "told"),
    [
        (features("红楼梦"), features("红楼梦", publisher="中华书局", date="1999"), "edition"),
        (features("红楼梦（上）"), features("红楼梦（下）"), "volume"),
        (features("红楼梦（上）"), features("红楼梦（上）", date="1999"), "edition"),
        (features("红楼梦（上）"), features("红楼梦（全三册）"), "set"),
        (features("红楼梦（全三册）"), features("红楼梦", volume="2"), "volume"),
        (features("飘", "米切尔著 ; 傅东华译"), features("飘", "米切尔著 ; 李美华译"), "translation"),
        (features("飘", "米切尔著 ; 傅东华译"), features("飘", "米切尔著 ; 傅东华译", date="1999"), "edition"),
        (features("飘", "米切尔"), features("Gone with the Wind", "Margaret Mitchell"), "translation"),
        (features("红楼梦（上）"), features("红楼梦（下）", carrier="audio"), "format"),
    ],
)
def test_the_first_difference_that_a_reader_asks_for_is_told(of: Features, other: Features, told: str) -> None:
    assert relation(of, other) == told


def test_every_relation_has_its_words() -> None:
    assert set(vocabularies()["relation"]) == set(get_args(WorkRelation))
