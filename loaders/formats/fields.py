"""Extractors that UNIMARC and MARC 21 share: each makes, for a rule of a table, a function from a field to values."""

import re
from collections.abc import Callable, Iterable, Iterator

from loaders.formats.marc import Field
from loaders.formats.punctuation import strip_brackets, strip_isbd
from loaders.formats.rules import Extractor
from union_catalog.bibliographic.normalise.dates import parse_date
from union_catalog.bibliographic.normalise.languages import language_codes
from union_catalog.bibliographic.record import Classification, Identifier, Link, Publication, Series, Subject, Text
from union_catalog.identifiers import cubn, issn8, parse_isbn
from union_catalog.text import squeeze


def texts(codes: str, *, joined: str = "") -> Extractor:
    """Each subfield as one Text; with ``joined`` all of them as one, that between them."""

    def one(field: Field) -> Iterator[Text]:
        if found := field.every(codes):
            yield Text(text=strip_isbd(joined.join(found)), source=field.source(codes))

    def each(field: Field) -> Iterator[Text]:
        for code, value in field.subfields:
            if code in codes and (text := strip_isbd(squeeze(value))):
                yield Text(text=text, source=field.source(code))

    return one if joined else each


def isbns(number: str, qualifier: str, price: str, cancelled: str) -> Extractor:
    """ISBNs with their qualifiers and prices; a field of price or qualifier alone gives an "other" identifier without a value."""

    def extract(field: Field) -> Iterator[Identifier]:
        beside = "; ".join(field.every(qualifier))
        cost = field.first(price)
        found = False
        for code, text in ((c, t) for c in (number, cancelled) for t in field.every(c)):
            found = True
            yield _isbn(field, code, text, beside, cost, wrong=code == cancelled)
        if not found and (cost or beside):
            yield Identifier(scheme="other", value="", valid=False, price=cost, qualifier=beside, source=field.source(price))

    return extract


def _isbn(field: Field, code: str, text: str, beside: str, cost: str, *, wrong: bool) -> Identifier:
    read = parse_isbn(text)
    beside = "; ".join(part for part in (read.qualifier, beside.strip("()（）")) if part)
    return Identifier(
        scheme="isbn" if read.value else "other",
        value=read.value,
        valid=read.valid and not wrong,
        raw=text,
        qualifier=beside,
        price=cost or read.price,
        of_set=read.of_set or "套" in beside or "全" in beside,
        cancelled=wrong,
        source=field.source(code),
    )


def issns(number: str, cancelled: str) -> Extractor:
    def extract(field: Field) -> Iterator[Identifier]:
        for code in (number, *cancelled):
            for text in field.every(code):
                value = issn8(text)
                yield Identifier(
                    scheme="issn",
                    value=value or text,
                    valid=bool(value) and code == number,
                    raw=text,
                    cancelled=code != number,
                    source=field.source(code),
                )

    return extract


def numbers(scheme: str, code: str) -> Extractor:
    """Identifiers without a check digit of ours: as written, blanks out."""

    def extract(field: Field) -> Iterator[Identifier]:
        for text in field.every(code):
            yield Identifier(
                scheme=scheme,  # type: ignore[arg-type]  # the tables name only schemes of the model; a test reads them all
                value="".join(text.split()),
                raw=text,
                price=field.first("d"),
                source=field.source(code),
            )

    return extract


def cubns(code: str) -> Extractor:
    """统一书号."""

    def extract(field: Field) -> Iterator[Identifier]:
        for text in field.every(code):
            value = cubn(text)
            yield Identifier(
                scheme="cubn", value=value or text, valid=bool(value), raw=text, price=field.first("d"),
                source=field.source(code),
            )  # fmt: skip

    return extract


def control_numbers(field: Field) -> Iterator[Identifier]:
    """035: the numbers of other systems; that of OCLC is known."""
    for text in field.every("a"):
        if text.startswith(("(OCoLC)", "(ocolc)")):
            number = "".join(char for char in text if char.isdigit()).lstrip("0")
            yield Identifier(scheme="oclc", value=number, raw=text, source=field.source("a"))


def languages(codes: str) -> Extractor:
    """ISO 639-2/B codes; several run together ("engfre") are parted."""

    def extract(field: Field) -> Iterator[str]:
        for text in field.every(codes):
            yield from language_codes(text)

    return extract


def classes(scheme: str, number: str = "a", edition: str = "v") -> Extractor:
    """Class numbers without blanks; several in one subfield are parted at semicolons."""

    def extract(field: Field) -> Iterator[Classification]:
        for text in field.every(number):
            for part in re.split(r"[;；]", text):
                if value := "".join(part.split()):
                    yield Classification(scheme=scheme, number=value, edition=field.first(edition), source=field.source(number))

    return extract


def subjects(heading: str, subdivisions: str, scheme: Callable[[Field], str], joiner: str = " ") -> Extractor:
    """One heading a field, its parts joined, with its subdivisions in order."""

    def extract(field: Field) -> Iterator[Subject]:
        parts = [strip_isbd(text) for text in field.every(heading)]
        if parts:
            yield Subject(
                heading=joiner.join(parts),
                subdivisions=tuple(strip_isbd(text) for text in field.every(subdivisions)),
                scheme=scheme(field),
                source=field.source(heading + subdivisions),
            )

    return extract


def each_subject(codes: str, scheme: str = "") -> Extractor:
    """Free keywords: every subfield is a heading of its own."""

    def extract(field: Field) -> Iterator[Subject]:
        for text in field.every(codes):
            yield Subject(heading=strip_isbd(text), scheme=scheme, source=field.source(codes))

    return extract


def series(title: str, number: str, issn: str, part: str = "") -> Extractor:
    """A series statement: title, its parts behind a full stop, number and ISSN."""

    def extract(field: Field) -> Iterator[Series]:
        names = [strip_isbd(text) for text in field.every(title + part)]
        if names:
            yield Series(
                title=". ".join(names),
                number=strip_isbd("; ".join(field.every(number))),
                issn=issn8(field.first(issn)),
                source=field.source(title + part + number),
            )

    return extract


def links(address: str, labels: str) -> Extractor:
    """856: every address with what is said of it."""

    def extract(field: Field) -> Iterator[Link]:
        label = "; ".join(strip_isbd(text) for text in field.every(labels))
        for url in field.every(address):
            yield Link(url=url, label=label, source=field.source(address))

    return extract


def imprint(field: Field, codes: tuple[str, str, str], kind: str = "publication") -> Iterable[Publication]:
    """Place, publisher and date, in the subfields ``codes``; nothing if all three are blank."""
    place, publisher, date = codes
    places = tuple(strip_brackets(strip_isbd(text)) for text in field.every(place))
    publishers = tuple(strip_brackets(strip_isbd(text)) for text in field.every(publisher))
    dated = strip_isbd(field.first(date))
    if places or publishers or dated:
        read = parse_date(dated)
        yield Publication(
            kind=kind,  # type: ignore[arg-type]  # callers pass kinds of the model only
            places=places, publishers=publishers, date=dated, year=read.year, month=read.month, year_to=read.year_to,
            source=field.source("".join(codes)),
        )  # fmt: skip
