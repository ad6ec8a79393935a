"""Where items stay when they are returned away from home: each library says it for its own.

"home": nowhere but at their home branch. "library": at every branch of their library. "group:NAME": at every branch of the libraries
that name the same group, so that none takes in what floats without letting its own float.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from union_catalog.network.model import Branch, Library

HOME = "home"
LIBRARY = "library"
GROUP = "group:"
LONGEST = 48


def is_rule(told: str) -> bool:
    """Whether a network file may say this of a library."""
    name = told.removeprefix(GROUP)
    return told in (HOME, LIBRARY) or (told.startswith(GROUP) and name.split() == [name] and len(told) <= LONGEST)


def reach(libraries: Iterable[Library], branches: Iterable[Branch]) -> Mapping[str, frozenset[str]]:
    """Library → the branches among which its items stay where they are returned; libraries whose items go home are not in it."""
    rules = {library.code: library.floating for library in libraries}
    where: dict[str, set[str]] = defaultdict(set)
    for branch in branches:
        where[branch.library].add(branch.code)
        where[rules.get(branch.library, HOME)].add(branch.code)
    floating = {code: rule for code, rule in rules.items() if rule != HOME}
    return {code: frozenset(where[code if rule == LIBRARY else rule]) for code, rule in floating.items()}
