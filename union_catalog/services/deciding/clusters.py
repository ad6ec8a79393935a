"""From changed components to union records: partition, ids, merged content, redirects."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection

from union_catalog.bibliographic.corrections import Correction
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.ids import UnionId, new_id
from union_catalog.matching.clustering import LARGE, Edge, IdPlan, StaffVerdict, assign_ids, partition
from union_catalog.matching.features import Features
from union_catalog.matching.merging import MemberRecord
from union_catalog.search.text import ANALYSIS_VERSION
from union_catalog.services.deciding.graph import Neighbourhood
from union_catalog.services.deciding.works import settle_works
from union_catalog.services.prepared import Derived, UnionText, member_record, text_of
from union_catalog.storage import corrections, sources, unions
from union_catalog.storage.events import Event
from union_catalog.storage.unions import UnionWrite
from union_catalog.storage.values import allocate, unpack


@dataclass(frozen=True, slots=True)
class Node:
    """A source record in a changed component. ``union_id`` is the one it had before, None for a new record."""

    id: int
    key: str
    union_id: str | None
    prepared: Derived | None = None
    """What follows from it where it has arrived or was corrected now; None for a record that only stands near."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``union_of`` gives every live node its union id; ``changed`` are (union id, revision) of all that differ from before."""

    union_of: Mapping[int, str]
    changed: list[tuple[str, int]]
    events: list[Event]


@dataclass(frozen=True, slots=True)
class Part:
    """One edition after the decision."""

    union_id: str
    nodes: tuple[Node, ...]
    is_new: bool


def settle(
    connection: Connection,
    nodes: Mapping[int, Node],
    gone: Sequence[Node],
    found: Neighbourhood,
    now: str,
    outdated: Collection[str] = (),
) -> Outcome:
    """Decides every component anew and writes the union records that differ.

    ``gone``: nodes that are no longer live; the union records they belonged to change with them. ``outdated``: union records that are to be
    written again even if their members stay.
    """
    plan = plan_ids(connection, nodes, gone, found)
    parts = _parts(plan, {node.key: node for node in nodes.values()})
    targets = _targets(plan, parts)
    touched = _touched(parts, (*nodes.values(), *gone), outdated)
    revisions = allocate(connection, "revision", len(touched) + len(targets))
    texts = _texts(connection, touched, found.features)
    wanted = {part.union_id: text.work_keys for part, text in zip(touched, texts, strict=True)}
    works = settle_works(connection, wanted, {part.union_id for part in touched if part.is_new}, targets)
    writes = _contents(touched, texts, works.work_of, revisions)
    unions.write(connection, writes, now)
    carried = unions.move_to_works(connection, works.carried, now)
    retired = dict(zip(targets, revisions[len(touched) :], strict=True))
    unions.retire(connection, targets, retired, now)
    return Outcome(
        union_of={node.id: part.union_id for part in parts for node in part.nodes},
        changed=[(write.id, write.revision) for write in writes] + list(retired.items()) + carried,
        events=_events(parts, targets) + _outgrown(parts, nodes.values()) + works.events,
    )


def plan_ids(connection: Connection, nodes: Mapping[int, Node], gone: Sequence[Node], found: Neighbourhood) -> IdPlan:
    """The clusters of every component, as sets of record keys, and the ids they keep. Writes nothing."""
    everyone = (*nodes.values(), *gone)
    ages = {UnionId(i): age for i, age in unions.ages(connection, {n.union_id for n in everyone if n.union_id}).items()}
    former = {node.key: UnionId(node.union_id) if node.union_id in ages else None for node in everyone}
    return assign_ids(former, _partition(nodes, found), ages)


def _partition(nodes: Mapping[int, Node], found: Neighbourhood) -> list[frozenset[str]]:
    """Every component's clusters, as sets of record keys."""
    component_of = {source_id: index for index, members in enumerate(found.components) for source_id in members}
    edges: dict[int, list[Edge]] = defaultdict(list)
    for edge in found.edges:
        edges[component_of[edge.a]].append(Edge(nodes[edge.a].key, nodes[edge.b].key, edge.strength))
    said: dict[int, list[StaffVerdict]] = defaultdict(list)
    for verdict in found.verdicts:
        said[component_of[verdict.a]].append(StaffVerdict(nodes[verdict.a].key, nodes[verdict.b].key, verdict.kind))
    parts: list[frozenset[str]] = []
    for index, members in enumerate(found.components):
        if len(members) == 1:
            parts.append(frozenset(nodes[source_id].key for source_id in members))
        else:
            described = {nodes[source_id].key: found.features[source_id] for source_id in members}
            parts += partition(described, edges[index], said[index])
    return parts


def _parts(plan: IdPlan, by_key: Mapping[str, Node]) -> list[Part]:
    return [
        Part(kept or UnionId(new_id()), tuple(by_key[key] for key in sorted(part)), is_new=kept is None)
        for part, kept in zip(plan.parts, plan.kept, strict=True)
    ]


