"""What is weighed of a query: with ranking.py, the whole order by relevance."""

from dataclasses import replace
from typing import Literal

from union_catalog.search import ranking
from union_catalog.search.characters import RUN, prepare, units
from union_catalog.search.matches import Sequence, Token, Weighed, all_of, any_of
from union_catalog.search.nodes import Either, Field, Leaf, Node, Phrase, Words, leaves
from union_catalog.search.text import BREAK, keys, words
from union_catalog.search.wanted import CALL_NUMBER, NAMES, TITLES, class_number, is_abbreviation, phrase, readings, word_by_word

_ROMANISED: dict[str, tuple[str, ...]] = {"": (TITLES, NAMES), "title": (TITLES,), "author": (NAMES,)}
_FIELD_WEIGHTS: dict[Literal["author", "series", "subject", "publisher"], int] = {
    "author": ranking.AUTHOR,
    "series": ranking.SERIES,
    "subject": ranking.SUBJECT,
    "publisher": ranking.PUBLISHER,
}


def groups(wanted: list[Node]) -> list[tuple[Weighed, ...]]:
    """What is weighed: the parts as the reader set them, or the words of a single part; and what is of titles as one."""
    parts = [part for leaf in leaves(wanted) if (part := _part(leaf)) is not None]
    together = " ".join(text for field, text in parts if field in ("", "title"))
    if len(parts) == 1 and not parts[0][0] and not CALL_NUMBER.fullmatch(together):
        parts = [("", word) for word in words(together)]
    found = [_ranking(text, field) for field, text in parts[: ranking.WEIGHED_WORDS]]
    alternatives = any(isinstance(node, Either) for node in wanted)
    if not alternatives and sum(field in ("", "title") for field, _ in parts) > 1:
        whole = (*_titles(together), *_romanised(together, ""))
        found.append(tuple(replace(one, weight=ranking.WHOLE * one.weight) for one in whole))
    return found


def _part(leaf: Leaf) -> tuple[str, str] | None:
    """(field or "", prepared text) of what is weighed: in a field only those that ranking.py has a weight for."""
    match leaf:
        case Words(text) | Phrase(text):
            prepared = prepare(text)
            return ("", prepared) if units(prepared) else None
        case Field(name, inner) if name == "title" or name in _FIELD_WEIGHTS:
            return name, prepare(inner.text)
        case _:
            return None


def _titles(text: str) -> list[Weighed]:
    """How well a text fits titles as a whole."""
    found = [Weighed(ranking.EXACT_TITLE, any_of(Token("title_exact", key) for key in keys(text)), "exact_title", text)]
    found.append(Weighed(ranking.TITLE_START, Sequence("title", (BREAK, *units(text))), "title_start", text))
    if len(units(text)) > 1:
        found.append(Weighed(ranking.TITLE_PHRASE, phrase("title", text), "title_phrase", text))
    return found


def _ranking(text: str, field: str) -> tuple[Weighed, ...]:
    """What one part of a query is worth where it is found, in any field ("") or in the one it was typed for."""
    found: list[Weighed] = []
    if field in ("", "title"):
        found += _titles(text)
        found.append(Weighed(ranking.TITLE_WORDS, all_of(Token("title_words", word) for word in words(text)), "title_words", text))
        found.append(Weighed(ranking.TITLE_PIECES, all_of(word_by_word("title", text)), "title_pieces", text))
    if field in ("", "author"):
        found.append(Weighed(ranking.EXACT_AUTHOR, Token("author_exact", keys(text)[0]), "exact_author", text))
    for name, weight in _FIELD_WEIGHTS.items():
        if field in ("", name):
            found.append(Weighed(weight, all_of(word_by_word(name, text)), name, text))
    if not field and CALL_NUMBER.fullmatch(text):
        found.append(Weighed(ranking.CALL_NUMBER, Token("call_numbers", class_number(text)), "call_number", text))
    return (*found, *_romanised(text, field))


def _romanised(text: str, field: str) -> list[Weighed]:
    """The text as the reading of a whole title or name, or of a part of one."""
    word = "".join(RUN.findall(text))
    kinds = _ROMANISED.get(field, ())
    if not kinds or not is_abbreviation(word):
        return []
    found: list[Weighed] = []
    if TITLES in kinds:
        found.append(Weighed(ranking.EXACT_PINYIN, Token("pinyin_exact", word), "exact_pinyin", text))
        found.append(Weighed(ranking.EXACT_INITIALS, Token("initials", "=" + word), "exact_initials", text))
    if NAMES in kinds:
        found.append(Weighed(ranking.AUTHOR_INITIALS, Token("author_initials", "=" + word), "exact_initials", text))
    ways = [way for of in kinds for way in readings(word, of)]
    return [*found, Weighed(ranking.PINYIN, any_of(ways), "pinyin", text)] if ways else found
