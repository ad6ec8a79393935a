"""The union record: from each member the field it tells best, with the record it was taken from.

Two kinds of fields. *Chosen* ones (title, creators, imprint, extent …) come whole from one member: the one that tells the field most
completely; among equals the higher cataloguing level, then the value that more members give, then the library's rank, then the lowest
record key. *Gathered* ones (identifiers, subjects, classes, notes …) are those of all members, each once by its folded form. So the
result does not depend on the order of the members, and a light record adds to a full one without replacing anything in it.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from union_catalog.bibliographic.folding import fold
from union_catalog.bibliographic.record import (
    Agent,
    BibliographicRecord,
    Classification,
    Identifier,
    Link,
    Publication,
    Relation,
    Subject,
    Text,
    Title,
)

Provenance = tuple[tuple[str, tuple[str, ...]], ...]


class MemberRecord(NamedTuple):
    """One source record of a cluster. ``rank`` is its library's place in the network, the lower the better."""

    key: str
    rank: int
    record: BibliographicRecord
    version: int = 0


class MergedRecord(msgspec.Struct, frozen=True):
    """``provenance`` names each field that is told and the keys of the records it was taken from, in the order of the record's fields."""

    record: BibliographicRecord
    provenance: Provenance


_LEVELS = {"full": 0, "core": 1, "": 2, "minimal": 3, "prepublication": 4}


def _level(record: BibliographicRecord) -> int:
    return _LEVELS.get(record.level, 2)


def _proper(titles: Sequence[Title]) -> Title | None:
    return next((title for title in titles if title.kind == "proper"), None)


def _titles_told(titles: Sequence[Title]) -> int:
    proper = _proper(titles)
    if not proper:
        return 0
    return 1 + bool(proper.remainder) + bool(proper.volume_number) + bool(proper.volume_title)


def _title_form(titles: Sequence[Title]) -> str:
    proper = _proper(titles)
    return fold(proper.text) if proper else ""


def _agents_told(agents: Sequence[Agent]) -> int:
    return 2 * len(agents) + sum(bool(agent.roles) for agent in agents)


def _imprints_told(imprints: Sequence[Publication]) -> int:
    return max(
        (bool(p.places) + 2 * bool(p.publishers) + 2 * (p.year is not None) + bool(p.month) for p in imprints),
        default=0,
    )


def _imprint_form(imprints: Sequence[Publication]) -> Hashable:
    return tuple((tuple(map(fold, p.publishers)), p.year) for p in imprints)


def _texts_form(texts: Sequence[Text]) -> Hashable:
    return tuple(fold(text.text) for text in texts)


class _Chosen(NamedTuple):
    """How a field is chosen: how much a value tells, and its form when members are counted that agree."""

    field: str
    told: Callable[[Any], int]
    form: Callable[[Any], Hashable]


_CHOSEN = (
    _Chosen("agents", _agents_told, lambda agents: tuple(fold(agent.name) for agent in agents)),
    _Chosen("responsibility", len, _texts_form),
    _Chosen("editions", len, _texts_form),
    _Chosen("publications", _imprints_told, _imprint_form),
    _Chosen("extents", len, _texts_form),
    _Chosen("dimensions", len, _texts_form),
    _Chosen("series", len, lambda series: tuple(fold(s.title) for s in series)),
    _Chosen("languages", len, tuple),
    _Chosen("original_languages", len, tuple),
    _Chosen("audience", bool, str),
    _Chosen("country", bool, str),
)
_TITLES = _Chosen("titles", _titles_told, _title_form)


def _identifier_form(identifier: Identifier) -> Hashable:
    return (
        identifier.scheme,
        identifier.value if identifier.valid else fold(identifier.raw or identifier.value),
        ("" if identifier.value else identifier.price),
    )


def _text_form(text: Text) -> Hashable:
    return fold(text.text)


def _subject_form(subject: Subject) -> Hashable:
    return fold(subject.heading), tuple(map(fold, subject.subdivisions))


def _class_form(value: Classification) -> Hashable:
    return value.scheme, value.number


def _link_form(link: Link) -> Hashable:
    return link.url


def _relation_form(relation: Relation) -> Hashable:
    return relation.kind, fold(relation.title), relation.identifier


