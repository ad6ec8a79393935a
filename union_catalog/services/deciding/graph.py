"""Brings the match graph up to date with a batch, and finds the connected components round what changed.

Candidates come through keys only. A key that more than ``limit`` records hold is not used for anyone; when a key crosses the limit,
up or down, all who hold it are judged anew, so that the graph is a function of the set of records and not of their arrival.

Beside the links stand the pairs that no rule decides although much speaks for them. They are asked for only where a key brings few
together: whoever has dozens of rivals would fill the queue of staff and be decided by nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection

from union_catalog.matching.comparisons import outcomes
from union_catalog.matching.features import Features
from union_catalog.matching.keys import keys_of
from union_catalog.matching.likelihood import doubt
from union_catalog.matching.rules import Kind, decide
from union_catalog.storage import doubts, match_graph, sources, verdicts
from union_catalog.storage.doubts import StoredDoubt
from union_catalog.storage.match_graph import StoredEdge
from union_catalog.storage.verdicts import StoredVerdict

DOUBTFUL = 200  # thousandths: a question less open than this is none
FEW = 12  # a key that more records hold raises no questions
Arrived = Mapping[int, tuple[bytes, tuple[int, ...]]]

_decoder = msgspec.msgpack.Decoder(Features)


@dataclass(slots=True)
class Neighbourhood:
    """``components`` are all connected components that the batch may have changed, those of one record included.

    ``verdicts`` are those of staff that hold between their members. ``doubts`` are the open questions that came up, also to records of
    other components. ``oversized`` are the keys of the batch that were not used, each with a record that holds it.
    """

    components: list[set[int]] = field(default_factory=list)
    edges: set[StoredEdge] = field(default_factory=set)
    features: dict[int, Features] = field(default_factory=dict)
    verdicts: set[StoredVerdict] = field(default_factory=set)
    doubts: list[StoredDoubt] = field(default_factory=list)
    oversized: dict[int, int] = field(default_factory=dict)


def refresh(connection: Connection, arrived: Arrived, replaced: Iterable[int], limit: int) -> Neighbourhood:
    """Links what has arrived, and answers everything that is to be decided anew.

    ``arrived``: source id → (packed features, keys) as they are now; ``replaced``: ids of live records whose stored features no longer
    hold. An id in ``replaced`` that has not arrived is gone.
    """
    old = set(replaced)
    links = _Links(connection, limit)
    links.run(arrived, old)
    found = Neighbourhood(features=links.features, doubts=links.doubts, oversized=links.oversized(arrived))
    walk = _Walk(connection, found, arrived.keys(), old - arrived.keys())
    concerned = links.concerned | walk.tied_by_staff(old)
    walk.run((concerned | links.linked) - walk.gone, links.edges, links.judged)
    return found


def link(connection: Connection, arrived: Arrived, limit: int) -> None:
    """Links records to those that are linked already; only the tables of the match graph and the features are looked at."""
    _Links(connection, limit).run(arrived, set())


def around(connection: Connection, ids: Iterable[int]) -> Neighbourhood:
    """The components of these live records as links and verdicts are now; the features of all of them are there."""
    found = Neighbourhood()
    walk = _Walk(connection, found, frozenset(), frozenset())
    walk.run(set(ids), set(), set())
    walk.fetch_features({source_id for members in found.components for source_id in members})
    return found


class _Links:
    """Judges pairs and stores what comes of it. ``concerned`` are all whose component may have changed, those that are gone included."""

    def __init__(self, connection: Connection, limit: int) -> None:
        self.connection = connection
        self.limit = limit
        self.features: dict[int, Features] = {}
        self.keys: dict[int, tuple[int, ...]] = {}
        self.over: set[int] = set()
        self.judged: set[int] = set()
        self.concerned: set[int] = set()
        self.edges: set[StoredEdge] = set()
        self.doubts: list[StoredDoubt] = []
        self._forms: dict[bytes, Features] = {}

    @property
    def linked(self) -> set[int]:
        """Ends of the new links."""
        return {end for edge in self.edges for end in (edge.a, edge.b)}

    def oversized(self, arrived: Arrived) -> dict[int, int]:
        """The keys of the batch that were not used, each with one who holds it."""
        return {key: source_id for source_id, (_, keys) in arrived.items() for key in keys if key in self.over} if self.over else {}

    def run(self, arrived: Arrived, replaced: set[int]) -> None:
        removed = self._forget(replaced)
        self.concerned = replaced | self._cut(replaced)
        for source_id, (packed, keys) in arrived.items():
            self.features[source_id] = self._decoded(packed)
            self.keys[source_id] = keys
        added = [(key, source_id) for source_id, (_, keys) in arrived.items() for key in set(keys)]
        match_graph.add_keys(self.connection, added)
        holders, crossing = self._count(added, removed)
        extra = {holder for key in crossing for holder in holders[key]} - arrived.keys()
        if extra:
            self.concerned |= self._cut(extra)
            holders |= self._reconsider(extra)
        self.judged = arrived.keys() | extra
        self.concerned |= self.judged
        self._judge(holders)

    def _decoded(self, packed: bytes) -> Features:
        """Records that are described alike share their features, so that a pair of such forms is judged once."""
        known = self._forms.get(packed)
        if known is None:
            known = self._forms[packed] = _decoder.decode(packed)
        return known

    def _forget(self, replaced: set[int]) -> list[tuple[int, int]]:
        """Takes the keys of what is replaced out of the index, and answers them."""
        old = sources.features(self.connection, replaced)
        removed = [(key, source_id) for source_id, packed in old.items() for key in set(keys_of(_decoder.decode(packed)))]
        match_graph.remove_keys(self.connection, removed)
        return removed

    def _cut(self, ids: set[int]) -> set[int]:
        """Takes their links and doubts away, and answers who was at the other end of a link."""
        edges = match_graph.edges_of(self.connection, ids)
        match_graph.remove_edges_of(self.connection, ids)
        doubts.remove_of(self.connection, ids)
        return {end for edge in edges for end in (edge.a, edge.b)} - ids

    def _count(self, added: list[tuple[int, int]], removed: list[tuple[int, int]]) -> tuple[dict[int, list[int]], set[int]]:
        """The holders of every key that is in use or crosses a limit, and the keys that cross one."""
        change: dict[int, int] = defaultdict(int)
        for key, _ in added:
            change[key] += 1
        for key, _ in removed:
            change[key] -= 1
        counts = match_graph.key_counts(self.connection, change.keys())
        self.over = {key for key, count in counts.items() if count > self.limit}
        crossing = {key for key, by in change.items() if by and self._crosses(counts.get(key, 0), by)}
        wanted = {key for key, count in counts.items() if count > 1 and (key not in self.over or key in crossing)}
        return match_graph.key_holders(self.connection, wanted), crossing

    def _crosses(self, count: int, by: int) -> bool:
        """Whether a key that ``count`` hold now, ``by`` more than before, has crossed one of the two limits."""
        before = count - by
        return (count > FEW) is not (before > FEW) or (count > self.limit) is not (before > self.limit)

    def _reconsider(self, ids: set[int]) -> dict[int, list[int]]:
        """Loads those who share a key that crossed a limit; answers the holders of all their keys in use."""
        self._fetch_features(ids)
        self.keys |= {source_id: keys_of(self.features[source_id]) for source_id in ids}
        keys = {key for source_id in ids for key in self.keys[source_id]}
        counts = match_graph.key_counts(self.connection, keys)
        self.over |= {key for key, count in counts.items() if count > self.limit}
        return match_graph.key_holders(self.connection, {key for key, count in counts.items() if 1 < count <= self.limit})

    def _judge(self, holders: Mapping[int, list[int]]) -> None:
        pairs = {
            (source_id, other) if source_id < other else (other, source_id)
            for source_id in self.judged
            for key in self.keys[source_id]
            if key not in self.over
            for other in holders.get(key, ())
            if other != source_id
        }
        self._fetch_features({end for pair in pairs for end in pair})
        known, verdict_of = self.features, _Judge()
        unsure = []
        for a, b in pairs:
            kind, strength = verdict_of(known[a], known[b])
            if kind == "same":
                self.edges.add(StoredEdge(a, b, strength))
            elif kind == "unsure":
                unsure.append((a, b))
        match_graph.add_edges(self.connection, self.edges)
        self.doubts = self._doubtful(unsure, holders)
        doubts.add(self.connection, self.doubts)

    def _doubtful(self, unsure: Iterable[tuple[int, int]], holders: Mapping[int, list[int]]) -> list[StoredDoubt]:
        """The open questions among the undecided pairs."""
        found = []
        for a, b in unsure:
            judged, other = (a, b) if a in self.judged else (b, a)
            if any(len(holders[key]) <= FEW and other in holders[key] for key in self.keys[judged] if key in holders):
                value = doubt(outcomes(self.features[a], self.features[b]))
                if value >= DOUBTFUL:
                    found.append(StoredDoubt(a, b, "unsure", value))
        return found

    def _fetch_features(self, ids: Iterable[int]) -> None:
        missing = [source_id for source_id in ids if source_id not in self.features]
        for source_id, packed in sources.features(self.connection, missing).items():
            self.features[source_id] = self._decoded(packed)


class _Judge:
    """``decide`` for one batch, in which the same two forms are compared once however many records have them."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], tuple[Kind, int]] = {}

    def __call__(self, a: Features, b: Features) -> tuple[Kind, int]:
        pair = (id(a), id(b))
        found = self.known.get(pair)
        if found is None:
            found = self.known[pair] = decide(a, b)
        return found


