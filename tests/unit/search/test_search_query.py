"""Reading queries: what is understood, and what is told of the rest."""

import pytest

from union_catalog.search.fields import field_of
from union_catalog.search.lexing import MAX_DEPTH, MAX_PARTS
from union_catalog.search.nodes import Either, Every, Field, Node, Not, Phrase, Words, Years, describe
from union_catalog.search.query import MAX_LENGTH, MOST_WARNINGS, parse

HONGLOU, XIYOU, YANJIU = Words("红楼梦"), Words("西游记"), Words("研究")


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("", ()),
        ("  \t ", ()),
        ("红楼梦", (Words("红楼梦"),)),
        ("红楼梦　曹雪芹", (Words("红楼梦"), Words("曹雪芹"))),
        ('"时间简史" -插图', (Phrase("时间简史"), Not(Words("插图")))),
        ('“时间 简史”－"插图本"', (Phrase("时间 简史"), Not(Phrase("插图本")))),
        ("「时间简史」", (Phrase("时间简史"),)),
        ("7-02-000220-7", (Words("7-02-000220-7"),)),
        ("C++ -Java", (Words("C++"), Not(Words("Java")))),
        ("--插图", (Not(Words("插图")),)),
        ('a"b c"d', (Words("a"), Phrase("b c"), Words("d"))),
    ],
)
def test_words_phrases_and_exclusions(text: str, nodes: tuple[Node, ...]) -> None:
    assert parse(text).nodes == nodes


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("红楼梦 OR 西游记", (Either((HONGLOU, XIYOU)),)),
        ("红楼梦|西游记", (Either((HONGLOU, XIYOU)),)),
        ("红楼梦 ｜ 西游记", (Either((HONGLOU, XIYOU)),)),
        ("红楼梦 || 西游记", (Either((HONGLOU, XIYOU)),)),
        ("红楼梦 或 西游记", (Either((HONGLOU, XIYOU)),)),
        ("红楼梦 OR 西游记 OR 研究", (Either((HONGLOU, XIYOU, YANJIU)),)),
        ("红楼梦 OR 西游记 -研究", (Either((HONGLOU, XIYOU)), Not(YANJIU))),
        ("研究 红楼梦 OR 西游记", (YANJIU, Either((HONGLOU, XIYOU)))),
        ("（红楼梦 研究） OR 西游记", (Either((Every((HONGLOU, YANJIU)), XIYOU)),)),
        ("-(红楼梦 OR 西游记)", (Not(Either((HONGLOU, XIYOU))),)),
        ("-(红楼梦 研究)", (Not(Every((HONGLOU, YANJIU))),)),
        ("-(-红楼梦)", (HONGLOU,)),
        ("红楼梦 AND 西游记", (HONGLOU, XIYOU)),
        ("红楼梦 NOT 研究", (HONGLOU, Not(YANJIU))),
        ("红楼梦 OR -研究", (Either((HONGLOU, Not(YANJIU))),)),
        ("((红楼梦))", (HONGLOU,)),
        ("(红楼梦 西游记) 研究", (HONGLOU, XIYOU, YANJIU)),
        ("或许", (Words("或许"),)),
        ("war or peace", (Words("war"), Words("or"), Words("peace"))),
    ],
)
def test_alternatives_and_groups(text: str, nodes: tuple[Node, ...]) -> None:
    assert parse(text).nodes == nodes
    assert [warning.code for warning in parse(text).warnings if warning.code != "only_exclusions"] == []


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("author:霍金", (Field("author", Words("霍金")),)),
        ("作者：霍金", (Field("author", Words("霍金")),)),
        ("作者： 霍金", (Field("author", Words("霍金")),)),
        ("責任者:霍金", (Field("author", Words("霍金")),)),
        ("ＡＵＴＨＯＲ：霍金", (Field("author", Words("霍金")),)),
        ("题名:“时间 简史”", (Field("title", Phrase("时间 简史")),)),
        ("-title:研究", (Not(Field("title", YANJIU)),)),
        ("title:(红楼梦 OR 西游记)", (Either((Field("title", HONGLOU), Field("title", XIYOU))),)),
        ("title:(红楼梦 -author:曹)", (Field("title", HONGLOU), Not(Field("author", Words("曹"))))),
        ("title:OR", (Field("title", Words("OR")),)),
        ("year:2000..2010", (Years(2000, 2010),)),
        ("year:2000..", (Years(2000, None),)),
        ("year:..2010", (Years(None, 2010),)),
        ("year:2000", (Years(2000, 2000),)),
        ("year:2000-2010", (Years(2000, 2010),)),
        ("年份：２０００至２０１０年", (Years(2000, 2010),)),
        ("出版年:2000～2010", (Years(2000, 2010),)),
        ("-year:2000", (Not(Years(2000, 2000)),)),
        ("clc:I247.5 索书号:I247.5/47", (Field("clc", Words("I247.5")), Field("callnumber", Words("I247.5/47")))),
        ("馆:JD", (Field("library", Words("JD")),)),
    ],
)
def test_fields(text: str, nodes: tuple[Node, ...]) -> None:
    assert parse(text).nodes == nodes
    assert [warning.code for warning in parse(text).warnings if warning.code != "only_exclusions"] == []


