"""What the pages of staff say by code, and how they write instants and money."""

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import format_date

from api.language import current_language
from api.money import yuan
from api.resources.operation import office
from api.translations import LazyText, lazy_gettext
from union_catalog.clock import parse_instant

# What was just done, by the code in the address of the page that says it.
DONE: Mapping[str, LazyText] = {
    "enrol": lazy_gettext("证已办好"),
    "renew": lazy_gettext("续借结果见下面各册"),
    "block": lazy_gettext("限制已设，读者会收到通知"),
    "lift": lazy_gettext("限制已解除"),
    "card": lazy_gettext("新卡已发，旧卡不能再用"),
    "freeze": lazy_gettext("所有的卡都已冻结"),
    "pin": lazy_gettext("密码已重设"),
    "confirm": lazy_gettext("已核实，可以借书"),
    "change": lazy_gettext("资料已改"),
    "expiry": lazy_gettext("有效期已改"),
    "credit": lazy_gettext("信用分已记"),
    "consent": lazy_gettext("同意书已记下"),
    "withdraw": lazy_gettext("同意已撤回，从现在起不再有效"),
    "guardian": lazy_gettext("监护人已登记"),
    "merge": lazy_gettext("两份档案已合并，可以撤回"),
    "part": lazy_gettext("合并已撤回，各归各的"),
    "erase": lazy_gettext("读者的信息已全部删除"),
    "decide": lazy_gettext("异议已答复，读者会收到通知"),
    "policy": lazy_gettext("新的规则已生效，从现在借出的起"),
    "sent_on": lazy_gettext("已转送，不在这里查了"),
    "removed": lazy_gettext("已移出待查架"),
    "unlock": lazy_gettext("已解锁，可以再试密码"),
    "staff": lazy_gettext("已改好，从现在起就按新的权限"),
    "disable": lazy_gettext("已停用，从现在起不能登录"),
}

# What a desk can say of an item, as services.circulation.items has it.
SAYINGS: Mapping[str, LazyText] = {
    "missing": lazy_gettext("找不到，待查"),
    "lost": lazy_gettext("丢失"),
    "found": lazy_gettext("找到了，在这里"),
    "claimed_returned": lazy_gettext("读者说已还"),
    "claim_withdrawn": lazy_gettext("读者又找到了"),
    "damaged": lazy_gettext("破损"),
    "repaired": lazy_gettext("修好了"),
    "withdrawn": lazy_gettext("剔除"),
}

CONDITIONS: Mapping[str, LazyText] = {
    "good": lazy_gettext("完好"),
    "damaged": lazy_gettext("破损"),
    "lost": lazy_gettext("丢失"),
    "missing": lazy_gettext("找不到"),
    "withdrawn": lazy_gettext("已剔除"),
}


def done_words(code: str) -> str:
    """The sentence for what was just done; "" for a code that nobody has."""
    return str(DONE[code]) if code in DONE else ""


def short_day(day: date) -> str:
    """A day, with its year only where it is not this one: "11月27日"."""
    this_year = day.year == office().today().year
    if current_language() == "en":
        return str(format_date(day, "d MMM" if this_year else "d MMM y", rebase=False))
    return str(format_date(day, "M月d日" if this_year else "y年M月d日", rebase=False))


def at(instant: datetime | str) -> str:
    """A moment, as the database may write it too, where the network is: "11月23日 10:41"."""
    local = (parse_instant(instant) if isinstance(instant, str) else instant).astimezone(office().timezone)
    return f"{short_day(local.date())} {local:%H:%M}"


def stamp(instant: datetime) -> str:
    """A moment on paper, which is kept: "2026-11-23 10:41"."""
    return f"{instant.astimezone(office().timezone):%Y-%m-%d %H:%M}"


def money(fen: int) -> str:
    """An amount in the language of the page."""
    return yuan(fen, current_language())
