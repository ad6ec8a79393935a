"""What desks and readers ask about loans, and what they are answered."""

from typing import Annotated

import msgspec
from marshmallow import fields
from marshmallow.validate import Length
from msgspec import Meta

from api.schemas.fields import Arguments, Body, instant, needed, optional, part, whole, yes_no
from union_catalog.circulation.cases import OUTCOME_NAMES
from union_catalog.services.circulation.check_out import LONGEST_REASON
from union_catalog.services.circulation.finding import MOST_TYPED
from union_catalog.services.circulation.quick import LONGEST_TITLE

LONGEST_ID = 24
LONGEST_CODE = 40
LONGEST_CARD = 400
_BRANCH = "Code of the branch at whose desk it happens."
_CASE = "Number of the case, as docs/circulation.md lists them."
_EVENT = "Names this action for `POST /undo`."
_DAY = "ISO 8601, a day of the network's calendar."
_INSTRUCTION = "What to do with the item, in the language of the request: a verb and a place."


def _moment() -> fields.AwareDateTime:
    return instant("When it happened, with its time zone, where it is told later: 30 days back at most, never in the future.")


def _happened() -> fields.Boolean:
    return yes_no("It has happened already, elsewhere: nothing is refused, and what stood in the way is flagged in `notes`.")


class ItemPart(Body):
    """An item as it was scanned."""

    library = optional("Code of the library whose barcode it is, where that is known.", LONGEST_CODE, "")
    barcode = needed("As scanned or typed.", MOST_TYPED)


class OverridePart(Body):
    """What is to be gone past, and why. It must name all that stands in the way."""

    codes = fields.List(
        fields.String(),
        required=True,
        validate=Length(1, 40, error="parameter.required"),
        metadata={"description": "Codes of blocks."},
    )
    reason = needed("Kept with the action.", LONGEST_REASON)


class CheckOutBody(Body):
    """Who borrows what where: `card` or `session`."""

    card = optional("A card of ours, a member library's old one, or a social security card.", LONGEST_CARD, "")
    issuer = optional("The library that issued the card, where two have issued the same number.", LONGEST_CODE)
    session = optional("The desk session of a reader who has shown a code.", LONGEST_ID, "")
    item = part(ItemPart, "What is lent.", required=True)
    branch = needed(_BRANCH, LONGEST_CODE)
    override = part(OverridePart, "Going past what stands in the way, by whoever has the right.")
    occurred_at = _moment()
    no_block = _happened()


class CheckInBody(Body):
    """What is handed in where."""

    item = part(ItemPart, "What is handed in.", required=True)
    branch = needed(_BRANCH, LONGEST_CODE)
    occurred_at = _moment()
    no_block = _happened()


class RenewalBody(Body):
    """One loan, or all of a reader."""

    loan = optional("An open loan.", LONGEST_ID, "")
    patron = optional("A reader, all of whose loans are renewed, each by itself.", LONGEST_ID, "")
    branch = optional("Code of the branch at whose desk it happens; without it, that which lent the item.", LONGEST_CODE, "")
    override = part(OverridePart, "Going past what stands in the way of the loan, by whoever has the right.")


class OwnRenewalBody(Body):
    """One's own loan, or all of them."""

    loan = optional("An open loan; without it, all of them.", LONGEST_ID, "")


class UndoBody(Body):
    """Which action is to be taken back."""

    case_event = needed("The `case_event` of the action.", LONGEST_ID)


class SayingBody(Body):
    """Where something is said of an item."""

    branch = needed(_BRANCH, LONGEST_CODE)


class LostBody(SayingBody):
    """Lost, or only looked for."""

    missing = yes_no("Not where it should be, and looked for; of an item on loan it makes no difference.")


class ClaimBody(SayingBody):
    """The reader says that it was returned, or has found it."""

    withdrawn = yes_no("The reader has it after all.")


class DamageBody(SayingBody):
    """How bad it is."""

    percent = whole("Of what its loss would cost, asked of the reader who has it on loan.", 0, 0, 100)
    repaired = yes_no("It has been repaired.")


class BarcodeBody(SayingBody):
    """Another label."""

    barcode = needed("The new barcode.", MOST_TYPED)


class QuickItemBody(Body):
    """A book without a record: the least that can be said of it."""

    branch = needed("Code of the branch at whose desk it lies; the item is its library's.", LONGEST_CODE)
    library = optional("Code of that library, as wherever an item is named; another one is refused.", LONGEST_CODE, "")
    barcode = needed("As scanned.", MOST_TYPED)
    title = needed("Title.", LONGEST_TITLE)
    author = optional("Author.", LONGEST_TITLE, "")
    isbn = optional("ISBN.", 40, "")
    item_type = optional("Kind of item, as the catalogue has them.", LONGEST_CODE, "book")
    library_use = yes_no("For use in the library only.")
    price = optional("Price as printed.", 40, "")
    call_number = optional("Call number.", 120, "")


