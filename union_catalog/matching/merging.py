"""The union record: from each member the field it tells best, with the record it was taken from.

What a cataloguer **corrected** comes first: a corrected field is taken whoever else tells it, and what the correction took away is not
brought back by another record that says the same.

**Chosen** fields (title, creators, imprint, extent …) come whole from one member. Of the members that tell the field,

1. a light record (one that tells less than half of the elements that the fullest member tells, or was made before publication) is asked
   only for what no other tells, and does not count when members agree;
2. the one that tells most of the essential parts of the field (an imprint its publisher and year, a title its volume) is taken;
3. among equals the higher cataloguing level;
4. then the form that most members give: three that say 2008 outweigh one that says 2007-05;
5. among those who agree, the one with more detail (the month, the subtitle);
6. then the library's rank, then the lowest record key.

**Gathered** fields (identifiers, subjects, classes, notes …) are those of all members, each value once by its folded form. Titles and names
that other members write differently, above all in the other script, are kept beside the chosen ones. So the result does not depend on the
order of the members, and a light record adds to a full one without replacing anything in it.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from union_catalog.bibliographic.folding import fold
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Title
from union_catalog.matching.completeness import CHOSEN, FORMAT, TITLES, Chosen, elements_told, is_sound
from union_catalog.matching.gathering import GATHERED

Keys = tuple[str, ...]
Provenance = tuple[tuple[str, Keys], ...]


class MemberRecord(NamedTuple):
    """One source record of a cluster, its corrections laid over it. ``rank`` is its library's place in the network, the lower the better.

    ``corrected`` are the fields that a cataloguer wrote over, ``as_sent`` the record without that, None where nothing was.
    """

    key: str
    rank: int
    record: BibliographicRecord
    corrected: frozenset[str] = frozenset()
    as_sent: BibliographicRecord | None = None


class MergedRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """``provenance`` names each field that is told and the keys of the records it was taken from, in the order of the record's fields.

    ``told_by`` gives, for a gathered field of a record of several members, the keys of all who tell each value, in the order of the
    values. ``corrected`` names the fields that a cataloguer wrote over and in which records.
    """

    record: BibliographicRecord
    provenance: Provenance
    told_by: tuple[tuple[str, tuple[Keys, ...]], ...] = ()
    corrected: Provenance = ()


_LEVELS = {"full": 0, "core": 1, "": 2, "minimal": 3, "prepublication": 4}


class _Member(NamedTuple):
    """A member with what is asked of it for every field."""

    key: str
    rank: int
    record: BibliographicRecord
    level: int
    light: bool
    corrected: frozenset[str]
    as_sent: BibliographicRecord | None
    of_corrected: bool
    """Whether any member of the cluster is corrected, which is rare and costs."""


def _weighed(members: Sequence[MemberRecord]) -> list[_Member]:
    """In an order that depends on nothing but the set: the higher level, the better rank, the lower key first."""
    told = [elements_told(m.record) for m in members]
    fullest = max(told)
    published = any(m.record.level != "prepublication" for m in members)
    of_corrected = any(m.corrected for m in members)
    weighed = [
        _Member(
            m.key,
            m.rank,
            m.record,
            _LEVELS.get(m.record.level, 2),
            2 * count < fullest or (published and m.record.level == "prepublication"),
            m.corrected,
            m.as_sent,
            of_corrected,
        )
        for m, count in zip(members, told, strict=True)
    ]
    return sorted(weighed, key=lambda m: (m.light, m.level, m.rank, m.key))


def _telling(members: Sequence[_Member], field: str) -> list[_Member]:
    """Those who are asked for a field: the corrected ones that tell it, else the full ones that do, else the light ones."""
    telling = [m for m in members if getattr(m.record, field)]
    if len(telling) < 2:
        return telling
    return [m for m in telling if field in m.corrected] or [m for m in telling if not m.light] or telling


def _differing(members: Sequence[_Member], field: str) -> list[_Member]:
    """As :func:`_telling` where nobody is corrected; the first alone if all who are asked say the same, as they often do."""
    telling: list[_Member] = []
    differ = False
    for member in members:
        value = getattr(member.record, field)
        if not value:
            continue
        if not telling:
            first, light = value, member.light
        elif member.light and not light:
            break  # the light ones stand behind all others
        elif not differ:
            differ = value != first
        telling.append(member)
    return telling if differ else telling[:1]


def _unstruck(telling: list[_Member], members: Sequence[_Member], chosen: Chosen) -> list[_Member]:
    """Without those who say what a correction took away without putting anything in its place; the first alone if all say the same."""
    field = chosen.field
    emptied = [m.as_sent for m in members if field in m.corrected and not getattr(m.record, field) and m.as_sent is not None]
    struck = {chosen.form(record) for record in emptied if getattr(record, field)}
    left = [m for m in telling if chosen.form(m.record) not in struck]
    return left if any(getattr(m.record, field) != getattr(left[0].record, field) for m in left) else left[:1]


def _best(members: Sequence[_Member], chosen: Chosen) -> _Member | None:
    """The member whose value of the field is taken, None where nobody tells it."""
    field = chosen.field
    telling = _unstruck(_telling(members, field), members, chosen) if members[0].of_corrected else _differing(members, field)
    if len(telling) < 2:
        return telling[0] if telling else None
    merits = [(-chosen.told(m.record), m.level) for m in telling]
    highest = min(merits)
    best = [place for place, merit in enumerate(merits) if merit == highest]
    return telling[best[0]] if len(best) == 1 else _agreed(telling, best, chosen)


def _agreed(telling: Sequence[_Member], best: Sequence[int], chosen: Chosen) -> _Member:
    """Of equally good ones that in whose form most agree. Folding is the dear part: two can only agree or not, which decides nothing."""
    if len(telling) == 2:
        return min(telling, key=lambda m: (-chosen.detail(m.record), m.rank, m.key))
    forms: list[Hashable] = [chosen.form(m.record) for m in telling]
    agreeing = Counter(forms)

    def order(place: int) -> tuple[int, int, int, str]:
        member = telling[place]
        return -agreeing[forms[place]], -chosen.detail(member.record), member.rank, member.key

    return telling[min(best, key=order)]


@lru_cache(maxsize=1 << 12)
def _spelling(text: str) -> str:
    """A title without blanks and punctuation but in its own script, so that 紅樓夢 stays beside 红楼梦."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).lower()))


