"""What a cataloguer types, and what becomes of the record: each field's rule, its reverse, and what is refused."""

from itertools import permutations
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.matching.examples import described
from union_catalog.bibliographic.correctable import CORRECTABLE, TextField
from union_catalog.bibliographic.corrections import FIELDS, WHOLE_FIELDS, Correction, as_sent, corrected, correction, fields_written
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Classification, Identifier, Publication, Subject, Text, Title
from union_catalog.errors import InvalidInput

SENT = msgspec.structs.replace(
    described("红搂梦", "曹雪琴著", "人民文学出版杜", "1987-6", isbn="9787108009821", price="32.00元", pages="320页", clc="I242.4"),
    titles=(
        Title(kind="proper", text="红搂梦", remainder="校注本", volume_number="上", pinyin="hong lou meng", lang="zh-Hant"),
        Title(kind="parallel", text="A dream of red mansions"),
        Title(kind="spine", text="红搂梦"),
    ),
)


def after(field: str, value: object, record: BibliographicRecord = SENT) -> BibliographicRecord:
    return corrected(record, [correction(field, value, record)])


def proper(record: BibliographicRecord) -> Title:
    assert record.title_proper is not None
    return record.title_proper


def refused(field: str, value: object) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        correction(field, value, SENT)
    return caught.value


def test_a_title_leaves_its_subtitle_and_volume_and_takes_the_wrong_form_along() -> None:
    found = after("title", " 红楼梦 ")
    assert (proper(found).text, proper(found).remainder, proper(found).volume_number) == ("红楼梦", "校注本", "上")
    assert (proper(found).pinyin, proper(found).lang, proper(found).source) == ("", "zh", "correction")
    assert [(title.kind, title.text) for title in found.titles] == [("proper", "红楼梦"), ("parallel", "A dream of red mansions")]


@pytest.mark.parametrize(
    ("text", "title", "remainder", "volume"),
    [
        ("红楼梦 : 脂评本", "红楼梦", "脂评本", "上"),
        ("红楼梦：脂评本", "红楼梦", "脂评本", "上"),
        ("红楼梦（下）", "红楼梦", "校注本", "下"),
        ("史记·第三册", "史记", "校注本", "第三册"),
        ("2001: a space odyssey", "2001: a space odyssey", "校注本", "上"),
    ],
)
def test_what_a_title_tells_of_subtitle_and_volume_is_taken_out(text: str, title: str, remainder: str, volume: str) -> None:
    found = proper(after("title", text))
    assert (found.text, found.remainder, found.volume_number) == (title, remainder, volume)


def test_parts_of_a_title_are_written_alone_and_taken_away() -> None:
    found = corrected(SENT, [Correction("subtitle", ""), Correction("volume", "下"), Correction("volume_title", "还泪")])
    assert (proper(found).text, proper(found).remainder, proper(found).volume_number, proper(found).volume_title) == (
        "红搂梦",
        "",
        "下",
        "还泪",
    )
    assert corrected(BibliographicRecord(), [Correction("volume", "下")]) == BibliographicRecord()


def test_a_parallel_title_stands_beside() -> None:
    found = after("parallel_title", "The story of the stone = Le rêve dans le pavillon rouge")
    assert [t.text for t in found.titles if t.kind == "parallel"] == ["The story of the stone", "Le rêve dans le pavillon rouge"]


def test_a_statement_makes_the_names_anew() -> None:
    sent = msgspec.structs.replace(
        SENT,
        agents=(
            Agent(name="曹雪琴", roles=("author",), primary=True),
            Agent(name="高鹗", roles=("editor",), dates="1763-1815"),
            Agent(name="中国艺术研究院", kind="body"),
        ),
    )
    found = after("responsibility", "(清)曹雪芹, 高鹗著", sent)
    assert [(a.name, a.roles, a.primary, a.dates) for a in found.agents] == [
        ("曹雪芹", ("author",), True, ""),
        ("高鹗", ("author",), False, "1763-1815"),
        ("中国艺术研究院", (), False, ""),
    ]
    assert [text.text for text in found.responsibility] == ["(清)曹雪芹, 高鹗著"]
    only = after("names", "曹雪芹著", sent)
    assert ([a.name for a in only.agents], only.responsibility) == (["曹雪芹"], sent.responsibility)


