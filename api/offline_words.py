"""Verdicts on what desks did without a line, in the reader's language."""

from collections.abc import Mapping

from api.case_words import instruction, note_message
from api.labels import label
from api.schemas.circulation import ItemKey, LentAnswer, NoteAnswer
from api.schemas.offline import LineVerdictAnswer
from union_catalog.clock import instant_text
from union_catalog.context import Language
from union_catalog.storage.circulation.offline import StoredLine

VERDICT = "offline_verdict"


def verdict_answer(line: StoredLine, branches: Mapping[str, str], libraries: Mapping[str, str], language: Language) -> LineVerdictAnswer:
    """What became of a line; where there is no case, its verdict in words stands in the place of an instruction.

    ``branches``: branch → how an instruction of this line calls it; ``libraries``: code → name.
    """
    library, barcode = str(line.told.get("library") or line.library), str(line.told.get("barcode") or line.barcode)
    item = ItemKey(library, barcode)
    kept = line.verdict != "invalid" or bool(line.told.get("error"))
    return LineVerdictAnswer(
        id=line.line,
        reference=line.id if kept else None,
        action=line.action,
        item=item,
        occurred_at=instant_text(line.taken_at),
        verdict=line.verdict,
        case=line.case or None,
        instruction=_instruction(line, branches, language),
        loan=_loan(line.loan, item, line.told) if line.loan else None,
        notes=tuple([NoteAnswer(code, note_message(code, data, libraries, language)) for code, data in line.notes]),
        settled_at=instant_text(line.settled_at) if line.settled_at else None,
    )


def unreadable_answer(line_id: str, language: Language) -> LineVerdictAnswer:
    """Of what is no line."""
    code = "line_unreadable"
    return LineVerdictAnswer(
        id=line_id,
        reference=None,
        action=None,
        item=None,
        occurred_at=None,
        verdict="invalid",
        case=None,
        instruction=label(VERDICT, "invalid", language),
        loan=None,
        notes=(NoteAnswer(code, note_message(code, {}, {}, language)),),
        settled_at=None,
    )


def _instruction(line: StoredLine, names: Mapping[str, str], language: Language) -> str:
    case, branch = str(line.told.get("first") or line.case), str(line.told.get("branch") or "")
    told = {**line.told, "branch": names.get(branch, branch)}
    return instruction(case, told, language) if case else label(VERDICT, line.verdict, language)


def _loan(loan: str, item: ItemKey, told: Mapping[str, object]) -> LentAnswer:
    due, left = told.get("due_date"), told.get("renewals_left")
    return LentAnswer(loan, item, str(due) if due else None, left if isinstance(left, int) else None)