def _struck(members: Sequence[_Member], field: str, form: Callable[[Any], Hashable]) -> frozenset[Hashable]:
    """The values that corrections took away, by their forms."""
    taken: set[Hashable] = set()
    for member in members:
        if field in member.corrected and member.as_sent is not None:
            taken |= {form(value) for value in getattr(member.as_sent, field)} - {form(value) for value in getattr(member.record, field)}
    return frozenset(taken)


def _title_form(title: Title) -> Hashable:
    return fold(title.text)


def _merged_titles(best: _Member, members: Sequence[_Member]) -> tuple[tuple[Title, ...], tuple[Keys, ...]]:
    """The titles of the best member, then each title of the others in a spelling not yet there; foreign titles proper become variants.

    Beside them the keys of those who tell each.
    """
    struck = _struck(members, "titles", _title_form) if best.of_corrected else frozenset()
    titles = list(best.record.titles)
    told: list[list[str]] = [[best.key] for _ in titles]
    places = {_spelling(title.text): place for place, title in reversed(list(enumerate(titles)))}
    for member in members:
        for title in member.record.titles if member is not best else ():
            spelling = _spelling(title.text)
            if spelling in places:
                told[places[spelling]].append(member.key)
            elif is_sound(title.text) and ("titles" in member.corrected or _title_form(title) not in struck):
                places[spelling] = len(titles)
                titles.append(msgspec.structs.replace(title, kind="variant") if title.kind == "proper" else title)
                told.append([member.key])
    return tuple(titles), tuple(tuple(dict.fromkeys(keys)) for keys in told)


def _forms(agent: Agent) -> tuple[str, ...]:
    return agent.name, *agent.other_forms


