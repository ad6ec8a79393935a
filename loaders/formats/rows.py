"""A record out of the rows of one control number: one line a field, the description from the first row, an item from each."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from loaders.formats.columns import Columns, find_columns
from loaders.formats.encodings import decode
from loaders.formats.items import make_item
from loaders.formats.rules import Draft
from loaders.formats.titles import TitleParts
from union_catalog.bibliographic.normalise.agents import assemble_agents
from union_catalog.bibliographic.normalise.dates import parse_date
from union_catalog.bibliographic.normalise.languages import language_of_word
from union_catalog.bibliographic.record import (
    Agent,
    BibliographicRecord,
    Classification,
    Format,
    Identifier,
    Link,
    Publication,
    Series,
    Subject,
    Text,
)
from union_catalog.errors import MalformedRecord, SourceUnusable
from union_catalog.holdings.model import ReportedItem
from union_catalog.holdings.words import item_kind
from union_catalog.identifiers import cubn, issn8, parse_isbn
from union_catalog.text import squeeze, tidy

_LIST = re.compile(r"\s*[;；|、/]\s*")
_FORMATS = {"periodical", "audio", "video", "braille", "large-print", "score", "map", "e-book"}


@dataclass(slots=True)
class _Rows:
    """The rows of one record, and what has been made of them."""

    columns: Columns
    rows: Sequence[Sequence[str]]
    draft: Draft

    def cell(self, field: str, row: int = 0) -> str:
        place = self.columns.places.get(field)
        cells = self.rows[row]
        return squeeze(cells[place]) if place is not None and place < len(cells) else ""

    def source(self, field: str) -> str:
        return self.columns.heading(field) if field in self.columns.places else ""

    def same(self, field: str) -> bool:
        """Whether all rows agree on the field: then it is said of the edition, else of the items."""
        return len({self.cell(field, row) for row in range(len(self.rows))}) == 1


def read_rows(data: bytes, mapping: str) -> tuple[str, BibliographicRecord, tuple[ReportedItem, ...]]:
    """Control number, record and items of a raw record made by loaders.formats.tables.

    Raises MalformedRecord: undecodable, missing_columns (read again without the mapping that it was loaded with), row_too_short,
    row_too_long; and ConfigurationError as ``read_mapping`` does.
    """
    text = tidy(decode(data, "utf-8"))
    heading, *rows = csv.reader(io.StringIO(text, newline=""))
    try:
        columns = _columns(tuple(heading), mapping)
    except SourceUnusable as error:
        raise MalformedRecord(error.code, **error.data) from error
    for number, row in enumerate(rows, 1):
        _check(row, number, columns)
    read = _Rows(columns, rows, Draft())
    for field, fill in FILLERS.items():
        if field in columns.places:
            fill(read)
    _publication(read)
    _items(read)
    return read.cell("record_id"), _record(read), tuple(read.draft.items)


@lru_cache(maxsize=16)
def _columns(heading: tuple[str, ...], mapping: str) -> Columns:
    return find_columns(heading, mapping)


def _check(row: list[str], number: int, columns: Columns) -> None:
    expected = len(columns.headings)
    if len(row) > expected and any(cell.strip() for cell in row[expected:]):
        raise MalformedRecord("row_too_long", row=number, found=len(row), expected=expected)
    if len(row) <= columns.places["title"]:
        raise MalformedRecord("row_too_short", row=number, found=len(row), expected=expected)


def _title(read: _Rows) -> None:
    if text := read.cell("title"):
        parts = TitleParts("proper", text, read.source("title"))
        parts.remainder = [read.cell("remainder")] if read.cell("remainder") else []
        if read.same("volume_number"):
            parts.numbers = [read.cell("volume_number")] if read.cell("volume_number") else []
            parts.names = [read.cell("volume_title")] if read.cell("volume_title") else []
        read.draft.titles.append(parts.title())


def _parallel_title(read: _Rows) -> None:
    if text := read.cell("parallel_title"):
        read.draft.titles.append(TitleParts("parallel", text, read.source("parallel_title")).title())


def _responsibility(read: _Rows) -> None:
    if text := read.cell("responsibility"):
        read.draft.responsibility.append(Text(text=text, source=read.source("responsibility")))
        read.draft.statements.append(read.draft.responsibility[-1])


def _named(field: str) -> Callable[[_Rows], None]:
    """A column of names that all did the same."""

    def fill(read: _Rows) -> None:
        for name in _LIST.split(read.cell(field)):
            if name:
                read.draft.agents.append(Agent(name=name, roles=(field,), source=read.source(field)))

    return fill


def _texts(field: str, target: str) -> Callable[[_Rows], None]:
    def fill(read: _Rows) -> None:
        if text := read.cell(field):
            getattr(read.draft, target).append(Text(text=text, source=read.source(field)))

    return fill


def _series(read: _Rows) -> None:
    if text := read.cell("series"):
        title, _, number = text.rpartition(" ; ") if " ; " in text else (text, "", "")
        read.draft.series.append(Series(title=title, number=number, source=read.source("series")))


def _isbn(read: _Rows) -> None:
    for text in re.split(r"[;；|,，/]", read.cell("isbn")):
        if text.strip():
            found = parse_isbn(text)
            read.draft.identifiers.append(
                Identifier(
                    scheme="isbn" if found.value else "other", value=found.value, valid=found.valid, raw=text.strip(),
                    qualifier=found.qualifier, price=found.price or read.cell("price"), of_set=found.of_set,
                    source=read.source("isbn"),
                )
            )  # fmt: skip


def _price(read: _Rows) -> None:
    if read.cell("price") and not read.cell("isbn"):
        read.draft.identifiers.append(
            Identifier(scheme="other", value="", valid=False, price=read.cell("price"), source=read.source("price"))
        )


def _issn(read: _Rows) -> None:
    if text := read.cell("issn"):
        value = issn8(text)
        source = read.source("issn")
        read.draft.identifiers.append(Identifier(scheme="issn", value=value or text, valid=bool(value), raw=text, source=source))


def _cubn(read: _Rows) -> None:
    if text := read.cell("cubn"):
        value = cubn(text)
        source = read.source("cubn")
        read.draft.identifiers.append(Identifier(scheme="cubn", value=value or text, valid=bool(value), raw=text, source=source))


def _language(read: _Rows) -> None:
    for word in _LIST.split(read.cell("language")):
        read.draft.languages.extend(language_of_word(word))


def _class(read: _Rows) -> None:
    for number in re.split(r"[;；|]", read.cell("class")):
        if value := "".join(number.split()):
            scheme = "clc" if value[:1].isalpha() else "other"
            read.draft.classifications.append(Classification(scheme=scheme, number=value, source=read.source("class")))


def _subject(read: _Rows) -> None:
    for text in re.split(r"\s*[;；|、,，]\s*", read.cell("subject")):
        heading, *subdivisions = re.split(r"\s*(?:--|－－|—)\s*", text)
        if heading:
            read.draft.subjects.append(Subject(heading=heading, subdivisions=tuple(subdivisions), source=read.source("subject")))


def _url(read: _Rows) -> None:
    for row in range(len(read.rows)):
        if url := read.cell("url", row):
            read.draft.links.append(Link(url=url, source=read.source("url")))
    read.draft.links[:] = dict.fromkeys(read.draft.links)


# Columns that are read together with others, the imprint and the items, have no line here.
FILLERS: dict[str, Callable[[_Rows], None]] = {
    "title": _title,
    "parallel_title": _parallel_title,
    "responsibility": _responsibility,
    "translator": _named("translator"),
    "editor": _named("editor"),
    "edition": _texts("edition", "editions"),
    "extent": _texts("extent", "extents"),
    "dimensions": _texts("dimensions", "dimensions"),
    "series": _series,
    "isbn": _isbn,
    "issn": _issn,
    "cubn": _cubn,
    "price": _price,
    "language": _language,
    "class": _class,
    "subject": _subject,
    "summary": _texts("summary", "summaries"),
    "note": _texts("note", "notes"),
    "url": _url,
}


def _publication(read: _Rows) -> None:
    place, publisher, date = read.cell("place"), read.cell("publisher"), read.cell("date")
    if place or publisher or date:
        dated = parse_date(date)
        sources = [read.source(field) for field in ("place", "publisher", "date") if read.cell(field)]
        read.draft.publications.append(
            Publication(
                places=(place,) if place else (), publishers=(publisher,) if publisher else (), date=date,
                year=dated.year, month=dated.month, year_to=dated.year_to, source=" ".join(sources),
            )
        )  # fmt: skip


def _items(read: _Rows) -> None:
    """An item a row, unless the table has no column of items at all."""
    if not any(field in read.columns.places for field in ("barcode", "branch", "status", "item_type")):
        return
    volumes = "" if read.same("volume_number") else "volume_number"
    for row in range(len(read.rows)):
        read.draft.items.append(
            make_item(
                code=read.cell("barcode", row),
                branch=read.cell("branch", row),
                type_word=read.cell("item_type", row),
                status_word=read.cell("status", row),
                call_number=read.cell("call_number", row),
                price=read.cell("price", row),
                volume=read.cell(volumes, row) if volumes else "",
                url=read.cell("url", row),
                source=read.source("barcode"),
            )
        )


def _record(read: _Rows) -> BibliographicRecord:
    draft = read.draft
    kinds = {item_kind(item.type_word).item_type for item in draft.items}
    told = kinds.pop() if len(kinds) == 1 else ""
    return BibliographicRecord(
        titles=tuple(draft.titles),
        agents=assemble_agents(draft.statements, draft.agents, "list"),
        responsibility=tuple(draft.responsibility),
        editions=tuple(draft.editions),
        publications=tuple(draft.publications),
        extents=tuple(draft.extents),
        dimensions=tuple(draft.dimensions),
        series=tuple(draft.series),
        identifiers=tuple(draft.identifiers),
        languages=tuple(dict.fromkeys(draft.languages)),
        languages_source=read.source("language") if draft.languages else "",
        subjects=tuple(draft.subjects),
        classifications=tuple(draft.classifications),
        notes=tuple(draft.notes),
        summaries=tuple(draft.summaries),
        links=tuple(draft.links),
        format=cast(Format, told) if told in _FORMATS else "book",
        format_source=read.source("item_type") if told in _FORMATS else "",
    )
