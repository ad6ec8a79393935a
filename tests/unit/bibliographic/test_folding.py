"""Folding: script, variants, width, case, accents and punctuation, and what must stay."""

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
