"""Slips of those who type: one character that sounds the same, looks the same, or is left out.

The tables are made by ``tools/typing_slips.py`` from what the catalogue does not read. Of the characters that could be meant, one is drawn
by how often it stands in the titles of the four catalogues: an input method offers what is common first.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from opencc import OpenCC
from pypinyin import lazy_pinyin

DATA = Path(__file__).resolve().parent / "data"
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_SIMPLIFIED = OpenCC("t2s")


@cache
def _table(name: str) -> Mapping[str, str]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


class Slips:
    """Draws slips. ``titles`` tell how common characters are; the same ``chance`` gives the same slips."""

    def __init__(self, titles: Iterable[str], chance: random.Random) -> None:
        self._common = Counter(c for title in titles for c in title)
        self._chance = chance

    def homophone(self, text: str) -> str | None:
        """One Han character replaced by another that sounds like it where it stands; None for a text in which none can be."""
        sounds = {place: syllable for place, syllable in enumerate(spoken(text)) if syllable}
        return self._replaced(text, lambda place: _table("homophones.tsv").get(sounds.get(place, ""), ""))

    def look_alike(self, text: str) -> str | None:
        """One Han character replaced by another that looks like it."""
        return self._replaced(text, lambda place: _table("look_alikes.tsv").get(_SIMPLIFIED.convert(text[place]), ""))

    def missing(self, text: str) -> str | None:
        """One Han character left out of three or more."""
        places = _places(text)
        if len(places) < 3:
            return None
        place = self._chance.choice(places)
        return text[:place] + text[place + 1 :]

    def _replaced(self, text: str, others: Callable[[int], str]) -> str | None:
        places = _places(text)
        if len(places) < 2:
            return None
        for place in self._chance.sample(places, len(places)):
            meant = _SIMPLIFIED.convert(text[place])
            choices = [c for c in others(place) if c != meant]
            weights = [self._common[c] for c in choices]
            if any(weights):
                return text[:place] + self._chance.choices(choices, weights)[0] + text[place + 1 :]
        return None


def _places(text: str) -> list[int]:
    return [match.start() for match in HAN.finditer(text)]


def spoken(text: str) -> list[str]:
    """The toneless syllable of every character in its context, "" for what is no Han character."""
    found: list[str] = []
    for run in re.findall(rf"{HAN.pattern}+|[^\u3400-\u4dbf\u4e00-\u9fff]+", text):
        syllables = lazy_pinyin(run) if HAN.match(run) else [""] * len(run)
        found += syllables if len(syllables) == len(run) else [""] * len(run)
    return found
