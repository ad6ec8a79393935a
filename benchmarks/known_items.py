"""Known items: whoever knows a book and types its title, more or less well, finds it among the first ten.

2,000 member records are drawn at random, with a fixed seed, out of all of the four libraries; what is looked for is the union record that
each of them is part of, and nothing else counts as found. From each a query of every kind is made (``known_queries.py``).

Where more than ten records are told by the very same words (the same title, for pinyin the same syllables, for initials the same letters;
with a part of a title and an author, every record that has both), no order could put all of them among the first ten. Their share is
told, and the recall without them beside the recall of all.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from benchmarks.exports import catalogue
from benchmarks.figures import Figure
from benchmarks.known_queries import Known, Reader, initials, known, syllables, units
from benchmarks.slips import Slips
from indexers.embedded.engine import EmbeddedEngine
from union_catalog.matching.merging import MergedRecord
from union_catalog.search.characters import prepare
from union_catalog.search.engine import SearchRequest
from union_catalog.search.query import parse
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.searching.asked import Asked
from union_catalog.storage import reads
from union_catalog.storage.database import Database
from union_catalog.storage.tables import source_record
from union_catalog.storage.values import unpack

DRAWN, SEED, FIRST = 2000, 20261122, 10
WANTED = {
    "whole title": (".97", ".99"),
    "traditional script": (".97", ".99"),
    "title part + author": (".97", ".99"),
    "full pinyin": (".92", ".97"),
    "initials": (".75", ".90"),
    "one wrong homophone": (".85", ".95"),
    "one look-alike or missing character": (".85", ".95"),
}


@dataclass(frozen=True, slots=True)
class Asking:
    """One query of a kind for one record, and how many records it tells as well as that."""

    kind: str
    query: str
    union_id: str
    alike: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """``place`` is that of the record among the first ten, from 1; 0 where it is not there. ``total`` is of all that was found."""

    asking: Asking
    place: int
    total: int
    corrected: str


class Books:
    """All records as readers know them, and how many are told by the same words."""

    def __init__(self, database: Database) -> None:
        self.known = dict(_known_books(database))
        books = self.known.values()
        self._titles = Counter(map(_title, books))
        self._sounds = Counter(" ".join(syllables(book)) for book in books)
        self._initials = Counter(map(initials, books))
        self._by_author: Mapping[str, list[str]] = defaultdict(list)
        for book in books:
            self._by_author[prepare(book.author)].append(_title(book))

    def alike(self, kind: str, book: Known, query: str) -> int:
        """How many records, this one among them, are told as well by what the reader means."""
        match kind:
            case "title part + author":
                part = _joined(query.removesuffix(book.author))
                return sum(part in title for title in self._by_author[prepare(book.author)])
            case "full pinyin":
                return self._sounds[" ".join(syllables(book))]
            case "initials":
                return self._initials[initials(book)]
            case _:
                return self._titles[_title(book)]


def _known_books(database: Database) -> Iterator[tuple[str, Known]]:
    after = ""
    with database.read() as connection:
        while rows := reads.live_unions(connection, after, 5000):
            for row in rows:
                book = known(unpack(row.merged_z, MergedRecord).record)
                if book is not None:
                    yield row.id, book
            after = rows[-1].id


def _joined(text: str) -> str:
    return "".join(units(prepare(text)))


def _title(book: Known) -> str:
    return _joined(book.title)


def drawn(database: Database, count: int) -> list[str]:
    """The union ids of records drawn from all member records in the order of their own ids, which do not change from load to load."""
    s = source_record.c
    with database.read() as connection:
        rows = connection.execute(select(s.union_id).where(s.deleted_at.is_(None)).order_by(s.library, s.record_id)).scalars().all()
    return random.Random(SEED).sample(list(rows), count)


def askings(books: Books, union_ids: Sequence[str]) -> Iterator[Asking]:
    """Every kind of query for every record that it can be made for."""
    chance = random.Random(SEED)
    reader = Reader(Slips((book.title for book in books.known.values()), chance), chance)
    for kind, typed in reader.kinds().items():
        for union_id in union_ids:
            book = books.known.get(union_id)
            query = typed(book) if book else None
            if book and query:
                yield Asking(kind, query, union_id, books.alike(kind, book, query))


def asked(searching: Catalogue, asking: Asking) -> Outcome:
    """Asks as the API does, with the second look for what was misspelt."""
    result = searching.search(Asked(SearchRequest(parse(asking.query), per_page=FIRST, facets=())))
    found = [record.union_id for record in result.records]
    place = found.index(asking.union_id) + 1 if asking.union_id in found else 0
    return Outcome(asking, place, result.page.total, result.corrected.query if result.corrected else "")


def outcomes(home: Path, count: int = DRAWN, wanted: Callable[[str], bool] = lambda kind: True) -> Iterator[Outcome]:
    """What becomes of the queries of the wanted kinds, in an installation that holds the four libraries."""
    database = Database(f"sqlite:///{home / 'catalogue.sqlite3'}")
    searching = Catalogue(database, EmbeddedEngine(home / "index"))
    books = Books(database)
    for asking in askings(books, drawn(database, count)):
        if wanted(asking.kind):
            yield asked(searching, asking)
    searching.engine.close()
    database.close()


def measure() -> Iterator[Figure]:
    """Recall in the first ten and the mean reciprocal rank, by kind, on the embedded engine."""
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    with catalogue() as installation:
        for outcome in outcomes(installation.home):
            by_kind[outcome.asking.kind].append(outcome)
    for kind, found in by_kind.items():
        yield _figure(kind, found)


def _figure(kind: str, found: Sequence[Outcome]) -> Figure:
    possible = [one for one in found if one.asking.alike <= FIRST]
    reciprocal = sum(1 / one.place for one in found if one.place) / len(found)
    impossible = (len(found) - len(possible)) / len(found)
    told = f"{impossible:.1%} tell more than ten records alike, without them {_recall(possible):.3f};"
    how = f"{len(found):,} queries; MRR {reciprocal:.3f}; {told}"
    must, goal = WANTED[kind]
    return Figure(f"known item by {kind}, recall@10", round(_recall(found), 3), "", must, goal, how)


def _recall(found: Sequence[Outcome]) -> float:
    return sum(one.place > 0 for one in found) / len(found)