class LoanArguments(Arguments):
    """Nothing but the reader in the path."""


class ItemKey(msgspec.Struct, frozen=True):
    """An item by its barcode, which is unique within its library."""

    library: str
    barcode: str


class NoteAnswer(msgspec.Struct, frozen=True):
    """Something beside the instruction."""

    code: str
    message: str


class HindranceAnswer(msgspec.Struct, frozen=True):
    """One thing that stands in the way."""

    code: Annotated[str, Meta(description="One of the blocks of docs/circulation.md.")]
    message: str
    library: Annotated[str, Meta(description="Which library set it, or whose rule it is.")]
    since: Annotated[str | None, Meta(description="UTC, ISO 8601.")]
    until: Annotated[str | None, Meta(description="The last day on which it holds; null until it is lifted.")]
    override: Annotated[str | None, Meta(description="Which role may go past it; null for nobody.")]
    lifted_by: str


class LentAnswer(msgspec.Struct, frozen=True):
    """The loan of a check-out."""

    id: str
    item: ItemKey
    due_date: Annotated[str | None, Meta(description=_DAY)]
    renewals_left: int | None


class CheckOutAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was lent."""

    case: Annotated[str, Meta(description=_CASE)]
    case_event: Annotated[str, Meta(description=_EVENT)]
    instruction: Annotated[str, Meta(description=_INSTRUCTION)]
    loan: LentAnswer
    notes: tuple[NoteAnswer, ...]


class EndedAnswer(msgspec.Struct, frozen=True):
    """The loan that a check-in has ended; whose it was is not told."""

    id: str
    item: ItemKey
    due_date: Annotated[str | None, Meta(description=_DAY)]


class WayAnswer(msgspec.Struct, frozen=True):
    """Where the item is sent."""

    id: str
    to_branch: str
    to_branch_name: str


class HoldAnswer(msgspec.Struct, frozen=True):
    """The hold for which the item is kept or sent."""

    id: str
    shelf_until: Annotated[str | None, Meta(description=_DAY)]


class CheckInAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was taken in. `item` has no library where nobody knows the barcode."""

    case: Annotated[str, Meta(description=_CASE)]
    case_event: Annotated[str, Meta(description=_EVENT)]
    outcome: Annotated[str, Meta(extra_json_schema={"enum": list(OUTCOME_NAMES)})]
    instruction: Annotated[str, Meta(description=_INSTRUCTION)]
    item: ItemKey
    loan: EndedAnswer | None
    transit: WayAnswer | None
    hold: HoldAnswer | None
    first_case: Annotated[str | None, Meta(description="Of a repetition: the case of the first scan, whose answer this is again.")]
    notes: tuple[NoteAnswer, ...]


class RenewedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one loan: renewed, or `blocks` that stand in the way."""

    loan: str
    case: Annotated[str, Meta(description=_CASE)]
    case_event: Annotated[str | None, Meta(description=_EVENT)]
    instruction: str
    item: ItemKey
    due_date: Annotated[str | None, Meta(description=_DAY)]
    renewals_left: int | None
    blocks: tuple[HindranceAnswer, ...]


class RenewalsAnswer(msgspec.Struct, frozen=True):
    """Every loan that was to be renewed, those due first first."""

    results: tuple[RenewedAnswer, ...]


class DeedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said of an item, or an action that was taken back."""

    case: Annotated[str, Meta(description=_CASE)]
    case_event: Annotated[str, Meta(description=_EVENT)]
    instruction: str
    item: ItemKey
    undone_case: Annotated[str | None, Meta(description="Of an undoing: the case that was taken back.")]
    notes: tuple[NoteAnswer, ...]


class LoanAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An open loan."""

    id: str
    item: Annotated[ItemKey | None, Meta(description="null where it is another library's item and not to be told.")]
    title: Annotated[str | None, Meta(description="null as for `item`.")]
    library: str
    state: str
    due_date: Annotated[str, Meta(description=_DAY)]
    overdue: bool
    renewals_left: int
    lent_at: Annotated[str, Meta(description="UTC, ISO 8601.")]
    lending_branch: str


class LoansAnswer(msgspec.Struct, frozen=True):
    """A reader's open loans, those due first first."""

    items: tuple[LoanAnswer, ...]


class ItemStateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An item and where it is now."""

    id: str
    item: ItemKey
    title: str
    volume: str
    item_type: str
    lending: str
    status: Annotated[str, Meta(description="As on record pages.")]
    condition: str
    home_branch: str | None
    branch: Annotated[str | None, Meta(description="Where it is, or was last seen.")]
    due_date: Annotated[str | None, Meta(description=_DAY)]
    to_branch: Annotated[str | None, Meta(description="Where it is on its way to.")]
    kept: Annotated[bool, Meta(description="It is kept for, or on its way to, a reader who waits.")]
