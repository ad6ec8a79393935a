"""Facets as choices: named, the chosen ones first, and in trees where one value lies within another."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from api.labels import label
from api.language import current_language
from api.pages.views import FacetValue, FacetView
from api.pages.wording import AUDIENCES, class_label, named, within_label
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
    choices = [_choice(name, count, names) for count in facets[name]]
    match name:
        case "near":
            return tuple(choices)
        case "library":
            branches = [_choice("branch", count, names) for count in facets.get("branch", ())]
            return _chosen_first(_tree(choices, branches, library_of, names))
        case "clc":
            return class_tree(choices)
        case _:
            return _chosen_first(choices)


def _choice(facet: FacetName, count: FacetCount, names: Names) -> FacetValue:
    parameter = "within" if facet == "near" else facet
    return FacetValue(parameter, count.value, value_label(facet, count.value, names), count.count, count.selected)


def value_label(facet: str, value: str, names: Names) -> str:
    """What a value of a facet is called in the language of the request; the value itself where nobody has named it."""
    told, language = names.get(facet, {}).get(value), current_language()
    if told:
        return told[1] if language == "en" and told[1] else told[0]
    match facet:
        case "clc":
            return class_label(value)
        case "audience":
            return named(AUDIENCES, value)
        case "near" | "within":
            return within_label(int(value))
        case _:
            return label(facet, value, language)


def _chosen_first(choices: Iterable[FacetValue]) -> tuple[FacetValue, ...]:
    return tuple(sorted(choices, key=lambda choice: not choice.chosen))


def _tree(
    libraries: Sequence[FacetValue], branches: Sequence[FacetValue], library_of: Mapping[str, str], names: Names
) -> Iterable[FacetValue]:
    """Libraries with their branches; a library that no title is counted for stands all the same if one of its branches does."""
    held: dict[str, list[FacetValue]] = {}
    for branch in branches:
        held.setdefault(library_of.get(branch.value, ""), []).append(branch)
    told = {library.value for library in libraries}
    missing = (FacetCount(code, 0, selected=False) for code in held if code and code not in told)
    for library in (*libraries, *(_choice("library", count, names) for count in missing)):
        yield _with_children(library, held.get(library.value, ()))


def _with_children(choice: FacetValue, children: Iterable[FacetValue]) -> FacetValue:
    return FacetValue(choice.name, choice.value, choice.label, choice.count, choice.selected, _chosen_first(children))


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