@pytest.mark.parametrize(
    "text",
    [
        "C++",
        "C#",
        "1984:一部小说",
        "AC/DC",
        "Re:从零开始",
        "三体：黑暗森林",
        "三体（二）",
        "W/T",
        "7:30",
        "https://example.org/a",
        "o(╥﹏╥)o",
        "co-op",
    ],
)
def test_characters_that_stand_in_titles_are_text(text: str) -> None:
    (node,) = parse(text).nodes
    assert isinstance(node, Words)
    assert parse(text).warnings == ()


@pytest.mark.parametrize("text", ["时间简史 / 霍金", "时间简史 - 霍金", "时间简史 — 霍金", "时间简史 & 霍金"])
def test_what_stands_between_title_and_author_is_no_error(text: str) -> None:
    parsed = parse(text)
    assert parsed.nodes == (Words("时间简史"), Words("霍金"))
    assert parsed.warnings == ()


def test_a_number_in_brackets_is_that_of_a_volume() -> None:
    assert parse("三体 （二）").nodes == (Words("三体"), Words("(二)"))


def test_a_title_in_capitals_is_a_title() -> None:
    assert describe(parse("DO NOT DISTURB AND GO").nodes) == 'DO "NOT" DISTURB "AND" GO'
    assert parse("DO NOT DISTURB AND GO").warnings == ()


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        ("红楼梦", []),
        ('一个错误的查询"', [("unclosed_quote", '"')]),
        ('红楼梦 "曹雪芹 高鹗', [("unclosed_quote", '"曹雪芹 高鹗')]),
        ('"" OR AND (', [("passed_over", '""'), ("unpaired_bracket", "("), ("read_as_words", "OR"), ("read_as_words", "AND")]),
        ("红楼梦 或", [("read_as_words", "或")]),
        ("红楼梦 |", [("passed_over", "|")]),
        ("(红楼梦 OR) 曹", [("read_as_words", "OR")]),
        ("or and not", []),
        ('"AND"', []),
        ("红 - 楼", []),
        ("红楼 -", [("nothing_to_exclude", "-")]),
        ("红楼 -|", [("nothing_to_exclude", "-"), ("passed_over", "|")]),
        ("-！ 红楼", [("nothing_to_exclude", "-！")]),
        ("题名：！ 红楼", [("empty_field", "题名：！")]),
        ("-红楼梦", [("only_exclusions", "-红楼梦")]),
        ("（红楼梦", [("unpaired_bracket", "（红楼梦")]),
        ("红楼梦 )", [("unpaired_bracket", ")")]),
        ("title: -红", [("empty_field", "title:")]),
        ("红 作者：", [("empty_field", "作者：")]),
        ("title:()", [("empty_field", "title:")]),
        ("tilte:红楼梦", [("unknown_field", "tilte:")]),
        ("language:chi", [("unknown_field", "language:")]),
        ("year:20000", [("bad_year", "20000")]),
        ("year:二千年", [("bad_year", "二千年")]),
        ("year:2010..2000", [("years_reversed", "2010..2000")]),
        ("isbn:红楼", [("bad_number", "isbn:红楼")]),
        ("isbn:123", [("bad_number", "isbn:123")]),
        ("isbn:1000-013X", []),
        ("clc:文学", [("bad_number", "clc:文学")]),
        ("-", [("only_symbols", "-")]),
        ("! ?", [("only_symbols", "!?")]),
        ("红\x00楼", [("unreadable_characters", "")]),
        ("红楼\ud800", [("unreadable_characters", "")]),
        ("红" * MAX_LENGTH, []),
        ("红" * (MAX_LENGTH + 1), [("too_long", "")]),
        ("红 " * MAX_PARTS + "楼 梦", [("too_many_words", "楼 梦")]),
        ("红 " * MAX_PARTS, []),
    ],
)
def test_what_is_told(text: str, warnings: list[tuple[str, str]]) -> None:
    assert [(warning.code, warning.part) for warning in parse(text).warnings] == warnings


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ('红楼梦 "曹雪芹 高鹗', (Words("红楼梦"), Words("曹雪芹"), Words("高鹗"))),
        ("(红楼梦 OR 西游记", (Either((HONGLOU, XIYOU)),)),
        ("红楼梦 OR", (HONGLOU, Phrase("OR"))),
        ("红 作者：", (Words("红"), Phrase("作者"))),
        ("tilte:红楼梦", (Words("tilte:红楼梦"),)),
        ("year:二千年", (Words("二千年"),)),
        ("clc:-a", (Phrase("-a"),)),
        ("year:2010..2000", (Years(2000, 2010),)),
        ("-", (Words("-"),)),
    ],
)
def test_what_cannot_be_understood_is_plain_words(text: str, nodes: tuple[Node, ...]) -> None:
    assert parse(text).nodes == nodes


