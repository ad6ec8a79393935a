"""A query as it was understood: a small tree, how it is written in the query language, and what is told of the rest."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from union_catalog.search.fields import FieldName

WarningCode = Literal[
    "too_long", "too_many_words", "too_deep", "unreadable_characters", "unclosed_quote", "unpaired_bracket", "nothing_to_exclude",
    "only_exclusions", "only_symbols", "read_as_words", "passed_over", "empty_field", "unknown_field", "unknown_library", "bad_year",
    "years_reversed", "bad_number", "unknown_value", "relevance_depth",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueryWarning:
    """``part`` is the piece of the query, or the condition, that the code speaks of, "" for the whole."""

    code: WarningCode
    part: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Text between blanks, to be found as its words in any order and in any field."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Text in quotation marks, to be found side by side in one field."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """Text to be found in one field only. ``library`` and ``branch`` have the codes of places once they were located."""

    name: FieldName
    node: Words | Phrase


@dataclass(frozen=True, slots=True)
class Years:
    """A year of publication within bounds, both included; None is open, but never both."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be in a result."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class Every:
    """All of them must hold. There are at least two, and none of them is another Every."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of them must hold. There are at least two, and none of them is another Either."""

    nodes: tuple["Node", ...]


Leaf = Words | Phrase | Field | Years
Node = Leaf | Not | Every | Either


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """``text`` is the query as it was typed, less what cannot be read. ``nodes`` must all hold; none at all means everything.

    ``forgiving``: words are also found as what they may be a misspelling of. It is no way to answer a reader, but to find out what was
    meant (see corrections).
    """

    text: str
    nodes: tuple[Node, ...] = ()
    warnings: tuple[QueryWarning, ...] = ()
    forgiving: bool = False


def every(nodes: Iterable[Node]) -> Node | None:
    """One node for all of them; None for none."""
    found = spread(nodes)
    return Every(found) if len(found) > 1 else next(iter(found), None)


def spread(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """What must all hold, without groups in it that say nothing more."""
    return tuple(one for node in nodes for one in (node.nodes if isinstance(node, Every) else (node,)))


def either(nodes: Iterable[Node]) -> Node:
    """One node for the alternatives, of which there is at least one."""
    found = tuple(one for node in nodes for one in (node.nodes if isinstance(node, Either) else (node,)))
    return Either(found) if len(found) > 1 else found[0]


def negation(node: Node) -> Node:
    """What must not hold; of an exclusion, what it excludes."""
    return node.node if isinstance(node, Not) else Not(node)


def changed(node: Node, change: Callable[[Leaf], Node]) -> Node:
    """The node with every leaf changed, those of exclusions as well."""
    match node:
        case Not(inner):
            return negation(changed(inner, change))
        case Every(nodes):
            return Every(spread(changed(one, change) for one in nodes))
        case Either(nodes):
            return either(changed(one, change) for one in nodes)
        case _:
            return change(node)


def leaves(nodes: Iterable[Node], *, excluded: bool = False) -> Iterator[Leaf]:
    """What is looked for, in the order typed; with what is excluded only where ``excluded`` says so."""
    for node in nodes:
        match node:
            case Every(inner) | Either(inner):
                yield from leaves(inner, excluded=excluded)
            case Not(inner_node):
                yield from leaves((inner_node,), excluded=True) if excluded else ()
            case _:
                yield node


def describe(nodes: Iterable[Node]) -> str:
    """The nodes in the query language; reading it gives the same nodes again."""
    return " ".join(map(_written, nodes))


def _written(node: Node) -> str:
    match node:
        case Not(inner):
            return f"-({_written(inner)})" if isinstance(inner, Either) else f"-{_written(inner)}"
        case Every(nodes):
            return f"({describe(nodes)})"
        case Either(nodes):
            return " OR ".join(map(_written, nodes))
        case _:
            return _written_leaf(node)


def _written_leaf(leaf: Leaf) -> str:
    match leaf:
        case Words(text):
            return text
        case Phrase(text):
            return f'"{text}"'
        case Field(name, inner):
            return f"{name}:{_written_leaf(inner)}"
        case Years(low, high):
            return f"year:{'' if low is None else low}..{'' if high is None else high}"
