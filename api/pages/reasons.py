"""Why records are one, turned from codes into what the record page shows."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from zoneinfo import ZoneInfo

from stdnum import isbn

from api.labels import label
from api.language import current_language
from api.pages.reason_views import Cell, FindingView, Joined, LinkView, Mark, MemberRow, NearView, Place, ReasonsView, WordView
from api.pages.views import ResultRow
from union_catalog.bibliographic.folding import fold
from union_catalog.clock import business_date, parse_instant
from union_catalog.matching.evidence import Evidence
from union_catalog.matching.explanation import WRITTEN, Link, agreeing, differing
from union_catalog.services.explaining import Member, Near, RecordExplanation, Word
from union_catalog.services.views import RecordSummary

# What is worth saying in one sentence; the rest stands in the evidence.
_SPOKEN = ("title", "volume", "names", "translator", "edition", "publisher", "date", "isbn", "extent")
_TEXTS: Mapping[str, Callable[[Member], str]] = {
    "title": lambda member: member.title,
    "volume": lambda member: member.title,
    "names": lambda member: member.responsibility,
    "translator": lambda member: member.responsibility,
    "edition": lambda member: member.edition,
    "publisher": lambda member: member.publisher,
    "date": lambda member: member.date,
    "isbn": lambda member: " ".join(isbn.format(number) if isbn.is_valid(number) else number for number in member.isbn),
    "extent": lambda member: member.extent,
}
_CODED = {"carrier": "format", "language": "language", "audience": "audience"}
_FARTHEST: tuple[Joined, ...] = ("different", "unsure", "same")
_NO_TRANSLATOR = "helper_shared"  # a second author or an editor, found by the comparison of translators
RowOf = Callable[[RecordSummary], ResultRow]


def reasons_view(found: RecordExplanation, timezone: ZoneInfo, row_of: RowOf) -> ReasonsView:
    """An explanation in the reader's language. Of one record with none near there is nothing to say: no links and no ``near``."""
    making = _Making(found, timezone)
    links = found.explanation.links
    columns = tuple(field for field in WRITTEN if any(_TEXTS[field](member) for member in found.members))
    return ReasonsView(
        libraries=len({member.library for member in found.members}),
        records=found.total,
        agreeing=_spoken(_agreed(links)),
        differing=_spoken(differing([link for link in links if not _is_overruled(link)])),
        columns=tuple(_heading(field) for field in columns),
        members=making.members(columns),
        links=tuple(making.link(link) for link in links),
        indirect=tuple((making.place(a), making.place(b)) for a, b in found.explanation.indirect),
        near=tuple(making.near(near, row_of) for near in found.near),
        by_staff=_joined_by_staff(links),
        outdated=found.outdated,
        unlisted=found.total - len(found.members),
    )


def _is_overruled(link: Link) -> bool:
    return link.by_staff and link.verdict.verdict != "same"


def _joined_by_staff(links: Collection[Link]) -> Joined:
    found = {link.verdict.verdict for link in links if link.by_staff}
    return next((verdict for verdict in _FARTHEST if verdict in found), "")


def _agreed(links: Collection[Link]) -> tuple[str, ...]:
    """What ties the records by rule and is denied by none; a helper who is shared is no translator."""
    denied = {*differing(links), *(one.field for link in links for one in link.verdict.evidence if one.code == _NO_TRANSLATOR)}
    return tuple(field for field in agreeing([link for link in links if not link.by_staff]) if field not in denied)


