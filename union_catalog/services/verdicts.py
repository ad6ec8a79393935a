"""What staff say of two records: *same* or *different*, given, undone and listed. Each takes a transaction that writes, and what it
changes is decided in it: the clusters round both records stand anew when it ends.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Refused
from union_catalog.ids import new_id
from union_catalog.matching.explanation import Pair, Separation, pair_of, separation
from union_catalog.matching.features import Features
from union_catalog.services.deciding import graph
from union_catalog.services.deciding.anew import decide_anew
from union_catalog.services.rebuilding.readiness import require_ready
from union_catalog.storage import events, outbox, sources, verdicts
from union_catalog.storage.database import Database, lock_matching
from union_catalog.storage.events import Event
from union_catalog.storage.match_graph import StoredEdge
from union_catalog.storage.sources import StoredSource
from union_catalog.storage.verdicts import Said, StoredVerdict, VerdictRow

_NEIGHBOURS = 20  # clusters that are told to have stayed apart
_ACROSS = 8  # records of each of two clusters that are compared to tell what keeps them apart


@dataclass(frozen=True, slots=True)
class Cluster:
    """A union record and the keys of its source records, in order."""

    union_id: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What has become of it. ``changed`` is False where the same had been said before.

    ``clusters`` hold the two records now, one where they are together; ``apart`` says of the neighbours that a link ties to them, and of
    the two themselves, what keeps them apart. ``last_message`` is the highest message id that this database has given out.
    """

    verdict: VerdictRow
    changed: bool
    clusters: tuple[Cluster, ...]
    apart: tuple[Separation, ...]
    last_message: int


def give(connection: Connection, clock: Clock, context: Context, first: str, second: str, verdict: Said, reason: str = "") -> Given:
    """Staff says that the records named "JD:JD000000001" are one edition, or are not; it holds until it is undone.

    Raises InvalidInput for a key of another form and for a record with itself, NotFound for unknown ones, Refused("source_record_gone")
    for tombstones, Refused("verdict_stands") where the opposite holds of the pair, Refused("verdicts_contradict") with the whole chain
    where other verdicts stand against it, NotAllowed if neither record is of the context's library, Busy and Refused while the matching
    is not ready to be changed.
    """
    now = instant_text(clock.now())
    lock_matching(connection)
    require_ready(connection, clock.now())
    pair = _pair(connection, context, first, second)
    for record in pair:
        if record.deleted:
            raise Refused("source_record_gone", id=record.key)
    a, b = pair[0].id, pair[1].id
    standing = verdicts.in_force(connection, a, b)
    if standing is not None and standing.verdict != verdict:
        raise Refused("verdict_stands", first=first, second=second, verdict=standing.verdict, id=standing.id)
    if standing is None:
        _refuse_contradiction(connection, a, b, verdict)
        verdict_id = new_id()
        verdicts.add(connection, verdict_id, (a, b), verdict, reason, str(context.actor), now)
        told: dict[str, object] = {"first": first, "second": second, "verdict": verdict}
        events.append(connection, context, [Event("verdict.given", f"verdict:{verdict_id}", context.library or None, told)], now)
        decide_anew(connection, context, now, (a, b))
    return _given(connection, pair, changed=standing is None)


def undo(connection: Connection, clock: Clock, context: Context, verdict_id: str) -> Given:
    """What staff said holds no more, and the clusters stand as if it had never been said.

    Raises NotFound("unknown_verdict") for one that is not in force, NotAllowed as :func:`give`.
    """
    lock_matching(connection)
    require_ready(connection, clock.now())
    found = verdicts.by_id(connection, verdict_id)
    if found is None or found.undone_at is not None:
        raise NotFound("unknown_verdict", kind="verdict", id=verdict_id)
    return _undo(connection, clock, context, found)


def undo_pair(connection: Connection, clock: Clock, context: Context, first: str, second: str) -> Given:
    """As :func:`undo`, by the two records, whichever is named first. Raises InvalidInput and NotFound as :func:`give`."""
    lock_matching(connection)
    require_ready(connection, clock.now())
    a, b = _pair(connection, context, first, second)
    found = verdicts.in_force(connection, a.id, b.id)
    if found is None:
        raise NotFound("unknown_verdict", kind="verdict", id=f"{first} {second}")
    return _undo(connection, clock, context, found)


def between(database: Database, first: str, second: str) -> VerdictRow | None:
    """What staff said of the pair, if that is in force. Raises InvalidInput and NotFound as :func:`give`."""
    with database.read() as connection:
        a, b = (sources.require(connection, key) for key in (first, second))
        return verdicts.in_force(connection, a.id, b.id)


def listed(database: Database, after: str = "", limit: int = 100, *, history: bool = False) -> list[VerdictRow]:
    """Verdicts in force, sleeping ones included, by id after ``after``; with ``history`` those that were undone, too."""
    with database.read() as connection:
        return verdicts.listed(connection, after, limit, history=history)


def _pair(connection: Connection, context: Context, first: str, second: str) -> tuple[StoredSource, StoredSource]:
    a, b = sources.require(connection, first, "first"), sources.require(connection, second, "second")
    if a.id == b.id:
        raise InvalidInput("one_record_twice", name="second", value=second)
    _require_library(context, (a.library, b.library))
    return a, b


def _require_library(context: Context, libraries: tuple[str, str]) -> None:
    if context.library and context.library not in libraries:
        raise NotAllowed("other_libraries_records", right="matching", library=context.library)


