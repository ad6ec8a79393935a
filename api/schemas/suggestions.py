"""The parameters and the answer of suggestions."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

import msgspec
from marshmallow import post_load
from msgspec import Meta

from api.schemas.fields import Arguments, text, whole
from union_catalog.search.spellings import Kind
from union_catalog.search.suggesting import MOST_SUGGESTIONS, SuggestRequest


class SuggestionArguments(Arguments):
    """``load`` gives a SuggestRequest."""

    q = text("What was typed so far: characters of either script, pinyin with its last syllable unfinished, initials, Latin letters.", "")
    limit = whole("How many at most.", MOST_SUGGESTIONS, 1, MOST_SUGGESTIONS)

    @post_load
    def as_request(self, data: Mapping[str, Any], **_: object) -> SuggestRequest:
        return SuggestRequest(data["q"], data["limit"])


class SuggestionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One title or name that may be meant."""

    text: str
    kind: Annotated[str, Meta(description="What it is.", extra_json_schema={"enum": list(get_args(Kind))})]
    kind_label: Annotated[str, Meta(description="In the language of the request.")]
    query: Annotated[str, Meta(description="What `/search` is asked when it is taken, in the query language.")]
    union_id: Annotated[str, Meta(description='The record that a title was read from; "" for names.')]
    work_id: Annotated[str, Meta(description='The work of that record; "" for names and where it belongs to none.')]


class SuggestionsAnswer(msgspec.Struct, frozen=True):
    """What may be meant by what was typed, the best first."""

    items: Annotated[tuple[SuggestionAnswer, ...], Meta(description="No work and no name twice.")]
