"""Loans and items as they stand, for whoever may see them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from union_catalog.circulation.situation import ItemSituation
from union_catalog.circulation.status import status_of
from union_catalog.ids import BranchCode, PatronId
from union_catalog.patrons.privacy import Sight
from union_catalog.services import policies
from union_catalog.services.circulation import finding
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.titles import ItemTitle, titles_of
from union_catalog.storage.circulation import actions, loans, snapshot
from union_catalog.storage.circulation.actions import Action
from union_catalog.storage.circulation.loans import PastLoan, StoredLoan

_UNTOLD = ItemTitle("", "")
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanView:
    """``title`` is None where what the loan is of must not be told."""

    loan: StoredLoan
    title: ItemTitle | None
    renewals_left: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item as it is; ``status`` is one of services.views.ITEM_STATUSES."""

    item: ItemSituation
    title: ItemTitle
    status: str


def open_loans(connection: Connection, patron: PatronId, today: date, sight: Sight | None) -> tuple[LoanView, ...]:
    """``sight`` is None for readers themselves, who see all of it."""
    found = loans.open_of(connection, patron)
    told = [loan for loan in found if sight is None or sight.shows_titles(loan.library)]
    titles = titles_of(connection, [loan.item for loan in told])
    return tuple(
        LoanView(
            loan=loan,
            title=titles.get(loan.item, _UNTOLD) if loan in told else None,
            renewals_left=max(_renewals(connection, loan) - loan.renewals, 0),
            overdue=loan.due_date < today and loan.state == "open",
        )
        for loan in found
    )


def past_loans(connection: Connection, patron: PatronId, limit: int) -> tuple[tuple[PastLoan, ItemTitle], ...]:
    """What the reader gave back, the newest first, as far as it is remembered; for the reader alone."""
    found = loans.ended_of(connection, patron, limit)
    titles = titles_of(connection, [loan.item for loan in found])
    return tuple((loan, titles.get(loan.item, _UNTOLD)) for loan in found)


def _renewals(connection: Connection, loan: StoredLoan) -> int:
    return policies.by_version(connection, loan.policy_version).rule(loan.policy_rule).terms.renewals


def history(connection: Connection, item: ItemSituation) -> list[Action]:
    """What desks did with it lately, the latest first."""
    return actions.of_item(connection, item.id, MOST_SHOWN)


def item_view(connection: Connection, asked: ItemReference) -> ItemView:
    """Raises as ``finding.wanted``."""
    found = finding.wanted(connection, asked)
    as_it_is = snapshot.handled(connection, [found.id], BranchCode(""))[found.id]
    status = status_of(as_it_is.item, as_it_is.reported, touched=as_it_is.touched)
    return ItemView(as_it_is.item, titles_of(connection, [found.id]).get(found.id, _UNTOLD), status)
