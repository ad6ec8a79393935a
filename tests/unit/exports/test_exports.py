"""Exports: what is written in MARC reads back as what it was, and citations follow their styles."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
from lxml import etree

from api.exports import EXPORTS, export
from api.exports.roles import RELATORS
from loaders.formats.cnmarc import CNMARC
from loaders.formats.dialect import Dialect, describe
from loaders.formats.marc import parse_iso2709
from loaders.formats.marc21 import MARC21
from union_catalog.bibliographic.normalise.words import role_codes
from union_catalog.bibliographic.record import (
    Agent,
    BibliographicRecord,
    Classification,
    Identifier,
    Link,
    Publication,
    Series,
    Subject,
    Text,
    Title,
)
from union_catalog.services.views import LibraryCount, RecordDetail, RecordSummary

TRANSLATION = BibliographicRecord(
    titles=(
        Title(kind="proper", text="时间简史", remainder="从大爆炸到黑洞"),
        Title(kind="parallel", text="A brief history of time"),
    ),
    agents=(
        Agent(name="霍金", roles=("author",), primary=True, country="英"),
        Agent(name="许明贤", roles=("translator",)),
        Agent(name="吴忠超", roles=("translator",)),
    ),
    responsibility=(Text(text="（英）霍金著"), Text(text="许明贤，吴忠超译")),
    editions=(Text(text="第2版"),),
    publications=(Publication(places=("长沙",), publishers=("湖南科学技术出版社",), date="2010", year=2010),),
    extents=(Text(text="248页"),),
    dimensions=(Text(text="21cm"),),
    series=(Series(title="第一推动丛书", number="1"),),
    identifiers=(
        Identifier(scheme="isbn", value="9787535732309", qualifier="平装", price="CNY28.00"),
        Identifier(scheme="isbn", value="9787535732300", valid=False),
    ),
    languages=("chi",),
    original_languages=("eng",),
    subjects=(Subject(heading="宇宙学", subdivisions=("普及读物",)),),
    classifications=(Classification(scheme="clc", number="P159-49", edition="4"),),
    notes=(Text(text="据英文修订版译出"),),
    summaries=(Text(text="讲述宇宙的起源与归宿。"),),
    contents=(Text(text="我们的宇宙图象 空间和时间"),),
    links=(Link(url="https://example.org/a_b?x=1&y={2}", label="试读"),),
    audience="general",
)
WESTERN = BibliographicRecord(
    titles=(Title(kind="proper", text="Design & patterns: 100% of {it}", remainder="elements #1"),),
    agents=(
        Agent(name="Gamma, Erich", roles=("author",), primary=True),
        Agent(name="Helm, Richard", roles=("author",)),
        Agent(name="Johnson, Ralph", roles=("author",)),
        Agent(name="Vlissides, John", roles=("author",)),
    ),
    editions=(Text(text="1st ed."),),
    publications=(Publication(places=("Reading",), publishers=("Addison-Wesley",), date="1995", year=1995),),
    languages=("eng",),
)


def detail(record: BibliographicRecord, **known: object) -> RecordDetail:
    """The record as a use case answers it, held by two libraries."""
    proper = record.title_proper
    summary = RecordSummary(
        union_id="1m8000000000000a", work_id="w", title=proper.text if proper else "", remainder="", volume="", title_language="",
        responsibility="", author="", publisher="", year=record.year, edition="", extent="", format=record.format, language="chi",
        clc="", isbn=(), libraries=(LibraryCount("JD", "嘉定区图书馆", "", 1, 1), LibraryCount("JX", "嘉兴市图书馆", "", 1, 0)),
        branches=(), online=0, library_use=0, best_status="available", best_branch="",
    )  # fmt: skip
    instant = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    return RecordDetail(summary, record, (("titles", ("JD:1",)),), (), (), (), 7, instant)


def written(record: BibliographicRecord, form: str) -> str:
    """The export as text."""
    return export(detail(record), form).decode()


DIALECTS = pytest.mark.parametrize(("form", "dialect"), [("marc21", MARC21), ("cnmarc", CNMARC)])


@DIALECTS
@pytest.mark.parametrize("record", [TRANSLATION, WESTERN])
def test_marc_reads_back_as_what_it_was(form: str, dialect: Dialect, record: BibliographicRecord) -> None:
    read, items = describe(dialect, parse_iso2709(export(detail(record), form), "utf-8"))
    assert items == ()
    assert [(t.kind, t.text, t.remainder) for t in read.titles if t.kind == "proper"] == [
        (t.kind, t.text, t.remainder) for t in record.titles if t.kind == "proper"
    ]
    assert {t.text for t in read.titles} == {t.text for t in record.titles}
    assert {(a.name, a.roles) for a in read.agents} == {(a.name, a.roles) for a in record.agents}
    assert [(i.value, i.valid, i.qualifier, i.price) for i in read.identifiers] == [
        (i.value, i.valid, i.qualifier, i.price) for i in record.identifiers
    ]
    assert [(p.places, p.publishers, p.year) for p in read.publications] == [(p.places, p.publishers, p.year) for p in record.publications]
    assert [(s.title, s.number) for s in read.series] == [(s.title, s.number) for s in record.series]
    assert [(s.heading, s.subdivisions) for s in read.subjects] == [(s.heading, s.subdivisions) for s in record.subjects]
    assert [(c.scheme, c.number) for c in read.classifications] == [(c.scheme, c.number) for c in record.classifications]
    assert (read.languages, read.original_languages) == (record.languages, record.original_languages)
    assert read.format == record.format
    for name in ("editions", "extents", "dimensions", "notes", "summaries", "contents"):
        assert [text.text for text in getattr(read, name)] == [text.text for text in getattr(record, name)], name
    assert [(link.url, link.label) for link in read.links] == [(link.url, link.label) for link in record.links]


@DIALECTS
@pytest.mark.parametrize("format_", ["book", "e-book", "audio", "video", "music", "score", "map", "periodical", "braille", "large-print"])
def test_marc_keeps_the_format(form: str, dialect: Dialect, format_: str) -> None:
    record = msgspec.structs.replace(TRANSLATION, format=format_)
    read, _ = describe(dialect, parse_iso2709(export(detail(record), form), "utf-8"))
    assert read.format == format_


@DIALECTS
@pytest.mark.parametrize("audience", ["juvenile", "adolescent", "adult", "general"])
def test_marc_keeps_the_audience(form: str, dialect: Dialect, audience: str) -> None:
    record = msgspec.structs.replace(TRANSLATION, audience=audience)
    read, _ = describe(dialect, parse_iso2709(export(detail(record), form), "utf-8"))
    assert read.audience == audience


def test_fixed_fields_have_their_lengths() -> None:
    for record in (TRANSLATION, WESTERN, BibliographicRecord()):
        marc = parse_iso2709(export(detail(record), "marc21"), "utf-8")
        assert len(marc.control("008")) == 40
        assert (marc.leader[9], marc.leader[18], marc.leader[20:]) == ("a", "c", "4500")
        cnmarc = parse_iso2709(export(detail(record), "cnmarc"), "utf-8")
        assert (cnmarc.leader[9], cnmarc.leader[20:]) == (" ", "450 ")
        (general,) = re.findall(r"\x1e  \x1fa(\d{8}[a-z].{27})\x1e", export(detail(record), "cnmarc").decode())
        assert len(general) == 36


@pytest.mark.parametrize("form", ["marc21", "cnmarc"])
def test_what_iso_2709_cannot_hold_is_left_out_and_the_rest_stays_whole(form: str) -> None:
    notes = tuple(Text(text=f"{number}:" + "长" * 4_000) for number in range(20))
    data = export(detail(msgspec.structs.replace(TRANSLATION, notes=notes)), form)
    assert int(data[:5]) == len(data) <= 99_999
    read, _ = describe({"marc21": MARC21, "cnmarc": CNMARC}[form], parse_iso2709(data, "utf-8"))
    assert read.notes
    assert all(note.text.endswith("…") for note in read.notes)


@pytest.mark.parametrize("form", EXPORTS)
def test_delimiters_and_control_characters_in_a_value_break_nothing(form: str) -> None:
    odd = msgspec.structs.replace(
        TRANSLATION,
        titles=(Title(kind="proper", text="甲\x1d乙\x1e丙\x1f丁\x00\r\nTY  - 戊 <&>\ufffe"),),
        agents=(Agent(name="A and B\n@x", roles=("author",)),),
    )
    data = export(detail(odd), form)
    if form.endswith("xml"):
        etree.fromstring(data)
    elif "marc" in form:
        assert parse_iso2709(data, "utf-8").control("001") == "1m8000000000000a"
        assert data.count(b"\x1d") == 1
    elif form == "ris":
        assert data.decode().count("\r\nTY  - ") == 0
    elif form == "gb7714":
        assert data.count(b"\n") == 1


@pytest.mark.parametrize("form", EXPORTS)
def test_an_empty_record_can_be_exported(form: str) -> None:
    assert export(detail(BibliographicRecord()), form)


def test_roles_written_are_read_as_the_same_roles() -> None:
    for role, (relator, word) in RELATORS.items():
        assert role in role_codes(word), word
        assert not relator or role_codes(relator) == (role,), relator


@pytest.mark.parametrize(
    ("changes", "reference"),
    [
        (
            {},
            "霍金. 时间简史: 从大爆炸到黑洞[M/OL]. 许明贤, 吴忠超, 译. 2版. 长沙: 湖南科学技术出版社, 2010. https://example.org/a_b?x=1&y={2}.\n",
        ),
        (
            {"links": (), "editions": (Text(text="第1版"),)},
            "霍金. 时间简史: 从大爆炸到黑洞[M]. 许明贤, 吴忠超, 译. 长沙: 湖南科学技术出版社, 2010.\n",
        ),
        ({"links": (), "publications": (), "agents": (), "editions": ()}, "时间简史: 从大爆炸到黑洞[M]. [出版地不详]: [出版者不详].\n"),
        ({"links": (), "format": "map", "agents": (), "editions": ()}, "时间简史: 从大爆炸到黑洞[CM]. 长沙: 湖南科学技术出版社, 2010.\n"),
    ],
)
def test_gb_7714(changes: dict[str, object], reference: str) -> None:
    assert written(msgspec.structs.replace(TRANSLATION, **changes), "gb7714") == reference


def test_gb_7714_names_three_western_authors_by_surname_and_initials() -> None:
    assert written(WESTERN, "gb7714").startswith("GAMMA E, HELM R, JOHNSON R, et al. Design & patterns")


FILM = BibliographicRecord(
    titles=(Title(kind="proper", text="红楼梦"),),
    agents=(Agent(name="欧阳奋强", roles=("performer",)), Agent(name="王扶林", roles=("director",))),
    publications=(Publication(places=("北京",), publishers=("中国国际电视总公司",), date="2008", year=2008),),
    format="video",
)


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("gb7714", "王扶林. 红楼梦[Z]. 北京: 中国国际电视总公司, 2008.\n"),
        ("bibtex", "author = {{王扶林}},\n"),
        ("ris", "AU  - 王扶林\r\n"),
    ],
)
def test_a_film_is_cited_by_its_director(form: str, line: str) -> None:
    assert line in written(FILM, form)


def test_a_director_of_a_work_with_an_author_and_a_lone_translator_stay_behind_the_title() -> None:
    written_by = msgspec.structs.replace(FILM, agents=(*FILM.agents, Agent(name="曹雪芹", roles=("author",))))
    assert "AU  - 曹雪芹\r\nA3  - 欧阳奋强\r\nA3  - 王扶林" in written(written_by, "ris")
    translated = msgspec.structs.replace(TRANSLATION, agents=(Agent(name="许明贤", roles=("translator",)),))
    assert written(translated, "gb7714").startswith("时间简史: 从大爆炸到黑洞[M/OL]. 许明贤, 译.")


def test_ris() -> None:
    lines = written(TRANSLATION, "ris").split("\r\n")
    assert lines[0] == "TY  - BOOK"
    assert lines[-2:] == ["ER  - ", ""]
    assert {
        "TI  - 时间简史: 从大爆炸到黑洞",
        "AU  - 霍金",
        "A4  - 许明贤",
        "PB  - 湖南科学技术出版社",
        "PY  - 2010",
        "SN  - 978-7-5357-3230-9",
    } <= set(lines)


def test_bibtex_escapes_what_tex_would_read() -> None:
    entry = written(WESTERN, "bibtex")
    assert r"title = {Design \& patterns: 100\% of \{it\}: elements \#1}" in entry
    assert "author = {Gamma, Erich and Helm, Richard and Johnson, Ralph and Vlissides, John}" in entry
    plain = re.sub(r"\\[{}]", "", entry)
    assert plain.count("{") == plain.count("}")
    assert "url = {https://example.org/a_b?x=1&y=%7B2%7D}" in written(TRANSLATION, "bibtex")


def test_json_tells_fields_and_provenance() -> None:
    told = msgspec.json.decode(export(detail(TRANSLATION), "json"))
    assert set(told) == {"union_id", "work_id", "record", "provenance"}
    assert msgspec.convert(told["record"], BibliographicRecord) == TRANSLATION
    assert told["provenance"] == {"titles": ["JD:1"]}


def test_libraries_that_hold_it_are_named_in_marc() -> None:
    one = replace(detail(TRANSLATION))
    assert b"\x1faJD\x1faJX\x1e" in export(one, "marc21")
