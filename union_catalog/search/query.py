"""Reads what was typed into a tree (see nodes.py), and never fails: what cannot be understood is read as plain words, and told.

Parts side by side must all hold. OR binds tighter than that: it joins its two neighbours, so that what is added to alternatives narrows
all of them ("红楼梦 OR 西游记 -研究").
"""

from union_catalog.search import numerals
from union_catalog.search.characters import prepare
from union_catalog.search.fields import field_of
from union_catalog.search.lexing import MAX_LENGTH, Kind, Lexeme, clean, has_content, lexemes
from union_catalog.search.nodes import (
    Node,
    Not,
    ParsedQuery,
    Phrase,
    QueryWarning,
    WarningCode,
    Words,
    changed,
    either,
    every,
    leaves,
    negation,
    spread,
)
from union_catalog.search.values import value

__all__ = ["MAX_LENGTH", "MOST_WARNINGS", "operators_read_as_words", "parse"]

MOST_WARNINGS = 8
_OPERANDS = frozenset({Kind.WORD, Kind.PHRASE, Kind.FIELD, Kind.MINUS, Kind.OPEN})
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_VALUES = frozenset({Kind.WORD, Kind.PHRASE, Kind.OPEN})


def parse(text: str) -> ParsedQuery:
    """Reads a query; total over all strings. Cuts it at MAX_LENGTH characters and says so. Tells at most MOST_WARNINGS things."""
    warnings: list[QueryWarning] = []
    cleaned = clean(text, warnings)
    if cleaned and not has_content(cleaned):
        symbols = "".join(cleaned.split())
        return ParsedQuery(cleaned, (Words(symbols),), (*warnings, QueryWarning("only_symbols", symbols)))
    found = _Reader(lexemes(cleaned, warnings), cleaned, warnings).sequence()
    if found and all(isinstance(node, Not) for node in found):
        warnings.append(QueryWarning("only_exclusions", cleaned))
    return ParsedQuery(cleaned, found, tuple(dict.fromkeys(warnings))[:MOST_WARNINGS])


def operators_read_as_words(query: ParsedQuery) -> tuple[QueryWarning, ...]:
    """The words of a query that whoever typed them may have meant as operators (红楼梦 or 西游记), beside those that it tells already.

    They stand in many an English title, so they are worth telling only where nothing is found.
    """
    told = {warning.part for warning in query.warnings}
    words = (leaf.text for leaf in leaves(query.nodes) if isinstance(leaf, Words | Phrase) and leaf.text.upper() in _OPERATORS)
    return tuple(QueryWarning("read_as_words", word) for word in dict.fromkeys(words) if word not in told and f'"{word}"' not in query.text)


class _Reader:
    """Reads tokens from left to right; its depth is that of the brackets, which are bounded and paired."""

    def __init__(self, tokens: list[Lexeme], cleaned: str, warnings: list[QueryWarning]) -> None:
        self._tokens, self._cleaned, self._warnings = tokens, cleaned, warnings
        self._at = 0
        self._shouted = cleaned.isascii() and cleaned == cleaned.upper()

    def sequence(self) -> tuple[Node, ...]:
        """What stands side by side up to the end of the group."""
        found: list[Node] = []
        while (token := self._peek()) is not None and token.kind is not Kind.CLOSE:
            if token.kind in _OPERANDS:
                found += filter(None, [self._operand()])
            else:
                self._at += 1
                self._operator(token, found)
        return spread(found)

    def _operator(self, token: Lexeme, found: list[Node]) -> None:
        """Joins what was found with what follows; where one of the two is missing the operator is a word.

        In a query all in capitals AND and NOT are words too: a title copied from an old catalogue.
        """
        following = self._peek()
        joins = bool(found) and following is not None and following.kind in _OPERANDS
        if joins and self._shouted and token.kind is not Kind.OR:
            found.append(Phrase(token.text))
            return
        node = self._operand() if joins else None
        if node is not None:
            self._join(token.kind, found, node)
        elif token.text.startswith("|"):
            self._tell("passed_over", token.text)
        else:
            self._tell("read_as_words", token.text)
            found.append(Phrase(token.text))

    def _join(self, kind: Kind, found: list[Node], node: Node) -> None:
        if kind is Kind.OR:
            found[-1] = either((found[-1], node))
        else:
            found.append(negation(node) if kind is Kind.NOT else node)

    def _operand(self) -> Node | None:
        """One part of a query; None, and a warning, for one that finds nothing."""
        token = self._tokens[self._at]
        self._at += 1
        match token.kind:
            case Kind.WORD:
                return Words(token.text)
            case Kind.PHRASE:
                return Phrase(token.text)
            case Kind.OPEN:
                return self._group()
            case Kind.FIELD:
                return self._field(token)
            case _:
                return self._exclusion(token)

    def _group(self) -> Node | None:
        found = self.sequence()
        self._at += 1
        match found:
            case (Words(text),) if numerals.NUMERAL.fullmatch(prepare(f"({text})")):
                return Words(f"({text})")  # 三体 (二): the brackets belong to the number of the volume
            case _:
                return every(found)

    def _exclusion(self, token: Lexeme) -> Node | None:
        following = self._peek()
        node = self._operand() if following is not None and following.kind in _OPERANDS else None
        if node is None:
            self._tell("nothing_to_exclude", token.text)
            return None
        return negation(node)

    def _field(self, token: Lexeme) -> Node:
        """What stands behind the name is sought in that field, but for parts that name a field of their own."""
        name = field_of(token.text)
        following = self._peek()
        node = self._operand() if following is not None and following.kind in _VALUES else None
        if node is None or name is None:
            self._tell("empty_field", self._cleaned[token.start : token.start + len(token.text) + 1])
            return Phrase(token.text)
        return changed(node, lambda leaf: value(name, leaf, self._warnings) if isinstance(leaf, Words | Phrase) else leaf)

    def _peek(self) -> Lexeme | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _tell(self, code: WarningCode, part: str) -> None:
        self._warnings.append(QueryWarning(code, part))
