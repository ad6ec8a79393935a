"""Bodies and answers of what staff say and write: verdicts on pairs, the queue of doubtful pairs, corrections."""

from typing import Annotated, Any, Literal

import msgspec
from marshmallow import fields
from msgspec import Meta

from api.schemas.fields import Arguments, Body, needed, text, whole, word
from api.schemas.reasons import Key, VerdictAnswer

LONGEST_KEY = 256
LONGEST_REASON = 1000
STATES = ("in_force", "all")
MOST_PER_PAGE = 100
LONGEST_CURSOR = 128
_PLACE = "`next_cursor` of the page before, given back unread."


class VerdictBody(Body):
    """What is said of two records, and why."""

    first = needed("LIBRARY:record_id of a source record.", LONGEST_KEY)
    second = needed("LIBRARY:record_id of another.", LONGEST_KEY)
    verdict = needed("What they are: one edition, or two.", 10, ("same", "different"))
    reason = needed("Why; shown wherever the verdict is.", LONGEST_REASON)


class CorrectionBody(Body):
    """What is written over which field of which record, and why."""

    key = needed("LIBRARY:record_id of a source record.", LONGEST_KEY)
    field = needed("A field as `union-catalog corrections set --help` lists them, or a whole field of BibliographicRecord.", 40)
    value = fields.Raw(
        required=True,
        metadata={"description": 'The text as a cataloguer types it, "" to take away what stands there; of a whole field its JSON.'},
    )
    reason = needed("Why; shown wherever the correction is.", LONGEST_REASON)


class DoubtfulArguments(Arguments):
    """A page of the queue."""

    library = text("Code of a library that has one of the two records.", None, 64)
    per_page = whole("Pairs a page.", 20, 1, MOST_PER_PAGE)
    cursor = text(_PLACE, None, LONGEST_CURSOR)


class VerdictArguments(Arguments):
    """A page of verdicts."""

    state = word("`all`: those too that were undone.", STATES, "in_force")
    per_page = whole("Verdicts a page.", 20, 1, MOST_PER_PAGE)
    cursor = text(_PLACE, None, LONGEST_CURSOR)


class CorrectionArguments(Arguments):
    """Which corrections are wanted."""

    key = text("LIBRARY:record_id: only those of this source record.", None, LONGEST_KEY)
    library = text("Only those of this library's records.", None, 64)
    state = word("`all`: those too that were undone.", STATES, "in_force")


class SaidAnswer(VerdictAnswer, frozen=True, kw_only=True):
    """A verdict of staff with its history."""

    asleep: Annotated[bool, Meta(description="One of the records is gone; the verdict waits for its return.")]
    undone_by: Annotated[str | None, Meta(description="Opaque, never a name; null while it is in force.")]
    undone_at: Annotated[str | None, Meta(description="UTC, ISO 8601 with microseconds; null while it is in force.")]


class VerdictsAnswer(msgspec.Struct, frozen=True):
    """One page of verdicts, in the order in which they were given."""

    items: tuple[SaidAnswer, ...]
    next_cursor: Annotated[str | None, Meta(description="Give it back as `cursor` for the next page; null at the end.")]


class ClusterAnswer(msgspec.Struct, frozen=True):
    """An edition and the source records that it is made of."""

    union_id: str
    records: tuple[Key, ...]


class ApartAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Two records of different editions, and what keeps these apart."""

    first: Key
    second: Key
    by: Literal["staff", "rule", "one_library", "unsure", "rival"]
    rule: str
    label: str


class GivenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a verdict, or undoing it, has done: the editions round both records as they stand now."""

    verdict: SaidAnswer
    changed: Annotated[bool, Meta(description="false where the same had been said before.")]
    clusters: tuple[ClusterAnswer, ...]
    apart: Annotated[tuple[ApartAnswer, ...], Meta(description="What stayed apart from its neighbours, and why.")]


class DoubtfulRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One of two doubtful records."""

    key: Key
    union_id: Annotated[str, Meta(description="The edition in which it stands now.")]
    title: str
    responsibility: str
    publisher: str
    date: str


class DoubtfulAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A pair that stays apart although much speaks for it."""

    first: DoubtfulRecord
    second: DoubtfulRecord
    kind: Annotated[
        Literal["unsure", "parted"],
        Meta(description="unsure: no rule decides; parted: a rule calls them the same, and their clusters do not fit."),
    ]
    doubt: Annotated[int, Meta(description="Thousandths; 1000 at even odds.")]
    worth: Annotated[int, Meta(description="The doubt times the items that a decision would bring together.")]


class QueueAnswer(msgspec.Struct, frozen=True):
    """One page of doubtful pairs, what is worth most first."""

    items: tuple[DoubtfulAnswer, ...]
    next_cursor: Annotated[str | None, Meta(description="Give it back as `cursor` for the next page; null at the end.")]


class CorrectionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was written over a field of a source record. It holds whatever the library sends later, until it is undone."""

    id: str
    key: Key
    library: str
    field: str
    value: Annotated[Any, Meta(description="A text, or the JSON of a whole field.")]
    sent: Annotated[str, Meta(description="What the library itself says there now.")]
    reason: str
    actor: Annotated[str, Meta(description="Opaque, never a name.")]
    made_at: Annotated[str, Meta(description="UTC, ISO 8601 with microseconds.")]
    undone_by: Annotated[str | None, Meta(description="Opaque, never a name; null while it is in force.")]
    undone_at: Annotated[str | None, Meta(description="UTC, ISO 8601 with microseconds; null while it is in force.")]
    asleep: Annotated[bool, Meta(description="The record is gone; the correction waits for its return.")]


class CorrectionsAnswer(msgspec.Struct, frozen=True):
    """Corrections, the latest first."""

    items: tuple[CorrectionAnswer, ...]
