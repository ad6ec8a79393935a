"""A query of which a part was only read as words, as it was probably meant: 红楼 OR, (红楼 AND, tilte:红楼梦, 红楼梦 or 西游记."""

import re
from collections.abc import Iterable, Iterator

from union_catalog.search.fields import nearest_field
from union_catalog.search.nodes import Either, Every, Node, Not, ParsedQuery, Phrase, describe, either, every, spread
from union_catalog.search.query import operators_read_as_words, parse

_NAMED = "unknown_field"
_UNFINISHED = frozenset({"read_as_words", "empty_field"})


def plain_readings(query: ParsedQuery) -> tuple[str, ...]:
    """Queries that may have been meant, the likeliest first; none where everything was read as it was typed.

    An operator or a field without anything to join is left out, an operator in small letters is one. A field that there is not is the one
    whose name is nearest to it, or else none.
    """
    joined = _with_operators(query)
    texts = dict.fromkeys((_named(query, joined, mended=True), _named(query, joined, mended=False)))
    readings = dict.fromkeys(_finished(parse(text)) for text in texts)
    return tuple(reading for reading in readings if reading and parse(reading).nodes != query.nodes)


def _with_operators(query: ParsedQuery) -> str:
    text = query.text
    for word in {warning.part for warning in operators_read_as_words(query)}:
        text = re.sub(rf"(?<!\S){re.escape(word)}(?!\S)", word.upper(), text)
    return text


def _named(query: ParsedQuery, text: str, *, mended: bool) -> str:
    for part in {warning.part for warning in query.warnings if warning.code == _NAMED}:
        field = nearest_field(part[:-1]) if mended else None
        text = text.replace(part, f"{field}:" if field else "")
    return text


def _finished(query: ParsedQuery) -> str:
    """The query without what is unfinished in it; "" where nothing would be left to look for."""
    unfinished = tuple(warning.part for warning in query.warnings if warning.code in _UNFINISHED)
    nodes = spread(_without(query.nodes, unfinished))
    if all(isinstance(node, Not) for node in nodes):
        return ""
    return query.text if nodes == query.nodes and not query.warnings else describe(nodes)


def _without(nodes: Iterable[Node], unfinished: tuple[str, ...]) -> Iterator[Node]:
    for node in nodes:
        match node:
            case Not(inner):
                yield from (Not(left) for left in _without((inner,), unfinished))
            case Every(inner_nodes):
                yield from filter(None, (every(_without(inner_nodes, unfinished)),))
            case Either(inner_nodes):
                kept = tuple(_without(inner_nodes, unfinished))
                yield from (either(kept),) if kept else ()
            case Phrase(text) if any(part.startswith(text) for part in unfinished):
                pass
            case _:
                yield node
