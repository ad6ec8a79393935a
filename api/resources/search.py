"""GET /search, and the same answer for the command line."""

from collections.abc import Mapping

from flask import Response

from api.labels import label
from api.language import current_language
from api.messages import sentence
from api.resources.editions import UNION, edition, named
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.answers import Edition, FacetValue, FoundEdition, NearestAnswer, SearchAnswer, Warned
from api.schemas.search import SearchArguments
from union_catalog.context import Language
from union_catalog.search.engine import FacetCount
from union_catalog.search.nodes import QueryWarning
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.searching.asked import Asked
from union_catalog.services.views import NearestBranch, RecordSummary

group = blueprint("search", "Search in all libraries at once")


@get(group, "/search", arguments=SearchArguments, answer=SearchAnswer)
def search(asked: Asked) -> Response:
    """Search every library's holdings

    Several values of one filter are alternatives; different filters must all hold. Counts of a facet
    leave out its own selection.
    """
    return json_response(search_answer(catalogue(), asked, current_language()))


def search_answer(over: Catalogue, asked: Asked, language: Language) -> SearchAnswer:
    """What the API and ``union-catalog search --json`` answer; ``msgspec.json.encode`` writes it.

    Raises InvalidInput for a cursor of another search, SearchUnavailable, StorageUnavailable.
    """
    result = over.search(asked)
    return SearchAnswer(
        total=result.page.total,
        items=tuple([_found(summary, result.nearest.get(summary.union_id), language) for summary in result.records]),
        facets={
            name: tuple([_facet_value(name, count, result.facet_labels, language) for count in counts])
            for name, counts in result.page.facets.items()
        },
        next_cursor=result.page.next_cursor,
        warnings=tuple([_warned(warning, language) for warning in result.page.warnings]),
        targets=UNION,
    )


def _found(summary: RecordSummary, nearest: NearestBranch | None, language: Language) -> FoundEdition:
    listed = edition(summary, language)
    return FoundEdition(
        **{name: getattr(listed, name) for name in Edition.__struct_fields__},
        nearest=NearestAnswer(nearest.code, named(nearest.name, nearest.name_en, language), nearest.metres) if nearest else None,
    )


def _facet_value(
    facet: str,
    count: FacetCount,
    named_by_data: Mapping[str, Mapping[str, tuple[str, str]]],
    language: Language,
) -> FacetValue:
    names = named_by_data.get(facet, {}).get(count.value)
    told = named(*names, language) if names else label(facet, count.value, language)
    return FacetValue(count.value, told, count.count, count.selected)


def _warned(warning: QueryWarning, language: Language) -> Warned:
    return Warned(warning.code, warning.part, sentence(f"warning.{warning.code}", {"part": warning.part}, language))
