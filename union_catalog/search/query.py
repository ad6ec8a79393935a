"""What the reader typed: a small tree, and a parser that never fails.

First depth: words, "phrases" and -exclusions. What cannot be understood is read as plain words, and a warning says which part it was.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

MAX_LENGTH = 256

WarningCode = Literal["too_long", "unreadable_characters", "unclosed_quote", "nothing_to_exclude", "only_exclusions", "relevance_depth"]


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


def parse(text: str) -> ParsedQuery:
    """Reads a query; total over all strings. Cuts it at MAX_LENGTH characters and says so."""
    warnings: list[QueryWarning] = []
    cleaned = _clean(text, warnings)
    nodes: list[Node] = []
    for part in _PART.finditer(cleaned.translate(_QUOTES).translate(_MINUS)):
        node = _node(part, warnings)
        if node is not None:
            nodes.append(node)
    if nodes and all(isinstance(node, Not) for node in nodes):
        warnings.append(QueryWarning("only_exclusions", cleaned))
    return ParsedQuery(cleaned, tuple(nodes), tuple(warnings))


def _clean(text: str, warnings: list[QueryWarning]) -> str:
    """Cuts, and turns control characters, lone surrogates and non-characters into blanks."""
    if len(text) > MAX_LENGTH:
        warnings.append(QueryWarning("too_long", text[:MAX_LENGTH].encode("utf-8", "replace").decode()))
        text = text[:MAX_LENGTH]
    readable = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Cn", "Co"} else c for c in text)
    if readable.split() != text.split():
        warnings.append(QueryWarning("unreadable_characters"))
    return " ".join(readable.split())


def _node(part: re.Match[str], warnings: list[QueryWarning]) -> Node | None:
    if part["quote"]:
        warnings.append(QueryWarning("unclosed_quote", part.string[part.start() :]))
        return None
    if part["phrase"] is not None:
        phrase = Phrase(part["phrase"].strip())
        if not has_content(phrase.text):
            return None
        return Not(phrase) if part["minus"] else phrase
    return _word(part["word"], warnings)


def _word(word: str, warnings: list[QueryWarning]) -> Node | None:
    excluded = word.startswith("-")
    text = word.lstrip("-") if excluded else word
    if not has_content(text):
        if excluded:
            warnings.append(QueryWarning("nothing_to_exclude", word))
        return None
    return Not(Words(text)) if excluded else Words(text)


def has_content(text: str) -> bool:
    """Whether a letter, digit or Han character is in it: punctuation alone finds nothing and is passed over."""
    return any(c.isalnum() for c in text)