def _merged_agents(best: _Member, members: Sequence[_Member]) -> tuple[tuple[Agent, ...], Keys]:
    """The agents of the best member, each with the forms in which others write the same name: 钱锺书 beside 錢鍾書, Maugham beside 毛姆."""
    sources = [best.key]
    merged: list[Agent] = []
    for agent in best.record.agents:
        known = set(map(fold, _forms(agent)))
        forms = list(_forms(agent))
        for member in members:
            for other in member.record.agents if member is not best else ():
                if known.isdisjoint(map(fold, _forms(other))):
                    continue
                more = [form for form in _forms(other) if form not in forms and is_sound(form)]
                forms += more
                sources += [member.key] if more else []
        merged.append(agent if len(forms) == 1 + len(agent.other_forms) else msgspec.structs.replace(agent, other_forms=tuple(forms[1:])))
    return tuple(merged), tuple(dict.fromkeys(sources))


_WITH_SOURCE = {"languages": "languages_source", "audience": "audience_source", "format": "format_source"}
FIELDS = ("titles", *(c.field for c in CHOSEN), *(field for field, _ in GATHERED), "format", "level")


def _gathered(members: Sequence[_Member], field: str, form: Callable[[Any], Hashable]) -> tuple[tuple[Any, ...], tuple[Keys, ...]]:
    """Every value once, those of corrected records first, and the keys of those who tell it."""
    struck: frozenset[Hashable] = frozenset()
    if members[0].of_corrected:
        struck = _struck(members, field, form)
        members = sorted(members, key=lambda m: field not in m.corrected)
    found: dict[Hashable, tuple[Any, dict[str, None]]] = {}
    for member in members:
        for value in getattr(member.record, field):
            key = form(value)
            if key in found:
                found[key][1][member.key] = None
            elif key not in struck or field in member.corrected:
                found[key] = value, {member.key: None}
    return tuple([value for value, _ in found.values()]), tuple([tuple(keys) for _, keys in found.values()])


def _corrections(members: Sequence[MemberRecord | _Member]) -> Provenance:
    if not any(m.corrected for m in members):
        return ()
    found = ((field, tuple(sorted(m.key for m in members if field in m.corrected))) for field in FIELDS)
    return tuple((field, keys) for field, keys in found if keys)


def _alone(member: MemberRecord) -> MergedRecord:
    record, keys = member.record, (member.key,)
    told = tuple([(field, keys) for field in FIELDS if getattr(record, field)])
    return MergedRecord(record, told, corrected=_corrections((member,)))


class _Merging:
    """The fields of a union record while they are gathered."""

    def __init__(self, members: Sequence[MemberRecord]) -> None:
        self.members = _weighed(members)
        self.values: dict[str, Any] = {}
        self.provenance: list[tuple[str, Keys]] = []
        self.told_by: list[tuple[str, tuple[Keys, ...]]] = []

    def run(self) -> MergedRecord:
        titled = _best(self.members, TITLES)
        if titled:
            self._put_all("titles", *_merged_titles(titled, self.members))
        for chosen in CHOSEN:
            self._choose(chosen)
        for field, form in GATHERED:
            if any(getattr(m.record, field) for m in self.members):
                self._put_all(field, *_gathered(self.members, field, form))
        self._choose(FORMAT)
        self._level()
        record = BibliographicRecord(**self.values)
        return MergedRecord(record, tuple(self.provenance), tuple(self.told_by), _corrections(self.members))

    def _put_all(self, field: str, values: tuple[Any, ...], told: tuple[Keys, ...]) -> None:
        if values:
            self.values[field] = values
            self.provenance.append((field, tuple(dict.fromkeys(keys[0] for keys in told))))
            self.told_by.append((field, told))

    def _choose(self, chosen: Chosen) -> None:
        best = _best(self.members, chosen)
        if best is None:
            return
        field = chosen.field
        keys: Keys = (best.key,)
        self.values[field] = getattr(best.record, field)
        if field == "agents":
            self.values[field], keys = _merged_agents(best, self.members)
        self.provenance.append((field, keys))
        if field in _WITH_SOURCE:
            self.values[_WITH_SOURCE[field]] = getattr(best.record, _WITH_SOURCE[field])

    def _level(self) -> None:
        """The union record tells at least what its best member tells, and so is of that one's level."""
        telling = _telling(self.members, "level")
        if telling:
            self.values["level"] = telling[0].record.level
            self.provenance.append(("level", (telling[0].key,)))


def merge(members: Sequence[MemberRecord]) -> MergedRecord:
    """The union record of one or more members, the same for every order of them."""
    return _alone(members[0]) if len(members) == 1 else _Merging(members).run()
