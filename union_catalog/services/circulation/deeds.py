"""What a desk is told of what it did, written down with it, so that a second scan is told the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from union_catalog.circulation.cases import OUTCOMES
from union_catalog.circulation.plan import ChangeCredit, Note, Plan, Told
from union_catalog.clock import SteppingClock
from union_catalog.errors import Blocked, Datum
from union_catalog.ids import ItemId, PatronId, new_id
from union_catalog.patrons.blocks import Block
from union_catalog.services import credit
from union_catalog.storage import network
from union_catalog.storage.circulation import actions
from union_catalog.storage.circulation.actions import Action
from union_catalog.storage.circulation.snapshot import LastAction
from union_catalog.storage.circulation.writer import Moment, carry_out

SECOND_SCAN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done. ``event`` is what an undoing names; ``case`` of the first scan stands in ``first`` where this is a second one.

    ``told`` fills the instruction: codes, ids, dates. ``patron`` is the reader of whom it speaks, "" for nobody.
    """

    event: str
    case: str
    told: Mapping[str, Told]
    notes: tuple[Note, ...] = ()
    item: str = ""
    patron: str = ""
    loan: str = ""
    transit: str = ""
    first: str = ""

    @property
    def outcome(self) -> str:
        """Of a check-in; "" for anything else."""
        return OUTCOMES.get(self.case, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Of what and whom an action is. ``patron`` is kept with it until the history loses its reader."""

    action: str
    command_id: str
    item: ItemId | None = None
    barcode: str = ""
    patron: PatronId | None = None
    loan: str | None = None
    reason: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def do(connection: Connection, plan: Plan, moment: Moment, about: About) -> Deed:
    """Carries a plan out and writes it down. Raises Blocked where it is refused."""
    if plan.blocks:
        raise Blocked(facts(connection, plan.blocks), case=plan.case, patron=about.patron or "")
    written = carry_out(connection, plan, moment)
    loan = written.loan or about.loan or ""
    told: dict[str, Told] = dict(plan.told)
    told |= {name: value for name, value in (("loan", loan), ("transit", written.transit)) if value}
    kept: dict[str, Any] = {"told": told, "notes": [[note.code, dict(note.data)] for note in plan.notes], **about.more}
    if plan.overridden:
        kept |= {"overridden": [block.code for block in plan.overridden], "reason": about.reason}
    event = new_id()
    settled = _settle_credit(connection, plan, moment, event)
    action = Action(
        id=event,
        action=about.action,
        case=plan.case,
        branch=moment.branch,
        actor=moment.actor,
        command_id=about.command_id,
        occurred_at=moment.occurred_at,
        recorded_at=moment.now,
        item=about.item,
        barcode=about.barcode,
        patron=about.patron,
        loan=loan or None,
        told=kept,
        before=[*written.before, *settled],
    )
    actions.add(connection, action)
    return Deed(
        event=action.id,
        case=plan.case,
        told=told,
        notes=plan.notes,
        item=about.item or "",
        patron=about.patron or "",
        loan=loan,
        transit=written.transit,
    )


def _settle_credit(connection: Connection, plan: Plan, moment: Moment, event: str) -> list[list[object]]:
    """What the plan has moved a score by, all of it together, is told where it passes a threshold. Answers what an undoing has to take
    back of it."""
    changes = [effect for effect in plan.effects if isinstance(effect, ChangeCredit)]
    entries = []
    for patron in sorted({change.patron for change in changes}):
        moved = sum(change.points for change in changes if change.patron == patron)
        entries.append(credit.settle(connection, SteppingClock(moment.now), moment.actor, patron, moved, event))
    return [["credit_entry", entry, None, ""] for entry in entries if entry]


def facts(connection: Connection, blocks: tuple[Block, ...]) -> tuple[dict[str, Datum], ...]:
    """Blocks in codes, dates and names of libraries, for an interface to put in words."""
    names = network.library_names(connection)
    return tuple(_facts(block, *names.get(block.library, (block.library, ""))) for block in blocks)


def _facts(block: Block, name: str, name_en: str) -> dict[str, Datum]:
    return {
        "code": block.code,
        "library": block.library,
        "library_name": name,
        "library_name_en": name_en or name,
        "since": block.since.isoformat() if block.since else None,
        "until": block.until.isoformat() if block.until else None,
        "override": block.kind.override,
        "lifted_by": block.kind.lifted_by,
        "count": block.count,
        "limit": block.limit,
    }


def again(last: LastAction, item: str, case: str = "") -> Deed:
    """The answer to the first of two scans, once more; under ``case`` where the second is a case of its own."""
    told: dict[str, Told] = dict(last.told["told"])
    return Deed(
        event=last.id,
        case=case or last.case,
        told=told,
        notes=tuple(Note(code, data) for code, data in last.told["notes"]),
        item=item,
        patron=last.patron or "",
        loan=last.loan or "",
        transit=str(told.get("transit") or ""),
        first=last.case if case else "",
    )


def is_second_scan(last: LastAction, action: str, moment: Moment) -> bool:
    """Whether the same was done with the item at this branch a moment ago."""
    apart = abs(moment.occurred_at - last.occurred_at)  # another machine's clock may be a little ahead
    return (last.action, last.branch) == (action, moment.branch) and apart <= SECOND_SCAN