_GATHERED: tuple[tuple[str, Callable[[Any], Hashable]], ...] = (
    ("identifiers", _identifier_form),
    ("subjects", _subject_form),
    ("classifications", _class_form),
    ("notes", _text_form),
    ("summaries", _text_form),
    ("contents", _text_form),
    ("links", _link_form),
    ("relations", _relation_form),
)
_WITH_SOURCE = {"languages": "languages_source", "audience": "audience_source"}
FIELDS = ("titles", *(c.field for c in _CHOSEN), *(field for field, _ in _GATHERED), "format", "level")


def _best(members: Sequence[MemberRecord], chosen: _Chosen) -> MemberRecord | None:
    """The member whose value of the field is taken, None where nobody tells it. ``members`` are in order of their keys."""
    telling = [m for m in members if getattr(m.record, chosen.field)]
    if len(telling) < 2:
        return telling[0] if telling else None
    values = [getattr(m.record, chosen.field) for m in telling]
    merits = [(-chosen.told(value), _level(m.record)) for m, value in zip(telling, values, strict=True)]
    best = [place for place, merit in enumerate(merits) if merit == min(merits)]
    if len(best) == 1:
        return telling[best[0]]
    forms = list(map(chosen.form, values))  # only now: folding is the dear part, and most fields are decided before
    agreeing = Counter(forms)
    return telling[min(best, key=lambda place: (-agreeing[forms[place]], telling[place].rank, telling[place].key))]


def _spelling(text: str) -> str:
    """A title without blanks and punctuation but in its own script, so that 紅樓夢 stays beside 红楼梦."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def _merged_titles(best: MemberRecord, members: Sequence[MemberRecord]) -> tuple[tuple[Title, ...], tuple[str, ...]]:
    """The titles of the best member, then each title of the others in a spelling not yet there; foreign titles proper become variants."""
    titles = list(best.record.titles)
    seen = {_spelling(title.text) for title in titles}
    sources = [best.key]
    for member in members:
        for title in member.record.titles:
            spelling = _spelling(title.text)
            if spelling and spelling not in seen:
                seen.add(spelling)
                titles.append(msgspec.structs.replace(title, kind="variant") if title.kind == "proper" else title)
                sources.append(member.key)
    return tuple(titles), tuple(dict.fromkeys(sources))


def _gathered(members: Sequence[MemberRecord], field: str, form: Callable[[Any], Hashable]) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    told = ((form(value), value, member.key) for member in members for value in getattr(member.record, field))
    first: dict[Hashable, tuple[Any, str]] = {}
    for key, value, source in told:
        first.setdefault(key, (value, source))
    return tuple(value for value, _ in first.values()), tuple(dict.fromkeys(source for _, source in first.values()))


def _order(members: Iterable[MemberRecord]) -> list[MemberRecord]:
    return sorted(members, key=lambda m: (_level(m.record), m.rank, m.key))


def _alone(member: MemberRecord) -> MergedRecord:
    record, keys = member.record, (member.key,)
    return MergedRecord(record, tuple([(field, keys) for field in FIELDS if getattr(record, field)]))


def merge(members: Sequence[MemberRecord]) -> MergedRecord:
    """The union record of one or more members, the same for every order of them. The format is that of all (another carrier is a veto)."""
    if len(members) == 1:
        return _alone(members[0])
    ordered = _order(members)
    values: dict[str, Any] = {}
    provenance: list[tuple[str, tuple[str, ...]]] = []
    titled = _best(ordered, _TITLES)
    if titled:
        values["titles"], keys = _merged_titles(titled, ordered)
        provenance.append(("titles", keys))
    for chosen in _CHOSEN:
        best = _best(ordered, chosen)
        if best:
            values[chosen.field] = getattr(best.record, chosen.field)
            provenance.append((chosen.field, (best.key,)))
            if chosen.field in _WITH_SOURCE:
                beside = _WITH_SOURCE[chosen.field]
                values[beside] = getattr(best.record, beside)
    for field, form in _GATHERED:
        gathered, keys = _gathered(ordered, field, form)
        if gathered:
            values[field] = gathered
            provenance.append((field, keys))
    first = ordered[0]
    values |= {
        "format": first.record.format,
        "format_source": first.record.format_source,
        "level": first.record.level,
    }
    provenance += [(field, (first.key,)) for field in ("format", "level") if values[field]]
    return MergedRecord(BibliographicRecord(**values), tuple(provenance))
