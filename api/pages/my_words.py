"""What a reader's own pages say of days, loans and what stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import format_date

from api.case_words import block_message
from api.labels import label
from api.language import current_language
from api.pages.wording import named
from api.resources.operation import office
from api.resources.standing import Libraries
from api.translations import LazyText, gettext, lazy_gettext
from union_catalog.clock import business_date
from union_catalog.patrons.blocks import KINDS, Block

SOON = timedelta(days=3)
# Where a desk is told of a reader, the reader is told of "you".
_TO_THE_READER: Mapping[str, LazyText] = {
    "patron_pending": lazy_gettext("网上办的证还没有到馆核对。"),
    "guardian_consent_missing": lazy_gettext("你未满14岁，还没有监护人同意。"),
    "staff_block": lazy_gettext("%(library)s暂停了你的证。"),
    "overdue_loans": lazy_gettext("%(library)s的书已过应还日：%(count)s册。"),
}
# Why a loan is not renewed, of that loan; what is of the reader is said as the blocks are.
_OF_A_LOAN: Mapping[str, LazyText] = {
    "renewals_used": lazy_gettext("已经续满了"),
    "hold_waiting": lazy_gettext("有人在等这本书"),
    "claimed_returned": lazy_gettext("你说已经还了，馆里正在找"),
    "not_later": lazy_gettext("现在续借，日期不会更晚"),
    "remote_item": lazy_gettext("这本由该馆自己的系统流通"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """Words with their icon and the role of their colour."""

    tone: str
    icon: str
    text: str


def near_day(day: date) -> str:
    """A day with its weekday, with its year only where it is not this one: "11月27日 周五"."""
    english, this_year = current_language() == "en", day.year == office().today().year
    if english:
        return str(format_date(day, "d MMM, EEE" if this_year else "d MMM y", rebase=False))
    return str(format_date(day, "M月d日 EEE" if this_year else "y年M月d日", rebase=False))


def near_time(instant: datetime) -> str:
    """A moment on the network's clock: "11月27日 周五 10:41"."""
    return f"{near_day(day_of(instant))} {instant.astimezone(office().timezone):%H:%M}"


def day_of(instant: datetime) -> date:
    """The day of the network's calendar on which something was."""
    return business_date(instant, office().timezone)


def due_look(due: date, state: str) -> Look:
    """Over is stop, three days or less is wait, all else quiet; ``state`` is the loan's."""
    if state == "claimed_returned":
        return Look("still", "ask", gettext("你说已经还了，馆里正在找"))
    today, shown = office().today(), near_day(due)
    if due < today:
        return Look("stop", "stop", gettext("应还%(day)s，已过期", day=shown))
    if due == today:
        return Look("wait", "wait", gettext("今天应还"))
    return Look("wait" if due - today <= SOON else "still", "wait", gettext("应还%(day)s", day=shown))


def renewed_look(due: date) -> Look:
    """What stands beside a loan that was just renewed."""
    return Look("ok", "ok", gettext("已续借，应还%(day)s", day=near_day(due)))


def why_not_renewed(code: str) -> str:
    """The reason, and what helps, in one line."""
    if code in _OF_A_LOAN:
        return named(_OF_A_LOAN, code)
    reason = label("block", code, current_language())
    return gettext("%(reason)s（怎样解除：%(how)s）", reason=reason, how=how_lifted(code))


def how_lifted(code: str) -> str:
    """What makes a block end."""
    return label("lifted_by", KINDS[code].lifted_by, current_language())


def what_stands(block: Block, names: Libraries) -> str:
    """A block as its reader is told of it."""
    if block.code in _TO_THE_READER:
        return named(_TO_THE_READER, block.code) % {"library": names.name(block.library), "count": block.count}
    until = near_day(block.until) if block.until else None
    told = {"code": block.code, "library": names.name(block.library), "until": until, "count": block.count, "limit": block.limit}
    return block_message(told, current_language())


def spaced(number: str) -> str:
    """A card number in groups of four, as it is printed on the card; one that is not all digits as it is."""
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4)) if number.isdecimal() else number
