"""The demo's facts as values: editions, what libraries say differently, what they hold.

README.md explains the columns of the tables.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
LIBRARIES = ("JD", "JX", "WZ", "KS")
_BODIES = (
    "委员会",
    "委員會",
    "研究所",
    "编译局",
    "编辑室",
    "編輯室",
    "科学院",
    "中心",
    "公司",
    "翻译组",
    "文库",
    "学系",
)


@dataclass(frozen=True, slots=True)
class Creator:
    """One who made something: ``role`` in the words of the title page, ``origin`` country or dynasty.

    ``original`` is the name in its own language, of a translated author.
    """

    name: str
    role: str = ""
    origin: str = ""
    original: str = ""

    @property
    def is_body(self) -> bool:
        """Whether it is a committee, company or the like, as the end of its name tells."""
        return self.name.endswith(_BODIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """An edition as facts, or as one library describes it; "" where nothing is said.

    The fields are the columns of ``editions/*.csv``. Of an edition, ``isbn`` has 13 digits and ``date``
    is YYYY, YYYY-MM or, of a periodical, "YYYY-"; in a library's description both are as it wrote them.
    """

    key: str
    title: str
    remainder: str = ""
    parallel: str = ""
    volume: str = ""
    volume_title: str = ""
    creators: tuple[Creator, ...] = ()
    edition: str = ""
    place: str = ""
    publisher: str = ""
    date: str = ""
    isbn: str = ""
    isbn_note: str = ""
    issn: str = ""
    clc: str = ""
    extent: str = ""
    series: str = ""
    subjects: tuple[str, ...] = ()
    language: str = "chi"
    original_language: str = ""
    original_title: str = ""
    format: str = "book"
    audience: str = ""
    use: str = ""
    url: str = ""
    romanised_title: str = ""
    romanised_creators: str = ""
    romanised_place: str = ""
    romanised_publisher: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """One item: ``status`` in the library's word, "" for on the shelf; no barcode: an electronic resource."""

    barcode: str
    branch: str
    kind: str = "book"
    status: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of one library's export."""

    library: str
    record_id: str
    description: Description
    copies: tuple[Copy, ...] = field(default=())

    @property
    def book_number(self) -> str:
        """The second half of the call number: a running number, here the last digits of the record id."""
        return str(int(self.record_id[-4:]))


@lru_cache(maxsize=1)
def editions() -> Mapping[str, Description]:
    """All editions by key, in the order of the files' names and of their rows."""
    rows = (row for path in sorted((FOLDER / "editions").glob("*.csv")) for row in _rows(path))
    return {row["key"]: _description(row) for row in rows}


@lru_cache(maxsize=1)
def differences() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """(edition, library) -> field -> what this library writes instead; "" where it writes nothing."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in _rows(FOLDER / "descriptions.csv"):
        found.setdefault((row["edition"], row["library"]), {})[row["field"]] = row["value"]
    return found


def records(library: str) -> tuple[Record, ...]:
    """What the library's export holds, in the order of ``holdings.csv``."""
    return tuple(_record(row) for row in _rows(FOLDER / "holdings.csv") if row["library"] == library)


def expected_clusters() -> Mapping[str, frozenset[tuple[str, str]]]:
    """The truth for the end-to-end test: edition key -> the (library, record_id) pairs that describe it."""
    clusters: dict[str, set[tuple[str, str]]] = {}
    for row in _rows(FOLDER / "holdings.csv"):
        clusters.setdefault(row["edition"], set()).add((row["library"], row["record_id"]))
    return {key: frozenset(members) for key, members in clusters.items()}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


def _description(row: Mapping[str, str]) -> Description:
    told = {name: text for name, text in row.items() if text}
    return _with(Description(key=row["key"], title=row["title"]), told)


def _with(description: Description, texts: Mapping[str, str]) -> Description:
    lists = {"creators": parse_creators, "subjects": _split}
    values = {name: lists[name](text) if name in lists else text for name, text in texts.items()}
    return replace(description, **values)  # type: ignore[arg-type]  # mypy cannot know which of the two a name in data is


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("; ") if part)


def parse_creators(text: str) -> tuple[Creator, ...]:
    """``name|role|origin|original`` separated by "; ", the last parts as far as they are known."""
    return tuple(Creator(*part.split("|")) for part in _split(text))


def _record(row: Mapping[str, str]) -> Record:
    library, record_id = row["library"], row["record_id"]
    description = _with(editions()[row["edition"]], differences().get((row["edition"], library), {}))
    words = enumerate(row["items"].split(), start=1)
    return Record(library, record_id, description, tuple(_copy(library, record_id, at, word) for at, word in words))


def _copy(library: str, record_id: str, at: int, word: str) -> Copy:
    """``BRANCH[=KIND][:STATUS]``, or ``online``."""
    if word == "online":
        return Copy("", "", "online", "")
    place, _, status = word.partition(":")
    branch, _, kind = place.partition("=")
    return Copy(f"{_PREFIXES[library]}{record_id[-5:]}{at:02d}", branch, kind or "book", status)


# Wenzhou and Kunshan number alike: a barcode is unique only within its library.
_PREFIXES = {"JD": "31014", "JX": "33040", "WZ": "100", "KS": "100"}
