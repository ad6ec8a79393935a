"""What stands behind a field's name: text, a range of years, a number. What does not fit the field is read as plain words, and told."""

import re
from typing import Literal

from union_catalog.search.characters import prepare
from union_catalog.search.fields import FieldName
from union_catalog.search.isbns import bare
from union_catalog.search.lexing import Kind, Lexeme, lexemes
from union_catalog.search.nodes import Field, Leaf, Phrase, QueryWarning, Words, Years

_YEARS = re.compile(r"(?P<low>\d{1,4})?\s*年?\s*(?P<to>\.{2,}|[-–—~]+|至|到)\s*(?P<high>\d{1,4})?\s*年?|(?P<year>\d{1,4})\s*年?", re.ASCII)
_CLASS = re.compile(r"[a-z]{1,2}[^\w]*(?:\d.*)?", re.ASCII)
_DIGITS = re.compile(r"\d")
_FEWEST_DIGITS = 7  # an ISSN has seven and a check character; numbers are found whole only


def value(name: FieldName | Literal["year"], node: Words | Phrase, warnings: list[QueryWarning]) -> Leaf:
    """A part that was typed for a field, as the field understands it."""
    if name == "year":
        return _years(node.text, warnings)
    prepared = prepare(node.text)
    if (name == "isbn" and len(_DIGITS.findall(bare(prepared))) < _FEWEST_DIGITS) or (name == "clc" and not _CLASS.fullmatch(prepared)):
        warnings.append(QueryWarning("bad_number", f"{name}:{node.text}"))
        return plain(node.text)
    return Field(name, node)


def _years(typed: str, warnings: list[QueryWarning]) -> Leaf:
    found = _YEARS.fullmatch(prepare(typed).strip())
    low, high = (found["low"] or found["year"], found["high"] or found["year"]) if found else (None, None)
    if low is None and high is None:
        warnings.append(QueryWarning("bad_year", typed))
        return plain(typed)
    first, last = None if low is None else int(low), None if high is None else int(high)
    if first is not None and last is not None and first > last:
        warnings.append(QueryWarning("years_reversed", typed))
        first, last = last, first
    return Years(first, last)


def plain(text: str) -> Words | Phrase:
    """The text as plain words; as a phrase where its words would not be plain by themselves."""
    return Words(text) if lexemes(text, []) == [Lexeme(Kind.WORD, text, 0)] else Phrase(text)
