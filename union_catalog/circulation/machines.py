"""The three state machines. A loan, a hold and a transit of one item go each their own way; no state stands for two of them.

Whether a loan is overdue, and what an item's status is, is computed and stored nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from union_catalog.errors import IllegalTransition


@dataclass(frozen=True, slots=True)
class Machine:
    """``steps``: (state, event) → state. ``open_states`` are those in which it still binds the item."""

    name: str
    initial: str
    open_states: frozenset[str]
    steps: Mapping[tuple[str, str], str]

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order in which the table names them."""
        return tuple(dict.fromkeys((self.initial, *(state for (before, _), after in self.steps.items() for state in (before, after)))))

    def after(self, state: str, event: str) -> str:
        """Where ``event`` leads. Raises IllegalTransition for a step that the machine does not have."""
        following = self.steps.get((state, event))
        if following is None:
            raise IllegalTransition("illegal_transition", machine=self.name, state=state, event=event)
        return following


LOAN = Machine(
    "loan",
    "open",
    frozenset({"open", "claimed_returned"}),
    {
        ("open", "return"): "returned",
        ("open", "lose"): "lost",
        ("open", "claim_returned"): "claimed_returned",
        ("claimed_returned", "return"): "returned",
        ("claimed_returned", "lose"): "lost",
        ("claimed_returned", "withdraw_claim"): "open",
        ("lost", "find"): "returned",
    },
)
HOLD = Machine(
    "hold",
    "placed",
    frozenset({"placed", "allocated", "in_transit", "on_shelf"}),
    {
        ("placed", "allocate"): "allocated",
        ("placed", "cancel"): "cancelled",
        ("placed", "expire"): "expired",
        ("allocated", "dispatch"): "in_transit",
        ("allocated", "shelve"): "on_shelf",
        ("allocated", "decline"): "placed",
        ("allocated", "cancel"): "cancelled",
        ("allocated", "expire"): "expired",
        ("in_transit", "shelve"): "on_shelf",
        ("in_transit", "decline"): "placed",
        ("in_transit", "cancel"): "cancelled",
        ("in_transit", "expire"): "expired",
        ("on_shelf", "fulfil"): "fulfilled",
        ("on_shelf", "dispatch"): "in_transit",  # found away from its shelf
        ("on_shelf", "decline"): "placed",
        ("on_shelf", "cancel"): "cancelled",
        ("on_shelf", "expire"): "expired",
    },
)
TRANSIT = Machine(
    "transit",
    "requested",
    frozenset({"requested", "dispatched"}),
    {
        ("requested", "dispatch"): "dispatched",
        ("requested", "receive"): "received",
        ("requested", "cancel"): "cancelled",
        ("dispatched", "receive"): "received",
        ("dispatched", "lose"): "lost",
        ("lost", "receive"): "received",
    },
)
MACHINES = (LOAN, HOLD, TRANSIT)
