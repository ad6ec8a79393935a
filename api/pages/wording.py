"""The words that only pages say, by code. Chinese stands here, English in ``api/translations``.

Names of coded values that the API says too (formats, statuses, classes, languages) are those of ``api.labels``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flask_babel import format_date

from api.classes import class_table
from api.labels import label
from api.language import current_language
from api.messages import sentence
from api.pages.views import WarningView
from api.translations import LazyText, gettext, lazy_gettext, ngettext
from union_catalog.bibliographic.classes import ClassTable
from union_catalog.context import Language


@dataclass(frozen=True, slots=True)
class StatusLook:
    """Words come before the icon, the icon before the colour: ``meaning`` is one sentence, ``tone`` a role of the stylesheet."""

    tone: str
    icon: str
    meaning: LazyText


# Codes of union_catalog.services.views.ITEM_STATUSES in the order in which a reader wants them; "none" is an edition without items.
STATUSES: Mapping[str, StatusLook] = {
    "available": StatusLook("ok", "ok", lazy_gettext("在书架上，可以借走。")),
    "online": StatusLook("info", "net", lazy_gettext("在网上看或听，不用等。")),
    "in_transit": StatusLook("move", "move", lazy_gettext("正从一处运往另一处。")),
    "on_loan": StatusLook("wait", "wait", lazy_gettext("别的读者借走了。")),
    "on_hold_shelf": StatusLook("held", "held", lazy_gettext("已为一位预约的读者留好。")),
    "library_use": StatusLook("still", "still", lazy_gettext("不外借，可以到馆里看。")),
    "in_process": StatusLook("still", "ask", lazy_gettext("新到或正在整理，还没有上架。")),
    "missing": StatusLook("stop", "stop", lazy_gettext("不在应在的架上，馆员正在找。")),
    "lost": StatusLook("stop", "stop", lazy_gettext("这一册已经丢失。")),
    "damaged": StatusLook("stop", "stop", lazy_gettext("破损待修，修好再借。")),
    "unknown": StatusLook("still", "ask", lazy_gettext("馆方没有说明，请向该馆询问。")),
    "none": StatusLook("still", "ask", lazy_gettext("有书目，眼下没有一家登记了馆藏。")),
}

FACETS: Mapping[str, LazyText] = {
    "available": lazy_gettext("现在可借"),
    "near": lazy_gettext("多远以内有馆藏"),
    "library": lazy_gettext("图书馆"),
    "format": lazy_gettext("形式"),
    "year": lazy_gettext("出版年"),
    "clc": lazy_gettext("中图法分类"),
    "language": lazy_gettext("语言"),
    "audience": lazy_gettext("读者"),
    "author": lazy_gettext("作者"),
    "subject": lazy_gettext("主题"),
}

SORTS: Mapping[str, LazyText] = {
    "relevance": lazy_gettext("相关"),
    "distance": lazy_gettext("离我近的在前"),
    "-year": lazy_gettext("新出版的在前"),
    "year": lazy_gettext("早出版的在前"),
    "popularity": lazy_gettext("收藏馆多的在前"),
    "title": lazy_gettext("书名拼音"),
}

FACTS: Mapping[str, LazyText] = {
    "title": lazy_gettext("书名"),
    "parallel_title": lazy_gettext("并列书名"),
    "other_title": lazy_gettext("其他书名"),
    "uniform_title": lazy_gettext("统一书名"),
    "agent": lazy_gettext("责任者"),
    "edition": lazy_gettext("版本"),
    "publication": lazy_gettext("出版"),
    "extent": lazy_gettext("篇幅"),
    "isbn": lazy_gettext("ISBN"),
    "issn": lazy_gettext("ISSN"),
    "identifier": lazy_gettext("其他号码"),
    "series": lazy_gettext("丛编"),
    "format": lazy_gettext("形式"),
    "language": lazy_gettext("语言"),
    "original_language": lazy_gettext("原文语言"),
    "audience": lazy_gettext("读者"),
    "subject": lazy_gettext("主题"),
    "clc": lazy_gettext("中图法分类"),
    "classification": lazy_gettext("其他分类"),
    "summary": lazy_gettext("提要"),
    "contents": lazy_gettext("目次"),
    "note": lazy_gettext("附注"),
    "link": lazy_gettext("链接"),
}

FIELD_ERRORS: Mapping[str, LazyText] = {
    "not_a_year": lazy_gettext("请用数字写年份，例如1998"),
    "years_reversed": lazy_gettext("起始年在截止年之后，已经对调"),
    "too_long": lazy_gettext("检索词太长，只用了前256个字"),
}

EXPORTS: Mapping[str, str] = {
    "gb7714": "GB/T 7714",
    "ris": "RIS",
    "bibtex": "BibTeX",
    "marc21": "MARC 21",
    "marcxml": "MARCXML",
    "cnmarc": "CNMARC",
    "cnmarcxml": "CNMARC XML",
    "json": "JSON",
}


TOP_CLASSES = "ABCDEFGHIJKNOPQRSTUVXZ"

# Codes of union_catalog.network.model.BRANCH_KINDS.
KINDS: Mapping[str, LazyText] = {
    "main": lazy_gettext("总馆"),
    "town": lazy_gettext("街镇分馆"),
    "village": lazy_gettext("村居图书室"),
    "farmhouse": lazy_gettext("农家书屋"),
    "wojia_study": lazy_gettext("我嘉书房"),
    "wojia_space": lazy_gettext("我嘉阅空间"),
    "workers": lazy_gettext("职工书屋"),
    "self_service": lazy_gettext("24小时自助"),
    "locker": lazy_gettext("自助书柜"),
    "other": lazy_gettext("服务点"),
}

# Kinds of documents of identity. The kind is part of what is kept of a document, so every page has to offer the same.
DOCUMENTS: Mapping[str, LazyText] = {
    "resident_id": lazy_gettext("居民身份证"),
    "passport": lazy_gettext("护照"),
    "travel_permit": lazy_gettext("居住证、通行证"),
    "other": lazy_gettext("其他证件"),
}

AUDIENCES: Mapping[str, LazyText] = {
    "juvenile": lazy_gettext("儿童"),
    "adolescent": lazy_gettext("青少年"),
    "adult": lazy_gettext("成人"),
    "general": lazy_gettext("一般读者"),
}


def named(words: Mapping[str, LazyText], code: str) -> str:
    """The words for a code, or the code itself where there are none."""
    return str(words.get(code, code))


def status_look(code: str) -> StatusLook:
    """Tone and icon of a status; of one nobody has heard of, those of "unknown"."""
    return STATUSES.get(code, STATUSES["unknown"])


def status_words(code: str, day: date | None = None, record_format: str = "") -> str:
    """What stands beside the icon, with the day where one is known: "借出·应还12月1日". What sounds is listened to, not read."""
    if code == "none":
        return gettext("暂无馆藏")
    if code == "online" and record_format in ("audio", "music"):
        return gettext("在线收听")
    if day is None or code not in ("on_loan", "in_transit"):
        return label("status", code if code in STATUSES else "unknown", current_language())
    shown = format_date(day, "d MMM" if current_language() == "en" else "M月d日", rebase=False)
    return gettext("借出·应还%(day)s", day=shown) if code == "on_loan" else gettext("在途·预计%(day)s", day=shown)


def long_day(day: date) -> str:
    """A day of the past with its year: "2026年11月22日"."""
    return str(format_date(day, "d MMM y" if current_language() == "en" else "y年M月d日", rebase=False))


def listed(names: tuple[str, ...]) -> str:
    """Names in a sentence: "题名、责任者、ISBN", "title, creators and ISBN"."""
    if current_language() != "en" or len(names) < 2:
        return "、".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def coded(vocabulary: str, value: str) -> str:
    """The name of a coded value in the language of this request."""
    return label(vocabulary, value, current_language())


def class_label(number: str) -> str:
    """A class with its number: "I2 中国文学"; a number below the known classes has the name of the one it belongs to."""
    return _class_label(class_table(), number, current_language())


@lru_cache(maxsize=8192)
def _class_label(table: ClassTable, number: str, language: Language) -> str:
    name = table.name(table.nearest(number), language)
    return f"{number}\u2002{name}" if name else number


def within_label(kilometres: int) -> str:
    """A ring around the reader's place: "5公里以内"."""
    return gettext("%(km)s公里以内", km=kilometres)


