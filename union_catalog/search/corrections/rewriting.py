"""A query as it is typed with its mistakes put right: everything else in it stays as it was."""

from collections.abc import Mapping, Sequence

from union_catalog.search.characters import prepare, spans
from union_catalog.search.corrections.alignment import Edit
from union_catalog.search.nodes import Either, Every, Field, Leaf, Node, Not, ParsedQuery, Phrase, Words, describe, either, spread
from union_catalog.search.query import parse


def mended(text: str, edits: Sequence[Edit]) -> str:
    """The text of a leaf with other units in the place of some of its own (see ``characters.units``).

    In the form that is searched where that has other characters: a reader of 時間減史 is given 时间简史, and not a mixture.
    """
    prepared = prepare(text)
    searched, found = spans(prepared), spans(text)
    kept = [text[start:end].lower() for start, end in found] == [prepared[start:end] for start, end in searched]
    base, places = (text, found) if kept else (prepared, searched)
    for edit in reversed(edits):
        start = places[edit.start][0]
        end = places[edit.end - 1][1] if edit.start < edit.end else start
        base = base[:start] + "".join(edit.meant) + base[end:]
    return base if kept else "".join(base.split())


def rewritten(query: ParsedQuery, meant: Mapping[Leaf, str]) -> str:
    """The query with another text in some of its leaves, as it was typed in all the rest.

    Where the places cannot be found in what was typed, the whole is written anew in the query language.
    """
    nodes = spread(_changed(node, meant) for node in query.nodes)
    text = query.text
    for leaf, words in meant.items():
        typed = leaf_text(leaf)
        if text.count(typed) != 1:
            return describe(nodes)
        text = text.replace(typed, words)
    return text if parse(text).nodes == nodes else describe(nodes)


def leaf_text(leaf: Leaf) -> str:
    """The words of a leaf, without the name of its field; "" where it has none."""
    match leaf:
        case Words(text) | Phrase(text) | Field(_, Words(text) | Phrase(text)):
            return text
        case _:
            return ""


def _changed(node: Node, meant: Mapping[Leaf, str]) -> Node:
    """The node with some leaves changed, but for what it excludes."""
    match node:
        case Not():
            return node
        case Every(nodes):
            return Every(spread(_changed(one, meant) for one in nodes))
        case Either(nodes):
            return either(_changed(one, meant) for one in nodes)
        case Field(name, _) if node in meant:
            return Field(name, Words(meant[node]))
        case _:
            return Words(meant[node]) if node in meant else node
