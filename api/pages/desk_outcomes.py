"""What becomes of a scan, in the words of a desk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import Connection

from api.auth import current_principal
from api.case_words import about, instruction
from api.language import current_language
from api.pages import desk_words as words
from api.pages.desk_scans import Answer, Scan
from api.pages.desk_views import Choice, OutcomeView, block_line, place_at, time_now
from api.pages.desk_words import Look
from api.resources.operation import office
from api.resources.standing import Libraries, libraries
from api.schemas.answers import ProblemAnswer
from api.schemas.circulation import CheckInAnswer, CheckOutAnswer, DeedAnswer, HindranceAnswer, ItemKey, RenewalsAnswer, RenewedAnswer
from api.translations import gettext, ngettext
from union_catalog.circulation.cases import REFUSED_CHECK_OUT, UNDOABLE, Undoing
from union_catalog.errors import NotFound, Refused
from union_catalog.services.circulation import deskside
from union_catalog.services.circulation.deskside import ReaderAtDesk
from union_catalog.services.circulation.finding import ItemReference, wanted
from union_catalog.services.titles import ItemTitle, titles_of

_NOBODY_SERVED = ("unknown_session",)
_OF_CARDS = ("reader", "not_an_item", "undo", "renew_all")  # what was scanned is a card, whose number nobody has to see, or nothing


@dataclass(frozen=True, slots=True)
class _Draft:
    """What an answer says before it is put together with the item's title."""

    look: Look
    instruction: str
    case: str = ""
    detail: str = ""
    key: ItemKey | None = None
    notes: tuple[str, ...] = ()
    blocks: tuple[HindranceAnswer, ...] = ()
    event: str = ""
    about: str = ""
    code: str = ""
    choices: tuple[Choice, ...] = ()


def outcome_view(connection: Connection, told: Scan, answer: Answer, session: str, branch: str) -> OutcomeView:
    """What is shown of an answer; ``session`` is who is served from now on."""
    named = libraries(connection, current_language())
    if answer.kind in _ASKED:
        draft = _ASKED[answer.kind]()
    elif answer.refused:
        draft = _refusal(msgspec.json.decode(answer.answered.body, type=ProblemAnswer), told, named)
    elif answer.kind == "reader":
        draft = _reader_draft(deskside.reader_at_desk(connection, office(), session, branch))
    else:
        draft = _done(connection, answer.kind, answer.answered.body)
    key = draft.key or ItemKey("", "" if answer.kind in _OF_CARDS else told.text)
    title = _title(connection, key)
    untaken = (answer.kind == "reader" and answer.refused) or draft.code in _NOBODY_SERVED
    library = key.library or (title.library if title else "")
    may = _may_override(draft.blocks)
    kind = answer.kind if answer.kind in words.KINDS else "scan"
    return OutcomeView(
        look=draft.look,
        kind=words.kind_words(kind),
        line=words.log_line(kind, draft.instruction, refused=draft.look in (words.STOP, words.ASK)),
        instruction=words.with_days(draft.instruction),
        at=time_now(),
        code=draft.code,
        case=draft.case,
        detail=draft.detail,
        title=title,
        library=named.name(library) if library else "",
        barcode=key.barcode,
        notes=tuple(map(words.with_days, draft.notes)),
        blocks=tuple([block_line(block, named) for block in draft.blocks]),
        event=draft.event if draft.case in UNDOABLE else "",
        about=draft.event or draft.about,
        session=session,
        holds_up=untaken or any(choice.fields[0][0] != "library" for choice in draft.choices),  # whose book it is changes no reader
        card_needed=untaken or answer.kind in ("ask", "held"),
        codes=tuple(block.code for block in draft.blocks) if may and answer.kind in ("lend", "renew") else (),
        beyond=not may and all(block.override for block in draft.blocks) and bool(draft.blocks),
        choices=draft.choices,
        logged=bool(draft.event),
        undone=answer.kind == "undo" and (not answer.refused or draft.case == Undoing.UNDONE_ALREADY),
        scan=told,
    )


def elsewhere_view(connection: Connection, told: Scan, at: str, branch: str) -> OutcomeView:
    """Of a scan on the page of the desk ``at``, sent by somebody who stands at that of ``branch`` by now, "" for none."""
    page, now = place_at(connection, at), place_at(connection, branch) if branch else gettext("没有选定的一处")
    said = gettext("这一页是%(page)s的借还台，现在登录在%(now)s。没有办。", page=page, now=now)
    say = gettext("没有办，馆点换了")
    return OutcomeView(look=words.STOP, kind=words.kind_words("scan"), instruction=say, line=say, at=time_now(), detail=said, scan=told)


def _ask_which() -> _Draft:
    choices = (Choice(gettext("是读者卡"), (("taken_as", "card"),)), Choice(gettext("是图书"), (("taken_as", "item"),)))
    return _Draft(words.ASK, gettext("问：是卡还是书"), detail=gettext("这个号码既是读者卡，又是图书条码。"), choices=choices)


def _not_an_item() -> _Draft:
    return _Draft(words.STILL, gettext("这是卡，不是书"), detail=gettext("现在只还书。按F2回到自动，再扫卡。"))