def test_an_imprint_is_corrected_part_by_part() -> None:
    mistyped = Publication(publishers=("人民文学出版杜",), date="1987-6", year=1987, month=6)
    sent = msgspec.structs.replace(SENT, publications=(Publication(kind="printing", year=1999), mistyped))
    found = after("publisher", "人民文学出版社 ; 三联书店", sent)
    assert found.publications[0] == sent.publications[0]
    assert (found.publications[1].publishers, found.publications[1].year) == (("人民文学出版社", "三联书店"), 1987)
    dated = after("date", "民国二十三年", sent).publications[1]
    assert (dated.date, dated.year, dated.month, dated.publishers) == ("民国二十三年", 1934, 0, ("人民文学出版杜",))
    assert after("date", "", sent).year == 1999
    assert after("place", "北京", BibliographicRecord()).publications == (Publication(places=("北京",), source="correction"),)


def test_an_isbn_is_corrected_and_the_price_stays() -> None:
    found = after("isbn", "7-02-000220-X")
    assert [(i.value, i.price, i.scheme) for i in found.identifiers] == [("9787020002207", "32.00元", "isbn")]
    gone = after("isbn", "")
    assert [(i.value, i.price, i.scheme) for i in gone.identifiers] == [("", "32.00元", "other")]
    several = after("isbn", "978-7-02-000220-7 (全套) ; 9787108009821 (上)")
    assert [(i.value, i.of_set) for i in several.identifiers] == [("9787020002207", True), ("9787108009821", False)]
    other = msgspec.structs.replace(SENT, identifiers=(*SENT.identifiers, Identifier(scheme="cubn", value="10019·3145")))
    assert [i.scheme for i in after("isbn", "9787020002207", other).identifiers] == ["isbn", "cubn"]


def test_a_price_stands_with_the_isbn() -> None:
    assert [(i.value, i.price) for i in after("price", "59.70元").identifiers] == [("9787108009821", "59.70元")]
    assert [i.price for i in after("price", "").identifiers] == [""]
    assert [(i.scheme, i.price) for i in after("price", "5元", BibliographicRecord()).identifiers] == [("other", "5元")]


def test_coded_fields_and_headings() -> None:
    assert after("language", "中文、英语").languages == ("chi", "eng")
    assert after("original_language", "jpn").original_languages == ("jpn",)
    sent = msgspec.structs.replace(SENT, classifications=(*SENT.classifications, Classification(scheme="las", number="44.56")))
    assert [(c.scheme, c.number) for c in after("class", "I242.47", sent).classifications] == [("clc", "I242.47"), ("las", "44.56")]
    assert [(s.heading, s.subdivisions) for s in after("subject", "长篇小说--中国--清代 ; 章回小说").subjects] == [
        ("长篇小说", ("中国", "清代")),
        ("章回小说", ()),
    ]
    assert [(s.title, s.number) for s in after("series", "中国古典文学读本丛书 ; 3 | 世界名著").series] == [
        ("中国古典文学读本丛书", "3"),
        ("世界名著", ""),
    ]
    coded = after("format", "audio").format, after("audience", "juvenile").audience, after("level", "full").level
    assert coded == ("audio", "juvenile", "full")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("titel", "红楼梦", "correction_unknown_field"),
        ("title", "", "correction_empty"),
        ("title", "《》", "correction_empty"),
        ("date", "去年", "correction_not_date"),
        ("isbn", "9787020002208", "correction_not_isbn"),
        ("language", "klingonisch", "correction_not_language"),
        ("class", "44.56", "correction_not_class"),
        ("format", "scroll", "correction_not_coded"),
        ("title", ["红楼梦"], "correction_not_text"),
        ("subjects", "长篇小说", "correction_not_json"),
        ("subjects", [{"title": "长篇小说"}], "correction_value"),
        ("subjects", [{"heading": 7}], "correction_value"),
        ("identifiers", [{"scheme": "isbn", "value": "9787020002208"}], "correction_not_isbn"),
        ("titles", [{"kind": "variant", "text": "石头记"}], "correction_empty"),
        ("summary", "长" * 10_000, "correction_too_long"),
        ("subjects", "[" * 100_000, "correction_not_json"),
        ("subjects", [[[[[[[]]]]]]], "correction_value"),
        ("subjects", None, "correction_value"),
        ("title", None, "correction_not_text"),
    ],
)
def test_what_cannot_be_meant_is_refused(field: str, value: object, code: str) -> None:
    found = refused(field, value)
    assert (found.code, found.data["name"]) == (code, field)


