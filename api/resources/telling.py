"""Deeds of desks as they are answered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from api.case_words import block_answers, instruction, note_message
from api.resources.editions import named, place_name
from api.resources.standing import libraries
from api.schemas.circulation import (
    CheckInAnswer,
    CheckOutAnswer,
    DeedAnswer,
    EndedAnswer,
    HoldAnswer,
    ItemKey,
    LentAnswer,
    NoteAnswer,
    RenewedAnswer,
    WayAnswer,
)
from union_catalog.circulation.plan import Note, Told
from union_catalog.context import Language
from union_catalog.services.circulation.deeds import Deed, facts
from union_catalog.services.circulation.renewals import Renewed
from union_catalog.storage import reads


def check_out_answer(connection: Connection, deed: Deed, language: Language) -> CheckOutAnswer:
    """A loan that was made, or that was on record."""
    left = deed.told.get("renewals_left")
    loan = LentAnswer(deed.loan, _item(deed.told), _day(deed.told), left if isinstance(left, int) else None)
    words = instruction(deed.case, deed.told, language)
    notes = _notes(connection, deed.notes, language)
    return CheckOutAnswer(case=deed.case, case_event=deed.event, instruction=words, loan=loan, notes=notes)


def check_in_answer(connection: Connection, deed: Deed, at: str, language: Language) -> CheckInAnswer:
    """Where it goes from the desk of the branch ``at``. A repetition says what the first scan said."""
    told = dict(deed.told)
    branch = str(told.get("branch") or "")
    name = told["branch"] = way_names(connection, [told], at, language).get(branch, "")
    key, hold, until = _item(deed.told), told.get("hold"), told.get("shelf_until")
    return CheckInAnswer(
        case=deed.case,
        case_event=deed.event,
        outcome=deed.outcome,
        instruction=instruction(deed.first or deed.case, told, language),
        item=key,
        loan=EndedAnswer(deed.loan, key, _day(deed.told)) if deed.loan else None,
        transit=WayAnswer(deed.transit, branch, name) if deed.transit else None,
        hold=HoldAnswer(str(hold), str(until) if until else None) if hold else None,
        first_case=deed.first or None,
        notes=_notes(connection, deed.notes, language),
    )


def renewed_answer(connection: Connection, one: Renewed, language: Language) -> RenewedAnswer:
    """What became of one loan."""
    left = one.plan.told.get("renewals_left")
    return RenewedAnswer(
        loan=one.loan,
        case=one.plan.case,
        case_event=one.deed.event if one.deed else None,
        instruction=instruction(one.plan.case, one.plan.told, language),
        item=_item(one.plan.told),
        due_date=_day(one.plan.told),
        renewals_left=left if isinstance(left, int) else None,
        blocks=block_answers(facts(connection, one.plan.blocks), language) if one.plan.blocks else (),
    )


def deed_answer(connection: Connection, deed: Deed, language: Language) -> DeedAnswer:
    """What was said of an item, or taken back."""
    return DeedAnswer(
        case=deed.case,
        case_event=deed.event,
        instruction=instruction(deed.case, deed.told, language),
        item=_item(deed.told),
        undone_case=deed.first or None,
        notes=_notes(connection, deed.notes, language),
    )


def _item(told: Mapping[str, Told]) -> ItemKey:
    return ItemKey(str(told.get("library") or ""), str(told.get("barcode") or ""))


def _day(told: Mapping[str, Told]) -> str | None:
    day = told.get("due_date")
    return str(day) if day else None


def _notes(connection: Connection, notes: Sequence[Note], language: Language) -> tuple[NoteAnswer, ...]:
    names = libraries(connection, language).names if any("library" in note.data for note in notes) else {}
    return tuple([NoteAnswer(note.code, note_message(note.code, note.data, names, language)) for note in notes])


def way_names(connection: Connection, told: Iterable[Mapping[str, Any]], at: str, language: Language) -> dict[str, str]:
    """Code → name, of all the branches to which these lead from one: with its library before it where that is another one too, as names
    of branches recur. The code itself for one that is not there."""
    codes = {str(one.get("branch") or "") for one in told} - {""}
    rows = reads.branches_of(connection, codes | {at}) if codes else {}
    here = rows[at].library if at in rows else None
    return {code: _way_name(rows[code], here, language) if code in rows else code for code in codes}


def _way_name(row: Any, here: str | None, language: Language) -> str:
    name = named(row.name, row.name_en, language)
    return name if row.library == here else place_name(named(row.library_name, row.library_name_en, language), name)
