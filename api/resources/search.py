"""GET /search, and the same answer for the command line."""

from flask import Response

from api.classes import parent_class
from api.labels import label
from api.language import current_language
from api.limits import counted
from api.messages import sentence
from api.resources.editions import UNION, edition, named
from api.resources.explaining import why
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.answers import (
    CorrectedAnswer,
    Edition,
    EditionsAnswer,
    FacetValue,
    FoundEdition,
    NearestAnswer,
    OfferedAnswer,
    SearchAnswer,
    Warned,
)
from api.schemas.search import SearchArguments
from api.unknown_values import warnings_of
from union_catalog.context import Language
from union_catalog.search.engine import FacetCount
from union_catalog.search.nodes import QueryWarning
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.searching.asked import Asked
from union_catalog.services.views import RecordSummary, SearchResult

group = blueprint("search", "Search in all libraries at once")


@get(group, "/search", arguments=SearchArguments, answer=SearchAnswer)
@counted("searches")
def search(asked: Asked) -> Response:
    """Search every library's holdings

    Several values of one filter are alternatives; different filters must all hold. Counts of a facet
    leave out its own selection. Where little is found, what the query may be a misspelling of is answered
    in its place, and `corrected` says so; `did_you_mean` only offers it.
    """
    return json_response(search_answer(catalogue(), asked, current_language()))


def search_answer(over: Catalogue, asked: Asked, language: Language) -> SearchAnswer:
    """What the API and ``union-catalog search --json`` answer; ``msgspec.json.encode`` writes it.

    Raises InvalidInput for a cursor of another search, SearchUnavailable, StorageUnavailable.
    """
    result = over.search(asked)
    return SearchAnswer(
        total=result.page.total,
        items=tuple([_found(result, summary, language) for summary in result.records]),
        facets={
            name: tuple([_facet_value(name, count, result, language) for count in counts]) for name, counts in result.page.facets.items()
        },
        next_cursor=result.page.next_cursor,
        warnings=tuple([_warned(warning, language) for warning in warnings_of(asked.request.filters, result)]),
        corrected=CorrectedAnswer(result.corrected.query, result.corrected.exact_total) if result.corrected else None,
        did_you_mean=OfferedAnswer(result.offered.query, result.offered.total) if result.offered else None,
        targets=UNION,
    )


def _found(result: SearchResult, summary: RecordSummary, language: Language) -> FoundEdition:
    listed, nearest = edition(summary, language), result.nearest.get(summary.union_id)
    reasons, work = result.why.get(summary.union_id), result.works.get(summary.union_id)
    return FoundEdition(
        **{name: getattr(listed, name) for name in Edition.__struct_fields__},
        editions=EditionsAnswer(work.total, tuple([edition(one, language) for one in work.editions])) if work else None,
        nearest=NearestAnswer(nearest.code, named(nearest.name, nearest.name_en, language), nearest.metres) if nearest else None,
        why=why(summary, reasons, nearest, language) if reasons is not None else (),
    )


def _facet_value(facet: str, count: FacetCount, result: SearchResult, language: Language) -> FacetValue:
    names = result.facet_labels.get(facet, {}).get(count.value)
    told = named(*names, language) if names else label(facet, count.value, language)
    parent = parent_class(count.value) if facet == "clc" else result.facet_parents.get(facet, {}).get(count.value, "")
    return FacetValue(count.value, told, count.count, count.selected, parent or None)


def _warned(warning: QueryWarning, language: Language) -> Warned:
    return Warned(warning.code, warning.part, sentence(f"warning.{warning.code}", {"part": warning.part}, language))
