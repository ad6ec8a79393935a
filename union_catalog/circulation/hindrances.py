"""Everything that stands in the way of a loan: of the reader, of how much is out already, of the item. All of it, never the first alone."""

from collections.abc import Iterable, Iterator

from union_catalog.circulation.due import open_days_late
from union_catalog.circulation.policy import Rule
from union_catalog.circulation.situation import Desk, ItemSituation, OpenLoan, PatronSituation
from union_catalog.ids import LibraryCode
from union_catalog.patrons.blocks import KINDS, Block

_PLACES = {code: place for place, code in enumerate(KINDS)}
_CARD_STATES = {"lost": "card_lost", "damaged": "card_replaced", "replaced": "card_replaced"}
_CONDITIONS = {"lost": "item_lost", "missing": "item_missing", "damaged": "item_damaged"}


def in_order(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """As the list of kinds has them, so that the same refusal always reads the same; of one kind the oldest first."""
    return tuple(sorted(blocks, key=lambda block: (_PLACES[block.code], block.since.isoformat() if block.since else "", block.library)))


def of_reader(patron: PatronSituation, desk: Desk, item_library: LibraryCode) -> Iterator[Block]:
    """What follows from the reader's record, blocks, debts, credit and late loans; nothing of the card that was shown."""
    own = patron.library
    if patron.expires_on is not None and patron.expires_on < desk.today:
        yield Block(code="card_expired", library=own, until=None, since=None)
    if patron.state != "active":
        yield Block(code="patron_pending", library=own)
    if not patron.guardian_consent:
        yield Block(code="guardian_consent_missing", library=own)
    yield from (block for block in patron.blocks if block.holds(item_library, desk.today))
    yield from late_loans(patron, desk)
    network = desk.policies.network
    if patron.owed_fen > network.debt_fen:
        yield Block(code="debt", library=own, count=patron.owed_fen, limit=network.debt_fen)
    if patron.credit < network.blocked_below:
        yield Block(code="credit_too_low", library=own, count=patron.credit, limit=network.blocked_below)


def late_loans(patron: PatronSituation, desk: Desk) -> Iterator[Block]:
    """One a library whose items are late, since the day after the oldest was due."""
    late: dict[LibraryCode, list[OpenLoan]] = {}
    for loan in patron.loans:
        if loan.state == "open" and _days_late(loan, desk) > desk.policies.network.overdue_days:
            late.setdefault(loan.item_library, []).append(loan)
    for library, loans in late.items():
        oldest = min(loans, key=lambda loan: loan.due_date)
        yield Block(code="overdue_loans", library=library, loan=oldest.id, count=len(loans))


def _days_late(loan: OpenLoan, desk: Desk) -> int:
    return open_days_late(loan.due_date, desk.today, desk.hours.get(loan.lending_branch)) if loan.due_date < desk.today else 0


def of_card(patron: PatronSituation) -> Iterator[Block]:
    """A card that was reported lost opens nothing, however good its reader is."""
    code = _CARD_STATES.get(patron.card_state)
    if code:
        yield Block(code=code, library=patron.library)


def of_amount(patron: PatronSituation, desk: Desk, item_library: LibraryCode, rule: Rule) -> Iterator[Block]:
    """Deposit and quotas: of the network, of the rule, of the item's library."""
    network, own, loans = desk.policies.network, patron.library, patron.loans
    yield from of_deposit(patron, desk)
    quota = desk.policies.allowance(patron.category, patron.credit)
    if len(loans) >= quota:
        yield Block(code="quota_reached", library=own, count=len(loans), limit=quota)
    under_rule = sum(loan.policy_rule == rule.id for loan in loans)
    if under_rule >= rule.terms.quota:
        yield Block(code="rule_quota_reached", library=item_library, count=under_rule, limit=rule.terms.quota)
    cap, of_library = network.caps.get(item_library), sum(loan.item_library == item_library for loan in loans)
    if cap is not None and of_library >= cap:
        yield Block(code="library_cap_reached", library=item_library, count=of_library, limit=cap)


def of_deposit(patron: PatronSituation, desk: Desk) -> Iterator[Block]:
    """Asked of whoever's credit does not free them from it; a member library's deposit counts for all of them."""
    network = desk.policies.network
    if patron.credit < network.deposit_free_from and patron.deposit_fen < network.deposit_fen:
        yield Block(code="deposit_needed", library=patron.library, count=patron.deposit_fen, limit=network.deposit_fen)


def of_item(item: ItemSituation, patron: PatronSituation, desk: Desk) -> Iterator[Block]:
    """What keeps this item from this reader: how it may be used, who has it, for whom it is kept, how it is."""
    own = item.library
    if item.lending != "loan":
        yield Block(code="library_use_only" if item.lending == "library_use" else "online_only", library=own)
    if item.loan is not None:
        same = item.loan.patron == patron.id
        yield Block(code="lent_to_same" if same else "lent_to_other", library=own, since=item.loan.lent_at)
    if item.hold is not None and item.hold.patron != patron.id:
        yield Block(code="kept_for_other", library=own)
    if item.transit is not None and item.transit.to_branch != desk.branch and not _is_for(item, patron):
        yield Block(code="in_transit", library=own)
    if item.condition in _CONDITIONS:
        yield Block(code=_CONDITIONS[item.condition], library=own)
    if item.withdrawn or item.condition == "withdrawn":
        yield Block(code="item_withdrawn", library=own)
    if item.remote:
        yield Block(code="remote_item", library=own)


def _is_for(item: ItemSituation, patron: PatronSituation) -> bool:
    """On its way to the very reader who holds it in hand: nothing is gained by sending it on."""
    return item.hold is not None and item.hold.patron == patron.id
