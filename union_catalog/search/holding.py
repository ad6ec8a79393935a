"""Whether a match holds for one record: the meaning of ``matches.py`` in its plainest form.

What an engine finds in an index is told here of a single record, so a result can be explained without asking the engine again, and the
engines can be held to what the kinds of matches mean.
"""

from collections.abc import Mapping
from itertools import islice

from union_catalog.search.characters import is_cjk
from union_catalog.search.document import AnalysedText, IndexDocument
from union_catalog.search.matches import AllOf, AnyOf, AnyToken, AtLeast, Between, Lacking, Match, Prefix, Sequence, Token
from union_catalog.search.selection import AVAILABLE
from union_catalog.search.text import BREAK


class Held:
    """What the index holds of one record: the tokens of its fields, and its numbers. Without codes only its text is known."""

    def __init__(self, analysed: AnalysedText, codes: Mapping[str, frozenset[str]] | None = None, year: int | None = None) -> None:
        self._analysed = analysed
        self._codes = codes or {}
        self._year = year
        self._sequences: dict[str, list[str]] = {}
        self._sets: dict[str, frozenset[str]] = {}

    def tokens(self, field: str) -> frozenset[str]:
        """The tokens of a field, without order."""
        found = self._sets.get(field)
        if found is None:
            found = self._sets[field] = self._codes[field] if field in self._codes else frozenset(self.sequence(field))
        return found

    def sequence(self, field: str) -> list[str]:
        """The tokens of a text field as they stand; nothing of any other field."""
        found = self._sequences.get(field)
        if found is None:
            found = self._sequences[field] = getattr(self._analysed, field, "").split()
        return found

    def number(self, field: str) -> int | None:
        """The year; no other number is searched by."""
        return self._year if field == "year" else None

    def values(self, field: str) -> list[list[str]]:
        """The units of every value of a text field, without its pieces and numbers (see ``text.field_tokens``)."""
        values: list[list[str]] = []
        for token in self.sequence(field):
            if token == BREAK:
                values.append([])
            elif values:
                values[-1].append(token)
        return [value for value in values if value and not _derived(value)]


def _derived(value: list[str]) -> bool:
    """Whether these are two-character pieces or numbers: a single character above U+3005 is a unit by itself, two are a piece."""
    return all((len(one) == 2 and is_cjk(one)) or one.startswith("#") for one in value)


def held(document: IndexDocument) -> Held:
    """Everything that is searched of a document."""
    codes = {
        "library": document.libraries,
        "available_library": document.available_libraries,
        "branch": tuple(one.branch for one in document.availability),
        "available_branch": tuple(one.branch for one in document.availability if one.available),
        "available": (AVAILABLE,) if document.available_libraries else (),
        "language": document.languages,
        "format": (document.format,),
        "audience": (document.audience,) if document.audience else (),
        "clc_tree": document.clc_tree,
        "clc": document.clc,
        "author_name": document.authors,
        "subject_name": document.subjects,
        "series_name": document.series_titles,
    }
    return Held(document.analysed, {name: frozenset(values) for name, values in codes.items()}, document.year)


def holds(match: Match, of: Held) -> bool:  # noqa: PLR0911 - a table: one line for each kind of match
    """Whether the match holds for the record."""
    match match:
        case Token(field, token):
            return token in of.tokens(field)
        case AnyToken(field, tokens):
            return not of.tokens(field).isdisjoint(tokens)
        case Prefix(field, beginning):
            return any(token.startswith(beginning) for token in of.tokens(field))
        case Sequence(field, tokens):
            return _side_by_side(tokens, of.sequence(field))
        case Between(field, low, high):
            number = of.number(field)
            return number is not None and (low is None or low <= number) and (high is None or number <= high)
        case AllOf(matches):
            return all(holds(one, of) for one in matches)
        case AnyOf(matches):
            return any(holds(one, of) for one in matches)
        case AtLeast(count, matches):
            return len(list(islice((one for one in matches if holds(one, of)), count))) == count
        case Lacking(unwanted):
            return not holds(unwanted, of)


def _side_by_side(tokens: tuple[str, ...], within: list[str]) -> bool:
    wanted, length = list(tokens), len(tokens)
    return any(within[start : start + length] == wanted for start in range(len(within) - length + 1) if within[start] == wanted[0])