def test_where_a_value_is_wrong_is_told() -> None:
    assert "$[1].heading" in str(refused("subjects", [{"heading": "小说"}, {"heading": 7}]).data["detail"])


def test_a_whole_field_is_given_as_json() -> None:
    for value in ([{"heading": " 长篇\u3000小说 "}], '[{"heading": "长篇 小说"}]'):
        assert after("subjects", value).subjects == (Subject(heading="长篇 小说", source="correction"),)
    assert after("languages", ["jpn"]).languages == ("jpn",)
    assert after("notes", []).notes == ()


def test_corrections_do_not_depend_on_their_order() -> None:
    made = [
        Correction("titles", [{"kind": "proper", "text": "石头记"}]),
        correction("title", "红楼梦（下）", SENT),
        correction("volume", "中", SENT),
        correction("responsibility", "曹雪芹著", SENT),
        correction("names", "曹雪芹著 ; 高鹗续", SENT),
    ]
    results = [corrected(SENT, order) for order in permutations(made)]
    assert all(result == results[0] for result in results)
    assert (proper(results[0]).text, proper(results[0]).volume_number) == ("红楼梦", "中")
    assert fields_written(made) == {"titles", "responsibility", "agents"}


def test_every_part_can_be_read_and_every_field_corrected() -> None:
    assert set(CORRECTABLE) == set(get_args(TextField))
    assert set(FIELDS) == set(CORRECTABLE) | set(WHOLE_FIELDS)
    assert as_sent(SENT, "isbn") == "9787108009821"
    assert (as_sent(SENT, "date"), as_sent(SENT, "publisher"), as_sent(SENT, "subtitle")) == ("1987-6", "人民文学出版杜", "校注本")
    assert as_sent(SENT, "classifications") == '[{"scheme":"clc","number":"I242.4"}]'
    for field in FIELDS:
        assert isinstance(as_sent(BibliographicRecord(), field), str)


# What a field says, typed as it is read, says the same again; titles excepted, whose other title information a colon begins.
@pytest.mark.parametrize("field", [field for field in CORRECTABLE if field not in ("names", "title")])
def test_what_is_read_can_be_typed(field: TextField) -> None:
    text = as_sent(SENT, field)
    assert as_sent(after(field, text), field) == text


texts = st.text(max_size=30)


@given(st.sampled_from(FIELDS), texts | st.lists(st.dictionaries(texts, texts, max_size=2), max_size=2))
def test_any_value_is_taken_or_refused(field: str, value: Any) -> None:
    try:
        made = correction(field, value, SENT)
    except InvalidInput:
        return
    stored = msgspec.json.decode(msgspec.json.encode(made.value))
    for record in (SENT, BibliographicRecord()):
        assert isinstance(corrected(record, [Correction(field, stored)]), BibliographicRecord)
    found = corrected(SENT, [made])
    untouched = set(BibliographicRecord.__struct_fields__) - set(made.writes)
    assert {name for name in untouched if getattr(found, name) != getattr(SENT, name) and not name.endswith("_source")} == set()


def test_half_a_character_can_be_stored() -> None:
    assert proper(after("title", "红\ud800楼")).text == "红?楼"
    assert after("notes", [{"text": "\udc00"}]).notes == (Text(text="?", source="correction"),)
