"""What matching knows of a record: a small frozen extract, stored with each source record so that no candidate is parsed again.

Reads the description only. Record ids, agency codes, barcodes and holdings are not in a ``BibliographicRecord`` and so can decide nothing.
"""

import re
from collections.abc import Sequence
from typing import Literal
from zlib import crc32

import msgspec

from union_catalog.bibliographic.folding import fold, script_of
from union_catalog.bibliographic.record import BibliographicRecord, Identifier, Publication
from union_catalog.matching.names import names_in, names_of, translators_of
from union_catalog.matching.published import published
from union_catalog.matching.publishers import is_publisher
from union_catalog.matching.titles import title_parts

MATCHING_VERSION = 2  # raised when features, keys or rules change so that stored features must be made anew

_PAGES = re.compile(r"(\d{1,5})\s*(?:页|頁|p\b|pages|面|叶)", re.IGNORECASE)
_BEHIND_FIRST_NAME = re.compile("[,，;；]")
_AMOUNT = re.compile(r"\d+(?:[.,]\d{1,2})?")


class Features(msgspec.Struct, frozen=True, array_like=True):
    """Folded text everywhere (see ``bibliographic.folding``); empty text, empty tuple and 0 mean that the record does not say.

    ``title`` is the title proper with its other title information and part title, ``core`` without; ``others`` further titles.
    ``volume`` is a canonical designation ("2", "上", "1-18"), ``whole`` says that the record describes a whole set.
    ``edition`` is the number of the edition, ``kinds`` words of the edition statement (修订, 影印, …).
    ``names`` are the creators in order, each form of a name with blanks between its parts; ``lead`` is how many of them are the first
    creator's; ``translators`` those of ``names`` whom the record calls so.
    ``places`` are known by one name each; ``printing`` says that the date is told to be a printing's, ``carrier_isbns`` are those that the
    record gives for another carrier (the e-book of a printed one), ``classic`` says that an author lived under a dynasty;
    ``script`` is that of title, creators and publisher ("traditional", "simplified", "" if no character tells).
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
    places: tuple[str, ...] = ()
    year: int = 0
    month: int = 0
    day: int = 0
    printing: bool = False
    isbns: tuple[str, ...] = ()
    set_isbns: tuple[str, ...] = ()
    carrier_isbns: tuple[str, ...] = ()
    pages: int = 0
    price: int = 0
    series: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    carrier: str = "book"
    clc: str = ""
    audience: str = ""
    classic: bool = False
    script: str = ""
    wording: tuple[int, ...] = ()


_OTHER_CARRIER = re.compile(
    "(?P<e>e-?book|electronic|epub|pdf|kindle|online|电子|電子|数字版|网络版)|(?P<audio>audio|有声|有聲|录音)"
    "|(?P<print>pbk|hbk|paper|hard|cloth|print|纸|紙|平装|精装)",
    re.IGNORECASE,
)
_CARRIERS = {"e": "e-book", "audio": "audio", "print": "book"}


def _of_other_carrier(identifier: Identifier, carrier: str) -> bool:
    """Whether the words beside an ISBN name another carrier than the record's."""
    if not identifier.qualifier or carrier not in _CARRIERS.values():
        return False
    found = _OTHER_CARRIER.search(identifier.qualifier)
    return found is not None and _CARRIERS[found.lastgroup or ""] != carrier


def _isbns(record: BibliographicRecord) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Its own, those of the set, and those of another carrier."""
    told = [i for i in record.identifiers if i.scheme == "isbn" and i.valid and not i.cancelled]
    if not told:
        return (), (), ()
    own: set[str] = set()
    of_set: set[str] = set()
    of_other: set[str] = set()
    for identifier in told:
        other = _of_other_carrier(identifier, record.format)
        (of_other if other else of_set if identifier.of_set else own).add(identifier.value)
    return tuple(sorted(own)), tuple(sorted(of_set)), tuple(sorted(of_other - own))


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


def _creators(record: BibliographicRecord, misplaced: frozenset[str]) -> tuple[tuple[str, ...], int]:
    """The names in order without houses that slipped among them, and how many forms belong to the first creator."""
    agents = [agent for agent in record.agents if agent.name not in misplaced] if misplaced else record.agents
    return _in_order(names_of(agents) or [forms for text in record.responsibility for forms in names_in(text.text)])


def _in_order(groups: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], int]:
    names = tuple(dict.fromkeys(form for forms in groups for form in forms))
    return names[:12], len(groups[0]) if groups else 0


def _wording(record: BibliographicRecord) -> tuple[int, ...]:
    """Sums of the description as it is written; 0 where it is silent."""
    imprint = record.publications[0] if record.publications else None
    statement = record.responsibility[0].text if record.responsibility else ""
    written = (
        record.titles[0].text if record.titles else "",
        statement[: behind.start()].rstrip() if (behind := _BEHIND_FIRST_NAME.search(statement)) else statement,
        imprint.publishers[0] if imprint and imprint.publishers else "",
        imprint.date if imprint else "",
    )
    return tuple(crc32(text.encode("utf-8", "surrogatepass")) & 0xFFFF if text else 0 for text in written)


def _script(record: BibliographicRecord) -> Literal["", "traditional", "simplified"]:
    """The script of title, first statement of responsibility and publisher: a title may be copied into the other script, all seldom are."""
    title = record.titles[0].text if record.titles else ""
    statement = record.responsibility[0].text if record.responsibility else ""
    publishers = record.publications[0].publishers if record.publications else ()
    return script_of(title + statement + (publishers[0] if publishers else ""))


def _clc(record: BibliographicRecord) -> str:
    return next((c.number for c in record.classifications if c.scheme == "clc"), "")


def _classic(record: BibliographicRecord) -> bool:
    return any(agent.dynasty and agent.dynasty not in _NO_DYNASTY for agent in record.agents)


_NO_DYNASTY = frozenset({"民国", "民國", "现代", "當代", "当代", "近代"})


def _name_for_publisher(imprints: Sequence[Publication]) -> str:
    """A name that slipped into the publisher's place; "" if a publisher stands there."""
    told = [name for imprint in imprints if imprint.kind in ("publication", "distribution") for name in imprint.publishers]
    return told[0] if len(told) == 1 and not is_publisher(told[0]) else ""


def features_of(record: BibliographicRecord) -> Features:
    """The features of any record, also of one without a title; depends on the description alone."""
    parts = title_parts(record.titles, record.editions, record.responsibility[0].text if record.responsibility else "")
    imprint = published(record.publications, record.agents)
    houses = imprint.houses
    names, lead = _creators(record, imprint.misplaced)
    if not names and (slipped := _name_for_publisher(record.publications)):
        names, lead = _in_order(names_in(slipped))
        houses = ()
    isbns, set_isbns, carrier_isbns = _isbns(record)
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
        places=imprint.places,
        year=imprint.date.year,
        month=imprint.date.month,
        day=imprint.date.day,
        printing=imprint.date.printing,
        isbns=isbns,
        set_isbns=set_isbns,
        carrier_isbns=carrier_isbns,
        pages=_pages(record),
        price=_price(record.identifiers),
        series=tuple(folded for s in record.series[:3] if (folded := fold(s.title))),
        languages=record.languages,
        carrier=record.format,
        clc=_clc(record),
        audience=record.audience,
        classic=_classic(record),
        script=_script(record),
        wording=_wording(record),
    )
