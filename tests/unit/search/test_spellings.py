"""How titles and names may be typed, and the tokens that lead to them."""

import pytest

from union_catalog.search.matches import Prefix, Token
from union_catalog.search.spellings import Spelling, beginning, of_author, of_heading, of_title, tokens, typed, whole


def spelt(spellings: tuple[Spelling, ...]) -> set[tuple[str, str]]:
    return {(one.way, one.text) for one in spellings}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("紅樓夢", {("characters", "红楼梦"), ("letters", "hongloumeng"), ("initials", "hlm")}),
        ("《活》", {("characters", "活"), ("letters", "huo")}),
        ("三体Ⅱ", {("characters", "三体2"), ("letters", "santi2"), ("initials", "st2")}),
        ("C++ Primer", {("letters", "c++primer")}),
        ("The Old Man", {("letters", "theoldman"), ("letters", "oldman")}),
        ("1984", {("letters", "1984")}),
        ("女人", {("characters", "女人"), ("letters", "nuren"), ("initials", "nr")}),
        ("？！", set()),
        ("", set()),
    ],
)
def test_a_title_is_typed(title: str, expected: set[tuple[str, str]]) -> None:
    assert spelt(of_title(title)) == expected


def test_a_surname_is_typed_in_its_own_reading_and_in_the_plain_one() -> None:
    assert {text for way, text in spelt(of_author("单霁翔")) if way == "letters"} == {"shanjixiang", "danjixiang"}
    assert {text for way, text in spelt(of_author("曾国藩")) if way == "initials"} == {"zgf", "cgf"}


def test_a_foreign_name_is_typed_from_its_beginning_and_by_its_last_part() -> None:
    found = of_author("史蒂芬·霍金")
    assert {one.text for one in found if one.whole} == {"史蒂芬霍金", "shidifenhuojin", "sdfhj"}
    assert {one.text for one in found if not one.whole} == {"霍金", "huojin"}
    assert {one.text for one in of_author("Eric Matthes")} == {"ericmatthes", "matthes"}


def test_what_is_typed_is_meant_in_every_way_that_it_can_be() -> None:
    assert spelt(typed("hlm")) == {("letters", "hlm"), ("initials", "hlm")}
    assert spelt(typed("h")) == {("letters", "h")}
    assert spelt(typed("nv ren")) == {("letters", "nuren"), ("initials", "nvren")}
    assert spelt(typed("紅 l")) == {("characters", "红l")}
    assert spelt(typed("1984")) == {("letters", "1984")}
    assert typed(" ") == typed("¦") == typed("") == ()
    assert len(typed("红" * 10_000)[0].text) == 64


@pytest.mark.parametrize("name", ["红楼梦", "中华人民共和国史", "A History of Harvard", "活", "C++", "Python编程", "单霁翔", "史蒂芬·霍金"])
def test_every_beginning_that_is_looked_up_is_written(name: str) -> None:
    """A token is looked up as such, or by its beginning: either finds one of those that were written."""
    for spelling in (*of_title(name), *of_author(name), *of_heading(name)):
        written = tokens("title", [spelling])
        for length in range(2 if spelling.way == "initials" else 1, len(spelling.text) + 1):
            match beginning("title", Spelling(spelling.way, spelling.text[:length])):
                case Token(_, token):
                    assert token in written
                case Prefix(_, start):
                    assert any(token.startswith(start) for token in written)
        match whole("title", spelling):
            case Token(_, token):
                assert (token in written) is spelling.whole


def test_kinds_and_ways_do_not_mix() -> None:
    spelling = Spelling("letters", "shi")
    assert set(tokens("title", [spelling])).isdisjoint(tokens("author", [spelling]))
    assert set(tokens("title", [spelling])).isdisjoint(tokens("title", [Spelling("initials", "shi")]))