class _Walk:
    """From records to all that links and staff tie them to. ``gone`` records are out of it, whatever the database still says."""

    def __init__(self, connection: Connection, found: Neighbourhood, arrived: AbstractSet[int], gone: AbstractSet[int]) -> None:
        self.connection = connection
        self.found = found
        self.arrived = arrived
        self.gone = gone
        self.has_verdicts = verdicts.are_there(connection)

    def run(self, start: set[int], edges: set[StoredEdge], judged: set[int]) -> None:
        """``edges`` are all that ``judged`` have; their ends are in ``start``."""
        found = self.found
        found.edges = set(edges)
        met, frontier = set(start), set(start)
        while frontier:
            stored = match_graph.edges_of(self.connection, frontier - judged)
            said = self._said_of(frontier)
            found.edges |= stored
            found.verdicts |= said
            ends = {end for edge in stored for end in (edge.a, edge.b)}
            ends |= {end for verdict in said if verdict.kind == "same" for end in (verdict.a, verdict.b)}
            frontier = ends - met
            met |= ends
        found.verdicts = {verdict for verdict in found.verdicts if verdict.a in met and verdict.b in met}
        found.components = connected(met, [*found.edges, *(verdict for verdict in found.verdicts if verdict.kind == "same")])
        self.fetch_features({source_id for members in found.components if len(members) > 1 for source_id in members})

    def tied_by_staff(self, replaced: set[int]) -> set[int]:
        """Whom staff ties to records that change or go: they may have come together through these alone."""
        said = verdicts.touching(self.connection, replaced) if self.has_verdicts else set()
        return {end for verdict in said if verdict.kind == "same" for end in {verdict.a, verdict.b} - verdict.gone}

    def _said_of(self, ids: set[int]) -> set[StoredVerdict]:
        """The verdicts that hold now: of those that sleep, the ones whose records have arrived."""
        said = verdicts.touching(self.connection, ids) if self.has_verdicts else set()
        return {v for v in said if v.a not in self.gone and v.b not in self.gone and v.gone <= self.arrived}

    def fetch_features(self, ids: Iterable[int]) -> None:
        """Those that are not known yet."""
        missing = [source_id for source_id in ids if source_id not in self.found.features]
        for source_id, packed in sources.features(self.connection, missing).items():
            self.found.features[source_id] = _decoder.decode(packed)


def connected(ids: Iterable[int], ties: Iterable[StoredEdge | StoredVerdict]) -> list[set[int]]:
    """The connected components of the graph, each id in exactly one."""
    component = {source_id: {source_id} for source_id in ids}
    for tie in ties:
        a, b = component[tie.a], component[tie.b]
        if a is b:
            continue
        small, large = sorted((a, b), key=len)
        large |= small
        for source_id in small:
            component[source_id] = large
    unique = {id(members): members for members in component.values()}
    return list(unique.values())
