"""The calendar of a branch, as it is given and as it is told: the same shape both ways."""

from typing import Annotated

import msgspec
from marshmallow import fields
from msgspec import Meta

from api.schemas.fields import Body
from union_catalog.network.hours import WEEKDAYS

_HOURS = (
    f"Weekdays ({', '.join(WEEKDAYS)}), or ranges of them such as tue-sun, to lists of spans such as 9:00-17:00. "
    "Every day once: [] is closed, 0:00-24:00 day and night; a span that ends before it begins goes past midnight."
)
_EXCEPTIONS = (
    "Days with other hours: `date` (YYYY-MM-DD), perhaps `until` (included), `hours` (none: closed), `note`, `note_en`. "
    "Of two for a day the later is meant."
)


class CalendarBody(Body):
    """The whole calendar of a branch."""

    hours = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": _HOURS},
    )
    exceptions = fields.List(fields.Raw(), load_default=list, metadata={"description": _EXCEPTIONS})


class CalendarException(msgspec.Struct, frozen=True, kw_only=True):
    """Some days with other hours than the week's; without spans it is closed."""

    date: Annotated[str, Meta(description="YYYY-MM-DD.")]
    until: Annotated[str, Meta(description="Included.")]
    hours: tuple[str, ...]
    note: str
    note_en: str


class CalendarAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """When a branch is open. Due dates are counted by it."""

    branch: str
    library: str
    hours: Annotated[
        dict[str, tuple[str, ...]] | None, Meta(description="Each weekday with its spans; null: not told, and every day counts as open.")
    ]
    exceptions: tuple[CalendarException, ...]
