"""Why records stand together or apart: an edition with its members, links and neighbours, or any two records. Reads only."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import msgspec
from sqlalchemy import Connection

from union_catalog.bibliographic.corrections import corrected
from union_catalog.bibliographic.record import BibliographicRecord, Publication, Title
from union_catalog.errors import InvalidInput, NotFound
from union_catalog.matching.clustering import Edge, Said
from union_catalog.matching.explanation import Explanation, Pair, Separation, explain_cluster, pair_of, separation, standing_out
from union_catalog.matching.features import Features, features_of
from union_catalog.matching.rules import Verdict, compare
from union_catalog.services.catalogue import live_record
from union_catalog.services.rebuilding.readiness import is_current
from union_catalog.services.summaries import NetworkNames, network_names, summaries
from union_catalog.services.views import RecordSummary
from union_catalog.storage import corrections, explanations
from union_catalog.storage.database import Database
from union_catalog.storage.explanations import StoredMember, StoredWord
from union_catalog.storage.values import unpack

MOST_MEMBERS = 60  # whose links are worked out; of a larger cluster those that come first by library and record id
MOST_NEAR = 5
_ASKED_NEAR = 20  # editions looked at to find the nearest
_ACROSS = 8  # records of each of two editions that are compared with one another
_decoder = msgspec.msgpack.Decoder(Features)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A source record as its library wrote it: statements side by side, "" for what it does not say. ``isbn`` as canonical as they are."""

    key: str
    library: str
    library_name: str
    library_name_en: str
    record_id: str
    title: str
    title_language: str
    responsibility: str
    edition: str
    publisher: str
    date: str
    isbn: tuple[str, ...]
    extent: str
    format: str


@dataclass(frozen=True, slots=True)
class Word:
    """What staff said of two records and has not undone. ``actor`` is an opaque id, never a name."""

    id: str
    first: str
    second: str
    verdict: Said
    reason: str
    actor: str
    decided_at: str


@dataclass(frozen=True, slots=True)
class Near:
    """An edition that stands near and was kept apart: what it is, the two records that tell why, and what keeps them apart."""

    summary: RecordSummary
    ours: Member
    theirs: Member
    separation: Separation


