"""Folding: script, variants, width, case, accents and punctuation, and what must stay."""

from importlib.resources import files

import pytest

from union_catalog.bibliographic.folding import fold, fold_script, fold_words


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("紅樓夢", "红楼梦"),
        ("敎育", "教育"),
        ("歷史", "厯史"),
        ("曆", "历"),
        ("錢鍾書", "钱钟书"),
        ("钱锺书", "钱钟书"),
        ("国境の南、太陽の西", "國境の南太阳の西"),
        ("經済", "经济"),
        ("峯", "峰"),
        ("楊聯陞", "杨联升"),
        ("羣衆", "群众"),
        ("硏究", "研究"),
        ("揅經室集", "研经室集"),
        ("身躰", "身体"),
        ("本郷", "本乡"),
        ("僊人", "仙人"),
        ("擧重", "举重"),
        ("鳯凰", "凤凰"),
        ("徬徨", "彷徨"),
        ("⻢⻋", "马车"),
        ("乹隆", "乾隆"),
        ("亁燥", "干燥"),
        ("Ｃ＋＋　语言", "C++语言"),
        ("Gödel, Escher, Bach", "godel escher bach"),
        ("&#34;笨办法&#34;学Python", "“笨办法”學python"),
        ("三体Ⅱ", "三体II"),
        ("帕·林·特拉弗斯", "帕•林・特拉弗斯"),
    ],
)
def test_writing_habits_are_taken_away(a: str, b: str) -> None:
    assert fold(a) == fold(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("乾隆", "干隆"),
        ("权利", "权力"),
        ("余华", "于华"),
        ("芸芸众生", "艺艺众生"),
        ("C", "C++"),
        ("C#", "C++"),
        ("か", "が"),
        ("沈", "沉"),
        ("甪直", "角直"),
        ("黎元堃", "黎元坤"),
        ("深圳", "深研"),
    ],
)
def test_what_is_not_the_same_stays_apart(a: str, b: str) -> None:
    assert fold(a) != fold(b)


def test_words_decide_where_characters_cannot() -> None:
    assert fold_script("乾隆皇帝") == "乾隆皇帝"
    assert fold_script("餅乾") == "饼干"
    assert fold_script("瞭解") == "了解"


def test_blanks_stay_between_the_parts_of_words() -> None:
    assert fold_words("帕·林·特拉弗斯") == "帕 林 特拉弗斯"
    assert fold_words("  O'Reilly   Media, Inc. ") == "o reilly media inc"


def test_script_folding_leaves_the_rest_alone() -> None:
    assert fold_script("《紅樓夢》, Vol. 2 — Ａ") == "《红楼梦》, Vol. 2 — Ａ"


# In the 1955 list (欣忻, 碱硷), a name's other writing (钟锺), a slip for another character (廿廾), and a radical.
CHANGED_ON_PURPOSE = set("忻硷锺廾艹")


def groups(name: str) -> list[str]:
    lines = files("union_catalog.bibliographic").joinpath("data", name).read_text("utf-8").splitlines()
    return [group for line in lines if not line.startswith("#") for group in line.split()]


def in_gb2312(character: str) -> bool:
    return character == character.encode("gb2312", "ignore").decode("gb2312")


@pytest.mark.parametrize(("name", "on_purpose"), [("variants.txt", CHANGED_ON_PURPOSE), ("unihan_variants.txt", set[str]())])
def test_a_variant_has_one_home_and_common_characters_are_none(name: str, on_purpose: set[str]) -> None:
    homes: dict[str, set[str]] = {}
    for group in groups(name):
        for variant in group[1:]:
            homes.setdefault(variant, set()).add(group[0])
    assert {variant: home for variant, home in homes.items() if len(home) > 1} == {}
    assert {variant for variant in homes if in_gb2312(variant)} == on_purpose


@pytest.mark.parametrize("name", ["variants.txt", "unihan_variants.txt"])
def test_what_the_files_list_is_folded_once_and_for_all(name: str) -> None:
    folded = {character: fold_script(character) for group in groups(name) for character in group}
    assert {character: to for character, to in folded.items() if fold_script(to) != to} == {}


def test_the_forms_of_the_list_by_hand_are_one() -> None:
    assert [group for group in groups("variants.txt") if len({fold_script(character) for character in group}) > 1] == []
