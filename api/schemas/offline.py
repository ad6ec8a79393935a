"""Bodies and answers of what desks did without a line."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from marshmallow import fields
from marshmallow.validate import Length
from msgspec import Meta

from api.schemas.circulation import ItemKey, LentAnswer, NoteAnswer
from api.schemas.fields import Arguments, Body, instant, needed, optional
from union_catalog.services.circulation.carrying import VERDICTS

MOST_LINES = 5000
LONGEST_DEVICE = 80
LONGEST_TYPED = 200
_UTC = "UTC, ISO 8601."
_ABOUT_LINES = (
    "At most 5,000, in any order. Each `{id, action, card?, issuer?, item: {library?, barcode}, occurred_at}`: `id` is the device's own, "
    "1 to 80 visible ASCII characters, the same whenever the line is sent again; `action` is check_out, check_in or renew; `card` as it "
    "was scanned, a code on a phone too; `occurred_at` with its time zone, by the device's clock. Or `{id, sealed, key}`: the same "
    "object, sealed as docs/offline.md says. A line that cannot be read gets the verdict `invalid`, and the others are taken."
)


class OfflineBatchBody(Body):
    """What a desk did without a line."""

    branch = needed("Code of the branch at whose desk it happened.", 40)
    device = needed("The device's own id, the same for all of its batches.", LONGEST_DEVICE)
    sent_at = instant("What the device's clock says as it sends this: by the difference all its lines are corrected.")
    lines = fields.List(
        fields.Raw(allow_none=True, metadata={"type": "object"}),  # one that is none has its verdict, too
        required=True,
        validate=Length(max=MOST_LINES, error="parameter.too_long"),
        metadata={"description": _ABOUT_LINES},
    )


class SettlingBody(Body):
    """What somebody has found out about a line; nothing at all: it has been looked into, and is done with as it is."""

    card = optional("Whose card it was.", LONGEST_TYPED, "")
    library = optional("Whose item it was.", 40, "")
    barcode = optional("The item's barcode.", LONGEST_TYPED, "")


class OfflineArguments(Arguments):
    """Nothing but the batch in the path."""


class ItemTold(msgspec.Struct, frozen=True):
    """An item as a device tells of it."""

    barcode: str
    library: str | None = None


class LineTold(msgspec.Struct, frozen=True, kw_only=True):
    """A line as a device tells it."""

    action: Literal["check_out", "check_in", "renew"]
    item: ItemTold
    occurred_at: Annotated[datetime, Meta(tz=True)]
    card: str | None = None
    issuer: str | None = None


def read_line(told: Mapping[str, Any] | bytes) -> LineTold:
    """Raises msgspec.MsgspecError or UnicodeDecodeError for what is no line."""
    return msgspec.json.decode(told, type=LineTold) if isinstance(told, bytes) else msgspec.convert(told, LineTold)


class LineVerdictAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one line."""

    id: Annotated[str, Meta(description="The device's.")]
    reference: Annotated[str | None, Meta(description="Names it for `POST /offline-lines/{reference}/settle`; null if not kept.")]
    action: str | None
    item: ItemKey | None
    occurred_at: Annotated[str | None, Meta(description=f"{_UTC} As it was taken.")]
    verdict: Annotated[str, Meta(extra_json_schema={"enum": list(VERDICTS)})]
    case: Annotated[str | None, Meta(description="Its number in docs/circulation.md; null where there is none.")]
    instruction: str
    loan: LentAnswer | None
    notes: tuple[NoteAnswer, ...]
    settled_at: Annotated[str | None, Meta(description=f"{_UTC} When somebody had looked into it.")]


class OfflineBatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict for every line, in the order in which they were sent; of a batch that is shown again, in that of time."""

    id: Annotated[str, Meta(description="The batch that holds those lines which were new.")]
    branch: str
    device: str
    lines: tuple[LineVerdictAnswer, ...]


class OfflineKeyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The key with which devices seal lines until they can send them."""

    id: str
    public: Annotated[str, Meta(description="A point on P-256, uncompressed, base64url.")]


class BatchRow(msgspec.Struct, frozen=True, kw_only=True):
    """One batch."""

    id: str
    branch: str
    device: str
    received_at: Annotated[str, Meta(description=_UTC)]
    lines: int
    open: Annotated[int, Meta(description="Lines that somebody has to look into.")]


class OfflineBatchesAnswer(msgspec.Struct, frozen=True):
    """The latest batches of the desks of whoever asks."""

    items: tuple[BatchRow, ...]