def _held() -> _Draft:
    why = gettext("前一张卡没有用上，所以这册没有办。先扫卡，再扫书；要还书，先按Esc。")
    return _Draft(words.STOP, gettext("没有办，先扫卡"), detail=why)


_ASKED: Mapping[str, Callable[[], _Draft]] = {"ask": _ask_which, "not_an_item": _not_an_item, "held": _held}


def _done(connection: Connection, kind: str, body: bytes) -> _Draft:
    if kind in ("renew", "renew_all"):
        return _renewed(msgspec.json.decode(body, type=RenewalsAnswer).results)
    if kind == "lend":
        return _lent(msgspec.json.decode(body, type=CheckOutAnswer))
    if kind == "return":
        return _taken(connection, msgspec.json.decode(body, type=CheckInAnswer))
    return _undone(msgspec.json.decode(body, type=DeedAnswer))


def _lent(told: CheckOutAnswer) -> _Draft:
    due = words.due_words(date.fromisoformat(told.loan.due_date), told.loan.renewals_left) if told.loan.due_date else ""
    notes = tuple(note.message for note in told.notes)
    look = words.look_of(told.case)
    return _Draft(look, told.instruction, told.case, due, told.loan.item, notes, event=told.case_event)


def _taken(connection: Connection, told: CheckInAnswer) -> _Draft:
    """The second of two scans looks calm and says what the first said. A way is told with the library, as names of branches recur."""
    detail = gettext("送往%(place)s。", place=place_at(connection, told.transit.to_branch)) if told.transit else ""
    detail = gettext("刚才已还，不重复记。") if told.first_case else detail
    notes = tuple(note.message for note in told.notes)
    look, event = words.look_of(told.case), "" if told.first_case else told.case_event
    return _Draft(look, told.instruction, told.case, detail, told.item, notes, event=event, about=told.case_event)


def _undone(told: DeedAnswer) -> _Draft:
    what = about(told.undone_case, current_language()) if told.undone_case else ""
    return _Draft(words.look_of(told.case), told.instruction, told.case, what, told.item)


def _renewed(results: tuple[RenewedAnswer, ...]) -> _Draft:
    """One loan as itself; of several how many were renewed, and of the others why they were not."""
    if len(results) == 1:
        one = results[0]
        due = words.due_words(date.fromisoformat(one.due_date), one.renewals_left) if one.due_date and not one.blocks else ""
        return _Draft(words.look_of(one.case), one.instruction, one.case, due, one.item, blocks=one.blocks, event=one.case_event or "")
    refused = [one for one in results if one.blocks]
    done = len(results) - len(refused)
    why = tuple(f"{one.item.barcode}：{one.instruction}" for one in refused)
    look = words.STILL if not results else words.STOP if refused else words.OK
    return _Draft(look, ngettext("续了%(num)s册", "续了%(num)s册", done, num=done) if results else gettext("手头没有书"), notes=why)


def _reader_draft(reader: ReaderAtDesk) -> _Draft:
    """What the desk has to know first: that nothing may be lent, else that something waits, else that all is well."""
    card = gettext("尾号%(digits)s", digits=reader.last_four) if reader.last_four else gettext("无卡号")
    if reader.blocks:
        return _Draft(words.STOP, gettext("有限制，先看原因"), detail=card)
    if not reader.left:
        return _Draft(words.STOP, instruction(REFUSED_CHECK_OUT["quota_reached"], {}, current_language()), detail=card)
    if reader.kept:
        count = len(reader.kept)
        return _Draft(words.HELD, ngettext("预约架有%(num)s册", "预约架有%(num)s册", count, num=count), detail=card)
    return _Draft(words.READER, gettext("可以借，扫书"), detail=card)


def _refusal(problem: ProblemAnswer, told: Scan, named: Libraries) -> _Draft:
    if problem.case:
        detail = "" if problem.blocks else problem.detail
        key = ItemKey(told.library, told.text)
        return _Draft(words.look_of(problem.case), problem.instruction, problem.case, detail, key, blocks=problem.blocks, code=problem.code)
    say, look = words.error_words(problem.code)
    whose = [("library", code) for code in problem.libraries] + [("issuer", code) for code in problem.issuers]
    choices = tuple(Choice(named.name(code) or gettext("全网的卡"), ((name, code), *_kept_fields(told))) for name, code in whose)
    asked = gettext("有几家馆的书是这个条码。") if problem.libraries else gettext("有几家馆发过这个号码的卡。")
    return _Draft(look, say, detail=asked if choices else problem.detail, code=problem.code, choices=choices)


def _kept_fields(told: Scan) -> tuple[tuple[str, str], ...]:
    return (("taken_as", told.taken_as),) if told.taken_as else ()


def _may_override(blocks: tuple[HindranceAnswer, ...]) -> bool:
    roles = current_principal().roles
    return bool(blocks) and all(block.override in roles for block in blocks)


def _title(connection: Connection, key: ItemKey) -> ItemTitle | None:
    """Of what the catalogue knows; whatever it does not, or not clearly, has none."""
    if not key.barcode:
        return None
    try:
        found = wanted(connection, ItemReference(key.barcode, key.library))
    except (NotFound, Refused):
        return None
    return titles_of(connection, [found.id]).get(found.id)
