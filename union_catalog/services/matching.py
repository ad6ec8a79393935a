"""What the command line and the API ask of matching: the clusters, and why two records are or are not one edition."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from union_catalog.errors import InvalidInput, NotFound
from union_catalog.matching.features import Features
from union_catalog.matching.rules import Verdict, compare
from union_catalog.storage import reads, sources
from union_catalog.storage.database import Database


@contextmanager
def clusters(database: Database) -> Iterator[Iterator[tuple[str, str, str]]]:
    """(library, record id, union id) of every live source record, ordered, on one snapshot and in bounded memory."""
    with database.read() as connection:
        yield sources.membership(connection)


def explain(database: Database, first: str, second: str) -> Verdict:
    """The verdict on two records named "JD:JD000000001". Raises InvalidInput for another form, NotFound for an unknown record."""
    with database.read() as connection:
        found = []
        for name, key in (("first", first), ("second", second)):
            library, colon, record_id = key.partition(":")
            if not colon or not library or not record_id:
                raise InvalidInput("bad_record_key", name=name, value=key)
            row = reads.source_content_of(connection, library, record_id)
            if row is None:
                raise NotFound("unknown_source_record", kind="source_record", id=key)
            found.append(msgspec.msgpack.decode(row.features, type=Features))
    return compare(found[0], found[1])
