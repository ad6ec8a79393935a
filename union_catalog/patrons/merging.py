"""Two records of one person become one: which values stand, and when it must not be done.

Everything that stands against either stands against the one that is kept, so the strictest block survives by itself; the score of the
lower one is the score of both.
"""

from dataclasses import dataclass

from union_catalog.errors import Refused
from union_catalog.ids import PatronId


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two, as it is. ``has_card``: one of our own numbers is valid."""

    id: PatronId
    state: str
    credit: int
    has_card: bool
    guardian: PatronId | None = None
    document_type: str | None = None
    document_hash: str | None = None


@dataclass(frozen=True, slots=True)
class MergePlan:
    """``credit_change`` brings the score of the one that is kept down to the lower of both. ``retire_card``: of the one that goes."""

    credit_change: int
    retire_card: bool


def decide_merge(kept: Side, gone: Side) -> MergePlan:
    """Raises Refused: merge_with_itself, merge_state (one of them was merged or erased before), merge_of_guardian, documents_differ."""
    if kept.id == gone.id:
        raise Refused("merge_with_itself", id=kept.id)
    for side in (kept, gone):
        if side.state not in ("active", "pending"):
            raise Refused("merge_state", id=side.id, state=side.state)
    if kept.guardian == gone.id or gone.guardian == kept.id:
        raise Refused("merge_of_guardian", id=gone.id)
    same_kind = kept.document_type is not None and kept.document_type == gone.document_type
    if same_kind and kept.document_hash != gone.document_hash:
        raise Refused("documents_differ", id=gone.id)
    return MergePlan(min(gone.credit - kept.credit, 0), kept.has_card and gone.has_card)
