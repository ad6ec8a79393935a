"""How the matchers of other union catalogues would judge the same candidates, and what one exact key would reach.

Written from descriptions of what they do, for our description of a record; what has no counterpart there (access restrictions, hosts
and component parts) is left out. All of them are given our candidates, which is more than they would find by themselves: the key of
OpenRS alone, for one, would put all Chinese books of a year and an extent together.

RecordManager folds by ICU's transliteration to Latin letters. It is approximated by the most frequent reading of each character for itself,
with its tone, as ICU takes it too; only where ICU prefers another reading of a character do the two differ.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style
from pypinyin.core import Pinyin
from rapidfuzz.distance import Levenshtein

from benchmarks.partitions import Pair
from benchmarks.truth import across
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.matching.features import Features

_ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
_BLANKS = re.compile(r"[-\s,;:.]+")
_ORDINALS = {"fir": "1", "sec": "2", "thi": "3", "fou": "4", "fif": "5", "six": "6", "sev": "7", "eig": "8", "nin": "9", "ten": "10"}
_READINGS = Pinyin()


@dataclass(frozen=True, slots=True)
class Described:
    """The parts of a description that the peers look at; "" and 0 where it is silent."""

    title: str
    remainder: str
    number: str
    part: str
    author: str
    year: int
    extent: str
    pages: int
    edition: str
    publisher: str
    isbns: frozenset[str]
    others: frozenset[str]
    series: tuple[str, str]
    format: str


def describe(record: BibliographicRecord) -> Described:
    """The parts as the record has them, nothing folded."""
    title = record.title_proper
    author = next((agent.name for agent in record.agents if agent.primary), record.agents[0].name if record.agents else "")
    extent = record.extents[0].text if record.extents else ""
    digits = re.findall(r"\d+", extent)
    issn = next(((entry.issn, entry.number) for entry in record.series if entry.issn), ("", ""))
    return Described(
        title=title.text if title else "",
        remainder=title.remainder if title else "",
        number=title.volume_number if title else "",
        part=title.volume_title if title else "",
        author=author,
        year=record.year or 0,
        extent=extent,
        pages=int(digits[0][:6]) if digits else 0,
        edition=record.editions[0].text if record.editions else "",
        publisher=next((name for imprint in record.publications for name in imprint.publishers), ""),
        isbns=frozenset(i.value for i in record.identifiers if i.scheme == "isbn" and i.valid),
        others=frozenset(f"{i.scheme}:{i.value}" for i in record.identifiers if i.scheme in {"lccn", "nbn", "oclc"}),
        series=issn,
        format=record.format,
    )


@lru_cache(maxsize=1 << 14)
def _latin(character: str) -> str:
    if not "\u3400" <= character <= "\u9fff":
        return character
    return "".join(_READINGS.pinyin(character, style=Style.TONE)[0])


@lru_cache(maxsize=1 << 16)
def to_latin(text: str) -> str:
    """RecordManager's folding: Latin letters with the marks of tones, no blanks, no punctuation, lower case."""
    decomposed = unicodedata.normalize("NFD", text).lower()
    latin = "".join(map(_latin, decomposed))
    return unicodedata.normalize("NFKC", "".join(c for c in latin if unicodedata.category(c)[0] in "LN"))


def _same_author(a: str, b: str) -> bool:
    first, second = to_latin(a), to_latin(b)
    words, others = a.split(), b.split()
    if min(len(a), len(b)) >= 6 and words[0] == others[0] and all(x[0] == y[0] for x, y in zip(words[1:], others[1:], strict=False)):
        return True
    return Levenshtein.distance(first, second) <= 0.2 * len(first)


def recordmanager(a: Described, b: Described) -> bool:
    """RecordManager (Finna): a shared number at once; then years, extents, series, and title and author by a share of ``a``'s length."""
    if a.format != b.format:
        return False
    if a.isbns & b.isbns or a.others & b.others:
        return True
    if (a.year and b.year and a.year != b.year) or (a.pages and b.pages and abs(a.pages - b.pages) > 10) or a.series != b.series:
        return False
    first, second = (to_latin(x.title + x.remainder + x.number + x.part).encode()[:255] for x in (a, b))
    if not first or Levenshtein.distance(first, second) >= 0.1 * len(first):
        return False
    return _same_author(a.author, b.author) if a.author and b.author else a.author == b.author