def distance(metres: int) -> str:
    """How far a branch is: "0.4公里", "1.2公里", from ten kilometres on without decimals; the branch that it is counted from is here."""
    if metres < 100:
        return gettext("就在这里")
    kilometres = metres / 1000
    return gettext("%(km)s公里", km=f"{kilometres:.1f}" if kilometres < 10 else f"{kilometres:,.0f}")


def warning(view: WarningView) -> str:
    """What a search was read as, in one sentence."""
    return sentence(f"warning.{view.code}", {"part": view.part}, current_language())


def number(value: int) -> str:
    """A number in digits, grouped as both languages group them."""
    return f"{value:,}"


def counted(measure: str, value: int) -> str:
    """A number with its measure word: "title", "item", "library" or "place"; "bare" items are said without one in English."""
    return counted_in(current_language(), measure, value)


@lru_cache(maxsize=4096)  # a page counts some hundred times, mostly to small numbers
def counted_in(language: Language, measure: str, value: int) -> str:
    """The same in the language of this request, which the caller knows already."""
    shown = number(value)
    match measure:
        case "title":
            return ngettext("%(shown)s种", "%(shown)s种", value, shown=shown)
        case "library":
            return ngettext("%(shown)s家图书馆", "%(shown)s家图书馆", value, shown=shown)
        case "place":
            return ngettext("%(shown)s处", "%(shown)s处", value, shown=shown)
        case "item":
            return ngettext("%(shown)s册", "%(shown)s册", value, shown=shown)
        case _:
            return shown if language == "en" else counted_in(language, "item", value)
