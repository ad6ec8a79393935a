"""What is asked of and answered about consents, own data, notices and erasure."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from api.schemas.fields import Body, day, needed, optional
from union_catalog.patrons.consents import CARD, LONGEST_NOTICE, PURPOSES, SHARING

_UTC = "UTC, ISO 8601 with microseconds"


class ConsentBody(Body):
    """What a reader agrees to."""

    purpose = needed(f"`{CARD}`: to have a card; `{SHARING}`: that loans are passed on to another library.", 30, PURPOSES)
    notice = needed("The version of the notice that was agreed to.", LONGEST_NOTICE)
    date = day("The day on which it was.", required=True)
    library = optional(f"Of `{SHARING}`: the code of the library.", 40)
    guardian = optional("The id of the reader who agreed in place of a child.", 24)


class ConsentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A consent: of which text, for what, since when."""

    id: str
    purpose: str
    label: str
    notice: Annotated[str, Meta(description="The version of the notice that was agreed to.")]
    library: Annotated[str | None, Meta(description="To which data may be passed on; null for the purpose `card`.")]
    guardian: Annotated[str | None, Meta(description="Who agreed in place of a child.")]
    date: Annotated[str, Meta(description="The day on which it was given.")]
    recorded_at: Annotated[str, Meta(description=f"{_UTC}.")]
    withdrawn_at: Annotated[str | None, Meta(description=f"{_UTC}; null while it is in force.")]


class ConsentsAnswer(msgspec.Struct, frozen=True):
    """Every consent of a reader, those withdrawn too, the oldest first."""

    items: tuple[ConsentAnswer, ...]


class SectionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All rows of one kind."""

    name: str
    label: str
    rows: Annotated[tuple[dict[str, Any], ...], Meta(description="Field → value, as it is kept; instants are UTC, money is in fen.")]


class OwnDataAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is kept of a reader."""

    patron: str
    made_at: Annotated[str, Meta(description=f"{_UTC}.")]
    sections: tuple[SectionAnswer, ...]


class ErasedAnswer(msgspec.Struct, frozen=True):
    """A reader of whom nothing is left that tells who it was."""

    patron: str
    state: Annotated[str, Meta(description="`erased`.")]


class NoticeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader was told, is to be told, or could not be told."""

    kind: str
    label: str
    loan: str | None
    state: Annotated[str, Meta(description="pending, sending, sent, dead or dropped.")]
    state_label: str
    channel: Annotated[str | None, Meta(description="email or phone; null where none was tried.")]
    reason: Annotated[str | None, Meta(description="Why it was not sent.")]
    reason_label: Annotated[str, Meta(description="The same in words; empty where there is no reason.")]
    made_at: Annotated[str, Meta(description=f"{_UTC}.")]
    sent_at: Annotated[str | None, Meta(description=f"{_UTC}.")]


class NoticesAnswer(msgspec.Struct, frozen=True):
    """The latest notices of a reader, the newest first; those with the state `dead` are for the desk to tell."""

    items: tuple[NoticeAnswer, ...]
