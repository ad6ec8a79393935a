"""Lets the demo's people live: staff are taken on, readers enrol, borrow, are late, object, each on the day that the tables tell.

Everything goes through the use cases of the product, with a clock that stands at the day.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from api.pages.join_notice import notice_of
from demo.people import tables
from demo.people.tables import Clerk, Deed, Reader
from union_catalog.clock import SteppingClock
from union_catalog.context import Actor, CommandId, Context, command_line
from union_catalog.ids import BranchCode, LoanId, PatronId, new_id
from union_catalog.patrons.accounts import Payment
from union_catalog.patrons.consents import CARD
from union_catalog.patrons.enrolment import Agreement
from union_catalog.services import accounts, blocks, credit, objections, staff
from union_catalog.services.circulation.check_in import check_in
from union_catalog.services.circulation.check_out import CheckOutAsked, check_out
from union_catalog.services.circulation.renewals import renew_one
from union_catalog.services.circulation.station import Station
from union_catalog.services.patrons import cards, enrol
from union_catalog.services.patrons.enrol import Asked, Enrolled, Guardian
from union_catalog.services.patrons.office import Office
from union_catalog.services.staff import NewMember
from union_catalog.storage.staff import StaffMember

_HIRED_DAYS = 500
_OPENING = time(10, 0)
_APART = timedelta(minutes=3)  # one deed and the next of a day: nothing looks like a second scan


@dataclass(slots=True)
class Life:
    """``password_hash`` and ``pin_hash`` are everybody's. ``office`` has the present clock."""

    connection: Connection
    office: Office
    password_hash: str
    pin_hash: str
    _staff: dict[str, StaffMember] = field(default_factory=dict)
    _cards: dict[str, str] = field(default_factory=dict)
    _loans: dict[str, LoanId] = field(default_factory=dict)

    def begin(self) -> None:
        """Makes all of them, and all they did."""
        for clerk in tables.staff():
            self._staff[clerk.username] = self._hire(clerk)
        for reader in tables.readers():
            enrolled = self._enrol(reader)
            self._cards[reader.name] = enrolled.card
            for number, deed in enumerate(tables.deeds(reader.name)):
                _DEEDS[deed.deed](self, enrolled.patron.id, deed, self._then(deed.days_ago, number))

    def _then(self, days_ago: int, number: int = 0) -> Office:
        """The office as it was that day."""
        day = self.office.today() - timedelta(days=days_ago)
        return self._at(datetime.combine(day, _OPENING, self.office.timezone) + number * _APART)

    def _at(self, instant: datetime) -> Office:
        return Office(SteppingClock(instant), self.office.keys, self.office.timezone)

    def _hire(self, clerk: Clerk) -> StaffMember:
        clock = self._then(_HIRED_DAYS).clock
        branches = (clerk.branch,) if clerk.branch else ()
        new = NewMember(username=clerk.username, name=clerk.zh, library=clerk.library, branches=branches, roles=(clerk.role,))
        return staff.add(self.connection, clock, command_line(clock), new, self.password_hash)

    def _enrol(self, reader: Reader) -> Enrolled:
        then = self._then(reader.since_days)
        asked = Asked(
            name=reader.name,
            birth_date=reader.born,
            email=reader.email,
            category=reader.category,
            home_branch=reader.branch,
            language=reader.language,
            guardian=Guardian(card=self._cards[reader.guardian]) if reader.guardian else None,
            consent=Agreement(notice=notice_of(CARD).version, given_on=then.today()),
            pin_hash=self.pin_hash,
        )
        context = self._desk(then, reader.branch) if reader.at_desk else _context(then, Actor(kind="public"))
        return enrol.enrol(self.connection, then, context, asked, at_desk=reader.at_desk)

    def _desk(self, then: Office, branch: str) -> Context:
        """Whoever works at the desk of this branch."""
        clerk = next(one for one in tables.staff() if one.role == "circulation" and one.library == branch.partition("-")[0])
        member = self._staff[clerk.username]
        return _context(then, Actor(kind="staff", id=member.id), clerk.library, member.branches)

    def _station(self, then: Office, deed: Deed) -> Station:
        rights = frozenset({"circulation"})
        return Station(office=then, context=self._desk(then, deed.branch), branch=BranchCode(deed.branch), rights=rights)

    def lend(self, _: PatronId, deed: Deed, then: Office) -> None:
        asked = CheckOutAsked(item=deed.item, card=self._cards[deed.reader])
        self._loans[deed.item.barcode] = LoanId(check_out(self.connection, self._station(then, deed), asked).loan)

    def give_back(self, _: PatronId, deed: Deed, then: Office) -> None:
        check_in(self.connection, self._station(then, deed), deed.item)

    def renew(self, _: PatronId, deed: Deed, then: Office) -> None:
        renew_one(self.connection, self._station(then, deed), self._loans[deed.item.barcode])

    def misbehave(self, patron: PatronId, deed: Deed, then: Office) -> None:
        change = credit.Change(points=-deed.amount, cause="conduct", reason=deed.words)
        credit.enter_deed(self.connection, then.clock, self._desk(then, deed.branch), patron, change)

    def pay_deposit(self, patron: PatronId, deed: Deed, then: Office) -> None:
        context = self._desk(then, deed.branch)
        till = accounts.till_at(self.connection, context, deed.branch, then.timezone)
        payment = Payment(kind="deposit", amount_fen=deed.amount)
        accounts.pay(self.connection, then.clock, context, ("circulation",), till, patron, payment)

    def block(self, patron: PatronId, deed: Deed, then: Office) -> None:
        asked = blocks.Asked(reason=deed.words)
        blocks.enter(self.connection, then.clock, self._desk(then, deed.branch), then.timezone, patron, asked)

    def object(self, patron: PatronId, deed: Deed, then: Office) -> None:
        """Against what a library has set."""
        standing = next(block for block in blocks.standing_of(self.connection, then, patron) if block.id)
        context = _context(then, Actor(kind="patron", id=patron))
        objections.make(self.connection, then.clock, context, patron, "block", standing.id, deed.words)

    def lose_card(self, patron: PatronId, deed: Deed, then: Office) -> None:
        self._cards[deed.reader] = cards.issue(self.connection, then, self._desk(then, deed.branch), patron, "lost").card


def _context(then: Office, actor: Actor, library: str = "", branches: tuple[str, ...] = ()) -> Context:
    return Context(actor=actor, occurred_at=then.now(), command_id=CommandId(new_id()), library=library, branches=branches)


_DEEDS: Mapping[str, Callable[[Life, PatronId, Deed, Office], None]] = {
    "lend": Life.lend,
    "return": Life.give_back,
    "renew": Life.renew,
    "conduct": Life.misbehave,
    "deposit": Life.pay_deposit,
    "block": Life.block,
    "object": Life.object,
    "lost_card": Life.lose_card,
}
DEEDS = frozenset(_DEEDS)
