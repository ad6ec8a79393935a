"""First phase: features, keys and links of every record made anew, in the order of source ids, into an empty graph."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from union_catalog.bibliographic.corrections import corrected
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.matching.features import features_of
from union_catalog.matching.keys import keys_of
from union_catalog.services.deciding import graph
from union_catalog.storage import corrections
from union_catalog.storage.stretches import Described
from union_catalog.storage.values import unpack


def derive(catalogue: Connection, stretch: Sequence[Described]) -> graph.Arrived:
    """Features and keys of each record under the corrections in force, tombstones included: they may come back."""
    made = corrections.in_force(catalogue, [found.id for found in stretch])
    arrived = {}
    for found in stretch:
        record = unpack(found.record_z, BibliographicRecord)
        features = features_of(corrected(record, made[found.id]) if found.id in made else record)
        arrived[found.id] = (msgspec.msgpack.encode(features), keys_of(features))
    return arrived


def link(connection: Connection, stretch: Sequence[Described], derived: graph.Arrived, key_limit: int) -> None:
    """Brings the live records of a stretch into the graph as a load brings them, so that the graph is the one that loads would make."""
    graph.link(connection, {found.id: derived[found.id] for found in stretch if not found.gone}, key_limit)
