"""What matching knows of a record: a small frozen extract, stored with each source record so that no candidate is parsed again.

Reads the description only. Record ids, agency codes, barcodes and holdings are not in a ``BibliographicRecord`` and so can decide nothing.
"""

import re
from zlib import crc32

import msgspec

from union_catalog.bibliographic.folding import fold
from union_catalog.bibliographic.record import BibliographicRecord, Identifier, Publication
from union_catalog.matching.names import names_in, names_of, translators_of
from union_catalog.matching.publishers import is_publisher, publishers_in
from union_catalog.matching.titles import title_parts

MATCHING_VERSION = 2  # raised when features, keys or rules change so that stored features must be made anew

_DATE = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?:\s*[-./年]\s*(\d{1,2})(?!\d)(?:\s*[-./月]\s*(\d{1,2})(?!\d))?)?")
_COMPACT_DATE = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(0[1-9]|1[0-2])(\d\d)(?!\d)")
_PAGES = re.compile(r"(\d{1,5})\s*(?:页|頁|p\b|pages|面|叶)", re.IGNORECASE)
_FIRST_NAME = re.compile(r"\s*[,，;；]\s*")
_AMOUNT = re.compile(r"\d+(?:[.,]\d{1,2})?")


class Features(msgspec.Struct, frozen=True, array_like=True):
    """Folded text everywhere (see ``bibliographic.folding``); empty text, empty tuple and 0 mean that the record does not say.

    ``title`` is the title proper with its other title information and part title, ``core`` without; ``others`` further titles.
    ``volume`` is a canonical designation ("2", "上", "1-18"), ``whole`` says that the record describes a whole set.
    ``edition`` is the number of the edition, ``kinds`` words of the edition statement (修订, 影印, …).
    ``names`` are the creators in order, each form of a name with blanks between its parts; ``lead`` is how many of them are the first
    creator's; ``translators`` those of ``names`` whom the record calls so.
    ``price`` counts hundredths of whatever currency. ``wording`` are 16-bit sums of title, first creator, publisher and date as written.
    """

    title: str = ""
    core: str = ""
    others: tuple[str, ...] = ()
    volume: str = ""
    whole: bool = False
    edition: int = 0
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    lead: int = 0
    translators: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    year: int = 0
    month: int = 0
    day: int = 0
    isbns: tuple[str, ...] = ()
    set_isbns: tuple[str, ...] = ()
    pages: int = 0
    price: int = 0
    series: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    carrier: str = "book"
    clc: str = ""
    audience: str = ""
    wording: tuple[int, ...] = ()


def _first_date(text: str) -> tuple[int, int, int]:
    found = _COMPACT_DATE.search(text) or _DATE.search(text)
    if not found:
        return 0, 0, 0
    year, month, day = (int(part or 0) for part in found.groups())
    if not 1 <= month <= 12:
        return year, 0, 0
    return year, month, day if 1 <= day <= 31 else 0


def _date(imprints: tuple[Publication, ...]) -> tuple[int, int, int]:
    for imprint in imprints:
        if imprint.kind != "publication" or not (imprint.year or imprint.date):
            continue
        year, month, day = _first_date(imprint.date)
        if imprint.year and imprint.year != year:
            return imprint.year, imprint.month, 0
        return year, month, day
    dated = next((imprint for imprint in imprints if imprint.year), None)
    return (dated.year or 0, 0, 0) if dated else (0, 0, 0)


def _isbns(identifiers: tuple[Identifier, ...], *, of_set: bool) -> tuple[str, ...]:
    return tuple(sorted({i.value for i in identifiers if i.scheme == "isbn" and i.valid and not i.cancelled and i.of_set is of_set}))


def _price(identifiers: tuple[Identifier, ...]) -> int:
    for identifier in identifiers:
        found = _AMOUNT.search(identifier.price) if identifier.price else None
        if found:
            return round(float(found[0].replace(",", ".")) * 100)
    return 0


def _pages(record: BibliographicRecord) -> int:
    for extent in record.extents:
        found = _PAGES.findall(extent.text)
        if found:
            return max(map(int, found))
    return 0


def _creators(record: BibliographicRecord) -> tuple[tuple[str, ...], int]:
    """The names in order and how many forms belong to the first creator."""
    groups = names_of(record.agents) or [forms for text in record.responsibility for forms in names_in(text.text)]
    names = tuple(dict.fromkeys(form for forms in groups for form in forms))
    return names[:12], len(groups[0]) if groups else 0


def _wording(record: BibliographicRecord) -> tuple[int, ...]:
    """Sums of the description as it is written; 0 where it is silent."""
    imprint = record.publications[0] if record.publications else None
    statement = record.responsibility[0].text if record.responsibility else ""
    written = (
        record.titles[0].text if record.titles else "",
        _FIRST_NAME.split(statement, maxsplit=1)[0],
        imprint.publishers[0] if imprint and imprint.publishers else "",
        imprint.date if imprint else "",
    )
    return tuple(crc32(text.encode("utf-8", "surrogatepass")) & 0xFFFF if text else 0 for text in written)


def _clc(record: BibliographicRecord) -> str:
    return next((c.number for c in record.classifications if c.scheme == "clc"), "")


def features_of(record: BibliographicRecord) -> Features:
    """The features of any record, also of one without a title; depends on the description alone."""
    parts = title_parts(record.titles, record.editions)
    names, lead = _creators(record)
    year, month, day = _date(record.publications)
    told = [name for p in record.publications if p.kind in ("publication", "distribution") for name in p.publishers]
    houses = publishers_in(told)
    if not names and len(told) == 1 and not is_publisher(told[0]):  # a name that slipped into the publisher's place
        groups = list(names_in(told[0]))
        names, lead, houses = (
            tuple(form for forms in groups for form in forms)[:12],
            len(groups[0]) if groups else 0,
            (),
        )
    if not year:
        year, month, day = _first_date(" ".join(told))
    return Features(
        title=parts.title,
        core=parts.core,
        others=parts.others,
        volume=parts.volume,
        whole=parts.whole,
        edition=parts.edition,
        kinds=parts.kinds,
        names=names,
        lead=lead,
        translators=translators_of(record.agents),
        publishers=houses,
        year=year,
        month=month,
        day=day,
        isbns=_isbns(record.identifiers, of_set=False),
        set_isbns=_isbns(record.identifiers, of_set=True),
        pages=_pages(record),
        price=_price(record.identifiers),
        series=tuple(fold(s.title) for s in record.series[:3]),
        languages=record.languages,
        carrier=record.format,
        clc=_clc(record),
        audience=record.audience,
        wording=_wording(record),
    )
