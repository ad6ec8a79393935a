"""How a desk is told what became of a scan: a tone, an icon and a sound, and the few words that cases do not have."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date

from api.language import current_language
from api.resources.operation import office
from api.translations import LazyText, gettext, lazy_gettext
from union_catalog.circulation.cases import OUTCOMES, REFUSED_CHECK_OUT, REFUSED_RENEWAL, CheckIn, CheckOut, Undoing


@dataclass(frozen=True, slots=True)
class Look:
    """``tone`` is a role of the stylesheet, ``sound`` one of desk.js."""

    tone: str
    icon: str
    sound: str


OK = Look("ok", "ok", "ok")
HELD = Look("held", "held", "held")
MOVE = Look("move", "move", "move")
STILL = Look("still", "loop", "still")
ASK = Look("wait", "ask", "wait")
STOP = Look("stop", "stop", "stop")
READER = Look("ok", "card", "ok")
UNDONE = Look("still", "undo", "still")

_REFUSED = frozenset((*REFUSED_CHECK_OUT.values(), *REFUSED_RENEWAL.values(), *(case for case in Undoing if case is not Undoing.UNDONE)))
_OF_OUTCOME = {"transit_home": MOVE, "transit_pickup": MOVE, "hold_shelf": HELD, "repeated": STILL, "unknown_item": ASK}
_OF_CASE: Mapping[str, Look] = {
    CheckIn.NOBODYS_SENT_HOME: MOVE,
    CheckIn.FOUND_SENT_HOME: MOVE,
    CheckIn.FOUND_TO_PICKUP: MOVE,
    CheckIn.FOUND_FOR_HOLD: HELD,
    CheckIn.LENT_SINCE: STILL,
    CheckIn.AMBIGUOUS: ASK,
    CheckIn.TO_REPAIR: ASK,
    CheckIn.WITHDRAWN: ASK,
    CheckOut.ALREADY_LENT: STILL,
    REFUSED_CHECK_OUT["lent_to_same"]: STILL,
    REFUSED_RENEWAL["not_later"]: STILL,
    Undoing.UNDONE: UNDONE,
}

KINDS: Mapping[str, LazyText] = {
    "lend": lazy_gettext("借书"),
    "return": lazy_gettext("还书"),
    "renew": lazy_gettext("续借"),
    "renew_all": lazy_gettext("全部续借"),
    "undo": lazy_gettext("撤销"),
    "reader": lazy_gettext("读者卡"),
    "scan": lazy_gettext("扫描"),
}
_ISO_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b", re.ASCII)
_KIND_OF_ACTION = {"check_out": "lend", "check_in": "return", "renewal": "renew"}

# What no numbered case tells: a verb and a place, or what to do, in twelve characters. The sentence of the code is said below it.
_OF_ERROR: Mapping[str, tuple[LazyText, Look]] = {
    "unknown_item": (lazy_gettext("不认识这个条码"), ASK),
    "ambiguous_item": (lazy_gettext("问：是哪家馆的书"), ASK),
    "ambiguous_card": (lazy_gettext("问：是哪家馆的卡"), ASK),
    "bad_barcode": (lazy_gettext("没读清，再扫一次"), ASK),
    "unknown_card": (lazy_gettext("不认识这张卡"), STOP),
    "card_check_digit": (lazy_gettext("末位不符，再扫一次"), STOP),
    "qr_expired": (lazy_gettext("码过期了，请换一张"), STOP),
    "qr_used": (lazy_gettext("码用过了，请换一张"), STOP),
    "qr_forged": (lazy_gettext("不是本网的码"), STOP),
    "card_lost": (lazy_gettext("卡已挂失，收下"), STOP),
    "card_damaged": (lazy_gettext("旧卡作废，请用新卡"), STOP),
    "card_replaced": (lazy_gettext("旧卡作废，请用新卡"), STOP),
    "patron_merged": (lazy_gettext("已并卡，请用新卡"), STOP),
    "unknown_session": (lazy_gettext("时间过了，再扫卡"), ASK),
    "unknown_loan": (lazy_gettext("没有借出，不用续"), STILL),
    "unknown_event": (lazy_gettext("没有可撤销的"), STILL),
}
_OF_ANY_ERROR = (lazy_gettext("没有办成"), STOP)


def look_of(case: str) -> Look:
    """Of a numbered case."""
    if case in _OF_CASE:
        return _OF_CASE[case]
    if case in _REFUSED:
        return STOP
    return _OF_OUTCOME.get(OUTCOMES[CheckIn(case)], OK) if case in OUTCOMES else OK


def error_words(code: str) -> tuple[str, Look]:
    """What to do about an error that is no case, and how it looks."""
    words, look = _OF_ERROR.get(code, _OF_ANY_ERROR)
    return str(words), look


def kind_words(kind: str) -> str:
    """What was being done."""
    return str(KINDS[kind])


def log_line(kind: str, said: str, *, refused: bool) -> str:
    """An outcome in one line. What was lent and renewed says so itself; what is to be shelved or was not done does not."""
    words = with_days(said)
    return f"{kind_words(kind)}·{words}" if kind and (refused or kind == "return") else words


def kind_of_action(action: str) -> str:
    """Of what is written down of a desk: "lend", "return" or "renew"; "" for what is said of items on other pages."""
    return _KIND_OF_ACTION.get(action, "")


def with_days(said: str) -> str:
    """A sentence whose days stand in it as programs write them: "2026-12-31" is "12月31日", with its year where that is another."""
    return _ISO_DAY.sub(lambda found: _plain_day(date.fromisoformat(found.group())), said)


def _plain_day(day: date) -> str:
    english, this_year = current_language() == "en", day.year == office().today().year
    form = ("d MMM" if this_year else "d MMM y") if english else ("M月d日" if this_year else "y年M月d日")
    return str(format_date(day, form, rebase=False))


def short_day(day: date) -> str:
    """A day near today: "12月1日周二", "1 Dec, Tue", with its year where that is another."""
    english, this_year = current_language() == "en", day.year == office().today().year
    form = ("d MMM, EEE" if this_year else "d MMM y, EEE") if english else ("M月d日EEE" if this_year else "y年M月d日EEE")
    return str(format_date(day, form, rebase=False))


def long_month(day: date) -> str:
    """A month of another year: "2029年11月", "Nov 2029"."""
    return str(format_date(day, "MMM y" if current_language() == "en" else "y年M月", rebase=False))


def due_words(due: date, renewals_left: int | None) -> str:
    """When it is due, and how often it may still be renewed, where that is known."""
    day = short_day(due)
    if renewals_left is None:
        return gettext("应还%(day)s。", day=day)
    if not renewals_left:
        return gettext("应还%(day)s，不能再续借。", day=day)
    return gettext("应还%(day)s，还可续借%(left)s次。", day=day, left=renewals_left)
