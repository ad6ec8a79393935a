"""Rows to situations: items with all that binds them, readers with all that stands against them, and the desk."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, RowMapping

from union_catalog.circulation.situation import HoldOnItem, ItemSituation, OpenLoan, OpenTransit, PatronSituation
from union_catalog.clock import parse_instant
from union_catalog.holdings.prices import fen_of
from union_catalog.ids import BranchCode, HoldId, ItemId, LibraryCode, LoanId, PatronId, TransitId, UnionId
from union_catalog.network.hours import OpeningHours
from union_catalog.patrons.ages import age_band, needs_guardian
from union_catalog.patrons.blocks import Block
from union_catalog.storage.circulation.statements import ITEMS, READER
from union_catalog.storage.network import unpack_hours

Hours = Mapping[BranchCode, OpeningHours | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAction:
    """What was done with an item last, and not taken back."""

    id: str
    action: str
    case: str
    branch: BranchCode
    patron: str | None
    loan: str | None
    occurred_at: datetime
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """An item at a desk. ``hours``: of the desk's branch and of the one that lent the item; ``policy_version`` is in force now.

    ``desk_library`` is "" for a branch that is not there. ``touched``: circulation has had to do with the item, so that its library's
    ``reported`` status no longer counts.
    """

    item: ItemSituation
    last: LastAction | None
    desk_library: LibraryCode
    hours: Hours
    policy_version: int
    touched: bool
    reported: str


def handled(connection: Connection, ids: Collection[ItemId], desk: BranchCode) -> dict[ItemId, Handled]:
    """Items by id, as they are at the desk of a branch; in one statement."""
    rows = connection.execute(ITEMS, {"ids": ids, "desk": desk}).mappings()
    return {ItemId(row["id"]): _handled(row, desk) for row in rows}


def _handled(row: RowMapping, desk: BranchCode) -> Handled:
    hours = {desk: read_hours(row["desk_hours"])}
    if row["loan_id"]:
        hours[BranchCode(row["loan_lending_branch"])] = read_hours(row["lending_hours"])
    return Handled(
        item=_item(row),
        last=_last(row),
        desk_library=LibraryCode(row["desk_library"] or ""),
        hours=hours,
        policy_version=int(row["policy_version"]),
        touched=row["touched"] is not None,
        reported=row["reported_status"],
    )


@lru_cache(maxsize=4096)
def read_hours(stored: str | None) -> OpeningHours | None:
    """Calendars are asked for at every scan and change once a year."""
    return unpack_hours(stored or "")


def _item(row: RowMapping) -> ItemSituation:
    home = BranchCode(row["branch"]) if row["branch"] else None
    return ItemSituation(
        id=ItemId(row["id"]),
        library=LibraryCode(row["library"]),
        barcode=row["barcode"] or "",
        union_id=UnionId(row["union_id"] or ""),
        item_type=row["item_type"],
        lending=row["lending"],
        home_branch=home,
        branch=BranchCode(row["seen_at"]) if row["seen_at"] else home,
        condition=row["condition"] or "good",
        withdrawn=row["withdrawn_at"] is not None,
        remote=row["circulation"] == "remote",
        price_fen=fen_of(row["price"]),
        loan=_loan(row, "loan", row["id"], row["item_type"]) if row["loan_id"] else None,
        transit=_transit(row) if row["transit_id"] else None,
        hold=_hold(row, "hold") if row["hold_id"] else None,
        waiting=_hold(row, "waiting") if row["waiting_id"] else None,
        lost_loan=_loan(row, "lost", row["id"], row["item_type"]) if row["lost_id"] and row["lost_patron_id"] else None,
        charged_fen=int(row["charged_fen"] or 0),
        points_taken=int(row["points_taken"] or 0),
        floats=bool(row["floats"]),
    )


def _loan(row: RowMapping, prefix: str, item_id: str, item_type: str) -> OpenLoan:
    return OpenLoan(
        id=LoanId(row[f"{prefix}_id"]),
        item=ItemId(item_id),
        patron=PatronId(row[f"{prefix}_patron_id"]),
        state=row[f"{prefix}_state"],
        item_library=LibraryCode(row[f"{prefix}_item_library"]),
        item_type=item_type,
        lending_branch=BranchCode(row[f"{prefix}_lending_branch"]),
        lent_at=parse_instant(row[f"{prefix}_lent_at"]),
        due_date=date.fromisoformat(row[f"{prefix}_due_date"]),
        renewals=row[f"{prefix}_renewals"],
        policy_version=row[f"{prefix}_policy_version"],
        policy_rule=row[f"{prefix}_policy_rule"],
    )


def _transit(row: RowMapping) -> OpenTransit:
    return OpenTransit(
        id=TransitId(row["transit_id"]),
        from_branch=BranchCode(row["transit_from_branch"]),
        to_branch=BranchCode(row["transit_to_branch"]),
        purpose=row["transit_purpose"],
        state=row["transit_state"],
        hold=HoldId(row["transit_hold_id"]) if row["transit_hold_id"] else None,
    )


def _hold(row: RowMapping, prefix: str) -> HoldOnItem:
    return HoldOnItem(
        id=HoldId(row[f"{prefix}_id"]),
        patron=PatronId(row[f"{prefix}_patron_id"]),
        pickup_branch=BranchCode(row[f"{prefix}_pickup_branch"]),
        pickup_library=LibraryCode(row[f"{prefix}_library"]),
        state=row[f"{prefix}_state"],
    )


def _last(row: RowMapping) -> LastAction | None:
    if row["last_id"] is None:
        return None
    return LastAction(
        id=row["last_id"],
        action=row["last_action"],
        case=row["last_case_number"],
        branch=BranchCode(row["last_branch"]),
        patron=row["last_patron_id"],
        loan=row["last_loan_id"],
        occurred_at=parse_instant(row["last_occurred_at"]),
        told=row["last_told"],
    )


def reader(connection: Connection, patron_id: PatronId, card_state: str, today: date) -> tuple[PatronSituation, Hours] | None:
    """The reader as of now, and the calendars of the branches that lent what they have; None for an id that nobody has.

    To be read after the reader's row is locked, in a statement of its own: one that waited for the lock sees what was before it.
    """
    rows = connection.execute(READER, {"patron": patron_id}).mappings().all()
    if not rows:
        return None
    loans = {row["loan_id"]: _loan(row, "loan", row["loan_item_id"], row["item_type"]) for row in rows if row["loan_id"]}
    hours = {BranchCode(row["loan_lending_branch"]): read_hours(row["lending_hours"]) for row in rows if row["loan_id"]}
    blocks = {row["block_id"]: _block(row) for row in rows if row["block_id"]}
    return _reader(rows[0], card_state, tuple(loans.values()), tuple(blocks.values()), today), hours


def _reader(row: RowMapping, card_state: str, loans: tuple[OpenLoan, ...], blocks: tuple[Block, ...], today: date) -> PatronSituation:
    born = date.fromisoformat(row["birth_date"]) if row["birth_date"] else None
    return PatronSituation(
        id=PatronId(row["id"]),
        library=LibraryCode(row["library"]),
        category=row["category"],
        age_band=age_band(born, today),
        state=row["state"],
        card_state=card_state,
        expires_on=date.fromisoformat(row["expires_on"]) if row["expires_on"] else None,
        credit=row["credit"],
        guardian_consent=bool(row["guarded"]) or not needs_guardian(born, row["category"], today),
        loans=loans,
        blocks=blocks,
        owed_fen=int(row["owed_fen"]),
        deposit_fen=int(row["deposit_fen"]),
    )


def _block(row: RowMapping) -> Block:
    return Block(
        code=row["block_code"],
        library=LibraryCode(row["block_library"]),
        since=parse_instant(row["block_since"]),
        until=date.fromisoformat(row["block_until"]) if row["block_until"] else None,
        scope=row["block_scope"],
        reason=row["block_reason"],
        loan=LoanId(row["block_loan_id"]) if row["block_loan_id"] else None,
        id=row["block_id"],
    )
