"""First phase: features, keys and links of every record made anew, in the order of source ids, into an empty graph."""

import msgspec
from sqlalchemy import Connection

from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.matching.features import Features, features_of
from union_catalog.matching.keys import keys_of
from union_catalog.services.deciding import graph
from union_catalog.storage.stretches import Described
from union_catalog.storage.values import unpack

Derived = dict[int, bytes]


def derive(stretch: list[Described]) -> Derived:
    """The packed features of each record, tombstones included: they may come back."""
    return {found.id: msgspec.msgpack.encode(features_of(unpack(found.record_z, BibliographicRecord))) for found in stretch}


def link(connection: Connection, stretch: list[Described], derived: Derived, key_limit: int) -> None:
    """Brings the records of a stretch into the graph as a load brings them, so that the graph is the one that loads would make."""
    live = [found.id for found in stretch if not found.gone]
    arrived = {source_id: (derived[source_id], keys_of(_features(derived[source_id]))) for source_id in live}
    graph.link(connection, arrived, key_limit)


_features = msgspec.msgpack.Decoder(Features).decode
