"""What an item's status is and where it lies, as columns of any statement: derived from loan, condition, transit and hold.

union_catalog.circulation.status says the same of one item at a desk. Until circulation has touched an item, and for what another system
lends, it is what its library reports.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, literal_column

from union_catalog.storage.tables import hold, item, item_state, library, loan, transit


def is_one_of(column: Any, *words: str) -> ColumnElement[bool]:
    """With the words in the statement itself: only then do databases see that a partial index holds all that is asked for."""
    return column.in_([literal_column(f"'{word}'") for word in words])  # type: ignore[no-any-return]  # a column of any table


_OPEN_LOAN = and_(loan.c.item_id == item.c.id, is_one_of(loan.c.state, "open", "claimed_returned"))
_OPEN_TRANSIT = and_(transit.c.item_id == item.c.id, is_one_of(transit.c.state, "requested", "dispatched"))
_ALLOCATED = and_(hold.c.item_id == item.c.id, is_one_of(hold.c.state, "allocated", "in_transit", "on_shelf"))

STATUS: ColumnElement[str] = case(
    (library.c.circulation == "remote", item.c.reported_status),
    (loan.c.id.is_not(None), "on_loan"),
    (item_state.c.condition != "good", item_state.c.condition),
    (transit.c.id.is_not(None), "in_transit"),
    (hold.c.id.is_not(None), "on_hold_shelf"),
    (item_state.c.item_id.is_not(None), "available"),
    else_=item.c.reported_status,
)
PLACE: ColumnElement[str] = case(
    (and_(loan.c.id.is_(None), transit.c.id.is_(None)), func.coalesce(item_state.c.branch, item.c.branch)), else_=item.c.branch
)
"""Where whoever wants it looks for it: where it lies, else its home branch."""
DUE: ColumnElement[str] = loan.c.due_date
BELONGS: ColumnElement[bool] = and_(item.c.withdrawn_at.is_(None), func.coalesce(item_state.c.condition, "good") != "withdrawn")
"""Whether it is still part of the collection."""


def with_status(items: FromClause) -> FromClause:
    """What holds ``item``, joined with all that the columns above need; at most one row of each an item."""
    joined = items.join(library, library.c.code == item.c.library).outerjoin(item_state, item_state.c.item_id == item.c.id)
    return joined.outerjoin(loan, _OPEN_LOAN).outerjoin(transit, _OPEN_TRANSIT).outerjoin(hold, _ALLOCATED)
