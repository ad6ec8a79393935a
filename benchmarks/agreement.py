"""Whether both engines answer alike: 2,000 searches of all kinds over the same catalogue, each asked as the API asks it."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.exports import catalogue
from benchmarks.figures import Figure
from benchmarks.known_items import Books
from benchmarks.known_queries import Reader
from benchmarks.mixed_queries import SHARES, Mixed, mixed
from benchmarks.search_server import server
from benchmarks.slips import Slips
from indexers.embedded.engine import EmbeddedEngine
from indexers.rebuild import rebuild
from indexers.relay import Relay
from union_catalog.clock import SystemClock
from union_catalog.search.nodes import describe
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.index_feed import IndexFeed
from union_catalog.services.searching.asked import Asked
from union_catalog.services.views import SearchResult
from union_catalog.storage.database import Database

COUNT, SEED, LEASE = 2000, 20261123, 60.0


@dataclass(frozen=True, slots=True)
class Compared:
    """What both engines answered to one search."""

    mixed: Mixed
    same_total: bool
    same_ten: bool
    same_facets: bool


def compare(one: Mixed, embedded: SearchResult, other: SearchResult) -> Compared:
    """By total, by the first ten in their order, and by all counts of facets where they were asked for."""
    ten = [[hit.union_id for hit in result.page.hits] for result in (embedded, other)]
    return Compared(one, embedded.page.total == other.page.total, ten[0] == ten[1], embedded.page.facets == other.page.facets)


def compared(count: int = COUNT) -> Iterator[Compared]:
    """Each search on both engines."""
    with catalogue() as installation, server() as elsewhere:
        database = Database(f"sqlite:///{installation.home / 'catalogue.sqlite3'}")
        engines = EmbeddedEngine(installation.home / "index"), elsewhere.engine()
        rebuild(Relay(IndexFeed(database, SystemClock(), LEASE), engines[1]))
        embedded, other = (Catalogue(database, engine) for engine in engines)
        chance = random.Random(SEED)
        books = list(Books(database).known.values())
        reader = Reader(Slips((book.title for book in books), chance), chance)
        for one in mixed(books, reader, chance, count):
            yield compare(one, embedded.search(Asked(one.request)), other.search(Asked(one.request)))
        for engine in engines:
            engine.close()
        database.close()


def measure() -> Iterator[Figure]:
    """The shares of searches that were answered alike; those that were not are printed."""
    kinds: Counter[str] = Counter()
    unequal: list[Compared] = []
    for one in compared():
        kinds[one.mixed.kind] += 1
        if not (one.same_total and one.same_ten and one.same_facets):
            unequal.append(one)
            print(f"  {one.mixed.kind}: {describe(one.mixed.request.query.nodes)!r} {one.mixed.request.filters}")
    count = kinds.total()
    how = ", ".join(f"{kinds[kind] / count:.0%} {kind}" for kind in SHARES)
    yield Figure(
        "same total on both engines", _share([one.same_total for one in unequal], count), "%", "99.5", "100", f"{count:,} searches: {how};"
    )
    yield Figure("same first ten on both engines", _share([one.same_ten for one in unequal], count), "%", "90", "97", "in the same order;")
    facets = kinds["filters, facets and orders"]
    told = f"all facets of {facets:,} searches;"
    yield Figure("same counts of facets on both engines", _share([one.same_facets for one in unequal], facets), "%", detail=told)


def _share(same_of_unequal: list[bool], count: int) -> float:
    return round(100 * (1 - same_of_unequal.count(False) / count), 2)
