"""Union records whose members stay, and that would nevertheless be written otherwise by this version: their description, their works."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from union_catalog.matching.features import features_of
from union_catalog.matching.merging import MergedRecord, merge
from union_catalog.matching.works import work_keys
from union_catalog.services.deciding.clusters import Node, members_of
from union_catalog.services.deciding.works import SettledWorks, rederive_works
from union_catalog.storage import works
from union_catalog.storage.values import unpack


@dataclass(frozen=True, slots=True)
class Outdated:
    """``described``: ids of union records that are merged otherwise now; ``regrouped``: those whose keys of works are other ones now."""

    described: frozenset[str]
    regrouped: frozenset[str]


def outdated(connection: Connection, nodes: Mapping[int, Node]) -> Outdated:
    """Looks at the union records that these source records stand under, each with all its members among them."""
    clusters: dict[str, list[Node]] = defaultdict(list)
    for source_id in sorted(nodes):
        if union_id := nodes[source_id].union_id:
            clusters[union_id].append(nodes[source_id])
    stored = {union_id: unpack(packed, MergedRecord) for union_id, packed in works.descriptions(connection, clusters.keys()).items()}
    held = works.keys_of(connection, clusters.keys())
    members = members_of(connection, list(clusters.values()))
    return Outdated(
        frozenset(union_id for union_id, (records, _) in zip(clusters, members, strict=True) if merge(records) != stored[union_id]),
        frozenset(union_id for union_id, merged in stored.items() if _keys(merged) != held.get(union_id, set())),
    )


def _keys(merged: MergedRecord) -> set[int]:
    return set(work_keys(features_of(merged.record), merged.record))


def regroup(connection: Connection, union_ids: Collection[str]) -> tuple[int, SettledWorks]:
    """Gives these, and all that share their works, the keys of this version. Answers how many held other ones."""
    if not union_ids:
        return 0, SettledWorks()
    concerned = {stored.id for stored in works.of_unions(connection, union_ids).values()}
    fellows = works.live_members(connection, concerned).keys()
    before = works.keys_of(connection, fellows)
    settled = rederive_works(connection, union_ids)
    after = works.keys_of(connection, fellows)
    return sum(before.get(union_id) != after.get(union_id) for union_id in fellows), settled