def _targets(plan: IdPlan, parts: Sequence[Part]) -> dict[str, str | None]:
    """Where each retired id leads; nowhere if none of its members is left."""
    led: dict[str, str | None] = {union_id: parts[place].union_id for union_id, place in plan.redirects.items()}
    return led | dict.fromkeys(plan.emptied)


def _touched(parts: Iterable[Part], nodes: Iterable[Node], outdated: Collection[str]) -> list[Part]:
    """Parts of which a member has changed, come or left, and those that are to be written again."""
    before = Counter(node.union_id for node in nodes)
    return [
        part
        for part in parts
        if part.is_new
        or part.union_id in outdated
        or before[part.union_id] != len(part.nodes)
        or any(node.prepared is not None or node.union_id != part.union_id for node in part.nodes)
    ]


def _contents(parts: Sequence[Part], texts: Sequence[UnionText], work_of: Mapping[str, str], revisions: Sequence[int]) -> list[UnionWrite]:
    return [
        UnionWrite(
            id=part.union_id,
            revision=revision,
            work_id=work_of[part.union_id],
            merged_z=text.merged_z,
            analysed_z=text.analysed_z,
            analysis_version=ANALYSIS_VERSION,
            is_new=part.is_new,
        )
        for part, text, revision in zip(parts, texts, revisions, strict=False)
    ]


def _texts(connection: Connection, parts: Sequence[Part], features: Mapping[int, Features]) -> list[UnionText]:
    """The text of each part; ``features`` of source records, those that are at hand."""
    alone = {part.union_id: part.nodes[0].prepared for part in parts if len(part.nodes) == 1}
    several = [part for part in parts if alone.get(part.union_id) is None]
    members = dict(zip((part.union_id for part in several), members_of(connection, [part.nodes for part in several]), strict=True))
    return [
        text_of(*members[part.union_id], [features.get(node.id) for node in part.nodes])
        if only is None
        else UnionText(only.merged_z, only.analysed_z, only.work_keys)
        for part in parts
        for only in (alone.get(part.union_id),)
    ]


Members = tuple[tuple[MemberRecord, ...], set[str]]


def members_of(connection: Connection, clusters: Sequence[Sequence[Node]]) -> list[Members]:
    """The records of each cluster as they are merged, corrections laid over them, and the call numbers of its copies."""
    everyone = [node for nodes in clusters for node in nodes]
    stored = sources.contents(connection, [node.id for node in everyone if node.prepared is None])
    made = corrections.in_force(connection, [node.id for node in everyone])
    ranks = sources.ranks(connection) if any(len(nodes) > 1 for nodes in clusters) else {}
    return [_members(nodes, stored, made, ranks) for nodes in clusters]


def _members(
    nodes: Sequence[Node],
    stored: Mapping[int, tuple[bytes, str]],
    made: Mapping[int, tuple[Correction, ...]],
    ranks: Mapping[str, int],
) -> Members:
    members: list[MemberRecord] = []
    call_numbers: set[str] = set()
    for node in nodes:
        if node.prepared is not None:
            record_z, numbers = node.prepared.record_z, node.prepared.call_numbers
        else:
            record_z, joined = stored[node.id]
            numbers = tuple(joined.split("\x1f")) if joined else ()
        rank = ranks.get(node.key.partition(":")[0], 100)
        members.append(member_record(node.key, rank, unpack(record_z, BibliographicRecord), made.get(node.id, ())))
        call_numbers.update(numbers)
    return tuple(members), call_numbers


def _events(parts: Iterable[Part], targets: Mapping[str, str | None]) -> list[Event]:
    """Every change of an id, so that holds and lists can follow."""
    events = [
        Event("union.merged", f"union:{union_id}", data={"into": target}) if target else Event("union.gone", f"union:{union_id}")
        for union_id, target in targets.items()
    ]
    moved = sorted((node.union_id, part.union_id, node.key) for part in parts for node in part.nodes if _was_split_off(node, part, targets))
    for (before, after), group in groupby(moved, key=lambda row: row[:2]):
        events.append(Event("union.split", f"union:{before}", data={"into": after, "records": [key for *_, key in group]}))
    return events


def _outgrown(parts: Iterable[Part], nodes: Iterable[Node]) -> list[Event]:
    """Clusters that have become larger than any edition should be."""
    large = [part for part in parts if len(part.nodes) > LARGE]
    before = Counter(node.union_id for node in nodes) if large else Counter()
    return [
        Event("union.large", f"union:{part.union_id}", data={"records": len(part.nodes)})
        for part in large
        if before[part.union_id] <= LARGE
    ]


def _was_split_off(node: Node, part: Part, targets: Mapping[str, str | None]) -> bool:
    """Its former id lives on elsewhere, or leads elsewhere."""
    if node.union_id is None or node.union_id == part.union_id:
        return False
    return targets.get(node.union_id, node.union_id) != part.union_id
