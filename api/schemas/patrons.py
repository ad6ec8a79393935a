"""What is asked of and answered about readers, their cards and their codes."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from api.schemas.fields import Arguments, Body, day, needed, optional, part, whole, yes_no
from union_catalog.patrons.consents import LONGEST_NOTICE
from union_catalog.patrons.enrolment import LONGEST_EMAIL, LONGEST_NAME, LONGEST_PHONE
from union_catalog.patrons.keys import LONGEST_DOCUMENT, RESIDENT_ID
from union_catalog.patrons.model import CARD_REASONS, CATEGORIES, LANGUAGES

LONGEST_ID = 24
LONGEST_NUMBER = 120
LONGEST_PIN = 20
_UTC = "UTC, ISO 8601 with microseconds."
_DAY = "ISO 8601."
_CARD = "The number of a card of ours, a member library's old one, or a social security card."
_ISSUER = "The library that issued the card, where two have issued the same number."


class DocumentPart(Body):
    """A document of identity. Its number is not kept, only a keyed hash of it."""

    type = needed(f"`{RESIDENT_ID}`, whose number is checked, or any other kind: passport, permit …", 20)
    number = needed("As it stands there.", LONGEST_DOCUMENT)


class ConsentPart(Body):
    """What was agreed to, and when."""

    notice = needed("The version of the notice that was agreed to.", LONGEST_NOTICE)
    date = day("The day on which it was.", required=True)


class GuardianPart(Body):
    """Who stands for a child: a reader by id or card, or a person by name."""

    patron = optional("The id of a reader.", LONGEST_ID, "")
    card = optional(_CARD, LONGEST_NUMBER, "")
    name = optional("The name of somebody who is no reader.", LONGEST_NAME, "")
    phone = optional("Their telephone.", LONGEST_PHONE, "")
    birth_date = day("Their date of birth.")
    document = part(DocumentPart, "Their document.")


class EnrolBody(Body):
    """Somebody who wants a card."""

    name = needed("As it stands in the document.", LONGEST_NAME)
    birth_date = day("Told by the document, where that is a resident ID; of two that differ the later one counts.")
    document = part(DocumentPart, "Kept only as a keyed hash, by which nobody is enrolled twice.")
    phone = optional("For messages.", LONGEST_PHONE, "")
    email = optional("For messages.", LONGEST_EMAIL, "")
    category = optional(f"{', '.join(CATEGORIES)}; else by age, which must be told then.", 20, "")
    home_branch = needed("The code of the branch that looks after the record.", 64)
    language = optional(f"Of messages: {', '.join(LANGUAGES)}.", 5, "zh")
    guardian = part(GuardianPart, "Who stands for a child; needed under 14, where the consent is the guardian's.")
    consent = part(ConsentPart, "To keep what a card needs.")
    pin = needed("Six digits; with the card it opens the reader's own pages.", LONGEST_PIN)
    confirmed_new = yes_no("Staff has looked at the `candidates` of a `possible_duplicate`: this is another person.")


class ChangeBody(Body):
    """What is to become of a record; what is left out stays. Readers change their contact, language, branch and history themselves."""

    name = optional("As it stands in the document.", LONGEST_NAME)
    phone = optional("For messages.", LONGEST_PHONE)
    email = optional("For messages.", LONGEST_EMAIL)
    category = optional(f"{', '.join(CATEGORIES)}.", 20)
    home_branch = optional("The code of the branch that looks after the record.", 64)
    language = optional(f"Of messages: {', '.join(LANGUAGES)}.", 5)
    keeps_history = yes_no("Whether returned loans stay with the reader for a while; else they lose the reader at once.", default=None)
    expires_on = day("The last day on which the card is good: renewal, or an end.")
    guardian = optional("The id of the reader who stands for this one.", LONGEST_ID)


class CardBody(Body):
    """Why another card is wanted."""

    reason = needed("`lost` freezes every card of the reader at every desk; `new` replaces the valid one.", 20, CARD_REASONS)


class CredentialBody(Body):
    """Another thing to be known by."""

    kind = needed(
        "`member_card`: a member library's old card; `social`: a social security card, of which only a keyed hash is kept.",
        20,
        ("member_card", "social"),
    )
    number = needed("As it is scanned.", LONGEST_NUMBER)
    issuer = optional("The library whose card it is.", 64, "")


class PinBody(Body):
    """Another PIN, for a reader who has shown who it is."""

    pin = needed("Six digits.", LONGEST_PIN)


class OwnPinBody(Body):
    """Another PIN, by the reader."""

    pin = needed("The present one.", LONGEST_PIN)
    new_pin = needed("Six digits.", LONGEST_PIN)


class MergeBody(Body):
    """Who is the same person."""

    other = needed("The id of the record that becomes part of this one.", LONGEST_ID)


class UnmergeBody(Body):
    """Which merge is to be undone."""

    other = optional("The id of the record to be parted; else the one that was merged last.", LONGEST_ID, "")


class DeskSessionBody(Body):
    """What a reader shows at which desk."""

    card = needed("The code on the reader's phone, or the number of a card.", 200)
    branch = needed("The branch of the desk.", 64)
    issuer = optional(_ISSUER, 64)


class FindArguments(Arguments):
    """By what a reader is to be found: a card, a document, or name and date of birth. There is no list of readers."""

    card = optional(_CARD, LONGEST_NUMBER)
    issuer = optional(_ISSUER, 64)
    document = optional("The number of a document of identity.", LONGEST_DOCUMENT)
    document_type = optional("Its kind.", 20, RESIDENT_ID)
    name = optional("The whole name.", LONGEST_NAME)
    birth_date = day("The date of birth.")


class EventArguments(Arguments):
    """A page of what happened."""

    per_page = whole("Events a page.", 50, 1, 200)
    before = whole("The id of the last event of the page before.", None, 1, 2**62)


class CardAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Something by which a reader is known."""

    issuer: Annotated[str, Meta(description="The library that issued it; empty for the network's own.")]
    number: Annotated[str, Meta(description="All but the last four characters hidden for other libraries; empty for a hashed one.")]
    kind: Annotated[str, Meta(description="card, member_card, social.")]
    state: Annotated[str, Meta(description="valid, lost, damaged, replaced.")]
    label: str
    issued_at: Annotated[str, Meta(description=_UTC)]
    ended_at: Annotated[str | None, Meta(description=_UTC)]


class PatronAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A reader's record; what tells who it is only for the home library's staff and the reader."""

    id: str
    name: Annotated[str, Meta(description="For other libraries all but the first character hidden.")]
    library: str
    home_branch: str
    category: str
    category_label: str
    age_band: Annotated[str, Meta(description="Empty where no date of birth is known.")]
    state: Annotated[str, Meta(description="pending: enrolled online, to be confirmed at a desk; active; merged.")]
    language: str
    expires_on: Annotated[str | None, Meta(description=_DAY)]
    guardian: Annotated[str | None, Meta(description="The id of who stands for the reader.")]
    guardian_missing: Annotated[bool, Meta(description="A child under 14 for whom nobody stands.")]
    consent_missing: Annotated[bool, Meta(description="Nobody has agreed yet to keep what a card needs: a desk asks.")]
    wards: Annotated[tuple[str, ...], Meta(description="The ids of those for whom the reader stands.")]
    merged_into: Annotated[str | None, Meta(description="The id of the record of which this one is part now.")]
    cards: tuple[CardAnswer, ...]
    birth_date: Annotated[str | None, Meta(description="null where it is unknown or not to be seen.")]
    phone: Annotated[str | None, Meta(description="null where it is not to be seen.")]
    email: Annotated[str | None, Meta(description="null where it is not to be seen.")]
    document_type: Annotated[str | None, Meta(description="null where none is known, or it is not to be seen.")]
    keeps_history: Annotated[bool | None, Meta(description="null where it is not to be seen.")]


class EnrolledAnswer(msgspec.Struct, frozen=True):
    """A new reader."""

    id: str
    card: Annotated[str, Meta(description="The number of the card.")]
    state: Annotated[str, Meta(description="active, or pending until a desk confirms what was told online.")]


class CardIssuedAnswer(msgspec.Struct, frozen=True):
    """A new card; loans, holds and blocks are the reader's and stay."""

    id: str
    card: Annotated[str, Meta(description="Its number.")]


class FrozenAnswer(msgspec.Struct, frozen=True):
    """No desk takes the reader's cards any more."""

    id: str
    frozen: Annotated[int, Meta(description="How many were frozen now; 0 where they were before.")]


class PinAnswer(msgspec.Struct, frozen=True):
    """Another PIN is in force."""

    id: str


class UnmergedAnswer(msgspec.Struct, frozen=True):
    """Two records again."""

    kept: PatronAnswer
    restored: PatronAnswer


class PatronsAnswer(msgspec.Struct, frozen=True):
    """Whom a desk looked for."""

    items: tuple[PatronAnswer, ...]


class PatronEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to a record: ids and codes only."""

    id: int
    kind: Annotated[str, Meta(description="As docs/glossary.md lists them.")]
    label: str
    actor: Annotated[str, Meta(description="Opaque, never a name.")]
    occurred_at: Annotated[str, Meta(description=_UTC)]
    recorded_at: Annotated[str, Meta(description=_UTC)]
    data: dict[str, Any]


class PatronEventsAnswer(msgspec.Struct, frozen=True):
    """What happened to a record, the latest first."""

    items: tuple[PatronEvent, ...]
    next_before: Annotated[int | None, Meta(description="Give it back as `before` for the next page; null at the end.")]


class CodeAnswer(msgspec.Struct, frozen=True):
    """The code of this minute, for one desk once."""

    code: Annotated[str, Meta(description="Its text.")]
    valid_until: Annotated[str, Meta(description=_UTC)]
    svg: Annotated[str, Meta(description="The same drawn, as an SVG image.")]


class DeskSessionAnswer(msgspec.Struct, frozen=True):
    """A reader stands at a desk."""

    session: Annotated[str, Meta(description="Give it to check-outs of this desk in place of a card.")]
    patron: Annotated[str, Meta(description="The reader's id.")]
    expires_at: Annotated[str, Meta(description=_UTC)]


class ClosedSessionAnswer(msgspec.Struct, frozen=True):
    """The desk has let go of the reader."""

    session: str
