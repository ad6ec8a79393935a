"""The whole of circulation against a model in plain dictionaries: whatever desks do in whatever order, both say the same.

Holds are put into the table as they will be once readers can place them; everything else is done by the use cases.
"""

import copy
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.services.desks import POLICY, Town, town
from union_catalog.circulation.cases import UNDOABLE, CheckIn
from union_catalog.clock import SteppingClock
from union_catalog.errors import Blocked, Refused
from union_catalog.services.circulation.deeds import Deed
from union_catalog.storage import schema
from union_catalog.storage.database import Database
from union_catalog.storage.tables import hold, item_state, loan, policy_version, transit

QUOTA, JX_CAP = 2, 1
BRANCHES = ("JD-1", "JD-2", "JX-1")
ITEMS = {"A1": "JD-1", "A2": "JD-2", "B1": "JX-1", "B2": "JX-1"}
RECORDS = {"A1": "r1", "A2": "r2", "B1": "r1", "B2": "r2"}
CARDS = ("x", "y")
TIGHT = POLICY.replace("other = 4", f"other = {QUOTA}").replace("quota = 4", f"quota = {QUOTA}").replace("JX = 2", f"JX = {JX_CAP}")
ITEM, BRANCH, CARD = st.sampled_from(sorted(ITEMS)), st.sampled_from(BRANCHES), st.sampled_from(CARDS)


@dataclass
class Item:
    """``loan`` is a card; ``way`` where it is going; ``hold`` the number of the hold to which it is allocated."""

    at: str
    loan: str = ""
    way: str = ""
    hold: int = 0
    condition: str = "good"


@dataclass
class Hold:
    card: str
    record: str
    pickup: str
    state: str = "placed"


@dataclass
class Model:
    """What should be so. ``queue`` holds every hold ever placed, by its number, in the order of the queue."""

    items: dict[str, Item] = field(default_factory=lambda: {code: Item(at) for code, at in ITEMS.items()})
    queue: dict[int, Hold] = field(default_factory=dict)

    def loans_of(self, card: str) -> list[str]:
        return [code for code, item in self.items.items() if item.loan == card]

    def first_waiting(self, code: str) -> int:
        waiting = [n for n, one in self.queue.items() if one.state == "placed" and one.record == RECORDS[code]]
        return min(waiting, default=0)

    def hindrances(self, code: str, card: str, at: str) -> set[str]:
        """What stands in the way of a loan."""
        item, out = self.items[code], self.loans_of(card)
        found = {"quota_reached", "rule_quota_reached"} if len(out) >= QUOTA else set()
        if ITEMS[code] == "JX-1" and sum(ITEMS[one] == "JX-1" for one in out) >= JX_CAP:
            found.add("library_cap_reached")
        if item.loan:
            found.add("lent_to_same" if item.loan == card else "lent_to_other")
        mine = bool(item.hold) and self.queue[item.hold].card == card
        if item.hold and not mine:
            found.add("kept_for_other")
        if item.way and item.way != at and not mine:
            found.add("in_transit")
        if item.condition != "good":
            found.add(f"item_{item.condition}")
        return found

    def lend(self, code: str, card: str) -> None:
        item = self.items[code]
        kept = item.hold or self.first_waiting(code)
        if kept and self.queue[kept].card == card:
            self.queue[kept].state = "fulfilled"
        self.items[code] = Item(item.at, loan=card)

    def take(self, code: str, at: str) -> tuple[str, str]:
        """(outcome, where it goes) of a check-in."""
        item = self.items[code]
        was = "loan" if item.loan else "found" if item.condition != "good" else "nobody"
        if item.way and not item.loan:
            if item.way != at:
                item.at = at
                return ("transit_pickup" if item.hold else "transit_home"), item.way
            was = "arrived"
        item.loan, item.way, item.condition, item.at = "", "", "good", at
        kept = item.hold or self.first_waiting(code)
        if kept:
            return self._serve(item, kept, at, was)
        if at == ITEMS[code]:
            return {"loan": "home_shelf", "found": "found_lost", "nobody": "not_on_loan", "arrived": "transit_received"}[was], at
        item.way = ITEMS[code]
        return {"loan": "transit_home", "found": "found_lost", "nobody": "not_on_loan", "arrived": "transit_home"}[was], item.way

    def _serve(self, item: Item, kept: int, at: str, was: str) -> tuple[str, str]:
        one, item.hold = self.queue[kept], kept
        here = one.pickup == at
        one.state = "on_shelf" if here else "in_transit"
        item.way = "" if here else one.pickup
        outcome = "hold_shelf" if here else "transit_pickup"
        return ("found_lost" if was == "found" else outcome), one.pickup

    def lose(self, code: str) -> None:
        item = self.items[code]
        if item.hold:
            self.queue[item.hold].state = "placed"
        self.items[code] = Item(item.at, condition="lost")

    def find(self, code: str, at: str) -> None:
        self.items[code].condition, self.items[code].at = "good", at


