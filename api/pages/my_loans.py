"""A reader's loans as pages show them, and what becomes of asking for more time."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from api.language import current_language
from api.pages.my_views import DueView, LoanLine
from api.pages.my_words import Look, due_look, renewed_look, why_not_renewed
from api.pages.presenting import cover_of
from api.resources.editions import named, place_name
from api.resources.operation import office
from api.translations import gettext, ngettext
from union_catalog.ids import PatronId
from union_catalog.patrons.blocks import KINDS
from union_catalog.services.circulation.renewals import Renewed
from union_catalog.services.circulation.showing import LoanView, open_loans
from union_catalog.services.summaries import NetworkNames, network_names, summaries
from union_catalog.services.views import RecordSummary

Outcomes = Mapping[str, tuple[str, ...]]
"""Loan → the codes of what stood in the way, none where it was renewed."""
_DONE = "ok"
_TOO_EARLY = ("not_later",)  # nothing is amiss: there was only nothing to be gained


def told_in_address(done: Sequence[Renewed]) -> list[str]:
    """Of each loan what became of it, in codes: the page that is shown then can be loaded again, and nothing is done twice."""
    return [f"{one.loan}:{','.join(block.code for block in one.plan.blocks) if one.plan.refused else _DONE}" for one in done]


def outcomes_in(told: Sequence[str]) -> Outcomes:
    """What :func:`told_in_address` says; of anything else nothing."""
    pairs = (one.partition(":") for one in told)
    known = {loan: () if codes == _DONE else tuple(codes.split(",")) for loan, colon, codes in pairs if colon}
    return {loan: codes for loan, codes in known.items() if KINDS.keys() >= set(codes)}


def loan_lines(connection: Connection, patron: PatronId, outcomes: Outcomes) -> tuple[LoanLine, ...]:
    """Those due first first."""
    views = open_loans(connection, patron, office().today(), None)
    if not views:
        return ()
    names = network_names(connection)
    ids = list(dict.fromkeys(view.title.union_id for view in views if view.title and view.title.union_id))
    live = {summary.union_id: summary for summary in summaries(connection, ids, names)}
    return tuple(_line(view, live, names, outcomes.get(view.loan.id)) for view in views)


def _line(view: LoanView, live: Mapping[str, RecordSummary], names: NetworkNames, outcome: tuple[str, ...] | None) -> LoanLine:
    loan, title = view.loan, view.title
    summary = live.get(title.union_id) if title else None
    renewed = outcome == ()
    return LoanLine(
        id=loan.id,
        title=(summary.title if summary else title.title if title else "") or gettext("[无题名]"),
        title_language=summary.title_language if summary else "",
        volume=title.volume if title else "",
        union_id=summary.union_id if summary else "",
        cover=cover_of(summary) if summary else None,
        look=renewed_look(loan.due_date) if renewed else due_look(loan.due_date, loan.state),
        place=place_of(names, loan.lending_branch),
        renewals_left=view.renewals_left,
        renewable=view.renewals_left > 0 and loan.state == "open",
        reasons=tuple(why_not_renewed(code) for code in outcome or ()),
        all_well=outcome == _TOO_EARLY,
    )


def place_of(names: NetworkNames, branch: str) -> str:
    """A branch with its library."""
    language = current_language()
    library = names.library_of.get(branch, "")
    return place_name(named(*names.libraries.get(library, ("", "")), language), named(*names.branches.get(branch, (branch, "")), language))


def renewed_in_words(outcomes: Outcomes) -> str:
    """How many of how many; "" where nothing was asked."""
    if not outcomes:
        return ""
    done = sum(not codes for codes in outcomes.values())
    if done == len(outcomes):
        return ngettext("续好了%(num)s册。", "续好了%(num)s册。", done, num=done)
    if not done:
        return gettext("这次没有能续的，原因写在每本书下面。")
    return gettext("%(all)s册里续好了%(done)s册，没续成的写着原因。", all=len(outcomes), done=done)


def due_view(connection: Connection, patron: PatronId) -> DueView:
    """In a few words."""
    views = open_loans(connection, patron, office().today(), None)
    return DueView(len(views), sum(view.overdue for view in views), _next(views))


def _next(views: Sequence[LoanView]) -> Look | None:
    return due_look(views[0].loan.due_date, views[0].loan.state) if views else None
