"""Bodies and answers about what is held against readers: blocks, the lending score, objections."""

from typing import Annotated

import msgspec
from msgspec import Meta

from api.schemas.accounts import LONGEST_ID, LONGEST_REASON, Actor, Instant, number
from api.schemas.fields import Arguments, Body, day, needed, optional, text, whole, word
from union_catalog.patrons.credit import DEEDS

LONGEST_TEXT = 2000
SCOPES = ("network", "library")
ABOUT = ("block", "credit", "account")
DECISIONS = ("upheld", "rejected")


class BlockBody(Body):
    """A block that staff set."""

    reason = needed("Why; the reader and every desk see it.", LONGEST_REASON)
    until = day("The last day on which it holds; until it is lifted without it.")
    scope = word("`library`: only at the library that sets it.", SCOPES, "network")
    library = optional("Of staff of the whole network: for which library.", 64, "")


class LiftBody(Body):
    """Which block is lifted, and why."""

    block = needed("The id of a block in force.", LONGEST_ID)
    reason = needed("Why; kept with it.", LONGEST_REASON)


class DeedBody(Body):
    """What mends a reader's score, or harms it."""

    cause = needed("`conduct` takes points, every other gives some.", 20, DEEDS)
    points = number("Up or down; the policies say how many at once.", required=True)
    reason = needed("Why; the reader sees it.", LONGEST_REASON)


class ObjectionBody(Body):
    """What a reader objects to, and why."""

    about = needed("A block, an entry of the credit log, or a charge of the account.", 10, ABOUT)
    about_id = needed("Its id.", LONGEST_ID)
    text = needed("What there is to say against it.", LONGEST_TEXT)


class DecisionBody(Body):
    """What a person decides of an objection."""

    decision = needed("`upheld` takes back what it is about.", 10, DECISIONS)
    answer = needed("What the reader is told.", LONGEST_TEXT)


class ObjectionArguments(Arguments):
    """A page of the objections that wait."""

    per_page = whole("Objections a page.", 20, 1, 100)
    cursor = text("`next_cursor` of the page before, given back unread.", None, LONGEST_ID)


class BlockAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a reader's way: who set it, why, since when, until when, and what lifts it."""

    id: Annotated[str | None, Meta(description="null for what follows from loans, money or credit; that has no row to be lifted.")]
    code: str
    message: str
    library: str
    library_name: str
    scope: Annotated[str, Meta(description="network: everywhere; library: only at the library that set it.")]
    reason: Annotated[str, Meta(description="What staff wrote; empty where a rule set it.")]
    since: Annotated[str | None, Meta(description="UTC, ISO 8601 with microseconds.")]
    until: Annotated[str | None, Meta(description="The last day on which it holds; null until it is lifted.")]
    lifted_by: str
    how: Annotated[str, Meta(description="What lifts it, in words.")]
    override: Annotated[str, Meta(description="Which role may go past it; empty for nobody.")]
    loan: Annotated[str | None, Meta(description="The loan that brought it, for its reader and the library that set it.")]


class BlocksAnswer(msgspec.Struct, frozen=True):
    """Everything that stands in a reader's way today."""

    items: tuple[BlockAnswer, ...]


class EndedBlockAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A block that was lifted."""

    id: str
    code: str
    library: str
    ended_at: Instant
    ended_by: Actor
    reason: str


class CreditEntryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the score."""

    id: str
    points: int
    cause: str
    label: str
    reason: str
    loan: str | None
    reverses: str | None
    entered_at: Instant


class CreditAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A reader's lending score, the network's own: told to nobody outside."""

    points: int
    full: int
    standing: str
    label: str
    deposit_free_from: int
    limited_below: int
    blocked_below: int
    mends_on: Annotated[
        str | None, Meta(description="The day on which time gives points back, if nothing is taken before; null when full.")
    ]
    log: Annotated[tuple[CreditEntryAnswer, ...], Meta(description="The newest first.")]


class ObjectionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An objection and what became of it."""

    id: str
    patron: str
    about: str
    about_id: str
    library: Annotated[str, Meta(description="That decides.")]
    text: str
    state: str
    label: str
    made_at: Instant
    answer: str
    decided_at: Annotated[str | None, Meta(description="UTC, ISO 8601 with microseconds; null while it waits.")]


class ObjectionsAnswer(msgspec.Struct, frozen=True):
    """What readers object to, one page of it or all of one reader's."""

    items: tuple[ObjectionAnswer, ...]
    next_cursor: Annotated[str | None, Meta(description="Give it back as `cursor` for the next page; null at the end.")] = None
