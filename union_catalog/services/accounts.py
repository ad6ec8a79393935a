"""Readers' accounts as use cases: charged by rule, paid and given back at tills, reversed, and told.

Whoever writes locks the reader's row first and sums up after it, so that nothing is paid out twice however many tills are at it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from union_catalog.circulation.plan import Charge
from union_catalog.clock import Clock, business_date, instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Refused
from union_catalog.ids import BranchCode, LibraryCode, LoanId, PatronId, new_id
from union_catalog.patrons.accounts import MANAGED, Entry, Ledger, Line, Payment, decide_payment, decide_reversal
from union_catalog.patrons.blocks import Block
from union_catalog.services.patrons import office
from union_catalog.storage import accounts as rows
from union_catalog.storage import blocks, events, network
from union_catalog.storage.events import Event

_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Till:
    """Where money is taken. Use :func:`till_at`."""

    branch: BranchCode
    library: LibraryCode
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """``lines`` are the entries that were made; ``owed_fen`` and ``deposit_fen`` what the account comes to after them."""

    number: str
    lines: tuple[Entry, ...]
    owed_fen: int
    deposit_fen: int


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is, with its newest entries."""

    ledger: Ledger
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Slip:
    """What is entered at a till under one receipt: its lines, each with the entry that it reverses."""

    kind: str
    method: str
    reason: str
    lines: list[tuple[Line, str | None]]


def till_at(connection: Connection, context: Context, branch: str, zone: ZoneInfo) -> Till:
    """Raises InvalidInput("unknown_desk"), NotAllowed("other_library") for a till of another library or branch than the actor's."""
    library = network.library_of_branch(connection, branch)
    if library is None:
        raise InvalidInput("unknown_desk", name="branch", id=branch)
    if context.library not in ("", library) or (context.branches and branch not in context.branches):
        raise NotAllowed("other_library", right="till", library=library)
    return Till(BranchCode(branch), LibraryCode(library), zone)


def pay(
    connection: Connection, clock: Clock, context: Context, rights: Collection[str], till: Till, patron_id: str, payment: Payment
) -> Receipt:
    """Takes or gives money, or lets go of it (a manager, of what is owed to the own library). Several charges are one receipt.

    A block that stood for a lost item ends with the last fen. Raises what ``patrons.accounts.decide_payment`` raises,
    NotAllowed("not_allowed"), and as :func:`office.lock`.
    """
    if payment.kind in MANAGED and "manager" not in rights:
        raise NotAllowed("not_allowed", right="manager")
    patron = office.lock(connection, patron_id)
    own = LibraryCode(context.library) if payment.kind in MANAGED and context.library else None
    lines = decide_payment(replace(payment, only_of=own), ledger(connection, patron.id), till.library)
    method = payment.method if any(line.cash_fen for line in lines) else ""
    slip = _Slip(payment.kind, method, payment.reason.strip(), [(line, None) for line in lines])
    return _entered(connection, clock, context, till, patron.id, slip)


def reverse(
    connection: Connection,
    clock: Clock,
    context: Context,
    rights: Collection[str],
    till: Till,
    patron_id: str,
    entry_id: str,
    reason: str,
) -> Receipt:
    """Takes back what one receipt, or one charge, has done, all its lines; money goes back through this till. A manager's.

    Raises NotAllowed: not_allowed, other_library (neither the till nor the money was the actor's library's); NotFound("unknown_entry"),
    Refused("charge_given_back"), what ``patrons.accounts.decide_reversal`` raises, and as :func:`office.lock`.
    """
    if "manager" not in rights:
        raise NotAllowed("not_allowed", right="manager")
    patron = office.lock(connection, patron_id)
    named = rows.find(connection, entry_id)
    if named is None or named.patron != patron.id:
        raise NotFound("unknown_entry", kind="entry", id=entry_id)
    entries = rows.with_its_receipt(connection, named)
    whose = {network.library_of_branch(connection, entry.branch) if entry.branch else entry.library for entry in entries}
    if context.library and context.library not in whose:
        raise NotAllowed("other_library", right="till", library=named.library)
    if named.kind == "charge" and rows.charged(connection, named) < named.owed_fen:
        raise Refused("charge_given_back")
    already = rows.reversed_among(connection, [entry.id for entry in entries])
    pairs = decide_reversal(entries, already, ledger(connection, patron.id), reason)
    slip = _Slip("reversal", named.method, reason.strip(), [(line, entry.id) for entry, line in pairs])
    return _entered(connection, clock, context, till, patron.id, slip)


