"""UNIMARC: the table that CNMARC builds on, and what leader and field 100 tell."""

from loaders.formats.carriers import decide_format
from loaders.formats.dialect import Coded, Dialect, no_pairs
from loaders.formats.fields import (
    classes,
    control_numbers,
    cubns,
    each_subject,
    isbns,
    issns,
    languages,
    links,
    numbers,
    series,
    subjects,
    texts,
)
from loaders.formats.marc import Field, MarcRecord
from loaders.formats.rules import Draft, Rule, rules, table
from loaders.formats.unimarc_fields import (
    access_point,
    added_title,
    coded,
    hint_words,
    linked_series,
    material,
    name_subject,
    naming_statements,
    publication,
    relation,
    statements,
    title_area,
)
from union_catalog.bibliographic.record import Publication


def _scheme(field: Field) -> str:
    return field.first("2")


UNIMARC_RULES = (
    Rule("identifiers", "010", isbns("a", "b", "d", "z")),
    Rule("identifiers", "011", issns("a", "yz")),
    Rule("identifiers", "013", numbers("ismn", "a")),
    Rule("identifiers", "016", numbers("isrc", "a")),
    Rule("identifiers", "020", numbers("nbn", "b")),
    Rule("identifiers", "035", control_numbers),
    Rule("identifiers", "091", cubns("a")),
    Rule("languages", "101", languages("a")),
    Rule("original_languages", "101", languages("c")),
    Rule("hints", "106", coded("a", 0, 1, "106")),
    Rule("hints", "115", coded("a", 0, 1, "115")),
    Rule("hints", "116", coded("a", 0, 1, "116")),
    Rule("hints", "120", coded("a", 0, 1, "120")),
    Rule("hints", "125", coded("a", 0, 1, "125")),
    Rule("hints", "126", coded("a", 0, 1, "126")),
    Rule("hints", "135", coded("a", 0, 1, "135")),
    Rule("titles", "200", title_area),
    Rule("responsibility", "200", statements),
    Rule("statements", "200", naming_statements),
    Rule("hints", "200", material),
    Rule("editions", "205", texts("abf", joined=" / ")),
    Rule("publications", "210", publication),
    Rule("publications", "214", publication),
    Rule("extents", "215", texts("ace")),
    Rule("dimensions", "215", texts("d")),
    Rule("hints", "215", hint_words("a")),
    Rule("series", "225", series("a", "v", "x", part="hi")),
    *rules("notes", "300 301 302 303 304 305 306 307 308 309 310 311 312 313 314 315", texts("a")),
    *rules("notes", "316 317 318 320 321 322 323 324 325 326 328 332 333 334 336 337 345", texts("a")),
    Rule("contents", "327", texts("a")),
    Rule("summaries", "330", texts("a")),
    *rules("series", "410 411", linked_series),
    *rules("relations", "421 423", relation("supplement")),
    *rules("relations", "422 461 462", relation("set")),
    *rules("relations", "463 464", relation("part")),
    *rules("relations", "451 452", relation("other_edition")),
    *rules("relations", "453", relation("other")),
    *rules("relations", "454", relation("translation_of")),
    *rules("relations", "455 456", relation("reproduction_of")),
    *rules("relations", "430 431 432 433 434 435 436 437 440 441 442 443 444 445 446 447 448 470 481 482 488", relation("other")),
    *rules("titles", "500 501 503", added_title("uniform")),
    *rules("titles", "510 541", added_title("parallel")),
    Rule("titles", "512", added_title("cover")),
    Rule("titles", "516", added_title("spine")),
    *rules("titles", "520 522", added_title("former")),
    *rules("titles", "513 514 515 517 518 530 531 532 540 545", added_title("variant")),
    *rules("subjects", "600 601 602 604 605", name_subject),
    *rules("subjects", "606 607 608", subjects("a", "xyzj", _scheme)),
    Rule("subjects", "610", each_subject("a")),
    Rule("classifications", "675", classes("udc")),
    Rule("classifications", "676", classes("ddc")),
    Rule("classifications", "680", classes("lcc")),
    Rule("agents", "700", access_point("person", primary=True)),
    *rules("agents", "701 702", access_point("person")),
    Rule("agents", "710", access_point("body", primary=True)),
    *rules("agents", "711 712", access_point("body")),
    *rules("agents", "720 721 722", access_point("person")),
    Rule("links", "856", links("u", "z3y2")),
)

# 100/17-19: a to e are readers up to twenty years, k and m adults.
_AUDIENCES = {"a": "juvenile", "b": "juvenile", "c": "juvenile", "d": "juvenile", "e": "adolescent", "k": "adult", "m": "adult"}
_LEVELS = {" ": "full", "1": "core", "2": "prepublication", "3": "minimal"}


def complete_unimarc(record: MarcRecord, draft: Draft) -> Coded:
    """What leader, 100 and 102 say; the date of 100 stands in where 210 has none."""
    general, country = _subfield_a(record, "100"), _subfield_a(record, "102").strip()
    if not any(imprint.year for imprint in draft.publications):
        _add_date(general, draft)
    audience = _audience(general[17:20])
    decided, source = decide_format(record.leader, draft.hints, unimarc=True)
    return Coded(
        format=decided,
        format_source=source,
        audience=audience,
        audience_source="100/17-19" if audience else "",
        country=country.upper() if len(country) == 2 else "",
        level=_LEVELS.get(record.leader[17:18], ""),
        languages_source="101$a" if draft.languages else "",
    )


def _subfield_a(record: MarcRecord, tag: str) -> str:
    """The first $a of the first field with the tag, untouched."""
    return record.control(tag).partition("\x1fa")[2].partition("\x1f")[0]


def _audience(codes: str) -> str:
    """One audience out of up to three codes; several of them together are everybody."""
    told = {_AUDIENCES[code] for code in codes if code in _AUDIENCES}
    return "general" if len(told) > 1 else next(iter(told), "")


def _add_date(general: str, draft: Draft) -> None:
    year = general[9:13]
    if year.isdecimal() and year.isascii() and 1000 <= int(year) <= 2100:
        draft.publications.append(Publication(date=year, year=int(year), source="100/9-12"))


UNIMARC = Dialect("unimarc", table(*UNIMARC_RULES), "isbd", complete_unimarc, no_pairs)
