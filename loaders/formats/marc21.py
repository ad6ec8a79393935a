"""MARC 21: its table, and what leader and field 008 tell."""

from functools import cache
from importlib.resources import files

from loaders.formats.carriers import decide_format
from loaders.formats.dialect import Coded, Dialect
from loaders.formats.fields import (
    classes,
    control_numbers,
    each_subject,
    isbns,
    issns,
    languages,
    links,
    numbers,
    series,
    texts,
)
from loaders.formats.items import MARC21_852, items
from loaders.formats.marc import MarcRecord
from loaders.formats.marc21_fields import (
    added_title,
    carrier,
    heading,
    other_class,
    other_number,
    physical,
    publication,
    relation,
    statement,
    subject,
    title_statement,
)
from loaders.formats.pairs import paired_fields
from loaders.formats.rules import Draft, Rule, rules, table
from loaders.formats.unimarc_fields import hint_words
from union_catalog.bibliographic.normalise.languages import language_codes
from union_catalog.bibliographic.record import Publication

MARC21_RULES = (
    Rule("hints", "007", physical),
    Rule("identifiers", "010", numbers("lccn", "a")),
    *rules("identifiers", "015 016", numbers("nbn", "a")),
    Rule("identifiers", "020", isbns("a", "q", "c", "z")),
    Rule("identifiers", "022", issns("a", "yz")),
    Rule("identifiers", "024", other_number),
    Rule("identifiers", "035", control_numbers),
    Rule("languages", "041", languages("a")),
    Rule("original_languages", "041", languages("h")),
    *rules("classifications", "050 090", classes("lcc", edition="9")),
    Rule("classifications", "080", classes("udc", edition="2")),
    *rules("classifications", "082 092", classes("ddc", edition="2")),
    *rules("classifications", "084 093", other_class),
    Rule("agents", "100", heading("person", primary=True)),
    Rule("agents", "110", heading("body", primary=True)),
    Rule("agents", "111", heading("meeting", primary=True)),
    Rule("titles", "245", title_statement),
    Rule("responsibility", "245", statement),
    Rule("statements", "245", statement),
    Rule("hints", "245", hint_words("h")),
    *rules("titles", "130 240", added_title("uniform")),
    Rule("titles", "246", added_title("variant")),
    *rules("titles", "247 780", added_title("former", "at")),
    *rules("titles", "730 740", added_title("analytic")),
    *rules("editions", "250", texts("ab", joined=" / ")),
    *rules("publications", "260 264", publication),
    Rule("extents", "300", texts("abe")),
    Rule("dimensions", "300", texts("c")),
    *rules("hints", "336 338", carrier),
    *rules("series", "440 490 830", series("a", "v", "x", part="np")),
    *rules("series", "800 810 811", series("t", "v", "x", part="np")),
    *rules("notes", "500 501 502 504 506 507 508 510 511 513 515 516 518 521 524 525 530 533 534 535 536 538 540", texts("a")),
    *rules("notes", "541 544 545 546 547 550 555 556 561 563 580 581 583 585 586 588 590", texts("a")),
    Rule("contents", "505", texts("agtr", joined=" ")),
    Rule("summaries", "520", texts("ab", joined=" ")),
    Rule("subjects", "600", subject("abcdqt")),
    Rule("subjects", "610", subject("abt")),
    Rule("subjects", "611", subject("aendct")),
    Rule("subjects", "630", subject("anp")),
    *rules("subjects", "648 650 651 655", subject("a")),
    Rule("subjects", "653", each_subject("a")),
    Rule("agents", "700", heading("person")),
    Rule("agents", "710", heading("body")),
    Rule("agents", "711", heading("meeting")),
    Rule("agents", "720", heading("person")),
    Rule("relations", "765", relation("translation_of")),
    *rules("relations", "770", relation("supplement")),
    *rules("relations", "772 773", relation("set")),
    Rule("relations", "774", relation("part")),
    *rules("relations", "775 776", relation("other_edition")),
    *rules("relations", "767 777 785 786 787", relation("other")),
    Rule("items", "852", items(MARC21_852)),
    Rule("links", "856", links("u", "z3y")),
)

_AUDIENCES = {
    "a": "juvenile", "b": "juvenile", "c": "juvenile", "j": "juvenile", "d": "adolescent", "e": "adult", "f": "adult",
    "g": "general",
}  # fmt: skip
_LEVELS = {" ": "full", "1": "full", "I": "full", "4": "core", "2": "core", "5": "minimal", "3": "minimal", "7": "minimal",
           "K": "minimal", "8": "prepublication"}  # fmt: skip
_VISUAL_OR_MAP = "efgkor"


def complete_marc21(record: MarcRecord, draft: Draft) -> Coded:
    """What leader and 008 say; its date and language stand in where the fields for them are silent."""
    fixed, kind = record.control("008"), record.leader[6:7]
    at = 29 if kind in _VISUAL_OR_MAP else 23
    if len(fixed) >= 40 and (form := fixed[at]).strip("| "):
        draft.hints.append((f"form:{form}", f"008/{at}"))
    source = "041$a" if draft.languages else ""
    if not draft.languages and (told := language_codes(fixed[35:38])):
        draft.languages.extend(told)
        source = "008/35-37"
    if not any(imprint.year for imprint in draft.publications):
        _add_date(fixed, draft)
    decided, format_source = decide_format(record.leader, draft.hints, unimarc=False)
    audience = _AUDIENCES.get(fixed[22:23], "") if decided != "periodical" else ""
    return Coded(
        format=decided,
        format_source=format_source,
        audience=audience,
        audience_source="008/22" if audience else "",
        country=country_code(fixed[15:18]),
        level=_LEVELS.get(record.leader[17:18], ""),
        languages_source=source,
    )


def _add_date(fixed: str, draft: Draft) -> None:
    year = fixed[7:11]
    if year.isdecimal() and year.isascii() and 1000 <= int(year) <= 2100:
        draft.publications.append(Publication(date=year, year=int(year), source="008/07-10"))


@cache
def _countries() -> dict[str, str]:
    text = files("loaders.formats").joinpath("data/marc_countries.tsv").read_text("utf-8")
    return dict(line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


def country_code(code: str) -> str:
    """ISO 3166 code of a MARC country code: "cc" → "CN"; three letters ending in u, k, c, a are parts of the USA, the UK, Canada,
    Australia.
    """
    plain = code.strip().lower()
    if len(plain) == 3:
        return {"u": "US", "k": "GB", "c": "CA", "a": "AU", "r": "RU"}.get(plain[2], "")
    return _countries().get(plain, "")


MARC21 = Dialect("marc21", table(*MARC21_RULES), "list", complete_marc21, paired_fields)