def test_the_same_is_told_once_and_not_everything_is_told() -> None:
    assert [warning.part for warning in parse("OR OR OR").warnings] == ["OR"]
    assert len(parse(" ".join(f"year:{'x' * i}" for i in range(1, 20))).warnings) == MOST_WARNINGS


def test_depth_is_bounded() -> None:
    at_most = "(" * MAX_DEPTH + "红 OR 楼" + ")" * MAX_DEPTH
    assert parse(at_most).warnings == ()
    assert [warning.code for warning in parse(f"({at_most})").warnings] == ["too_deep"]
    assert parse(f"({at_most})").nodes == parse(at_most).nodes


@pytest.mark.parametrize("text", ["(" * 10_000, "(红" * 10_000, "-" * 10_000, '"' * 9_999, "a|" * 10_000, "title:" * 10_000, ")(" * 10_000])
def test_adversarial_queries_are_small_when_they_are_read(text: str) -> None:
    parsed = parse(text)
    assert "too_long" in {warning.code for warning in parsed.warnings}
    assert len(parsed.warnings) <= MOST_WARNINGS


@pytest.mark.parametrize(
    ("names", "field"),
    [
        (("title", "题名", "題名", "书名", "書名", "标题"), "title"),
        (("author", "作者", "责任者", "著者", "译者"), "author"),
        (("subject", "主题", "主題", "关键词"), "subject"),
        (("publisher", "出版社", "出版者"), "publisher"),
        (("series", "丛书", "叢書", "丛编"), "series"),
        (("callnumber", "索书号", "索書號"), "callnumber"),
        (("clc", "分类", "分類號", "中图法"), "clc"),
        (("year", "年份", "年", "出版年"), "year"),
        (("library", "馆", "館", "图书馆"), "library"),
        (("isbn", "ISBN", "ISBN-13", "书号"), "isbn"),
    ],
)
def test_names_of_fields_in_both_languages_and_scripts(names: tuple[str, ...], field: str) -> None:
    assert {field_of(name) for name in names} == {field}


def test_what_is_understood_can_be_shown_again() -> None:
    parsed = parse("红\x00楼\ud800  梦")
    assert parsed.text == "红 楼 梦"
    assert parsed.text.encode("utf-8")
