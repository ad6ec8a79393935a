"""Which places a reader means who typed "馆:嘉定": the only fields whose values the network names."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from union_catalog.search.characters import prepare, units
from union_catalog.search.fields import FieldName
from union_catalog.search.nodes import Field, Leaf, Node, ParsedQuery, QueryWarning, Words, changed, either, leaves

Names = Mapping[str, Sequence[str]]
MOST_PLACES = 100
_PLACES = ("library", "branch")


def asks_for_places(query: ParsedQuery) -> bool:
    """Whether a query names a library or branch, so that the network must be asked."""
    return any(isinstance(leaf, Field) and leaf.name in _PLACES for leaf in leaves(query.nodes, excluded=True))


def located(query: ParsedQuery, libraries: Names, branches: Names) -> ParsedQuery:
    """The query with codes for the names of places; ``libraries`` and ``branches`` give the names of each code.

    A place is meant by its code, by its name, or by words of its name in their order ("嘉定图书馆" is 嘉定区图书馆). ``library`` takes
    branches too where no library is called so. What fits no place, or more than MOST_PLACES, is read as plain words, and told.
    """
    warnings: list[QueryWarning] = []

    def place(leaf: Leaf) -> Node:
        if not isinstance(leaf, Field) or leaf.name not in _PLACES:
            return leaf
        typed = leaf.node.text
        kinds: list[tuple[FieldName, Names]] = [("branch", branches)]
        if leaf.name == "library":
            kinds.insert(0, ("library", libraries))
        for name, names in kinds:
            codes = _meant(typed, names)
            if 0 < len(codes) <= MOST_PLACES:
                return either(Field(name, Words(code)) for code in codes)
        warnings.append(QueryWarning("unknown_library", typed))
        return leaf.node

    nodes = tuple(changed(node, place) for node in query.nodes)
    return replace(query, nodes=nodes, warnings=(*query.warnings, *warnings))


def _meant(typed: str, names: Names) -> list[str]:
    by_code = [code for code in names if code.casefold() == typed.casefold()]
    wanted = units(prepare(typed))
    told = {code: [units(prepare(name)) for name in of] for code, of in names.items()}
    by_name = [code for code, forms in told.items() if wanted in forms]
    return by_code or by_name or [code for code, forms in told.items() if any(_in_order(wanted, form) for form in forms)]


def _in_order(wanted: list[str], form: list[str]) -> bool:
    following = iter(form)
    return all(unit in following for unit in wanted)