def _ascii_words(text: str) -> str:
    """What OpenRS leaves of a text: only ASCII letters and digits are word characters."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", plain.lower()))


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found[0] if found else ""


@lru_cache(maxsize=1 << 16)
def openrs_key(d: Described) -> tuple[Hashable, ...]:
    """The Gold Rush key as OpenRS builds it."""
    words = [word for word in _ascii_words(f"{d.title} {d.remainder}").split() if word not in {"a", "an", "the"}]
    edition = _found(r"\d{1,3}", d.edition) or _found(r"[a-z]{1,3}", _ascii_words(d.edition))
    publisher, part, number = (_ascii_words(text) for text in (d.publisher, d.part, d.number))
    return "".join(words)[:60], d.year, _found(r"\d{1,4}", d.extent), edition, publisher[:2], d.format, part[:20], number[:10]


def openrs(a: Described, b: Described) -> bool:
    """OpenRS: an equal key, or an ISBN that is the only one of both."""
    return openrs_key(a) == openrs_key(b) or (len(a.isbns) == 1 and a.isbns == b.isbns)


def _stripped(text: str, rest: str = r"[^\w]|_") -> str:
    """Without article, accents and whatever ``rest`` names; Han characters stay."""
    plain = "".join(c for c in unicodedata.normalize("NFD", _ARTICLE.sub("", text.strip())) if not unicodedata.combining(c))
    return re.sub(rest, "", plain).lower()


@lru_cache(maxsize=1 << 16)
def reservoir_key(d: Described) -> tuple[Hashable, ...]:
    """The Gold Rush key of 2024 as Reservoir builds it."""
    start = d.edition.strip()[:3].lower()
    edition = _found(r"^\d{1,3}", start) or _ORDINALS.get(start, "1")
    title = _stripped(d.title) + _stripped(d.remainder) + _stripped(d.part)
    author = _stripped(d.author, "[^a-zA-Z0-9]")[:5]
    return title[:70], d.year, _found(r"\d{4}", d.extent), edition, _stripped(d.publisher)[:5], d.format, _stripped(d.number)[:10], author


def reservoir(a: Described, b: Described) -> bool:
    """Reservoir: an equal key."""
    return reservoir_key(a) == reservoir_key(b)


def _open_title(d: Described) -> str:
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", f"{d.title} {d.remainder}").replace(" & ", " and ").lower()).strip()


def _open_title_points(a: Described, b: Described) -> float:
    first, second = _open_title(a), _open_title(b)
    long = min(len(first), len(second)) >= 9
    if long and _ARTICLE.sub("", first) == _ARTICLE.sub("", second):
        return 600
    if long and (first in second or second in first):
        return 350
    words, others = first.split(), second.split()
    shared = set(words) & set(others)
    if not shared:
        return -600 if long else 0
    ordered = [word for word in words if word in shared] == [word for word in others if word in shared]
    return 450 * len(shared) / max(len(words), len(others)) + 50 * ordered


def _open_author_points(a: str, b: str) -> float:
    if not (a and b):
        return -25 if a or b else 75
    first, second = (_BLANKS.sub(" ", name.lower()).strip() for name in (a, b))
    if first == second:
        return 125
    words, others = first.split(), second.split()
    share = len(set(words) & set(others)) / max(len(words), len(others), 1)
    return share * 80 + 10 if share > 0.5 else -200


def _open_publisher_points(a: str, b: str) -> int:
    if not (a and b):
        return 0
    first, second = (_BLANKS.sub("", name.lower()) for name in (a, b))
    return 100 if first in second or second in first else -51


def _open_pages_points(a: int, b: int) -> int:
    if not (a and b) or abs(a - b) > 10:
        return -225 if a and b else 0
    return (100 if a > 10 else 50) if a == b else 50 if min(a, b) > 10 else 20


def open_library(a: Described, b: Described) -> bool:
    """Open Library: 875 points of title, date, ISBN, extent, publisher and author; a title under 9 characters never counts as equal."""
    date = (200 if a.year == b.year else -800) if a.year and b.year else 0
    isbn = (85 if a.isbns & b.isbns else -225) if a.isbns and b.isbns else 0
    short = 450 if _open_title(a)[:25] == _open_title(b)[:25] else 0
    rest = _open_title_points(a, b) + _open_pages_points(a.pages, b.pages) + _open_publisher_points(a.publisher, b.publisher)
    return short + date + isbn >= 875 or rest + date + isbn + _open_author_points(a.author, b.author) >= 875


PEERS: Mapping[str, Callable[[Described, Described], bool]] = {
    "RecordManager": recordmanager,
    "Gold Rush as OpenRS": openrs,
    "Gold Rush as Reservoir": reservoir,
    "Open Library": open_library,
}


def judged_by_peers(records: Mapping[str, BibliographicRecord], pairs: Iterable[Pair]) -> Iterator[tuple[str, list[Pair]]]:
    """(peer, the pairs it puts together) of the candidates between two libraries, each pair in order of its keys."""
    described = {key: describe(record) for key, record in records.items()}
    between = sorted(pair for pair in pairs if pair[0].partition(":")[0] != pair[1].partition(":")[0])
    for name, judge in PEERS.items():
        found = [(a, b) for a, b in between if judge(described[a], described[b])]
        yield name, _one_a_library(found, described) if judge is recordmanager else found


def _one_a_library(found: Iterable[Pair], described: Mapping[str, Described]) -> list[Pair]:
    """RecordManager puts a record with the first that matches, ISBNs before titles, and no two of a library into one group."""
    taken: set[str] = set()
    kept = []
    for a, b in sorted(found, key=lambda pair: (not described[pair[0]].isbns & described[pair[1]].isbns, pair[1], pair[0])):
        if not taken & {a, b}:
            taken |= {a, b}
            kept.append((a, b))
    return kept


KEYS: Mapping[str, Callable[[Features], Hashable]] = {
    "title + year": lambda f: (f.title, f.year) if f.title and f.year else None,
    "title + publisher + year": lambda f: (f.title, f.publishers, f.year) if f.title and f.year else None,
    "ISBN": lambda f: f.isbns[:1] or None,
    "title": lambda f: f.title or None,
}


def judged_by_keys(members: Mapping[str, Features]) -> Iterator[tuple[str, list[Pair]]]:
    """(key, the pairs of Jiading and Jiaxing that have it) of all records; a key of None holds nobody."""
    for name, key in KEYS.items():
        parts: dict[Hashable, list[str]] = defaultdict(list)
        for record_key, found in members.items():
            parts[key(found)].append(record_key)
        parts.pop(None, None)
        yield name, list(across(parts.values()))
