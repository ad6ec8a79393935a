"""Names under which one creator is known, and the table that lists them."""

from collections import defaultdict

import pytest

from union_catalog.bibliographic.folding import fold_words
from union_catalog.matching.authorities import rows_of, standing_name
from union_catalog.matching.names import forms_of


@pytest.mark.parametrize(
    "names",
    [
        ("鲁迅", "周树人", "魯迅"),
        ("老舍", "舒庆春"),
        ("王阳明", "王守仁"),
        ("金庸", "查良镛", "查良鏞"),
        ("乔治·奥威尔", "奥威尔", "喬治·歐威爾", "George Orwell", "Orwell, George", "G. 奥威尔"),
        ("加西亚·马尔克斯", "加夫列尔·加西亚·马尔克斯", "賈西亞·馬奎斯", "Gabriel García Márquez"),
        ("陀思妥耶夫斯基", "杜斯妥也夫斯基", "費奧多爾·陀思妥耶夫斯基", "F. 陀思妥耶夫斯基"),
        ("尤瓦尔·赫拉利", "哈拉瑞", "Yuval Noah Harari"),
        ("列夫·托尔斯泰", "托尔斯泰", "列·托尔斯泰", "Leo Tolstoy"),
        ("B. A. 苏霍姆林斯基", "苏霍姆林斯基"),
        ("村上春树", "Haruki Murakami", "村上 春樹"),
    ],
)
def test_names_of_one_creator_have_one_standing_form(names: tuple[str, ...]) -> None:
    assert len({standing_name(forms_of(name)[0]) for name in names}) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("列夫·托尔斯泰", "阿列克谢·托尔斯泰"),
        ("阿瑟·米勒", "亨利·米勒"),
        ("夏洛蒂·勃朗特", "艾米莉·勃朗特"),
        ("海明威", "玛丽·海明威"),
        ("大仲马", "小仲马"),
        ("余华", "于华"),
        ("李白", "李碧华"),
    ],
)
def test_namesakes_stay_apart(a: str, b: str) -> None:
    assert standing_name(forms_of(a)[0]) != standing_name(forms_of(b)[0])


def test_a_name_that_is_not_listed_comes_back() -> None:
    assert standing_name("某 某某") == "某 某某"
    assert standing_name("") == ""


def test_every_listed_name_means_one_creator() -> None:
    meant = defaultdict(set)
    for first, *others in rows_of("pen_names.tsv"):
        for cell in (first, *others):
            for start in {0, *(place for place, character in enumerate(cell) if character == "*")}:
                meant[fold_words(cell[start:].replace("*", "")).replace(" ", "")].add(first)
    assert {name: owners for name, owners in meant.items() if len(owners) > 1} == {}


def test_every_standing_form_stands_for_itself() -> None:
    for cells in rows_of("pen_names.tsv"):
        standing = fold_words(cells[0].replace("*", ""))
        assert {standing_name(fold_words(cell.replace("*", ""))) for cell in cells} == {standing}
