"""GET /suggestions."""

from flask import Response

from api.labels import label
from api.language import current_language
from api.limits import counted
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.suggestions import SuggestionAnswer, SuggestionArguments, SuggestionsAnswer
from union_catalog.context import Language
from union_catalog.search.suggesting import Suggestion, SuggestRequest

_KEPT = "private, max-age=60"  # by the browser that asked: whoever deletes a letter types it again

group = blueprint("suggestions", "What may be meant, while it is typed")


@get(group, "/suggestions", arguments=SuggestionArguments, answer=SuggestionsAnswer)
@counted("suggestions")
def suggest(request: SuggestRequest) -> Response:
    """Complete what is being typed

    Titles, authors, subjects and series that begin so. What is whole as it was typed comes first, then what
    begins so, then what is abbreviated so; of equals the work of most editions and the name of most records.
    """
    language = current_language()
    answer = json_response(SuggestionsAnswer(tuple([_told(one, language) for one in catalogue().suggest(request)])))
    answer.headers["Cache-Control"] = _KEPT
    return answer


def _told(one: Suggestion, language: Language) -> SuggestionAnswer:
    return SuggestionAnswer(
        text=one.text,
        kind=one.kind,
        kind_label=label("suggestion", one.kind, language),
        query=_in_words_of(language, one),
        union_id=one.union_id,
        work_id=one.work_id,
    )


def _in_words_of(language: Language, one: Suggestion) -> str:
    """The query with its field named as the reader would: 作者：曹雪芹 in Chinese. The query language knows these names of kinds."""
    field = f"{one.kind}:"
    if language != "zh" or one.kind == "title" or not one.query.startswith(field):
        return one.query
    return f"{label('suggestion', one.kind, language)}：{one.query.removeprefix(field)}"
