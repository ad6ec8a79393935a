"""What stands in a reader's way, and what the reader said against it, as pages show them."""

from collections.abc import Mapping

from sqlalchemy import Connection

from api.labels import label
from api.language import current_language
from api.pages import shell
from api.pages.my_views import BlockLine, ObjectionLine
from api.pages.my_words import Look, day_of, how_lifted, near_day, what_stands
from api.resources.operation import office
from api.resources.standing import Libraries, libraries
from union_catalog.ids import PatronId
from union_catalog.patrons.blocks import Block
from union_catalog.services import blocks
from union_catalog.storage import objections
from union_catalog.storage.objections import Objection

_TONES: Mapping[str, tuple[str, str]] = {"open": ("wait", "wait"), "upheld": ("ok", "ok"), "rejected": ("still", "info")}
# Where that stands from which a block follows, each thing of which can be objected to by itself.
_FOLLOWS_FROM: Mapping[str, str] = {
    "credit_too_low": "my_standing.credit_points",
    "deposit_needed": "my_standing.credit_points",
    "debt": "my_standing.account",
}


def block_lines(connection: Connection, patron: PatronId) -> tuple[BlockLine, ...]:
    """All of them, whichever library set them, the gravest first."""
    standing = blocks.standing_of(connection, office(), patron)
    if not standing:
        return ()
    names, said = libraries(connection, current_language()), objected(connection, patron)
    return tuple(_line(block, names, said) for block in standing)


def _line(block: Block, names: Libraries, said: Mapping[str, str]) -> BlockLine:
    see = _FOLLOWS_FROM.get(block.code, "")
    return BlockLine(
        id=block.id,
        message=what_stands(block, names),
        everywhere=block.scope == "network",
        library=names.name(block.library),
        reason=block.reason,
        since=near_day(day_of(block.since)) if block.since else "",
        until=near_day(block.until) if block.until else "",
        how=how_lifted(block.code),
        see=shell.page_address(see) if see and not block.id else "",
        objection=said.get(block.id, ""),
    )


def objected(connection: Connection, patron: PatronId) -> dict[str, str]:
    """What was objected to → what came of it, in a word."""
    return {one.about_id: _state(one) for one in reversed(objections.of_patron(connection, patron))}


def objection_lines(connection: Connection, patron: PatronId) -> tuple[ObjectionLine, ...]:
    """The newest first."""
    return tuple(
        ObjectionLine(near_day(day_of(one.made_at)), one.text, Look(*_TONES[one.state], _state(one)), one.answer)
        for one in objections.of_patron(connection, patron)
    )


def _state(one: Objection) -> str:
    return label("objection_state", one.state, current_language())