@dataclass(frozen=True, slots=True)
class RecordExplanation:
    """Why an edition is one. ``members`` are at most MOST_MEMBERS of ``total``; links and indirect pairs are among them.

    ``differs``: for each member the fields of ``explanation.WRITTEN`` in which most of the others contradict it. ``outdated``: the rules
    have changed since it was decided, so that what is said here may be decided otherwise by a rebuild.
    """

    union_id: str
    total: int
    members: tuple[Member, ...]
    differs: Mapping[str, frozenset[str]]
    explanation: Explanation
    words: tuple[Word, ...]
    near: tuple[Near, ...]
    outdated: bool

    def word_on(self, first: str, second: str) -> Word | None:
        """What staff said of two records, if anything."""
        pair = pair_of(first, second)
        return next((word for word in self.words if (word.first, word.second) == pair), None)


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Two records, what the rules say of them, what staff said, and whether they stand in one edition now."""

    first: Member
    second: Member
    verdict: Verdict
    word: Word | None
    together: bool


def explain_record(database: Database, union_id: str) -> RecordExplanation:
    """Why the records of an edition are one, and what stands near. Raises NotFound, Redirected or Gone as reading the record does."""
    with database.read() as connection:
        row = live_record(connection, union_id)
        stored = explanations.members(connection, [union_id], MOST_MEMBERS).get(union_id, [])
        total = len(stored) if len(stored) < MOST_MEMBERS else explanations.count(connection, union_id)
        return _Explaining(connection, union_id, row.work_id or "", stored).run(total)


def explain_pair(database: Database, first: str, second: str) -> PairExplanation:
    """What is decided on two records named "JD:JD000000001". Raises InvalidInput for another form, NotFound for an unknown record."""
    with database.read() as connection:
        a, b = _named(connection, "first", first), _named(connection, "second", second)
        features = _features(connection, (a, b), current=is_current(connection))
        words = _words(explanations.words_on(connection, [a.id]), {a.id: a.key, b.id: b.key})
        names = network_names(connection)
        return PairExplanation(
            first=_member(a, names),
            second=_member(b, names),
            verdict=compare(features[a.key], features[b.key]),
            word=next(iter(words), None),
            together=a.union_id == b.union_id,
        )


def _named(connection: Connection, name: str, key: str) -> StoredMember:
    library, _, record_id = key.partition(":")
    if not library or not record_id:
        raise InvalidInput("bad_record_key", name=name, value=key)
    found = explanations.member(connection, library, record_id)
    if found is None:
        raise NotFound("unknown_source_record", kind="source_record", id=key)
    return found


class _Explaining:
    """One explanation of one edition, on one snapshot."""

    def __init__(self, connection: Connection, union_id: str, work_id: str, stored: Sequence[StoredMember]) -> None:
        self.connection = connection
        self.union_id, self.work_id = union_id, work_id
        self.stored = stored
        self.ids = [member.id for member in stored]
        self.names = network_names(connection)
        self.current = is_current(connection)
        self.features = _features(connection, stored, current=self.current)

    def run(self, total: int) -> RecordExplanation:
        keys = {member.id: member.key for member in self.stored}
        stored_words = explanations.words_on(self.connection, self.ids)
        others = {end for word in stored_words for end in (word.a, word.b)} - keys.keys()
        keys |= {source_id: key for source_id, (key, _) in explanations.unions_of(self.connection, others).items()}
        words = _words(stored_words, keys)
        said: dict[Pair, Said] = {(word.first, word.second): word.verdict for word in words}
        edges = (Edge(keys[a], keys[b], strength) for a, b, strength in self._edges())
        return RecordExplanation(
            union_id=self.union_id,
            total=total,
            members=tuple(_member(member, self.names) for member in self.stored),
            differs=standing_out(self.features),
            explanation=explain_cluster(self.features, edges, said),
            words=words,
            near=tuple(self._near(said, sorted(others))),
            outdated=not self.current,
        )

    def _edges(self) -> Iterable[tuple[int, int, int]]:
        return explanations.edges_among(self.connection, self.ids) if len(self.ids) > 1 else ()

    def _near(self, said: Mapping[Pair, Said], spoken_of: Sequence[int]) -> list[Near]:
        """The nearest first: those that something ties to us, then other editions of the work by how much agrees."""
        tied = self._tied_unions(spoken_of)
        work = explanations.siblings(self.connection, self.union_id, self.work_id, _ASKED_NEAR) if self.work_id else ()
        candidates = list(dict.fromkeys((*tied, *work)))[:_ASKED_NEAR]
        stored = explanations.members(self.connection, candidates, _ACROSS) if candidates else {}
        found = [(union_id, told) for union_id in candidates if (told := self._apart(stored.get(union_id, ()), said))]
        ordered = sorted(found, key=lambda pair: (pair[0] not in tied, -_agreement(pair[1].verdict)))[:MOST_NEAR]
        rows = {row.union_id: row for row in summaries(self.connection, [union_id for union_id, _ in ordered], self.names)}
        by_key = {member.key: member for members in (self.stored, *stored.values()) for member in members}
        return [
            Near(rows[union_id], _member(by_key[told.first], self.names), _member(by_key[told.second], self.names), told)
            for union_id, told in ordered
            if union_id in rows
        ]

    def _tied_unions(self, spoken_of: Sequence[int]) -> list[str]:
        """Editions of those of whom staff spoke beside one of ours, then of what doubts and links lead to."""
        near = [*spoken_of, *explanations.neighbours(self.connection, self.ids, _ASKED_NEAR)]
        homes = explanations.unions_of(self.connection, near)
        found = (homes[source_id][1] for source_id in near if source_id in homes)
        return [union_id for union_id in dict.fromkeys(found) if union_id and union_id != self.union_id]

    def _apart(self, theirs: Sequence[StoredMember], said: Mapping[Pair, Said]) -> Separation | None:
        """Enough of ours to tell by: those of whom staff spoke, then the lowest keys."""
        spoken = {key for pair in said for key in pair}
        ours = {key: self.features[key] for key in sorted(self.features, key=lambda key: (key not in spoken, key))[:_ACROSS]}
        return separation(ours, _features(self.connection, theirs, current=self.current), said)


def _agreement(verdict: Verdict) -> int:
    return sum((evidence.side == "for") - (evidence.side == "against") for evidence in verdict.evidence)


def _features(connection: Connection, stored: Sequence[StoredMember], *, current: bool) -> dict[str, Features]:
    """Those that are stored; where they are of another version, which this one may not even be able to read, made anew."""
    if current:
        return {member.key: _decoder.decode(member.features) for member in stored}
    made = corrections.in_force(connection, [member.id for member in stored])
    records = {member.key: corrected(unpack(member.record_z, BibliographicRecord), made.get(member.id, ())) for member in stored}
    return {key: features_of(record) for key, record in records.items()}


def _member(stored: StoredMember, names: NetworkNames) -> Member:
    name, name_en = names.libraries.get(stored.library, (stored.library, stored.library))
    record = unpack(stored.record_z, BibliographicRecord)
    title = record.title_proper or Title(kind="proper", text="")
    imprint = next((p for p in record.publications if p.kind == "publication"), next(iter(record.publications), Publication()))
    return Member(
        key=stored.key,
        library=stored.library,
        library_name=name,
        library_name_en=name_en,
        record_id=stored.record_id,
        title=_joined(" ", ("：".join(filter(None, (title.text, title.remainder))), title.volume_number, title.volume_title)),
        title_language=title.lang,
        responsibility=_joined("；", (text.text for text in record.responsibility)) or _joined("；", (a.name for a in record.agents)),
        edition=_joined("；", (text.text for text in record.editions)),
        publisher=_joined("，", imprint.publishers),
        date=imprint.date or str(imprint.year or ""),
        isbn=tuple(number.value for number in record.identifiers if number.scheme == "isbn" and not number.cancelled),
        extent=_joined("；", (text.text for text in record.extents)),
        format=record.format,
    )


def _joined(separator: str, parts: Iterable[str]) -> str:
    return separator.join(filter(None, parts))


def _words(stored: Collection[StoredWord], keys: Mapping[int, str]) -> tuple[Word, ...]:
    """Those between two records that are both named in ``keys``."""
    return tuple(
        Word(word.id, *pair_of(keys[word.a], keys[word.b]), cast(Said, word.verdict), word.reason, word.actor, word.decided_at)
        for word in stored
        if word.a in keys and word.b in keys
    )
