"""What the command line and the API ask of matching: the clusters, why two records are or are not one edition, and what is open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.matching.clustering import LARGE
from union_catalog.storage import doubts, sources
from union_catalog.storage.database import Database
from union_catalog.storage.doubts import DoubtKind, DoubtRow
from union_catalog.storage.values import unpack

Place = tuple[int, int, int]  # in the queue of doubts: worth, and the two ids of the records in the database


@contextmanager
def clusters(database: Database) -> Iterator[Iterator[tuple[str, str, str]]]:
    """(library, record id, union id) of every live source record, ordered, on one snapshot and in bounded memory."""
    with database.read() as connection:
        yield sources.membership(connection)


@dataclass(frozen=True, slots=True)
class Told:
    """One of two doubtful records: its key, where it stands now, and what it says of itself, "" where it is silent."""

    key: str
    union_id: str
    title: str
    responsibility: str
    publisher: str
    date: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A pair that stays apart although much speaks for it.

    ``kind``: "unsure", no rule decides; "parted", a rule calls them the same and the cluster of one does not take the other.
    ``doubt``: thousandths, 1000 at even odds; ``worth``: the doubt times the items that a decision would bring together.
    """

    first: Told
    second: Told
    kind: DoubtKind
    doubt: int
    worth: int
    place: Place


def doubtful(database: Database, after: Place | None = None, limit: int = 20, library: str = "") -> list[Doubtful]:
    """The queue from what is worth most, after the place of one; with ``library`` the pairs in which it has a record.

    Pairs that have come together are left out, and those that staff has decided.
    """
    with database.read() as connection:
        return [_doubtful(row) for row in doubts.page(connection, after, limit, library)]


def _doubtful(row: DoubtRow) -> Doubtful:
    it = row.doubt
    first, second = _told(row.first, row.first_union, row.first_z), _told(row.second, row.second_union, row.second_z)
    return Doubtful(first, second, it.kind, it.doubt, it.worth, (it.worth, it.a, it.b))


def _told(key: str, union_id: str, packed: bytes) -> Told:
    record = unpack(packed, BibliographicRecord)
    title = record.title_proper
    imprint = next(iter(record.publications), None)
    return Told(
        key,
        union_id,
        title.text if title else "",
        "; ".join(text.text for text in record.responsibility),
        "; ".join(imprint.publishers) if imprint else "",
        imprint.date if imprint else "",
    )


def large(database: Database) -> list[tuple[str, int]]:
    """(union id, source records) of the clusters larger than ``clustering.LARGE``, the largest first."""
    with database.read() as connection:
        return sources.crowded(connection, LARGE)
