"""Volumes inside titles."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from union_catalog.bibliographic.normalise.numerals import to_int
from union_catalog.bibliographic.normalise.volumes import VolumeReading, canonical_volume, is_volume, read_volume


@pytest.mark.parametrize(
    ("title", "core", "number", "sure"),
    [
        ("史记·第三册", "史记", "第三册", True),
        ("三体Ⅱ", "三体", "Ⅱ", False),
        ("红楼梦（上）", "红楼梦", "上", True),
        ("藏地密码8", "藏地密码", "8", False),
        ("哲学史讲演录(第一卷)", "哲学史讲演录", "第一卷", True),
        ("乒乓 VOL.1", "乒乓", "VOL.1", True),
        ("沙流羅 (新版) (Vol. 1)", "沙流羅 (新版)", "Vol. 1", True),
        ("江山多少年 上", "江山多少年", "上", True),
        ("妖言水浒·卷二", "妖言水浒", "卷二", True),
        ("高等数学上册", "高等数学", "上册", True),
        ("第二性 I", "第二性", "I", False),
    ],
)
def test_a_volume(title: str, core: str, number: str, sure: bool) -> None:
    read = read_volume(title)
    assert (read.core, read.number, read.sure, read.is_set) == (core, number, sure, False)


@pytest.mark.parametrize(
    ("title", "core", "number", "name"),
    [("丰饶之海·第1卷：春雪", "丰饶之海", "第1卷", "春雪"), ("鲁迅全集（第一卷 杂文）", "鲁迅全集", "第一卷", "杂文")],
)
def test_a_volume_with_a_title(title: str, core: str, number: str, name: str) -> None:
    assert read_volume(title)[:3] == (core, number, name)


@pytest.mark.parametrize(
    "title",
    [
        "作文三书（全三册）",
        "红楼梦（上下）",
        "雍正皇帝（上、中、下）",
        "三国志（1-10）",
        "某书（套装共6册）",
        "九重紫（1、2、3）",
        "弗洛格的故事-全12册",
        "某书（八卷）",
    ],
)
def test_a_whole_set_has_no_volume(title: str) -> None:
    read = read_volume(title)
    assert (read.is_set, read.number) == (True, "")
    assert "（" not in read.core


@pytest.mark.parametrize(
    "title",
    [
        "中国2185",
        "Windows 7",
        "天龙八部",
        "2001太空漫游",
        "Catch-22",
        "写在人生边上",
        "竹林中",
        "大雨一直下",
        "现代汉语词典（修订本）",
        "一九八四（1984）",
    ],
)
def test_what_only_looks_like_a_volume(title: str) -> None:
    assert read_volume(title) == VolumeReading(title)


@pytest.mark.parametrize(
    ("forms", "canonical"),
    [
        (("上", "上册", "上卷", "上集"), "上"),
        (("第三册", "卷三", "Ⅲ", "3", "vol. 3", "第3卷", "叁", "No.3", "III", "第三部"), "3"),
        (("十二", "第十二册", "Ⅻ", "12"), "12"),
        (("",), ""),
    ],
)
def test_one_form_for_one_volume(forms: tuple[str, ...], canonical: str) -> None:
    assert {canonical_volume(form) for form in forms} == {canonical}


@pytest.mark.parametrize(
    ("text", "told"), [("下", True), ("第1季", True), ("Ⅱ", True), ("贰", True), ("1984", False), ("图文本", False), ("", False)]
)
def test_a_volume_and_nothing_else(text: str, told: bool) -> None:
    assert is_volume(text) is told


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("二十", 20),
        ("廿五", 25),
        ("一百零八", 108),
        ("二〇〇六", 2006),
        ("XIV", 14),
        ("IIII", None),
        ("abc", None),
        ("", None),
        ("１２", 12),
    ],
)
def test_numerals(text: str, number: int | None) -> None:
    assert to_int(text) == number


@given(st.text(alphabet=st.sampled_from("红楼梦上中下第一二三卷册()（）全 ·Ⅱ12Vol.：-"), max_size=24))
@example("：上册")
@example("-全三册")
def test_any_title_keeps_its_beginning(title: str) -> None:
    read = read_volume(title)
    assert title.strip().startswith(read.core)
    assert read.core or not title.strip()
