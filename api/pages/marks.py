"""Which stretches of a title a query found, so that the page can mark them."""

import re
from collections.abc import Iterable
from functools import lru_cache

from union_catalog.bibliographic.folding import fold_script
from union_catalog.search.nodes import Field, Leaf, ParsedQuery, Phrase, Words, leaves

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def found_stretches(title: str, query: ParsedQuery) -> tuple[tuple[int, int], ...]:
    """(start, end) of every place where a word or phrase of the query stands, in whichever script; ascending and apart.

    Pinyin and numbers find titles without standing in them, so nothing is marked then.
    """
    folded = _folded(title)
    if len(folded) != len(title):
        return ()
    spots = sorted([spot for word in _wanted(query) for spot in _places(folded, word)])
    merged: list[tuple[int, int]] = []
    for start, end in spots:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def other_form(titles: Iterable[str], query: ParsedQuery) -> str:
    """A word of the query as a title writes it in other characters (紅樓夢 for 红楼梦), "" where none does."""
    typed = [text for leaf in leaves(query.nodes) if (text := _in_titles(leaf))]
    wanted = {_folded(text): text.lower() for text in typed if _HAN.search(text)}
    for title in titles:
        folded = _folded(title)
        if len(folded) != len(title):
            continue
        for word, text in wanted.items():
            written = (title[start:end] for start, end in _places(folded, word))
            other = next((form for form in written if form.lower() != text), "")
            if other:
                return other
    return ""


@lru_cache(maxsize=64)  # once a page and not once a row
def _wanted(query: ParsedQuery) -> tuple[str, ...]:
    told = (_folded(text) for leaf in leaves(query.nodes) if (text := _in_titles(leaf)))
    return tuple(word for word in told if word)


def _in_titles(leaf: Leaf) -> str:
    """The text of what may stand in a title, "" for what is sought elsewhere."""
    match leaf:
        case Words(text) | Phrase(text) | Field("title", Words(text) | Phrase(text)):
            return text
        case _:
            return ""


def _folded(text: str) -> str:
    return fold_script(text).lower()


def _places(text: str, word: str) -> list[tuple[int, int]]:
    found, at = [], text.find(word)
    while at >= 0:
        found.append((at, at + len(word)))
        at = text.find(word, at + len(word))
    return found
