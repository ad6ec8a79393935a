"""Works that are known under several titles: the table ``data/work_titles.tsv``, and how a title is found in it.

A line holds a creator and then the titles of one work, of which the first stands for all; a star says that a title means this work whoever
is named as its creator, as editors and annotators of classics are.
"""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple

from union_catalog.bibliographic.folding import fold_words
from union_catalog.bibliographic.record import Title
from union_catalog.matching.authorities import is_listed, rows_of, standing_name
from union_catalog.matching.names import last_part
from union_catalog.matching.titles import title_parts

_UNIVERSITY = re.compile("^(.{2,12}?大学).+")

_ROLES = frozenset("文著编撰")  # what may have been left at the end of a name
_ENOUGH = 4  # characters of a title that means a work without its creator
_COURSE = "工程数学"  # stands before the titles of its parts: 工程数学 线性代数
_ANNOTATED = re.compile(
    "^(?P<title>.{1,12}?)(?:今注今译|今译今注|全注全译|译注|注译|新注|新译|注释本?|校注本?|点校本?|汇校本?|校释|会校会注会评本|会校会评本|会评本|汇评本"
    "|全译本?|详注|评注本?|通译|今译|全本|足本|评点本?|批评本|辑注|笺注|校笺)$"
)
_EDITION = re.compile(
    "^(?P<title>.{2,}?)(?:第?[0-9]{1,2}版|[壹贰叁肆伍陆柒捌玖拾]|(?:双色|大字|缩印|普及|插图|修订|增订|最新|典藏|纪念|精装|平装|全译|双语|中英对照|英汉对照)[本版])+$"
)
_EDITION_LETTERS = tuple("版本壹贰叁肆伍陆柒捌玖拾")  # with one of which what _EDITION matches ends
_ANNOTATED_LETTERS = tuple("译注释本校点笺")  # the same for _ANNOTATED
_DRESSED = re.compile("^(?:新刻|绣像|全像|增评|批评|评点|足本|全本|图文|插图|名家批注|重刊)+")


class WorkTitle(NamedTuple):
    """The title and the creator that stand for a work."""

    title: str
    creator: str


class _Entry(NamedTuple):
    work: WorkTitle
    enough: bool


@lru_cache(maxsize=1 << 15)
def creator_of(form: str) -> str:
    """The university of a department, else the part of the standing name that cataloguers agree on most."""
    if form[-1:] in _ROLES and not is_listed(form) and is_listed(form[:-1]):
        return last_part(standing_name(form[:-1]))
    university = _UNIVERSITY.match(form)
    return university[1] if university else last_part(standing_name(form))


@lru_cache(maxsize=1 << 14)
def bare(folded: str) -> str:
    """A folded title without article (in Latin letters) and without what numbers or dresses an edition, if that still stands at its end."""
    if folded.isascii():
        return folded[3:] if folded.startswith("the") and len(folded) > len("thesis") else folded
    if folded.startswith(_COURSE) and len(folded) > len(_COURSE) + 1:
        folded = folded[len(_COURSE) :]
    dressed = _EDITION.match(folded) if folded.endswith(_EDITION_LETTERS) else None
    return dressed["title"] if dressed else folded


@lru_cache(maxsize=1 << 13)
def title_form(text: str) -> str:
    """A title as the titles proper of records are folded, with its subtitle."""
    return bare(title_parts((Title(kind="proper", text=text),), ()).title)


def _table() -> dict[str, tuple[_Entry, ...]]:
    found: dict[str, tuple[_Entry, ...]] = {}
    for creator, first, *others in rows_of("work_titles.tsv"):
        work = WorkTitle(title_form(first), creator_of(fold_words(creator)))
        for cell in dict.fromkeys((first, *others)):
            title = title_form(cell)
            found[title] = (*found.get(title, ()), _Entry(work, cell.startswith("*")))
    return found


_TABLE = _table()


@lru_cache(maxsize=1 << 14)
def _entries(title: str) -> tuple[_Entry, ...]:
    """What a folded title may mean, also with the words of an annotated edition round it."""
    found = _TABLE.get(title)
    if found or title.isascii():
        return found or ()
    stem = _DRESSED.sub("", title)
    annotated = _ANNOTATED.match(stem) if stem.endswith(_ANNOTATED_LETTERS) else None
    return _TABLE.get(stem) or (_TABLE.get(annotated["title"], ()) if annotated else ())


def listed_work(titles: Iterable[str], creators: Collection[str]) -> WorkTitle | None:
    """The listed work of one of these folded titles by one of these creators (as ``creator_of`` tells them).

    Where no creator is told, a title of four characters or more is enough if it means one work only.
    """
    for title in titles:
        for entry in _entries(title):
            if entry.enough or entry.work.creator in creators:
                return entry.work
        if not creators and len(title) >= _ENOUGH and len(_entries(title)) == 1:
            return _entries(title)[0].work
    return None
