"""Extractors of MARC 21 alone: title statement, headings, imprint, linking fields, carriers."""

from collections.abc import Iterator
from typing import Literal

from loaders.formats.fields import imprint
from loaders.formats.marc import Field
from loaders.formats.punctuation import strip_isbd
from loaders.formats.rules import Extractor
from loaders.formats.titles import TitleParts
from union_catalog.bibliographic.normalise.agents import names_in_heading
from union_catalog.bibliographic.normalise.words import role_codes
from union_catalog.bibliographic.record import Agent, Classification, Identifier, Publication, Relation, Subject, Text, Title
from union_catalog.identifiers import issn8
from union_catalog.text import squeeze

_IMPRINT_KINDS = {"0": "publication", "1": "publication", "2": "distribution", "3": "manufacture", "4": "copyright"}
_SUBJECT_SCHEMES = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "cash", "6": "rvm"}
_NUMBER_SCHEMES = {"0": "isrc", "2": "ismn"}
_VARIANT_KINDS = {"1": "parallel", "4": "cover", "8": "spine"}


def title_statement(field: Field) -> Iterator[Title]:
    """245: title proper with remainder and volume; a parallel title behind " = "."""
    parts = [TitleParts("proper", "", field.source("a"))]
    for code, value in field.subfields:
        text = squeeze(value)
        current = parts[-1]
        if code == "a" and not current.text:
            current.text = text
        elif code == "b":
            _remainder(parts, text)
        elif code == "n":
            current.numbers.append(strip_isbd(text))
        elif code == "p":
            current.names.append(strip_isbd(text))
    first = parts[0]
    if not first.text and (first.remainder or first.names):
        first.text = (first.remainder or first.names).pop(0)
    for part in parts:
        part.text = strip_isbd(part.text)
        if part.text:
            part.pinyin = _romanised(field) if part.kind == "proper" else ""
            yield part.title()


def _remainder(parts: list[TitleParts], text: str) -> None:
    """$b: other title information, or a parallel title if "=" leads over to it."""
    current = parts[-1]
    before = (current.remainder or [current.text])[-1]
    pieces = f" {text}".split(" = ")
    if before.endswith("="):
        parts.append(TitleParts("parallel", pieces.pop(0), current.source.replace("$a", "$b")))
    elif first := strip_isbd(pieces.pop(0)):
        current.remainder.append(first)
    parts += [TitleParts("parallel", piece, current.source.replace("$a", "$b")) for piece in pieces]


def _romanised(field: Field) -> str:
    """The title as its partner in Latin script has it."""
    if field.pair is None:
        return ""
    return " ".join(strip_isbd(text) for text in field.pair.every("anp"))


def statement(field: Field) -> Iterator[Text]:
    """245$c."""
    for text in field.every("c"):
        yield Text(text=strip_isbd(text), source=field.source("c"))


def added_title(kind: str, codes: str = "a") -> Extractor:
    """130, 240, 246, 730, 740 …: 246's second indicator may tell more than the tag."""

    def extract(field: Field) -> Iterator[Title]:
        told = _VARIANT_KINDS.get(field.ind2, kind) if field.tag == "246" else kind
        parts = TitleParts(told, strip_isbd(" ".join(field.every(codes))), field.source(codes))
        parts.remainder = [strip_isbd(text) for text in field.every("b")] if field.tag in ("246", "247") else []
        parts.numbers = [strip_isbd(text) for text in field.every("n")]
        parts.names = [strip_isbd(text) for text in field.every("p")]
        parts.pinyin = _romanised(field)
        if parts.text:
            yield parts.title()

    return extract


