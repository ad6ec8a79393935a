"""What a query asks of an index, in terms of tokens and fields: the whole meaning of a search, for every engine.

An engine translates the kinds of ``Match`` into its own query objects and adds nothing. ``required`` and ``excluded`` decide the
set, ``ranking`` alone decides the order: of every group the highest weight that holds is added to a record's score.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from union_catalog.search import numerals
from union_catalog.search.characters import RUN, prepare, units
from union_catalog.search.corrections.candidates import ANYWHERE, near, weighed
from union_catalog.search.fields import FieldName
from union_catalog.search.isbns import bare, searched
from union_catalog.search.matches import FIELDS, Between, Lacking, Match, Token, Weighed, all_of, any_of
from union_catalog.search.nodes import Either, Every, Field, Leaf, Node, Not, ParsedQuery, Phrase, Words, Years, leaves
from union_catalog.search.selection import below
from union_catalog.search.text import keys, words
from union_catalog.search.wanted import (
    CALL_NUMBER,
    NAMES,
    TITLES,
    abbreviated,
    class_number,
    in_field,
    phrase,
    readings,
    word_by_word,
)
from union_catalog.search.weighing import groups

_SHORTEST_IDENTIFIER = 8
# How words are read: plainly; without readings in pinyin, for an exclusion would throw out too much by them; or as something like them.
_Way = Literal["plain", "literal", "forgiving"]


@dataclass(frozen=True, slots=True)
class Plan:
    """``required`` empty means everything; ``ranking`` empty means that no record is better than another."""

    required: tuple[Match, ...] = ()
    excluded: tuple[Match, ...] = ()
    ranking: tuple[tuple[Weighed, ...], ...] = ()


def plan(query: ParsedQuery) -> Plan:
    """The plan of a query; one without anything to find asks for everything."""
    wanted: list[Node] = [node for node in query.nodes if not isinstance(node, Not)]
    excluded = tuple(dict.fromkeys(_match(node.node, "literal") for node in query.nodes if isinstance(node, Not)))
    number = _only_number(wanted)
    if number:
        return Plan((Token("identifiers", number),), excluded)
    if query.forgiving:
        parts = list(filter(None, map(mistakable, leaves(wanted))))
        return Plan(tuple(_forgiving(wanted)), excluded, weighed(parts))
    required = tuple(dict.fromkeys(_match(node) for node in wanted))
    return Plan(required, excluded, tuple(groups(wanted)))


def _only_number(wanted: list[Node]) -> str:
    """The ISBN that a query is and nothing else, however it is cut by blanks; "" for any other query."""
    parts: list[str] = []
    for node in wanted:
        match node:
            case Words(text) | Field("isbn", Words(text)):
                parts.append(text)
            case _:
                return ""
    return searched(" ".join(parts))


def _forgiving(wanted: list[Node]) -> Iterator[Match]:
    """What is like the words of a query one by one, or all of them together in one title; and all of the rest as it is."""
    together = words_together(wanted)
    yield from (_match(node, "forgiving") for node in wanted if node not in together)
    if together:
        one_by_one = all_of(_match(node, "forgiving") for node in together)
        joined = " ".join(map(mistakable, together))
        yield any_of([one_by_one, *(near(joined, ("title",)) if len(together) > 1 else ())])


def words_together(nodes: Iterable[Node]) -> list[Words]:
    """The words of a query that stand in no field, bracket or alternative: a title with blanks in it, perhaps."""
    return [node for node in nodes if isinstance(node, Words) and mistakable(node)]


def _match(node: Node, way: _Way = "plain") -> Match:
    match node:
        case Not(inner):
            return Lacking(_match(inner, "literal"))
        case Every(nodes):
            return all_of(_match(one, way) for one in nodes)
        case Either(nodes):
            return any_of(_match(one, way) for one in nodes)
        case _:
            found = leaf_match(node, literal=way == "literal")
            return any_of([found, *_near(node)]) if way == "forgiving" else found


def mistakable(leaf: Leaf) -> str:
    """The prepared text of a leaf in which a mistake may be looked for: words, anywhere or in a field of text; "" of any other."""
    match leaf:
        case Words(text) | Field("title" | "author" | "series" | "subject" | "publisher", Words(text)):
            return "" if searched(text) or CALL_NUMBER.fullmatch(prepare(text)) else prepare(text)
        case _:
            return ""


def _near(leaf: Leaf) -> list[Match]:
    return near(mistakable(leaf), (leaf.name,) if isinstance(leaf, Field) else ANYWHERE)


def leaf_match(leaf: Leaf, literal: bool = False) -> Match:
    """What a leaf asks for. ``literal``: no readings in pinyin."""
    match leaf:
        case Words(text):
            return _words_anywhere(prepare(text), literal)
        case Phrase(text):
            prepared = prepare(text)
            return any_of(phrase(field, prepared) for field in FIELDS)
        case Years(low, high):
            return Between("year", low, high)
        case Field(name, Phrase(text)) if name in FIELDS:
            return phrase(name, prepare(text))
        case Field(name, inner):
            return _NAMED[name](inner.text, literal)


def _isbn(text: str, _: bool) -> Match:
    return any_of(Token("identifiers", number) for number in (searched(text), bare(prepare(text))) if number)


def _call_number(text: str, _: bool) -> Match:
    return Token("call_numbers", class_number(prepare(text)))


def _class(text: str, _: bool) -> Match:
    return below(class_number(prepare(text)))


def _library(text: str, _: bool) -> Match:
    return any_of(Token("library", code) for code in (text, text.upper()))


def _branch(text: str, _: bool) -> Match:
    return any_of(Token("branch", code) for code in (text, text.upper()))


def _title(text: str, literal: bool) -> Match:
    return all_of(_segments(prepare(text), lambda word: _spoken("title", word, () if literal else (TITLES,))))


def _author(text: str, literal: bool) -> Match:
    return all_of(_spoken("author", word, () if literal else (NAMES,)) for word in words(prepare(text)))


def _subject(text: str, _: bool) -> Match:
    return all_of(word_by_word("subject", prepare(text)))


def _publisher(text: str, _: bool) -> Match:
    return all_of(word_by_word("publisher", prepare(text)))


def _series(text: str, _: bool) -> Match:
    return all_of(word_by_word("series", prepare(text)))


_NAMED: dict[FieldName, Callable[[str, bool], Match]] = {
    "title": _title,
    "author": _author,
    "subject": _subject,
    "publisher": _publisher,
    "series": _series,
    "isbn": _isbn,
    "callnumber": _call_number,
    "clc": _class,
    "library": _library,
    "branch": _branch,
}


def _words_anywhere(text: str, literal: bool) -> Match:
    if not units(text):
        return Token("title_exact", keys(text)[0])
    ways = [all_of(_segments(text, _anywhere if literal else _word))]
    runs = RUN.findall(text)
    if not literal and len(runs) > 1:  # "c#3.0sljt"
        ways += abbreviated("".join(runs), TITLES)
    number = searched(text)
    if number:
        ways.append(Token("identifiers", number))
    if len(bare(text)) >= _SHORTEST_IDENTIFIER and any(c.isdecimal() for c in text) and text.isascii():
        ways.append(Token("identifiers", bare(text)))
    if CALL_NUMBER.fullmatch(text):
        ways.append(Token("call_numbers", class_number(text)))
    return any_of(ways)


def _segments(text: str, word_match: Callable[[str], Match]) -> list[Match]:
    """One match for each word of a part, numbers of volumes read in every form."""
    found: list[Match] = []
    end = 0
    for numeral in numerals.NUMERAL.finditer(text):
        number = numerals.number_of(numeral)
        if number is None:
            continue
        found += map(word_match, words(text[end : numeral.start()]))
        found.append(any_of([Token("title", f"#{number}"), all_of(map(word_match, words(numeral[0])))]))
        end = numeral.end()
    return [*found, *map(word_match, words(text[end:]))]


def _anywhere(word: str) -> Match:
    """A word in any field, but all of it in one."""
    return any_of(in_field(field, word) for field in FIELDS)


def _word(word: str) -> Match:
    """A word in any field, or its reading in titles or in names."""
    return any_of([_anywhere(word), *_heard(word, (TITLES, NAMES))])


def _spoken(field: str, word: str, of: tuple[str, ...]) -> Match:
    """A word in one field, or its reading."""
    return any_of([in_field(field, word), *_heard(word, of)])


def _heard(word: str, of: tuple[str, ...]) -> list[Match]:
    return [way for kind in of for way in (*readings(word, kind), *abbreviated(word, kind))]
