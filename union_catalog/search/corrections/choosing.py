"""Which of the records that are like a query tell what was meant: the cheapest mistake, and of equals the one that most libraries hold."""

from collections.abc import Iterable
from collections.abc import Sequence as Ordered
from dataclasses import dataclass

from union_catalog.search.characters import is_cjk, units
from union_catalog.search.corrections.fitting import Fit, Parts, likeliness
from union_catalog.search.corrections.rewriting import rewritten
from union_catalog.search.holding import Held
from union_catalog.search.nodes import Leaf, ParsedQuery, leaves
from union_catalog.search.plan import mistakable

_MOST_LETTERS = 2  # a word of no more Latin letters is taken as it is


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be meant. ``holdings``: how many libraries hold it."""

    held: Held
    holdings: int


def may_be_mistaken(query: ParsedQuery) -> bool:
    """Whether there is anything in a query that a mistake can be looked for in: more than one character, more than two letters."""
    return any(_is_long_enough(mistakable(leaf)) for leaf in leaves(query.nodes))


def _is_long_enough(text: str) -> bool:
    typed = units(text)
    return len(typed) > 1 or (len(typed) == 1 and not is_cjk(typed[0]) and len(typed[0]) > _MOST_LETTERS)


def fits_as_typed(query: ParsedQuery, records: Iterable[Held]) -> bool:
    """Whether a record has every word of the query as it was typed, all of a part in one place: then nothing was mistaken."""
    parts = Parts(query)
    return any((fit := parts.fit(record)) is not None and not fit.cost for record in records)


def chosen(query: ParsedQuery, candidates: Ordered[Candidate]) -> str | None:
    """The query with its mistakes put right; None where nothing else can be meant, or nobody can tell what.

    The same for the same candidates, in whatever order they come.
    """
    parts = Parts(query)
    found: dict[tuple[tuple[Leaf, str], ...], tuple[Fit, int]] = {}
    for candidate in candidates:
        fit = parts.fit(candidate.held)
        if fit is None:
            continue
        if not fit.cost:
            return None
        known, support = found.get(fit.meant, (fit, 0))
        found[fit.meant] = min(known, fit, key=likeliness), support + max(1, candidate.holdings)
    if not found:
        return None
    best, support = min(found.values(), key=lambda one: (likeliness(one[0]), -one[1], [words for _, words in one[0].meant]))
    rivals = (other for fit, other in found.values() if fit.cost == best.cost and fit.meant != best.meant)
    if best.risky and 2 * max(rivals, default=0) >= support:
        return None
    return rewritten(query, dict(best.meant))
