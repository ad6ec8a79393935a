"""How a loan ends, and what of it follows for the reader: handed in, or lost and found again."""

from datetime import date

from union_catalog.circulation.consequences import Brought, Lateness, consequences_of_finding, consequences_of_return, notes_of
from union_catalog.circulation.due import open_days_late
from union_catalog.circulation.plan import Effect, Note, PlaceItem, StepLoan
from union_catalog.circulation.situation import Desk, ItemSituation, OpenLoan


def lateness(loan: OpenLoan, desk: Desk) -> Lateness:
    """Counted to the day on which it is handed in, in open days of the branch that lent it."""
    days = open_days_late(loan.due_date, desk.today, desk.hours.get(loan.lending_branch))
    return Lateness(open_days=days, handed_in=desk.today, now=desk.now)


def returned(loan: OpenLoan, desk: Desk) -> tuple[Effect, ...]:
    """Handed in here. A loan whose reader said long ago that it was returned brings nothing any more: the reader was right."""
    ended = StepLoan(loan=loan.id, state=loan.state, event="return", branch=desk.branch)
    if loan.state == "claimed_returned":
        return (ended,)
    return (ended, *consequences_of_return(loan, desk.terms_of(loan), desk.policies.network.credit, lateness(loan, desk)))


def found(item: ItemSituation, desk: Desk) -> tuple[Effect, ...]:
    """It was held for lost and is here: in good condition again, and what its loss had brought is taken back."""
    loan = item.lost_loan
    here = PlaceItem(item=item.id, branch=desk.branch, condition="good")
    if loan is None:
        return (here,)
    brought = Brought(charged_fen=item.charged_fen, points=item.points_taken)
    ended = StepLoan(loan=loan.id, state=loan.state, event="find", branch=desk.branch)
    return (ended, *consequences_of_finding(loan, desk.terms_of(loan), desk.policies.network.credit, brought, lateness(loan, desk)), here)


def notes_of_ending(loan: OpenLoan, effects: tuple[Effect, ...], today: date) -> tuple[Note, ...]:
    """That it was late, that a claim is settled, and what follows."""
    late = (Note("late", {"due": loan.due_date.isoformat()}),) if loan.due_date < today and loan.state == "open" else ()
    claimed = (Note("claim_settled"),) if loan.state == "claimed_returned" else ()
    return (*late, *claimed, *notes_of(effects))