def charge(connection: Connection, clock: Clock, context: Context, asked: Charge) -> str:
    """Enters what a rule asks, or gives back where the amount is negative, for a reader who is locked; answers the entry's id."""
    entry = Entry(
        id=new_id(),
        patron=asked.patron,
        library=asked.library,
        kind="charge",
        cause=asked.kind,
        owed_fen=asked.amount_fen,
        loan=asked.loan,
        actor=str(context.actor),
        entered_at=clock.now(),
    )
    _write(connection, context, [entry])
    return entry.id


def annul(connection: Connection, clock: Clock, context: Context, patron_id: PatronId, entry_id: str, reason: str) -> None:
    """Takes a charge back as far as it still stands, for a reader who is locked. What was paid of it can be refunded then."""
    asked = rows.find(connection, entry_id)
    if asked is None or asked.patron != patron_id or rows.reversed_among(connection, [entry_id]):
        return
    fen = min(asked.owed_fen, rows.charged(connection, asked))
    if fen <= 0:
        return
    made = replace(asked, id=new_id(), kind="reversal", owed_fen=-fen, reason=reason, reverses=asked.id)
    made = replace(made, actor=str(context.actor), entered_at=clock.now())
    _write(connection, context, [made])
    _match_blocks(connection, clock, context, [made])


def ledger(connection: Connection, patron_id: PatronId) -> Ledger:
    """What the account comes to. Under lock it is what to decide on."""
    deposits, charges = rows.deposits(connection, patron_id), rows.open_charges(connection, patron_id)
    return Ledger(deposits=deposits, charges=charges, lent=rows.lent(connection, patron_id))


def account_of(connection: Connection, patron_id: str) -> Account:
    """Raises NotFound("unknown_patron")."""
    patron = office.require(connection, patron_id)
    return Account(ledger(connection, patron.id), rows.entries(connection, patron.id, _SHOWN))


def _entered(connection: Connection, clock: Clock, context: Context, till: Till, patron: PatronId, slip: _Slip) -> Receipt:
    now = clock.now()
    day = business_date(now, till.zone)
    number = f"{till.branch}-{day:%Y%m%d}-{rows.next_receipt(connection, till.branch, day):04d}"
    entries = [
        Entry(
            id=new_id(),
            patron=patron,
            library=line.library,
            branch=till.branch,
            kind=slip.kind,
            cause=line.cause,
            owed_fen=line.owed_fen,
            deposit_fen=line.deposit_fen,
            cash_fen=line.cash_fen,
            method=slip.method,
            loan=line.loan,
            reason=slip.reason,
            receipt=number,
            line=place,
            reverses=reverses,
            actor=str(context.actor),
            entered_at=now,
        )
        for place, (line, reverses) in enumerate(slip.lines, 1)
    ]
    _write(connection, context, entries)
    _match_blocks(connection, clock, context, entries)
    owed, deposit = rows.sums(connection, patron)
    return Receipt(number=number, lines=tuple(entries), owed_fen=owed, deposit_fen=deposit)


def _write(connection: Connection, context: Context, entries: list[Entry]) -> None:
    rows.add(connection, entries)
    told = [Event("account.entered", f"patron:{entry.patron}", entry.library, {"entry": entry.id, "kind": entry.kind}) for entry in entries]
    events.append(connection, context, told, instant_text(entries[0].entered_at))


def _match_blocks(connection: Connection, clock: Clock, context: Context, entries: Iterable[Entry]) -> None:
    """Of each loan whose compensation was touched: nothing owed ends the block, and what is owed again for a lost item sets it again."""
    touched = {(entry.loan, entry.library): entry.patron for entry in entries if entry.cause == "compensation" and entry.loan}
    for (loan, library), patron in touched.items():
        owed = sum(one.owed_fen for one in rows.open_charges(connection, patron) if one.loan == loan and one.cause == "compensation")
        if owed <= 0:
            blocks.lift(connection, patron, "lost_item", LoanId(str(loan)), str(context.actor), clock.now())
            continue
        standing = any(block.code == "lost_item" and block.loan == loan for block in blocks.in_force(connection, patron))
        if not standing and rows.is_lost(connection, LoanId(str(loan))):
            again = Block(code="lost_item", library=library, since=clock.now(), loan=loan)
            blocks.enter(connection, patron, again, str(context.actor), clock.now())
