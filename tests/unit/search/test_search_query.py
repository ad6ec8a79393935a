"""Reading queries: what is understood, and what is told of the rest."""

import pytest

from union_catalog.search.query import MAX_LENGTH, Node, Not, Phrase, Words, parse


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
    ("text", "warnings"),
    [
        ("红楼梦", []),
        ('一个错误的查询"', [("unclosed_quote", '"')]),
        ('红楼梦 "曹雪芹 高鹗', [("unclosed_quote", '"曹雪芹 高鹗')]),
        ('"" OR AND (', [("passed_over", '""'), ("read_as_words", "OR"), ("read_as_words", "AND"), ("passed_over", "(")]),
        ("or and not", []),
        ('"AND"', []),
        ("红 - 楼", [("nothing_to_exclude", "-")]),
        ("-红楼梦", [("only_exclusions", "-红楼梦")]),
        ("红\x00楼", [("unreadable_characters", "")]),
        ("红楼\ud800", [("unreadable_characters", "")]),
        ("红" * MAX_LENGTH, []),
        ("红" * (MAX_LENGTH + 1), [("too_long", "")]),
    ],
)
def test_what_is_told(text: str, warnings: list[tuple[str, str]]) -> None:
    assert [(warning.code, warning.part) for warning in parse(text).warnings] == warnings


def test_an_unclosed_quote_leaves_its_words_as_words() -> None:
    assert parse('红楼梦 "曹雪芹 高鹗').nodes == (Words("红楼梦"), Words("曹雪芹"), Words("高鹗"))


def test_what_is_understood_can_be_shown_again() -> None:
    parsed = parse("红\x00楼\ud800  梦")
    assert parsed.text == "红 楼 梦"
    assert parsed.text.encode("utf-8")
