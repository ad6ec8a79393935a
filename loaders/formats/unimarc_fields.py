"""Extractors of UNIMARC and CNMARC alone: title area, access points, imprint, linked records, coded data."""

import re
from collections.abc import Iterator
from typing import Literal

from loaders.formats.fields import imprint
from loaders.formats.marc import Field
from loaders.formats.punctuation import strip_isbd
from loaders.formats.rules import Extractor
from loaders.formats.titles import TitleParts, without_pinyin
from union_catalog.bibliographic.normalise.person import read_name
from union_catalog.bibliographic.normalise.words import role_codes
from union_catalog.bibliographic.record import Agent, Publication, Relation, Series, Subject, Text, Title
from union_catalog.text import has_cjk, squeeze

_EMBEDDED = re.compile(r"^[0-9]{3}")
_PINYIN = "9A"


def title_area(field: Field) -> Iterator[Title]:
    """200: the titles in the order of the subfields; $h and $i after $d are the parallel title's."""
    parts: list[TitleParts] = []
    for code, value in field.subfields:
        text = strip_isbd(squeeze(value))
        if not text:
            continue
        if code in "acd":
            kind = "parallel" if code == "d" else "proper" if not parts else "analytic"
            parts.append(TitleParts(kind, text, field.source(code)))
        elif parts:
            _add(parts, code, text)
    for part in parts:
        yield part.title()


def _add(parts: list[TitleParts], code: str, text: str) -> None:
    current = parts[-1]
    if code == "e":
        current.remainder.append(text)
    elif code == "h":
        current.numbers.append(text)
    elif code == "i":
        current.names.append(text)
    elif code in _PINYIN and current.kind != "parallel":
        current.text, current.pinyin, volume = without_pinyin(current.text, text)
        current.numbers += [volume] if volume else []
    elif code == "z":
        for part in parts:
            if part.kind == "parallel":
                part.lang = text


def statements(field: Field) -> Iterator[Text]:
    """200$f$g as written."""
    for code, value in field.subfields:
        if code in "fg" and (text := squeeze(value)):
            yield Text(text=text.strip(" /;"), source=field.source(code))


def naming_statements(field: Field) -> Iterator[Text]:
    """Those of 200$f$g that name people in the script of the title proper: one behind $d repeats them in another."""
    title, before = "", ""
    for code, value in field.subfields:
        text = squeeze(value)
        title = title or (text if code == "a" else "")
        if code in "fg" and text and not (before and has_cjk(title) and not has_cjk(text)):
            yield Text(text=text, source=field.source(code))
        before = "" if code == "a" else "d" if code == "d" else before


def material(field: Field) -> Iterator[tuple[str, str]]:
    """200$b, the general material designation: a hint at the format."""
    for text in field.every("b"):
        yield text, field.source("b")


def added_title(kind: str) -> Extractor:
    """5xx: a title with its remainder, volume and romanisation."""

    def extract(field: Field) -> Iterator[Title]:
        parts = TitleParts(kind, strip_isbd(field.first("a")), field.source("a"))
        parts.remainder = [strip_isbd(text) for text in field.every("e")]
        parts.numbers, parts.names = field.every("h"), field.every("i")
        parts.text, parts.pinyin, _ = without_pinyin(parts.text, field.first(_PINYIN))
        parts.lang = field.first("z")
        if parts.text:
            yield parts.title()

    return extract


def access_point(kind: Literal["person", "body"], *, primary: bool = False) -> Extractor:
    """7xx: the name with what its $c$f$g say of it; $4 is a code or, in China, a word."""

    def extract(field: Field) -> Iterator[Agent]:
        text = ", ".join(part for part in (field.first("a"), field.first("b")) if part)
        if kind == "body":
            text = ". ".join(strip_isbd(part) for part in field.every("ab"))
        if not text:
            return
        beside = "".join(f"({part.strip('()（）')})" for part in field.every("cf"))
        leading, trailing = _origins(field)
        read = read_name(f"{leading}{strip_isbd(text)}{trailing}" if beside else strip_isbd(text))
        yield Agent(
            name=read.name,
            roles=tuple(dict.fromkeys(code for word in field.every("4") for code in role_codes(word))),
            kind="meeting" if kind == "body" and field.ind1 == "1" else kind,
            primary=primary,
            dynasty=read.dynasty,
            country=read.country,
            dates=read.dates,
            other_forms=read.other_forms,
            source=field.source("a"),
        )

    return extract


def _origins(field: Field) -> tuple[str, str]:
    """$c and $f in brackets, those of one to five Han characters (a country, a dynasty) before the name, the others behind."""
    parts = [part.strip("()（）[]［］ ") for part in field.every("cf")]
    leading = "".join(f"({part})" for part in parts if has_cjk(part) and len(part) <= 5)
    return leading, "".join(f"({part})" for part in parts if part and not (has_cjk(part) and len(part) <= 5))


def publication(field: Field) -> Iterator[Publication]:
    """210 and 214: publication, and manufacture where it is told apart."""
    yield from imprint(field, ("a", "c", "d"))
    if any(code in "egh" for code, _ in field.subfields):
        yield from imprint(field, ("e", "g", "h"), "manufacture")


def linked(field: Field) -> tuple[str, str]:
    """Title and identifier of a linked record: $t and $0, or the field embedded behind $1 ("2001 $a…", "001…")."""
    title, identifier, inside = field.first("t"), field.first("0") or field.first("y"), ""
    for code, value in field.subfields:
        if code == "1" and _EMBEDDED.match(value):
            inside = value[:3]
            identifier = value[3:].strip() if inside == "001" else identifier
        elif code == "a" and not title and inside in ("", "200", "500"):
            title = squeeze(value)
    return strip_isbd(title), identifier.strip()


def relation(kind: str) -> Extractor:
    """4xx: a tie to another record."""

    def extract(field: Field) -> Iterator[Relation]:
        title, identifier = linked(field)
        if title or identifier:
            yield Relation(
                kind=kind,  # type: ignore[arg-type]  # the tables name only kinds of the model; a test reads them all
                title=title, identifier=identifier, source=field.source("1t"),
            )  # fmt: skip

    return extract


def linked_series(field: Field) -> Iterator[Series]:
    """410 and 411: the series as a linked record."""
    title, _ = linked(field)
    if title:
        yield Series(title=title, number=field.first("v"), source=field.source("1"))


def name_subject(field: Field) -> Iterator[Subject]:
    """600 to 605: a name or title as subject, its parts as one heading."""
    parts = [strip_isbd(text) for text in field.every("abt")]
    beside = [strip_isbd(text) for text in field.every("cf")]
    if parts:
        heading = parts[0] + "".join(f" ({part.strip('()（）')})" for part in beside) + "".join(f". {p}" for p in parts[1:])
        yield Subject(heading=heading, subdivisions=tuple(field.every("xyzj")), scheme=field.first("2"), source=field.source("a"))


def coded(code: str, start: int, length: int, hint: str) -> Extractor:
    """Positions of a coded subfield as a hint at the format: ("106", "d")."""

    def extract(field: Field) -> Iterator[tuple[str, str]]:
        value = field.raw(code)[start : start + length]
        if value.strip():
            yield f"{hint}:{value}", f"{field.tag}/{start}"

    return extract


def hint_words(codes: str) -> Extractor:
    """Words that may tell the format ("在线资源(393页)", "光盘1片")."""

    def extract(field: Field) -> Iterator[tuple[str, str]]:
        for text in field.every(codes):
            yield text, field.source(codes)

    return extract