class Circulation(RuleBasedStateMachine):
    """Every step is done twice, by the desks and in the model. The clock moves on, so that no scan is taken for a second one."""

    template: ClassVar[TemporaryDirectory[str] | None] = None

    @initialize()
    def begin(self) -> None:
        if Circulation.template is None:
            Circulation.template = TemporaryDirectory()
            empty = Database(f"sqlite:///{Circulation.template.name}/empty.sqlite3")
            schema.upgrade(empty)
            empty.close()
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name) / "one.sqlite3"
        shutil.copy(Path(Circulation.template.name) / "empty.sqlite3", path)
        self.database = Database(f"sqlite:///{path}")
        self.town: Town = town(self.database, SteppingClock(datetime(2026, 11, 22, 1, tzinfo=UTC)))
        self.town.change(policy_version, {"text": TIGHT}, version=7)
        records = {name: self.town.record() for name in sorted(set(RECORDS.values()))}
        for code, home in ITEMS.items():
            self.town.item(code, home=home, union_id=records[RECORDS[code]], price="1")
        self.cards = {name: self.town.card() for name in CARDS}
        self.records, self.model, self.holds = records, Model(), {0: ""}
        self.last: tuple[Deed, str, Model] | None = None

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()

    def do(self, at: str, act: Callable[[], Deed]) -> Deed:
        """Remembers how it was before, for an undoing."""
        before = copy.deepcopy(self.model)
        deed = act()
        self.last = (deed, at, before)
        self.town.wait(seconds=11)
        return deed

    @rule(code=ITEM, card=CARD, at=BRANCH)
    def lend(self, code: str, card: str, at: str) -> None:
        expected = self.model.hindrances(code, card, at)
        blocks: set[str] = set()
        try:
            self.do(at, lambda: self.town.lend(code, self.cards[card], at=at))
        except Blocked as refused:
            blocks = {str(block["code"]) for block in refused.blocks}
            self.town.wait(seconds=11)
        assert blocks == expected
        if not blocks:
            self.model.lend(code, card)

    @rule(code=ITEM, at=BRANCH)
    def take(self, code: str, at: str) -> None:
        deed = self.do(at, lambda: self.town.take(code, at=at))
        assert (deed.outcome, deed.told["branch"]) == self.model.take(code, at)

    @rule(code=ITEM, at=BRANCH)
    def scan_twice(self, code: str, at: str) -> None:
        self.take(code, at)
        self.town.wait(seconds=-5)
        again = self.town.take(code, at=at)
        assert self.last is not None
        assert (again.case, again.first, again.event) == (CheckIn.REPEATED, self.last[0].case, self.last[0].event)
        self.town.wait(seconds=11)

    @rule(code=ITEM)
    def lose(self, code: str) -> None:
        if self.model.items[code].condition == "lost":
            return
        self.do("JD-1", lambda: self.town.say(code, "lost"))
        self.model.lose(code)
        self.forgive()

    @rule(code=ITEM, at=BRANCH)
    def find(self, code: str, at: str) -> None:
        if self.model.items[code].condition != "lost":
            return
        self.do(at, lambda: self.town.say(code, "found", at=at))
        self.model.find(code, at)

    def forgive(self) -> None:
        """What a loss brings to a reader is tested elsewhere; here readers go on borrowing."""
        self.last = None
        self.town.forgive_all()

    @rule(card=CARD, record=st.sampled_from(sorted(set(RECORDS.values()))), pickup=BRANCH)
    def place(self, card: str, record: str, pickup: str) -> None:
        number = len(self.holds)
        self.holds[number] = self.town.hold(self.cards[card], self.records[record], pickup)
        self.model.queue[number] = Hold(card, record, pickup)
        self.last = None

    @precondition(lambda self: self.last is not None)
    @rule()
    def undo(self) -> None:
        assert self.last is not None
        deed, at, before = self.last
        if deed.case not in UNDOABLE:
            with pytest.raises(Refused, match="not_undoable"):
                self.town.undo(deed, at=at)
            return
        self.town.undo(deed, at=at)
        self.last = None
        self.model = before

    @invariant()
    def both_say_the_same(self) -> None:
        if not hasattr(self, "town"):
            return
        self.same_loans_and_ways()
        stored = {one["id"]: one["state"] for one in self.town.rows(hold)}
        assert stored == {self.holds[number]: one.state for number, one in self.model.queue.items()}

    def same_loans_and_ways(self) -> None:
        names = {self.town.reader(card): name for name, card in self.cards.items()}
        codes = {self.town.id_of(code): code for code in ITEMS}
        out = {codes[one["item_id"]]: names[one["patron_id"]] for one in self.town.rows(loan) if one["ended_at"] is None}
        assert out == {code: item.loan for code, item in self.model.items.items() if item.loan}
        ways = {codes[one["item_id"]]: one["to_branch"] for one in self.town.rows(transit) if one["ended_at"] is None}
        assert ways == {code: item.way for code, item in self.model.items.items() if item.way}
        states = {codes[one["item_id"]]: (one["branch"], one["condition"]) for one in self.town.rows(item_state)}
        for code, (_, condition) in states.items():
            assert condition == self.model.items[code].condition


TestCirculation = Circulation.TestCase
TestCirculation.settings = settings(max_examples=settings().max_examples // 5, stateful_step_count=30, deadline=None)
