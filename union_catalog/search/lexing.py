"""From what was typed to the tokens of the query language; total over all strings, and bounded in length and in number.

A bracket groups only where a part begins: "三体（二）" is a word. So does a minus exclude only there. A word before a colon names a field
only if there is one of that name: "三体：黑暗森林" is a word.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

from union_catalog.search.characters import prepare, units
from union_catalog.search.fields import field_of, is_meant
from union_catalog.search.nodes import QueryWarning, WarningCode

MAX_LENGTH = 256
MAX_PARTS = 64
MAX_DEPTH = 8


class Kind(Enum):
    """What a token is. AND, OR and NOT may turn out to be words where they have nothing to join."""

    WORD = auto()
    PHRASE = auto()
    FIELD = auto()
    MINUS = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    OPEN = auto()
    CLOSE = auto()


@dataclass(frozen=True, slots=True)
class Lexeme:
    """``text`` is the text of a word or phrase, the name of a field as typed; ``start`` where it stands in the query."""

    kind: Kind
    text: str
    start: int


_PUNCTUATION = str.maketrans(dict.fromkeys("“”„‟〝〞＂「」『』", '"') | {"－": "-", "−": "-", "（": "(", "）": ")", "｜": "|", "：": ":"})
_UNREADABLE = frozenset({"Cc", "Cs", "Cn", "Co"})
_REPLACEMENT = "\ufffd"  # what a web server makes of bytes that are no character, a lone surrogate's among them
_OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "或": Kind.OR, "NOT": Kind.NOT}
_NAMED = re.compile(r'([^\s:"|()]{1,16}):')
_BRACKETS = frozenset({Kind.OPEN, Kind.CLOSE})


def clean(text: str, warnings: list[QueryWarning]) -> str:
    """Cuts, and turns control characters, lone surrogates and code points without a meaning into blanks."""
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH]
        warnings.append(QueryWarning("too_long"))
    readable = "".join(" " if c == _REPLACEMENT or unicodedata.category(c) in _UNREADABLE else c for c in text)
    if readable.split() != text.split():
        warnings.append(QueryWarning("unreadable_characters"))
    return " ".join(readable.split())


def has_content(text: str) -> bool:
    """Whether anything in it can be found: punctuation alone cannot."""
    return bool(units(prepare(text)))


def lexemes(cleaned: str, warnings: list[QueryWarning]) -> list[Lexeme]:
    """The tokens of a cleaned text, at most MAX_PARTS beside brackets; every bracket has its partner, at most MAX_DEPTH deep."""
    scanner = _Scanner(cleaned, warnings)
    while scanner.at < len(cleaned):
        scanner.step()
    return _paired(scanner.found, cleaned, warnings)


class _Scanner:
    """Reads one token after the other. ``open`` is how many brackets are open, ``joined`` whether a field or minus stands right before."""

    def __init__(self, cleaned: str, warnings: list[QueryWarning]) -> None:
        self.at, self.open, self.joined = 0, 0, False
        self._parts = 0
        self.found: list[Lexeme] = []
        self._cleaned, self._warnings = cleaned, warnings
        self._text = cleaned.translate(_PUNCTUATION)

    def step(self) -> None:
        joined, self.joined = self.joined, False
        match self._text[self.at]:
            case " ":
                self.at += 1
            case '"':
                self._quotation(joined)
            case "|":
                self._add(Kind.OR, self._run("|"))
            case "(":
                self.open += 1
                self._add(Kind.OPEN, 1)
            case ")" if self.open:
                self.open -= 1
                self._add(Kind.CLOSE, 1)
            case ")":
                self._tell("unpaired_bracket", self.at, self.at + 1)
                self.at += 1
            case "-" if not joined:
                self._minus()
            case _:
                self._word(joined)

    def _add(self, kind: Kind, length: int, text: str | None = None) -> None:
        """Past MAX_PARTS only brackets are read on, so that they stay paired."""
        start, self.at = self.at, self.at + length
        self._parts += kind not in _BRACKETS
        if self._parts == MAX_PARTS + 1 and kind not in _BRACKETS:
            self._tell("too_many_words", start)
        if self._parts <= MAX_PARTS or kind in _BRACKETS:
            self.found.append(Lexeme(kind, self._text[start : self.at] if text is None else text, start))

    def _tell(self, code: WarningCode, start: int, end: int | None = None) -> None:
        self._warnings.append(QueryWarning(code, self._cleaned[start:end].strip()))

    def _run(self, character: str) -> int:
        return len(self._text[self.at :]) - len(self._text[self.at :].lstrip(character))

    def _quotation(self, joined: bool) -> None:
        end = self._text.find('"', self.at + 1)
        if end < 0:
            self._tell("unclosed_quote", self.at)
            self.at += 1
        else:
            self._part(Kind.PHRASE, end + 1, self._text[self.at + 1 : end].strip(), joined)

    def _minus(self) -> None:
        """A minus before a part; one by itself is a dash, and excludes nothing."""
        length = self._run("-")
        following = self._text[self.at + length : self.at + length + 1]
        if following in ("", " ", "|", ")"):
            if following != " ":
                self._tell("nothing_to_exclude", self.at, self.at + length)
            self.at += length
        else:
            self._add(Kind.MINUS, length)
            self.joined = True

    def _word(self, joined: bool) -> None:
        named = None if joined and self._last() is Kind.FIELD else _NAMED.match(self._text, self.at)
        if named and field_of(named[1]):
            self._add(Kind.FIELD, len(named[0]), named[1])
            self.joined = True
            return
        if named and is_meant(named[1]):
            self._tell("unknown_field", self.at, named.end())
        end = self._end_of_word()
        text = self._text[self.at : end]
        operator = _OPERATORS.get(text)
        if operator and not joined:
            self._add(operator, len(text))
        else:
            excluded = operator and self._last() is Kind.MINUS
            self._part(Kind.PHRASE if excluded else Kind.WORD, end, _balanced(text), joined)

    def _end_of_word(self) -> int:
        inner = 0
        for i in range(self.at, len(self._text)):
            character = self._text[i]
            if character in ' "|' or (character == ")" and not inner and self.open):
                return i
            inner = max(0, inner + (character == "(") - (character == ")"))
        return len(self._text)

    def _part(self, kind: Kind, end: int, text: str, joined: bool) -> None:
        """A word or a phrase. Punctuation is passed over, silently where it is what stands between a title and its author."""
        if has_content(text):
            self._add(kind, end - self.at, text)
            return
        if joined and self._last() is Kind.MINUS:
            self._tell("nothing_to_exclude", self.found.pop().start, end)
        elif joined and self._last() is Kind.FIELD:
            name = self.found.pop()
            self._tell("empty_field", name.start, end)
            self.found.append(Lexeme(Kind.PHRASE, name.text, name.start))
        elif kind is Kind.PHRASE:
            self._tell("passed_over", self.at, end)
        self.at = end

    def _last(self) -> Kind | None:
        return self.found[-1].kind if self.found else None


def _balanced(word: str) -> str:
    """The word with a comma for every bracket that has no partner in it."""
    opened: list[int] = []
    unpaired: set[int] = set()
    for i, character in enumerate(word):
        if character == "(":
            opened.append(i)
        elif character == ")" and not (opened and opened.pop() >= 0):
            unpaired.add(i)
    unpaired.update(opened)
    return "".join("," if i in unpaired else c for i, c in enumerate(word)) if unpaired else word


def _paired(found: list[Lexeme], cleaned: str, warnings: list[QueryWarning]) -> list[Lexeme]:
    """Only the brackets that have a partner and are not too deep."""
    opened: list[int] = []
    dropped: set[int] = set()
    for i, one in enumerate(found):
        if one.kind is Kind.OPEN:
            opened.append(i)
        elif one.kind is Kind.CLOSE:
            partner = opened.pop()
            if len(opened) >= MAX_DEPTH:
                dropped |= {partner, i}
    if dropped:
        warnings.append(QueryWarning("too_deep"))
    if opened:
        warnings.append(QueryWarning("unpaired_bracket", cleaned[found[opened[0]].start :]))
    dropped.update(opened)
    return [one for i, one in enumerate(found) if i not in dropped]
