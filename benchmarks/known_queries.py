"""What a reader types who knows a book: its title in whole or in part, in other scripts, as pinyin, by initials, or with a slip."""

import itertools
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from opencc import OpenCC

from benchmarks.slips import HAN, Slips, spoken
from union_catalog.bibliographic.record import BibliographicRecord

_TRADITIONAL = OpenCC("s2t")
_UNIT = re.compile(rf"{HAN.pattern}|[A-Za-z](?:\+\+|#)|\d+(?:\.\d+)+|[^\W_\u3400-\u4dbf\u4e00-\u9fff]+")
_KANA = re.compile(r"[\u3041-\u30ff]")
_PLAIN = re.compile(r"[a-z]+(?: [a-z]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Known:
    """A book as somebody knows it: its title with its volume, the first author, and the pinyin that a cataloguer wrote, or ""."""

    title: str
    author: str
    pinyin: str = ""


def known(record: BibliographicRecord) -> Known | None:
    """None for a record without a title."""
    title = record.title_proper
    if title is None or not _UNIT.search(title.text):
        return None
    whole = " ".join(filter(None, (title.text, title.volume_number, title.volume_title)))
    author = record.agents[0].name if record.agents else ""
    return Known(whole, author, title.pinyin if whole == title.text else "")


def units(text: str) -> list[str]:
    """Han characters one by one, other words and numbers whole: as much as says which title it is."""
    return _UNIT.findall(text.lower())


def syllables(book: Known) -> list[str]:
    """What is typed for each unit of the title: by the cataloguer's pinyin where it has one syllable a unit, else as pypinyin reads it."""
    parts = units(book.title)
    given = book.pinyin.lower().replace("ü", "v")
    if _PLAIN.fullmatch(given) and len(given.split()) == len(parts) and all(map(HAN.fullmatch, parts)):
        return given.split()
    sounds = spoken(book.title)
    return [sounds[match.start()] or match[0].lower() for match in _UNIT.finditer(book.title)]


def initials(book: Known) -> str:
    """The first letter of every syllable; other words and numbers as they are."""
    told = zip(units(book.title), syllables(book), strict=True)
    return "".join(syllable[0] if HAN.fullmatch(unit) else syllable for unit, syllable in told)


class Reader:
    """Asks for known books. Each kind answers None where it makes no sense: a title without Han characters has no pinyin."""

    def __init__(self, slips: Slips, chance: random.Random) -> None:
        self._chance = chance
        self._slips = slips

    def kinds(self) -> Mapping[str, Callable[[Known], str | None]]:
        return {
            "whole title": lambda book: book.title,
            "traditional script": lambda book: _TRADITIONAL.convert(book.title),
            "title part + author": self._part_and_author,
            "full pinyin": self._pinyin,
            "initials": lambda book: initials(book) if _is_chinese(book) else None,
            "one wrong homophone": lambda book: self._slips.homophone(book.title),
            "one look-alike or missing character": self._written_wrong,
        }

    def part(self, title: str) -> str:
        """40 to 70 % of a title, at least two units side by side, from anywhere in it; of two or fewer all."""
        places = list(_UNIT.finditer(title))
        size = max(2, round(len(places) * self._chance.uniform(0.4, 0.7)))
        if size >= len(places):
            return title
        first = self._chance.randrange(len(places) - size + 1)
        return title[places[first].start() : places[first + size - 1].end()]

    def _part_and_author(self, book: Known) -> str | None:
        return f"{self.part(book.title)} {book.author}" if book.author else None

    def _pinyin(self, book: Known) -> str | None:
        """Half of the readers part syllables by blanks, half do not."""
        if not _is_chinese(book):
            return None
        typed = syllables(book)
        if self._chance.random() < 0.5:
            return " ".join(typed)
        parts = units(book.title)
        blank = [" " if not (HAN.fullmatch(a) and HAN.fullmatch(b)) else "" for a, b in itertools.pairwise(parts)]
        return "".join(syllable + gap for syllable, gap in zip(typed, [*blank, ""], strict=True))

    def _written_wrong(self, book: Known) -> str | None:
        first, second = self._slips.look_alike, self._slips.missing
        if self._chance.random() < 0.5:
            first, second = second, first
        return first(book.title) or second(book.title)


def _is_chinese(book: Known) -> bool:
    return len(HAN.findall(book.title)) > 1 and not _KANA.search(book.title)
