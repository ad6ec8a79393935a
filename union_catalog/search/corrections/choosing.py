"""Which of the records that are like a query tell what was meant: the cheapest mistake, and of equals the one that most libraries hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from union_catalog.search.characters import is_cjk, units
from union_catalog.search.corrections.alignment import AKIN, ANY_OTHER, MISSING, SLIP, SWAPPED, align
from union_catalog.search.corrections.candidates import ANYWHERE, mistakes_allowed
from union_catalog.search.corrections.rewriting import leaf_text, mended, rewritten
from union_catalog.search.corrections.slips import readings
from union_catalog.search.holding import Held, holds
from union_catalog.search.matches import FIELDS, Match, Token, any_of
from union_catalog.search.nodes import Either, Every, Field, Leaf, Node, Not, ParsedQuery, Words, leaves
from union_catalog.search.plan import leaf_match, mistakable
from union_catalog.search.text import keys, words
from union_catalog.search.wanted import phrase

_HEARD, _UNDONE = 30, 50  # what another reading in pinyin costs: one that sounds alike, one with a slip undone
_SHORT = 3  # so few units are like too many things: a dear mistake in them must leave no doubt
_MOST_LETTERS = 2  # a word of no more Latin letters is taken as it is


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be meant. ``holdings``: how many libraries hold it."""

    held: Held
    holdings: int


@dataclass(frozen=True, slots=True)
class _Fit:
    """How a record fits: what it costs, whether a whole title or name is meant, and what is written there in the place of which leaf."""

    cost: int = 0
    whole: bool = True
    risky: bool = False
    meant: tuple[tuple[Leaf, str], ...] = ()


def may_be_mistaken(query: ParsedQuery) -> bool:
    """Whether there is anything in a query that a mistake can be looked for in: more than one character, more than two letters."""
    return any(_is_long_enough(mistakable(leaf)) for leaf in leaves(query.nodes))


def _is_long_enough(text: str) -> bool:
    typed = units(text)
    return len(typed) > 1 or (len(typed) == 1 and not is_cjk(typed[0]) and len(typed[0]) > _MOST_LETTERS)


def fits_as_typed(query: ParsedQuery, records: Iterable[Held]) -> bool:
    """Whether a record has every word of the query as it was typed, all of a part in one place: then nothing was mistaken."""
    parts = _Parts(query)
    return any((fit := parts.fit(record)) is not None and not fit.cost for record in records)


def chosen(query: ParsedQuery, candidates: Sequence[Candidate]) -> str | None:
    """The query with its mistakes put right; None where nothing else can be meant, or nobody can tell what.

    The same for the same candidates, in whatever order they come.
    """
    parts = _Parts(query)
    found: dict[tuple[tuple[Leaf, str], ...], tuple[_Fit, int]] = {}
    for candidate in candidates:
        fit = parts.fit(candidate.held)
        if fit is None:
            continue
        if not fit.cost:
            return None
        known, support = found.get(fit.meant, (fit, 0))
        found[fit.meant] = min(known, fit, key=_likeliness), support + max(1, candidate.holdings)
    if not found:
        return None
    best, support = min(found.values(), key=lambda one: (_likeliness(one[0]), -one[1], [words for _, words in one[0].meant]))
    rivals = (other for fit, other in found.values() if fit.cost == best.cost and fit.meant != best.meant)
    if best.risky and 2 * max(rivals, default=0) >= support:
        return None
    return rewritten(query, dict(best.meant))


def _likeliness(fit: _Fit) -> tuple[int, bool]:
    return fit.cost, not fit.whole


class _Parts:
    """A query made ready to be compared with many records."""

    def __init__(self, query: ParsedQuery) -> None:
        self._nodes = query.nodes
        self._texts = {leaf: mistakable(leaf) for leaf in leaves(query.nodes)}
        self._exact = {leaf: _exact(leaf, text) for leaf, text in self._texts.items() if text}

    def fit(self, record: Held) -> _Fit | None:
        """The cheapest way to find the query in the record."""
        return self._every(self._nodes, record)

    def _every(self, nodes: Iterable[Node], record: Held) -> _Fit | None:
        found: list[_Fit] = []
        for node in nodes:
            fit = self._node(node, record)
            if fit is None:
                return None
            found.append(fit)
        return _Fit(
            sum(fit.cost for fit in found),
            all(fit.whole for fit in found),
            any(fit.risky for fit in found),
            tuple(dict.fromkeys(one for fit in found for one in fit.meant)),
        )

    def _node(self, node: Node, record: Held) -> _Fit | None:
        match node:
            case Not():
                return _Fit()
            case Every(nodes):
                return self._every(nodes, record)
            case Either(nodes):
                fits = [fit for one in nodes if (fit := self._node(one, record)) is not None]
                return min(fits, key=lambda fit: fit.cost, default=None)
            case _:
                return self._leaf(node, record)

    def _leaf(self, leaf: Leaf, record: Held) -> _Fit | None:
        text = self._texts[leaf]
        if not text or holds(self._exact[leaf], record):
            return _Fit()
        fits = [*_aligned(leaf, text, record), *_respelt(leaf, text, record)]
        return min(fits, key=lambda fit: (fit.cost, not fit.whole, fit.meant[0][1]), default=None)


def _exact(leaf: Leaf, text: str) -> Match:
    """Where a leaf stands as it was typed.

    Words are looked for one by one only where they are words: single characters, which the segmenter makes of what it does not know,
    stand in any long text.
    """
    ways: list[Match] = [phrase(field, text) for field in _fields(leaf, FIELDS)] if units(text) else []
    if "title" in _fields(leaf, ANYWHERE):
        ways.append(Token("title_exact", keys(text)[0]))
    if len(units(text)) == 1 or all(len(word) > 1 or not is_cjk(word) for word in words(text)):
        ways.append(leaf_match(leaf))
    return any_of(ways)


def _fields(leaf: Leaf, anywhere: tuple[str, ...]) -> tuple[str, ...]:
    return (leaf.name,) if isinstance(leaf, Field) else anywhere


def _aligned(leaf: Leaf, text: str, record: Held) -> Iterable[_Fit]:
    """The leaf as a misspelling of a part of a title or name."""
    typed = units(text)
    for value in (value for field in _fields(leaf, ANYWHERE) for value in record.values(field)):
        found = align(typed, value, _most(typed))
        if found is None or not found.cost:
            continue
        if len(typed) <= _SHORT and found.cost > (SWAPPED if len(typed) < _SHORT else MISSING) and not found.whole:
            continue
        risky = len(typed) <= _SHORT and found.cost > SWAPPED
        yield _Fit(found.cost, found.whole, risky, ((leaf, mended(leaf_text(leaf), found.edits)),))


def _most(typed: list[str]) -> int:
    """What mistakes in so many units may cost."""
    if len(typed) == 1:
        return 0 if is_cjk(typed[0]) else 2 * SLIP
    return max(AKIN, MISSING) if len(typed) == 2 else mistakes_allowed(len(typed)) * ANY_OTHER


def _respelt(leaf: Leaf, text: str, record: Held) -> Iterable[_Fit]:
    """The leaf as pinyin with a slip in it, which is put right in pinyin."""
    typed = units(text)
    if len(typed) != 1 or is_cjk(text):
        return
    for reading in readings(typed[0]):
        other = Words(reading.text)
        if holds(leaf_match(Field(leaf.name, other) if isinstance(leaf, Field) else other), record):
            yield _Fit(_HEARD if reading.heard else _UNDONE, whole=False, meant=((leaf, reading.text),))
            return
