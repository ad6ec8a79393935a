"""What is asked and told about what was handed in with a barcode that nobody knew."""

from typing import Annotated

import msgspec
from msgspec import Meta

from api.schemas.circulation import LONGEST_CODE, LONGEST_ID, ItemKey
from api.schemas.fields import Arguments, Body, needed, optional, text, whole, yes_no
from union_catalog.services.circulation.finding import MOST_TYPED
from union_catalog.services.circulation.quick import LONGEST_TITLE
from union_catalog.services.circulation.strays import REASONS, RESOLUTIONS

_CODES = {"enum": list(RESOLUTIONS)}


class StrayArguments(Arguments):
    """A page of what nobody has resolved."""

    per_page = whole("So many a page.", 20, 1, 100)
    cursor = text("`next_cursor` of the page before, given back unread.", None, LONGEST_ID)


class ResolvingBody(Body):
    """What it turned out to be, or where it went."""

    how = needed("`item`: a known one; `catalogued`: put on record now; `sent_on` to another branch; `removed`.", 12, RESOLUTIONS)
    barcode = optional("Of `item`: the barcode by which it is known.", MOST_TYPED, "")
    library = optional("Of `item`: whose it is, where several libraries have the barcode.", LONGEST_CODE, "")
    title = optional("Of `catalogued`: its title; the barcode is the one that was scanned.", LONGEST_TITLE, "")
    author = optional("Of `catalogued`: author.", LONGEST_TITLE, "")
    isbn = optional("Of `catalogued`: ISBN.", 40, "")
    item_type = optional("Of `catalogued`: kind of item, as the catalogue has them.", LONGEST_CODE, "book")
    library_use = yes_no("Of `catalogued`: for use in the library only.")
    price = optional("Of `catalogued`: price as printed.", 40, "")
    call_number = optional("Of `catalogued`: call number.", 120, "")
    to_branch = optional("Of `sent_on`: code of the branch.", LONGEST_CODE, "")
    reason = optional(f"Of `removed`: {', '.join(REASONS)}.", 20, "")


class StrayAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Something that lies at a branch until somebody knows what it is."""

    id: str
    barcode: Annotated[str, Meta(description="As it was scanned.")]
    branch: str
    taken_at: Annotated[str, Meta(description="ISO 8601 in UTC. When it was handed in first.")]


class StraysAnswer(msgspec.Struct, frozen=True):
    """The oldest first."""

    strays: tuple[StrayAnswer, ...]
    next_cursor: Annotated[str | None, Meta(description="Of the page that follows; null for the last one.")]


class ResolvedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What it turned out to be, and what the desk has to do with it now."""

    id: str
    barcode: str
    branch: str
    resolution: Annotated[str, Meta(extra_json_schema=_CODES)]
    label: str
    reason: Annotated[str | None, Meta(description="Of `removed`.")]
    to_branch: Annotated[str | None, Meta(description="Of `sent_on`.")]
    item: Annotated[ItemKey | None, Meta(description="Of an item.")]
    case: Annotated[str | None, Meta(description="Of an item: what the desk did with it, as docs/circulation.md numbers it.")]
    case_event: Annotated[str | None, Meta(description="Of an item: names this action for `POST /undo`, after which it lies there again.")]
    instruction: str | None
