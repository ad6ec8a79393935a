"""What the comparisons found, as data for people: codes with what each record has there. Pages and the command line put them into words."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import msgspec

from union_catalog.matching.compared_imprints import DATE, PLACE, PUBLISHER
from union_catalog.matching.compared_people import NAMES, TRANSLATOR
from union_catalog.matching.compared_titles import EDITION, TITLE, VOLUME
from union_catalog.matching.comparisons import (
    AUDIENCE,
    CARRIER,
    EXTENT,
    ISBN,
    LANGUAGE,
    PRICE,
    SCRIPT,
    SERIES,
    SUBJECT,
    TELLING,
    WORDING,
    Outcomes,
)
from union_catalog.matching.features import Features

Side = Literal["for", "against", "silent"]


class Evidence(msgspec.Struct, frozen=True):
    """What one field says: ``code`` names the finding (see docs/matching-rules.md), ``left`` and ``right`` what the records had there."""

    field: str
    side: Side
    code: str
    left: str = ""
    right: str = ""


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(value)
    return str(value) if value else ""


def _date_text(f: Features) -> str:
    return "-".join(f"{part:02}" for part in (f.year, f.month, f.day) if part)


def _edition_text(f: Features) -> str:
    return _text((*((str(f.edition),) if f.edition else ()), *f.kinds))


def _isbn_text(f: Features) -> str:
    return _text(f.isbns + f.set_isbns + f.carrier_isbns)


def _volume_text(f: Features) -> str:
    return f.volume + ("*" if f.whole else "")


def _helpers(f: Features) -> str:
    """The translators; where none are told, whom the comparison takes for helpers."""
    return _text(f.translators or f.names[f.lead :])


def _nothing(_: Features) -> str:
    return ""


class Field(NamedTuple):
    """``codes`` name the outcomes of the field's comparison, ``text`` gives what a record has there."""

    codes: Mapping[int, str]
    text: Callable[[Features], str]


FIELDS: Mapping[str, Field] = {
    "title": Field(TITLE, lambda f: f.title),
    "volume": Field(VOLUME, _volume_text),
    "names": Field(NAMES, lambda f: _text(f.names)),
    "translator": Field(TRANSLATOR, _helpers),
    "edition": Field(EDITION, _edition_text),
    "publisher": Field(PUBLISHER, lambda f: _text(f.publishers)),
    "date": Field(DATE, _date_text),
    "isbn": Field(ISBN, _isbn_text),
    "carrier": Field(CARRIER, lambda f: f.carrier),
    "language": Field(LANGUAGE, lambda f: _text(f.languages)),
    "extent": Field(EXTENT, lambda f: _text(f.pages)),
    "price": Field(PRICE, lambda f: f"{f.price / 100:.2f}" if f.price else ""),
    "subject": Field(SUBJECT, lambda f: f.clc),
    "place": Field(PLACE, lambda f: _text(f.places)),
    "series": Field(SERIES, lambda f: _text(f.series)),
    "audience": Field(AUDIENCE, lambda f: f.audience),
    "script": Field(SCRIPT, lambda f: f.script),
    "telling": Field(TELLING, _nothing),
    "wording": Field(WORDING, _nothing),
}
REMARKS = frozenset({"script", "telling", "wording"})  # they qualify other evidence and are none themselves
_NO_EVIDENCE = frozenset({"told_once"})


def _side(field: Field, outcome: int) -> Side:
    if field.codes[outcome] in _NO_EVIDENCE:
        return "silent"
    return "for" if outcome > 0 else "against" if outcome < 0 else "silent"


def evidence_of(a: Features, b: Features, found: Outcomes) -> tuple[Evidence, ...]:
    """The findings as data for people: one ``Evidence`` a field, in the order of ``Outcomes``."""
    return tuple(
        Evidence(
            name,
            "silent" if name in REMARKS else _side(field, outcome),
            field.codes[outcome],
            field.text(a),
            field.text(b),
        )
        for (name, field), outcome in zip(FIELDS.items(), found, strict=True)
    )


def finding_table() -> str:
    """The fields and what can be found on each as a Markdown table, from against to for; docs/matching-rules.md holds it."""
    rows = ["| field | against | silent | for |", "|---|---|---|---|"]
    for name, field in FIELDS.items():
        sides: dict[Side, list[str]] = {"against": [], "silent": [], "for": []}
        for outcome in sorted(field.codes):
            sides[_side(field, outcome)].append(field.codes[outcome])
        rows.append(f"| {name} | {' | '.join(', '.join(codes) for codes in sides.values())} |")
    return "\n".join(rows)
