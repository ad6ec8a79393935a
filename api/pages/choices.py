"""Facets as choices: named, the chosen ones first, and in trees where one value lies within another."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from api.labels import label
from api.language import current_language
from api.pages.views import FacetValue, FacetView
from api.pages.wording import AUDIENCES, class_label, named, within_label
from union_catalog.context import Language
from union_catalog.search.engine import FacetCount, FacetName

Names = Mapping[str, Mapping[str, tuple[str, str]]]
"""facet → value → (Chinese, other-language) name"""

SHOWN: tuple[FacetName, ...] = ("near", "library", "format", "audience", "clc", "language", "author", "subject")


def facet_views(facets: Mapping[FacetName, Sequence[FacetCount]], names: Names, library_of: Mapping[str, str]) -> tuple[FacetView, ...]:
    """The groups of choices in the order of the page. ``library_of`` says which library a branch belongs to."""
    return tuple(FacetView(name, _values(name, facets, names, library_of)) for name in SHOWN if name in facets)


def _values(
    name: FacetName, facets: Mapping[FacetName, Sequence[FacetCount]], names: Names, library_of: Mapping[str, str]
) -> tuple[FacetValue, ...]:
    choices = _choices(name, facets[name], names)
    match name:
        case "near":
            return tuple(choices)
        case "library":
            branches = _choices("branch", facets.get("branch", ()), names)
            return _chosen_first(_tree(choices, branches, library_of, names))
        case "clc":
            return class_tree(choices)
        case _:
            return _chosen_first(choices)


def _choices(facet: FacetName, counts: Iterable[FacetCount], names: Names) -> list[FacetValue]:
    parameter, told, language = "within" if facet == "near" else facet, names.get(facet, {}), current_language()
    return [FacetValue(parameter, c.value, _label(facet, c.value, told, language), c.count, c.selected) for c in counts]


def value_label(facet: str, value: str, names: Names) -> str:
    """What a value of a facet is called in the language of the request; the value itself where nobody has named it."""
    return _label(facet, value, names.get(facet, {}), current_language())


def _label(facet: str, value: str, names: Mapping[str, tuple[str, str]], language: Language) -> str:
    told = names.get(value)
    if told:
        return told[1] if language == "en" and told[1] else told[0]
    match facet:
        case "author" | "subject":  # whose values are names themselves
            return value
        case "clc":
            return class_label(value)
        case "audience":
            return named(AUDIENCES, value)
        case "near" | "within":
            return within_label(int(value))
        case _:
            return label(facet, value, language)


def _chosen_first(choices: Iterable[FacetValue]) -> tuple[FacetValue, ...]:
    told = tuple(choices)
    return tuple(sorted(told, key=lambda choice: not choice.chosen)) if any(choice.chosen for choice in told) else told


def _tree(
    libraries: Sequence[FacetValue], branches: Sequence[FacetValue], library_of: Mapping[str, str], names: Names
) -> Iterable[FacetValue]:
    """Libraries with their branches; a library that no title is counted for stands all the same if one of its branches does."""
    held: dict[str, list[FacetValue]] = {}
    for branch in branches:
        held.setdefault(library_of.get(branch.value, ""), []).append(branch)
    told = {library.value for library in libraries}
    missing = (FacetCount(code, 0, selected=False) for code in held if code and code not in told)
    for library in (*libraries, *_choices("library", missing, names)):
        yield _with_children(library, held.get(library.value, ()))


def _with_children(choice: FacetValue, children: Iterable[FacetValue]) -> FacetValue:
    below = _chosen_first(children)
    return FacetValue(choice.name, choice.value, choice.label, choice.count, choice.selected, below) if below else choice


def class_tree(choices: Sequence[FacetValue]) -> tuple[FacetValue, ...]:
    """A class lies within the one with the longest number that its own begins with."""
    known = {choice.value for choice in choices}
    children: dict[str, list[FacetValue]] = {}
    for choice in choices:
        children.setdefault(_parent(choice.value, known), []).append(choice)

    def grown(number: str) -> tuple[FacetValue, ...]:
        return _chosen_first(_with_children(choice, grown(choice.value)) for choice in children.get(number, ()))

    return grown("")


def _parent(number: str, known: Collection[str]) -> str:
    beginnings = (number[:end] for end in range(len(number) - 1, 0, -1))
    return next((beginning for beginning in beginnings if beginning in known), "")
