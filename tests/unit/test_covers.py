"""The drawn cover: fixed drawings, and what holds for every title that a record can carry."""

import hashlib
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.covers.drawing import digest, draw
from api.covers.lettering import shown_author, shown_title
from api.covers.palette import MARKS, PAPER, ground, mark_of
from api.covers.patterns import pattern

# Title, author, class, format, year and the first 16 hex digits of the drawing's SHA-256. A change here changes what browsers
# keep for ever, so it needs a new version of the rule in drawing.py.
DRAWINGS = [
    ("红楼梦", "曹雪芹", "I242.4", "book", "2008", "49e4a79cf731aaae"),
    ("活着", "余华", "I247.57", "book", "", "319898c26d566a09"),
    ("紅樓夢：程甲本", "（清）曹雪芹", "I242.4", "book", "1987", "e0aa677f3702de13"),
    ("《庄子》今注今译（修订本）", "陈鼓应", "B223.55", "book", "2009", "39cdc52be1051194"),
    ("脂砚斋重评石头记", "（清）曹雪芹", "I242.4", "book", "2010", "51f3b93f798b4c46"),
    ("人民，文学——从前的故事、", "", "I25", "audio", "", "35ac9ea0a32450d8"),
    ("The Story of the Stone: a Chinese novel", "Cao Xueqin", "I242.4", "book", "1973", "3924098514ed7f77"),
    (
        "Harry Potter and the Very Long Title That Needs More Than Six Lines of Room to Be Set",
        "J. K. Rowling, illustrated", "I561.84", "ebook", "1997", "f8ad8237af037bd8",
    ),
    ("三体3", "刘慈欣", "I247.55", "video", "2010-2012", "aaa7a104dd9e43eb"),
    ("C程序设计语言 & <习题>", "Brian W. Kernighan", "TP312", "periodical", "2004", "5defd39908648c22"),
    ("本草纲目", "李时珍", "R281.3", "braille", "2004", "3dc83e128f498f15"),
    ("", "", "", "large", "", "a66fb94996488f17"),
    ("中国地图", "中国地图出版社编辑部集体", "K992", "map", "2019", "2b7e2926fb9c93a8"),
    ("月光", "德彪西", "j657.41", "score", "1990", "e09e45a7d41c9fc1"),
    ("时间简史", "[英] 霍金", "P159", "unheard-of", "2010", "3636817556a5a86d"),
    ("乡土中国", "费孝通", "C912.82", "book", "2005", "191658790d42b826"),
    ("红楼梦：大字本", "曹雪芹", "I242.4", "large", "2018", "c89770a4101a0cbc"),
]  # fmt: skip
any_text = st.text(max_size=60)


@pytest.mark.parametrize(("title", "author", "clc", "record_format", "year", "expected"), DRAWINGS)
def test_the_rule_draws_these_covers(title: str, author: str, clc: str, record_format: str, year: str, expected: str) -> None:
    drawn = draw(title, author, clc, record_format, year)
    assert hashlib.sha256(drawn.encode()).hexdigest()[:16] == expected


def test_every_pattern_is_drawn_otherwise() -> None:
    assert len({pattern(bytes([kind]) + bytes(31)) for kind in range(8)}) == 8
    assert pattern(bytes([8]) + bytes(31)) == pattern(bytes([0]) + bytes(31))


@given(any_text, any_text, st.text(max_size=8), st.sampled_from([*MARKS, "book"]), st.text(max_size=5))
def test_any_input_gives_a_well_formed_picture_that_a_strict_policy_lets_through(
    title: str, author: str, clc: str, record_format: str, year: str
) -> None:
    drawn = draw(title, author, clc, record_format, year)
    root = ElementTree.fromstring(drawn)
    assert root.get("viewBox") == "0 0 120 180"
    for element in root.iter():
        assert element.tag.rpartition("}")[2] in {"svg", "rect", "path", "circle", "text", "g"}
        assert not {"style", "id", "class", "href"} & set(element.keys())
    assert drawn == draw(title, author, clc, record_format, year)


@pytest.mark.parametrize("title", ["\x00\x0b题名", "\ud800半个", "\ufffe", "龘" * 400, "a" * 4000])
def test_bad_characters_and_endless_titles_are_drawn(title: str) -> None:
    assert len(ElementTree.fromstring(draw(title)).findall("{*}text")) <= 8


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("红楼梦：大字本", "红楼梦"),
        ("《活着》", "活着"),
        ("呐喊（插图本）", "呐喊"),
        ("Faust / Goethe", "Faust"),
        ("：", "："),
        ("3 = 三", "3"),
    ],
)
def test_only_the_proper_title_stands_on_the_slip(title: str, shown: str) -> None:
    assert shown_title(title) == shown


def test_the_author_fits_beside_the_year() -> None:
    assert shown_author("（清）曹雪芹", beside_year=True) == "曹雪芹"
    assert shown_author("中国艺术研究院红楼梦研究所", beside_year=False) == "中国艺术研究院红楼…"
    assert shown_author("中国艺术研究院红楼梦研究所", beside_year=True) == "中国艺术研究院…"
    assert len(shown_author("Johann Wolfgang von Goethe", beside_year=True)) <= 15


def test_the_longest_prefix_of_the_class_chooses_the_ground() -> None:
    grounds = [ground(number) for number in ("I242.4", "I246.5", "I247.5", "i565", "I", "TP312", "T", "", "M", "?")]
    assert len(set(grounds[:4])) == 4
    assert grounds[0] == grounds[4]
    assert grounds[5] == grounds[6]
    assert grounds[7] == grounds[8] == grounds[9]


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("number", ["", *"ABCDEFGHIJKNOPQRSTUVXZ", "I20", "I22", "I23", "I246", "I247", "I25", "I28", "I3", "I5", "I7"])
def test_paper_is_readable_on_every_ground(number: str) -> None:
    assert (_luminance(PAPER) + 0.05) / (_luminance(ground(number)) + 0.05) >= 5.6


def test_every_format_but_the_printed_book_has_its_own_mark() -> None:
    formats = ("audio", "e-book", "video", "periodical", "score", "map", "braille", "large-print")
    assert len({draw("题", format=mark_of(name)) for name in (*formats, "book")}) == len(formats) + 1


def test_the_digest_tells_inputs_apart() -> None:
    base = ("红楼梦", "曹雪芹", "I242.4", "book", "2008")
    others = [tuple("x" if at == place else value for place, value in enumerate(base)) for at in range(5)]
    shifted = ("红楼梦曹", "雪芹", "I242.4", "book", "2008")
    found = {digest(*values) for values in (base, shifted, *others)}
    assert len(found) == 7
    assert all(re.fullmatch("[0-9a-f]{12}", value) for value in found)
