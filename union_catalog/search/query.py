"""What the reader typed: a small tree, and a parser that never fails.

First depth: words, "phrases" and -exclusions. What cannot be understood is read as plain words, and a warning says which part it was.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from union_catalog.search.characters import prepare, units

MAX_LENGTH = 256

WarningCode = Literal[
    "too_long", "unreadable_characters", "unclosed_quote", "nothing_to_exclude", "only_exclusions", "read_as_words", "passed_over",
    "relevance_depth",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueryWarning:
    """``part`` is the piece of the query that the code speaks of, "" for the whole."""

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
class Not:
    """What must not be in a result."""

    node: Words | Phrase


Node = Words | Phrase | Not


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """``text`` is the query as it was understood. ``nodes`` must all hold; none at all means everything."""

    text: str
    nodes: tuple[Node, ...] = ()
    warnings: tuple[QueryWarning, ...] = ()


_QUOTES = str.maketrans(dict.fromkeys("“”„‟〝〞＂「」『』", '"'))
_MINUS = str.maketrans({"－": "-", "−": "-"})
_PART = re.compile(r'(?P<minus>-?)"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)|(?P<quote>")')
_OPERATORS = frozenset({Words("AND"), Words("OR"), Words("NOT")})
_UNREADABLE = frozenset({"Cc", "Cs", "Cn", "Co"})
_REPLACEMENT = "\ufffd"  # what a web server makes of bytes that are no character, a lone surrogate's among them


def parse(text: str) -> ParsedQuery:
    """Reads a query; total over all strings. Cuts it at MAX_LENGTH characters and says so."""
    warnings: list[QueryWarning] = []
    cleaned = _clean(text, warnings)
    parts = _PART.finditer(cleaned.translate(_QUOTES).translate(_MINUS))
    nodes = tuple(node for part in parts if (node := _node(part, warnings)) is not None)
    if nodes and all(isinstance(node, Not) for node in nodes):
        warnings.append(QueryWarning("only_exclusions", cleaned))
    return ParsedQuery(cleaned, nodes, tuple(warnings))


def _clean(text: str, warnings: list[QueryWarning]) -> str:
    """Cuts, and turns control characters, lone surrogates and code points without a meaning into blanks."""
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH]
        warnings.append(QueryWarning("too_long"))
    readable = "".join(" " if c == _REPLACEMENT or unicodedata.category(c) in _UNREADABLE else c for c in text)
    if readable.split() != text.split():
        warnings.append(QueryWarning("unreadable_characters"))
    return " ".join(readable.split())


def _node(part: re.Match[str], warnings: list[QueryWarning]) -> Node | None:
    """One part of a query; None, and a warning, for what finds nothing."""
    if part["quote"]:
        warnings.append(QueryWarning("unclosed_quote", part.string[part.start() :]))
        return None
    excluded = bool(part["minus"])
    if part["phrase"] is not None:
        node: Words | Phrase = Phrase(part["phrase"].strip())
    else:
        excluded = part["word"].startswith("-")
        node = Words(part["word"].lstrip("-"))
    if not has_content(node.text):
        warnings.append(QueryWarning("nothing_to_exclude" if excluded else "passed_over", part[0]))
        return None
    if node in _OPERATORS and not excluded:
        warnings.append(QueryWarning("read_as_words", node.text))
    return Not(node) if excluded else node


def has_content(text: str) -> bool:
    """Whether anything in it can be found: punctuation alone cannot."""
    return bool(units(prepare(text)))
