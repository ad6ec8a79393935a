"""One desk as a process of its own: lends and takes in the same items to the same readers as others do at the same moment.

Run as ``python -m tests.services.desk_worker DATABASE_URL BRANCH SEED ROUNDS ITEMS CARDS``; prints what it was told, as JSON.
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from union_catalog.clock import SystemClock
from union_catalog.context import Actor, CommandId, Context
from union_catalog.errors import Blocked, Busy, UnionCatalogError
from union_catalog.ids import BranchCode, new_id
from union_catalog.patrons.keys import PersonKeys
from union_catalog.services import commands
from union_catalog.services.circulation.check_in import check_in
from union_catalog.services.circulation.check_out import CheckOutAsked, check_out
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.renewals import renew_all
from union_catalog.services.circulation.station import Station
from union_catalog.services.commands import Command, Outcome
from union_catalog.services.patrons.lookup import by_card
from union_catalog.services.patrons.office import Office
from union_catalog.storage.database import Database


class Desk:
    """Counts the cases of what it did, and the loans that it was told of."""

    def __init__(self, url: str, branch: str) -> None:
        self.database = Database(url, 60)
        self.office = Office(SystemClock(), PersonKeys.of("the secret of all tests"), ZoneInfo("Asia/Shanghai"))
        self.branch = branch
        self.cases: Counter[str] = Counter()
        self.lent: set[str] = set()

    def station(self) -> Station:
        context = Context(
            actor=Actor(kind="staff", id=self.branch),
            occurred_at=self.office.now(),
            command_id=CommandId(new_id()),
            library=self.branch[:2],
        )
        return Station(office=self.office, context=context, branch=BranchCode(self.branch))

    def lend(self, connection: Connection, item: str, card: str) -> None:
        deed = check_out(connection, self.station(), CheckOutAsked(item=ItemReference(item), card=card))
        self.told = deed.case, deed.loan

    def take(self, connection: Connection, item: str, _: str) -> None:
        self.told = check_in(connection, self.station(), ItemReference(item)).case, ""

    def renew(self, connection: Connection, _: str, card: str) -> None:
        renew_all(connection, self.station(), by_card(connection, self.office, card).patron)
        self.told = "RN", ""

    def round(self, item: str, card: str) -> None:
        """One command; a refusal is an answer, anything else is a fault."""
        act = random.choice((self.lend, self.lend, self.take, self.renew))

        def acted(connection: Connection) -> Outcome:
            act(connection, item, card)
            return Outcome(200, b"{}")

        def refused(error: UnionCatalogError) -> Outcome | None:
            self.told = ("refused", "") if isinstance(error, Blocked) else ("fault", error.code)
            return Outcome(409, b"{}")

        command = Command(f"staff:{self.branch}", new_id(), "0" * 64)
        while not self.answered(command, acted, refused):  # as desks do: told that all is busy, they send it again under its key
            pass
        self.cases[":".join(part for part in self.told[:1])] += 1
        if self.told[1]:
            self.lent.add(self.told[1])

    def answered(
        self, command: Command, acted: Callable[[Connection], Outcome], refused: Callable[[UnionCatalogError], Outcome | None]
    ) -> bool:
        """Whether it was done or refused within the time that a command waits for others."""
        try:
            commands.run(self.database, self.office.clock, command, acted, refused)
        except Busy:
            return False
        return True


def main(url: str, branch: str, seed: str, rounds: str, items: str, cards: str) -> None:
    random.seed(seed)
    desk = Desk(url, branch)
    for _ in range(int(rounds)):
        desk.round(random.choice(items.split(",")), random.choice(cards.split(",")))
    print(json.dumps({"cases": desk.cases, "lent": sorted(desk.lent)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
