"""Works of the first depth: one text by one creator, whatever its edition."""

import pytest

from tests.unit.matching.examples import features
from union_catalog.matching.features import Features
from union_catalog.matching.works import work_key


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (features("红楼梦", date="1996-12"), features("紅樓夢（插图本）", publisher="中华书局", date="2012")),
        (features("月亮与六便士", "[英] 毛姆"), features("月亮与六便士", "威廉·萨默塞特·毛姆", "译林出版社")),
        (features("三体", "刘慈欣"), features("三体（典藏版）", "刘慈欣", "重庆出版社")),
        (features("人工智能的未来图景", ""), features("人工智能的未来图景", "", "B社", "1999")),
    ],
)
def test_editions_of_one_work_share_a_key(a: Features, b: Features) -> None:
    assert work_key(a) == work_key(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (features("全集", "鲁迅"), features("全集", "茅盾")),
        (features("中国通史", "吕思勉"), features("中国通史", "范文澜")),
        (features("中国通史", "", "A社", "1999"), features("中国通史", "", "B社", "2005")),
        (features("高等数学", "同济大学"), features("高等数学", "华东师范大学")),
    ],
)
def test_other_works_do_not(a: Features, b: Features) -> None:
    assert work_key(a) != work_key(b)