def heading(kind: Literal["person", "body", "meeting"], *, primary: bool = False) -> Extractor:
    """1xx and 7xx: a name; not one that stands for a work contained ($t)."""

    def extract(field: Field) -> Iterator[Agent]:
        name = _heading_name(field, kind)
        if not name or field.first("t"):
            return
        words = field.every("4") or field.every("j" if kind == "meeting" else "e")
        roles = dict.fromkeys(code for word in words for code in role_codes(word.rpartition("/")[2]))
        yield from names_in_heading(
            Agent(
                name=name,
                roles=tuple(roles),
                kind=kind,
                primary=primary,
                dates=strip_isbd(field.first("d")) if kind == "person" else "",
                other_forms=_other_forms(field, kind),
                source=field.source("a"),
            )
        )

    return extract


def _heading_name(field: Field, kind: str) -> str:
    codes = "ab" if kind != "meeting" else "ae"
    joiner = " " if kind == "person" else ". "
    return joiner.join(strip_isbd(text) for text in field.every(codes))


def _other_forms(field: Field, kind: str) -> tuple[str, ...]:
    forms = [strip_isbd(text).strip("()") for text in field.every("q")] if kind == "person" else []
    if field.pair is not None and (romanised := _heading_name(field.pair, kind)):
        forms.append(romanised)
    return tuple(forms)


def publication(field: Field) -> Iterator[Publication]:
    """260 and 264, the latter with its kind in the second indicator."""
    yield from imprint(field, ("a", "b", "c"), _IMPRINT_KINDS.get(field.ind2, "publication") if field.tag == "264" else "publication")
    if field.tag == "260":
        yield from imprint(field, ("e", "f", "g"), "manufacture")


def subject(codes: str) -> Extractor:
    """6xx: the heading's parts joined, its subdivisions in order."""

    def extract(field: Field) -> Iterator[Subject]:
        parts = [strip_isbd(text) for text in field.every(codes)]
        if parts:
            yield Subject(
                heading=" ".join(parts),
                subdivisions=tuple(strip_isbd(text) for text in field.every("vxyz")),
                scheme=_SUBJECT_SCHEMES.get(field.ind2) or field.first("2"),
                source=field.source(codes),
            )

    return extract


def other_class(field: Field) -> Iterator[Classification]:
    """084 and 093: $2 names the scheme; in China 093 is 中图法 without saying so."""
    scheme = field.first("2").lower() or ("clc" if field.tag == "093" else "other")
    for text in field.every("a"):
        yield Classification(scheme=scheme, number="".join(text.split()), source=field.source("a"))


def other_number(field: Field) -> Iterator[Identifier]:
    """024: the kind in the first indicator or in $2."""
    scheme = _NUMBER_SCHEMES.get(field.ind1) or field.first("2").lower()
    known = scheme if scheme in ("isrc", "ismn", "doi") else "other"
    for text in field.every("a"):
        yield Identifier(scheme=known, value="".join(text.split()), raw=text, source=field.source("a"))  # type: ignore[arg-type]  # checked above


def relation(kind: str) -> Extractor:
    """76x to 78x: title and identifier of the other record."""

    def extract(field: Field) -> Iterator[Relation]:
        title = strip_isbd(field.first("t") or field.first("a"))
        identifier = field.first("w") or field.first("z") or issn8(field.first("x"))
        if title or identifier:
            yield Relation(
                kind=kind,  # type: ignore[arg-type]  # the tables name only kinds of the model; a test reads them all
                title=title, identifier=identifier, source=field.source("t"),
            )  # fmt: skip

    return extract


def carrier(field: Field) -> Iterator[tuple[str, str]]:
    """336 and 338 by their codes, else by their words."""
    codes = field.every("b")
    for code in codes:
        yield f"{field.tag}:{code}", field.source("b")
    if not codes:
        for text in field.every("a"):
            yield text, field.source("a")


def physical(field: Field) -> Iterator[tuple[str, str]]:
    """007/00-01: only what names a carrier other than paper. The field has no subfields, its text stands where indicators would."""
    yield f"007:{field.ind1}{field.ind2}", "007/00-01"
    yield f"007:{field.ind1}", "007/00"
