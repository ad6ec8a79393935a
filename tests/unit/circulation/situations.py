"""Situations for tests of decisions: an item, a reader and a desk of which a test says only what matters."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from union_catalog.circulation.policy import NetworkTerms, PolicyTable, Rule, Terms
from union_catalog.circulation.situation import Desk, HoldOnItem, ItemSituation, OpenLoan, OpenTransit, PatronSituation
from union_catalog.ids import BranchCode, HoldId, ItemId, LibraryCode, LoanId, PatronId, TransitId, UnionId
from union_catalog.patrons.blocks import Block

NOW, TODAY = datetime(2026, 11, 20, 3, 0, tzinfo=UTC), date(2026, 11, 20)
JD, JX = LibraryCode("JD"), LibraryCode("JX")
HOME, NEAR, FAR = BranchCode("JD-1"), BranchCode("JD-2"), BranchCode("JX-1")
READER, OTHER = PatronId("reader"), PatronId("other")
RULE = Rule(id="all", terms=Terms(days=30, renewals=1, renewal_days=30, quota=5))
TABLE = PolicyTable(3, (RULE,), NetworkTerms(quota={"": 5}, caps={"JD": 3}))


def item(**facts: Any) -> ItemSituation:
    """A book of JD that stands on its shelf."""
    return replace(
        ItemSituation(
            id=ItemId("i"),
            library=JD,
            barcode="b",
            union_id=UnionId("u"),
            item_type="book",
            lending="loan",
            home_branch=HOME,
            branch=HOME,
        ),
        **facts,
    )


def reader(**facts: Any) -> PatronSituation:
    """Somebody against whom nothing stands."""
    known = PatronSituation(
        id=READER, library=JD, category="adult", age_band="35-59", state="active", card_state="valid", expires_on=None, credit=100
    )
    return replace(known, **facts)


def desk(at: BranchCode = HOME, **facts: Any) -> Desk:
    """One of a branch that is open every day."""
    library = JX if at == FAR else JD
    return replace(Desk(branch=at, library=library, now=NOW, today=TODAY, policies=TABLE, hours={}), **facts)


def loan(patron: PatronId = READER, **facts: Any) -> OpenLoan:
    """Of a fortnight ago, due in a fortnight."""
    known = OpenLoan(
        id=LoanId("l"),
        item=ItemId("i"),
        patron=patron,
        state="open",
        item_library=JD,
        item_type="book",
        lending_branch=HOME,
        lent_at=datetime(2026, 11, 6, tzinfo=UTC),
        due_date=date(2026, 12, 4),
        renewals=0,
        policy_version=3,
        policy_rule="all",
    )
    return replace(known, **facts)


def hold(patron: PatronId = OTHER, pickup: BranchCode = HOME, state: str = "placed") -> HoldOnItem:
    return HoldOnItem(id=HoldId("h"), patron=patron, pickup_branch=pickup, pickup_library=JX if pickup == FAR else JD, state=state)


def way(to: BranchCode, purpose: str = "to_home", state: str = "dispatched") -> OpenTransit:
    return OpenTransit(id=TransitId("t"), from_branch=NEAR, to_branch=to, purpose=purpose, state=state)


def entered(code: str) -> Block:
    """A row that is in force."""
    return Block(code=code, library=JX, since=NOW, id="row")