def _undo(connection: Connection, clock: Clock, context: Context, found: VerdictRow) -> Given:
    now = instant_text(clock.now())
    pair = sources.require(connection, found.first), sources.require(connection, found.second)
    _require_library(context, (pair[0].library, pair[1].library))
    verdicts.undo(connection, found.id, str(context.actor), now)
    told: dict[str, object] = {"first": found.first, "second": found.second, "verdict": found.verdict}
    events.append(connection, context, [Event("verdict.undone", f"verdict:{found.id}", context.library or None, told)], now)
    decide_anew(connection, context, now, (pair[0].id, pair[1].id))
    return _given(connection, pair, changed=True, verdict_id=found.id)


@dataclass(slots=True)
class _Reach:
    """All that staff called the same as one record, directly or through others. ``through``: the verdict by which each was reached."""

    through: dict[int, StoredVerdict | None]
    different: set[StoredVerdict] = field(default_factory=set)

    @classmethod
    def of(cls, connection: Connection, start: int) -> "_Reach":
        reach, frontier = cls({start: None}), {start}
        while frontier:
            following = set()
            for said in sorted(verdicts.touching(connection, frontier), key=lambda said: said[:2]):
                if said.kind == "different":
                    reach.different.add(said)
                    continue
                for end in {said.a, said.b} - reach.through.keys():
                    reach.through[end] = said
                    following.add(end)
            frontier = following
        return reach

    def chain(self, end: int) -> list[StoredVerdict]:
        """The verdicts that lead from the start to ``end``."""
        chain = []
        said = self.through[end]
        while said is not None:
            chain.append(said)
            end = said.a + said.b - end
            said = self.through[end]
        return chain[::-1]

    def across(self, other: "_Reach", said: StoredVerdict) -> list[StoredVerdict]:
        """The chain from our start over a *different* to the other's; empty if that does not lead there."""
        for x, y in ((said.a, said.b), (said.b, said.a)):
            if x in self.through and y in other.through:
                return [*self.chain(x), said, *reversed(other.chain(y))]
        return []


def _refuse_contradiction(connection: Connection, a: int, b: int, verdict: Said) -> None:
    """All verdicts in force count, also those that sleep: their records may return."""
    here, there = _Reach.of(connection, a), _Reach.of(connection, b)
    chain: list[StoredVerdict] = []
    if verdict == "same":
        chain = min((here.across(there, said) for said in here.different), key=lambda c: (not c, len(c), c), default=[])
    elif b in here.through:
        chain = here.chain(b)
    if not chain:
        return
    keys = {stored.id: stored.key for stored in sources.by_ids(connection, {end for said in chain for end in (said.a, said.b)}).values()}
    told = tuple(f"{keys[said.a]} {'=' if said.kind == 'same' else '≠'} {keys[said.b]}" for said in chain)
    raise Refused("verdicts_contradict", verdict=verdict, chain=told)


def _given(connection: Connection, pair: tuple[StoredSource, StoredSource], *, changed: bool, verdict_id: str = "") -> Given:
    found = verdicts.by_id(connection, verdict_id) if verdict_id else verdicts.in_force(connection, pair[0].id, pair[1].id)
    if found is None:
        raise NotFound("unknown_verdict", kind="verdict", id=verdict_id)
    near = _Near.of(connection, [source.id for source in pair])
    home = dict.fromkeys(near.union_of[source.id] for source in pair if source.id in near.union_of)
    clusters = tuple(Cluster(union_id, tuple(sorted(near.members[union_id]))) for union_id in home)
    return Given(found, changed, clusters, near.apart(home), outbox.last_message(connection))


@dataclass(frozen=True, slots=True)
class _Near:
    """The components round some records as they are decided now. ``members``: union id → record key → features."""

    union_of: Mapping[int, str]
    members: Mapping[str, Mapping[str, Features]]
    tied: frozenset[tuple[str, str]]
    said: Mapping[Pair, Said]

    @classmethod
    def of(cls, connection: Connection, ids: list[int]) -> "_Near":
        live = [stored.id for stored in sources.by_ids(connection, ids).values() if not stored.deleted]
        found = graph.around(connection, live)
        stored = sources.by_ids(connection, {source_id for component in found.components for source_id in component})
        union_of = {source_id: source.union_id or "" for source_id, source in stored.items()}
        members: dict[str, dict[str, Features]] = defaultdict(dict)
        for source_id, source in stored.items():
            members[union_of[source_id]][source.key] = found.features[source_id]
        ties: list[StoredEdge | StoredVerdict] = [*found.edges, *found.verdicts]
        tied = frozenset((union_of[x], union_of[y]) for tie in ties for x, y in ((tie.a, tie.b), (tie.b, tie.a)))
        said = {pair_of(stored[v.a].key, stored[v.b].key): v.kind for v in found.verdicts}
        return cls(union_of, members, tied, said)

    def apart(self, home: Mapping[str, None]) -> tuple[Separation, ...]:
        """What keeps the clusters of ``home`` from one another and from their neighbours, those nearest to the first keys first."""
        across = {tuple(sorted(pair)) for pair in self.tied if pair[0] in home and pair[0] != pair[1]}
        across |= {tuple(sorted(home))} if len(home) == 2 else set()
        told = (separation(self._some(ours), self._some(theirs), self.said) for ours, theirs in across)
        return tuple(sorted((t for t in told if t is not None), key=lambda t: (t.first, t.second))[:_NEIGHBOURS])

    def _some(self, union_id: str) -> dict[str, Features]:
        """Enough of a cluster to tell by: those of which staff spoke, then the lowest keys."""
        spoken = {key for pair in self.said for key in pair}
        ordered = sorted(self.members[union_id], key=lambda key: (key not in spoken, key))
        return {key: self.members[union_id][key] for key in ordered[:_ACROSS]}