class _Making:
    """One explanation in the reader's language."""

    def __init__(self, found: RecordExplanation, timezone: ZoneInfo) -> None:
        self.found, self.timezone = found, timezone
        records = [*found.members, *(one for near in found.near for one in (near.ours, near.theirs))]
        self.places = {member.key: Place(_library(member), member.record_id) for member in records}

    def place(self, key: str) -> Place:
        library, _, record_id = key.partition(":")
        return self.places.get(key) or Place(library, record_id)

    def members(self, columns: tuple[str, ...]) -> tuple[MemberRow, ...]:
        usual = {field: _most_written([_TEXTS[field](member) for member in self.found.members]) for field in columns}
        return tuple(
            MemberRow(_library(member), member.record_id, tuple(self._cell(member, field, usual[field]) for field in columns))
            for member in self.found.members
        )

    def _cell(self, member: Member, field: str, usual: str) -> Cell:
        text = _TEXTS[field](member)
        mark: Mark = "absent" if not text else "different" if field in self.found.differs[member.key] else ""
        if not mark and fold(text) == fold(usual) and _letters(text) != _letters(usual):
            mark = "script"
        return Cell(_heading(field), text, mark, member.title_language if field == "title" else "")

    def link(self, link: Link) -> LinkView:
        evidence = link.verdict.evidence
        word = self.found.word_on(link.first, link.second) if link.by_staff else None
        return LinkView(
            first=self.place(link.first),
            second=self.place(link.second),
            sentence=label("rule", link.verdict.rule, current_language()),
            word=self._word(word) if word else None,
            findings=tuple(_finding(one) for one in evidence if one.side != "silent"),
            silent=tuple(_field(one.field) for one in evidence if one.side == "silent" and _is_compared(one)),
        )

    def near(self, near: Near, row_of: RowOf) -> NearView:
        told, row = near.separation, row_of(near.summary)
        if told.by == "rule":
            ours, theirs = _against(told.field, near)
            return NearView(row, field=_heading(told.field), ours=ours, theirs=theirs)
        word = self.found.word_on(told.first, told.second) if told.by == "staff" else None
        return NearView(row, label("apart", told.by, current_language()), word=self._word(word) if word else None)

    def _word(self, word: Word) -> WordView:
        day = business_date(parse_instant(word.decided_at), self.timezone)
        verdict = label("verdict", word.verdict, current_language())
        return WordView(self.place(word.first), self.place(word.second), verdict, day, word.reason)


def _library(member: Member) -> str:
    return member.library_name_en if current_language() == "en" and member.library_name_en else member.library_name


def _field(name: str) -> str:
    return label("evidence_field", name, current_language())


def _heading(name: str) -> str:
    """The name of a field where it begins a line."""
    named = _field(name)
    return named[:1].upper() + named[1:]


def _spoken(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_field(field) for field in fields if field in _SPOKEN)


def _most_written(texts: list[str]) -> str:
    """The text that most records have, among equals the first."""
    return max(Counter(filter(None, texts)).items(), key=lambda item: item[1], default=("", 0))[0]


def _letters(text: str) -> str:
    """The text in its own script, without blanks, punctuation and capitals."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).lower() if character.isalnum())


def _is_compared(evidence: Evidence) -> bool:
    """Remarks on the title and the wording qualify other findings and are none themselves."""
    return evidence.field not in ("telling", "wording")


def _finding(evidence: Evidence) -> FindingView:
    found = label("finding", evidence.code, current_language())
    field = "names" if evidence.code == _NO_TRANSLATOR else evidence.field
    return FindingView(_heading(field), evidence.side, found, *_compared(evidence))


def _compared(evidence: Evidence) -> tuple[str, str]:
    vocabulary = _CODED.get(evidence.field)
    if vocabulary is None:
        return evidence.left, evidence.right
    first, second = (
        "、".join(label(vocabulary, code, current_language()) for code in told.split("; ") if code)
        for told in (evidence.left, evidence.right)
    )
    return first, second


def _against(field: str, near: Near) -> tuple[str, str]:
    """What stands in the differing field as written; where that does not show the difference, what was compared."""
    text = _TEXTS.get(field)
    ours, theirs = (text(near.ours), text(near.theirs)) if text else ("", "")
    if ours and theirs and fold(ours) != fold(theirs):
        return ours, theirs
    evidence = next(one for one in near.separation.verdict.evidence if one.field == field)
    return _compared(evidence)
