"""GET /suggestions."""

from flask import Response

from api.labels import label
from api.language import current_language
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.suggestions import SuggestionAnswer, SuggestionArguments, SuggestionsAnswer
from union_catalog.context import Language
from union_catalog.search.suggesting import Suggestion, SuggestRequest

group = blueprint("suggestions", "What may be meant, while it is typed")


@get(group, "/suggestions", arguments=SuggestionArguments, answer=SuggestionsAnswer)
def suggest(request: SuggestRequest) -> Response:
    """Complete what is being typed

    Titles, authors, subjects and series that begin so. What is whole as it was typed comes first, then what
    begins so, then what is abbreviated so; of equals what most libraries hold.
    """
    language = current_language()
    return json_response(SuggestionsAnswer(tuple([_told(one, language) for one in catalogue().suggest(request)])))


def _told(one: Suggestion, language: Language) -> SuggestionAnswer:
    return SuggestionAnswer(
        text=one.text,
        kind=one.kind,
        kind_label=label("suggestion", one.kind, language),
        query=one.query,
        union_id=one.union_id,
        work_id=one.work_id,
    )
