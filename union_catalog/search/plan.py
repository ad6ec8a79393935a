"""What a query asks of an index, in terms of tokens and fields: the whole meaning of a search, for every engine.

An engine translates the seven kinds of ``Match`` into its own query objects and adds nothing. ``required`` and ``excluded`` decide the
set, ``ranking`` alone decides the order: of every group the highest weight that holds is added to a record's score.
"""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from union_catalog.search import numerals, pinyin, ranking
from union_catalog.search.characters import LONGEST_WORD, RUN, is_cjk, pieces, prepare, units
from union_catalog.search.isbns import bare, searched
from union_catalog.search.query import Not, ParsedQuery, Phrase, Words
from union_catalog.search.text import BREAK, LONGEST_EDGE, keys, words

# Where a word or phrase may stand to be found; every other text field only makes a record easier to find or ranks it.
FIELDS = ("title", "author", "series", "subject", "publisher", "other")


@dataclass(frozen=True, slots=True)
class Token:
    """One token in one field."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """Tokens side by side in one field, in this order."""

    field: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A whole number within bounds, both included; None is open."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one must hold; nothing at all always holds."""

    matches: tuple["Match", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One must hold; of nothing at all none can."""

    matches: tuple["Match", ...]


Match = Token | Sequence | Between | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Weighed:
    weight: int
    match: Match


@dataclass(frozen=True, slots=True)
class Plan:
    """``required`` empty means everything; ``ranking`` empty means that no record is better than another."""

    required: tuple[Match, ...] = ()
    excluded: tuple[Match, ...] = ()
    ranking: tuple[tuple[Weighed, ...], ...] = ()


_CALL_NUMBER = re.compile(r"[a-z]{1,2}\d[\w.\-=/:+()\"]*", re.ASCII)
_SHORTEST_IDENTIFIER = 8


def plan(query: ParsedQuery) -> Plan:
    """The plan of a query; one without anything to find asks for everything."""
    wanted = [node for node in query.nodes if not isinstance(node, Not)]
    excluded = tuple(_exclusion(node.node) for node in query.nodes if isinstance(node, Not))
    number = searched(" ".join(node.text for node in wanted))
    if number:
        return Plan((Token("identifiers", number),), excluded)
    texts = [prepare(node.text) for node in wanted]
    required = tuple(dict.fromkeys(_required(node, text) for node, text in zip(wanted, texts, strict=True)))
    return Plan(required, excluded, tuple(_groups(texts)))


def _groups(texts: list[str]) -> list[tuple[Weighed, ...]]:
    """What is weighed: the parts as the reader set them, or the words of a single part; and all of it as one."""
    together = " ".join(texts)
    by_itself = len(texts) > 1 or _CALL_NUMBER.fullmatch(together)
    weighed = list(texts if by_itself else words(together))[: ranking.WEIGHED_WORDS]
    groups = [_ranking(text) for text in weighed]
    if len(weighed) > 1:
        whole = (*_titles(together), *_romanised(together))
        groups.append(tuple(Weighed(ranking.WHOLE * one.weight, one.match) for one in whole))
    return groups


def all_of(matches: Iterable[Match]) -> Match:
    found = tuple(dict.fromkeys(matches))
    return found[0] if len(found) == 1 else AllOf(found)


def any_of(matches: Iterable[Match]) -> Match:
    found = tuple(dict.fromkeys(matches))
    return found[0] if len(found) == 1 else AnyOf(found)


def _phrase(field: str, text: str) -> Match:
    found = units(text)
    return Token(field, found[0]) if len(found) == 1 else Sequence(field, tuple(found))


def _phrase_anywhere(text: str) -> Match:
    return any_of(_phrase(field, text) for field in FIELDS)


def _anywhere(word: str) -> Match:
    """A word in any field, but all of it in one."""
    return any_of(_in_field(field, word) for field in FIELDS)


def _in_field(field: str, word: str) -> Match:
    if is_cjk(word) and len(word) > 1:
        return all_of(Token(field, piece) for piece in pieces(word))
    return Token(field, word)


def _exclusion(node: Words | Phrase) -> Match:
    """Only what stands there literally is excluded: a reading in pinyin would throw out too much."""
    text = prepare(node.text)
    return _phrase_anywhere(text) if isinstance(node, Phrase) else all_of(_anywhere(word) for word in words(text))


def _required(node: Words | Phrase, text: str) -> Match:
    if isinstance(node, Phrase):
        return _phrase_anywhere(text)
    ways = [all_of(_segments(text))]
    number = searched(text)
    if number:
        ways.append(Token("identifiers", number))
    if len(bare(text)) >= _SHORTEST_IDENTIFIER and any(c.isdecimal() for c in text) and text.isascii():
        ways.append(Token("identifiers", bare(text)))
    if _CALL_NUMBER.fullmatch(text):
        ways.append(Token("call_numbers", _class_number(text)))
    return any_of(ways)


def _class_number(text: str) -> str:
    return "".join(text.upper().split()).rstrip('-=/:+()."')[:LONGEST_WORD]


def _segments(text: str) -> list[Match]:
    """One match for each word of a part, numbers of volumes read in every form."""
    found: list[Match] = []
    end = 0
    for numeral in numerals.NUMERAL.finditer(text):
        number = numerals.number_of(numeral)
        if number is None:
            continue
        found += _plain(text[end : numeral.start()])
        found.append(any_of([Token("title", f"#{number}"), all_of(_plain(numeral[0]))]))
        end = numeral.end()
    return found + _plain(text[end:])


def _plain(text: str) -> list[Match]:
    return [_word(word) for word in words(text)]


def _word(word: str) -> Match:
    if not (word.isascii() and word.isalpha() and len(word) > 1):
        return _anywhere(word)
    initials = Token("initials", word if len(word) <= LONGEST_EDGE else "=" + word)
    return any_of([_anywhere(word), *_readings(word), initials])


def _readings(word: str) -> list[Match]:
    """The word as pinyin: its syllables side by side, in each way it can be cut."""
    return [_syllables(way) for way in pinyin.segmentations(word)]


def _syllables(way: list[str]) -> Match:
    if len(way) == 1:
        return Token("pinyin", way[0])
    return all_of(Token("pinyin", f"{a}'{b}") for a, b in itertools.pairwise(way))


def _literal(field: str, text: str) -> list[Match]:
    return [_in_field(field, word) for word in words(text)]


def _titles(text: str) -> list[Weighed]:
    """How well a text fits titles as a whole."""
    found = [Weighed(ranking.EXACT_TITLE, any_of(Token("title_exact", key) for key in keys(text)))]
    found.append(Weighed(ranking.TITLE_START, Sequence("title", (BREAK, *units(text)))))
    if len(units(text)) > 1:
        found.append(Weighed(ranking.TITLE_PHRASE, _phrase("title", text)))
    return found


def _ranking(text: str) -> tuple[Weighed, ...]:
    """What one part of a query is worth where it is found."""
    found = _titles(text)
    found.append(Weighed(ranking.TITLE_WORDS, all_of(Token("title_words", word) for word in words(text))))
    found.append(Weighed(ranking.TITLE_PIECES, all_of(_literal("title", text))))
    found.append(Weighed(ranking.EXACT_AUTHOR, Token("author_exact", keys(text)[0])))
    fields = (("author", ranking.AUTHOR), ("series", ranking.SERIES), ("subject", ranking.SUBJECT), ("publisher", ranking.PUBLISHER))
    found += [Weighed(weight, all_of(_literal(field, text))) for field, weight in fields]
    if _CALL_NUMBER.fullmatch(text):
        found.append(Weighed(ranking.CALL_NUMBER, Token("call_numbers", _class_number(text))))
    return (*found, *_romanised(text))


def _romanised(text: str) -> list[Weighed]:
    word = "".join(RUN.findall(text))
    if not (word.isascii() and word.isalpha() and len(word) > 1):
        return []
    found = [Weighed(ranking.EXACT_PINYIN, Token("pinyin_exact", word)), Weighed(ranking.EXACT_INITIALS, Token("initials", "=" + word))]
    ways = _readings(word)
    return [*found, Weighed(ranking.PINYIN, any_of(ways))] if ways else found
