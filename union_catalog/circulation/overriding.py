"""Going past what stands in the way: by whom it may be done, and of what."""

from collections.abc import Collection
from dataclasses import dataclass

from union_catalog.patrons.blocks import KINDS, Block, Right

_MAY: dict[Right, frozenset[str]] = {
    "": frozenset(),
    "circulation": frozenset({"circulation", "manager", "network"}),
    "manager": frozenset({"manager", "network"}),
}


@dataclass(frozen=True, slots=True)
class Override:
    """``codes`` of the blocks that are to be gone past, and why; what is not named still stands."""

    codes: frozenset[str] = frozenset()
    reason: str = ""


NO_OVERRIDE = Override()


def may_override(code: str, rights: Collection[str]) -> bool:
    """Whether somebody with these rights may go past a block of this kind."""
    return not _MAY[KINDS[code].override].isdisjoint(rights)


def overridden(blocks: tuple[Block, ...], override: Override, rights: Collection[str]) -> bool:
    """Whether all of them are named, and may be gone past by whoever has these rights. True for none."""
    return all(block.code in override.codes and may_override(block.code, rights) for block in blocks)
