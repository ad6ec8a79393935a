"""The parameters of a search, and the search engine's request that they make."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from marshmallow import ValidationError, post_load, validates_schema

from api.classes import class_table
from api.schemas.fields import code_list, number_among, text, whole, word, word_list, yes_no
from api.schemas.places import PlaceArguments, place_of
from union_catalog.bibliographic.record import Audience, Format
from union_catalog.search.engine import FACETS, Filters, SearchRequest, Sort
from union_catalog.search.names import spelled
from union_catalog.search.nearby import RINGS
from union_catalog.search.query import parse
from union_catalog.services.searching.asked import Asked
from union_catalog.services.searching.choosing import unfolded

PER_PAGE = 20
MOST_PER_PAGE = 100
LONGEST_CURSOR = 4096
NAME = r"[^\x00-\x1f\x7f]{1,120}"
CLASS_NUMBER = r"[A-Za-z][^\s\x00-\x1f\x7f]{0,63}"


class SearchArguments(PlaceArguments):
    """``load`` gives an Asked."""

    q = text(
        'What is looked for; empty: everything. Words, "phrases", -exclusions, OR, brackets and fields: title: author: subject: isbn: '
        "publisher: series: callnumber: clc: year:2000..2010 library:. What cannot be understood is read as words, and `warnings` tell it.",
        "",
    )
    library = code_list("Code of a library that holds it.")
    branch = code_list("Code of a branch that holds it; together with its library it means the branch, with another library either.")
    language = code_list("ISO 639-2/B code of the text's language.")
    format = word_list("Format or carrier.", get_args(Format))
    audience = word_list("Whom it is written for.", tuple(filter(None, get_args(Audience))))
    author = code_list("Name of a person or body, as the facet of the same name tells it.", NAME)
    subject = code_list("Subject, as the facet of the same name tells it.", NAME)
    clc = code_list("Number of the Chinese Library Classification; what is below it counts too.", CLASS_NUMBER)
    year_from = whole("First year, inclusive.", None, 0, 9999)
    year_to = whole("Last year, inclusive.", None, 0, 9999)
    available = yes_no("true: only what can be borrowed now.")
    within = number_among("Held by a branch so many kilometres from the place.", RINGS)
    sort = word(
        "`year` is oldest first, `-year` newest first; `distance` is by the nearest branch that has an item to lend now, in rings of "
        f"{', '.join(map(str, RINGS))} km around the place.",
        get_args(Sort),
        "relevance",
    )
    exact = yes_no("true: what was typed and nothing else, where little is found too.")
    explain = yes_no("true: every result says why it stands where it stands.")
    group = word(
        "`work`: one result a work, where its best edition stands, with the others inside. `total` still counts editions.", ("work",), None
    )
    per_page = whole("Results a page.", PER_PAGE, 1, MOST_PER_PAGE)
    facets = word_list("Facets to be counted; all where none is named.", FACETS)
    cursor = text("`next_cursor` of the page before, given back unread.", None, LONGEST_CURSOR)

    @validates_schema
    def years_in_order(self, data: Mapping[str, Any], **_: object) -> None:
        """Complains of ``year_to``, for that is what was typed last."""
        first, last = data.get("year_from"), data.get("year_to")
        if first is not None and last is not None and first > last:
            raise ValidationError("parameter.years_reversed", "year_to")

    @validates_schema
    def place_for_distances(self, data: Mapping[str, Any], **_: object) -> None:
        """Complains of every parameter that counts from a place where none was told."""
        if data.get("near") or data.get("lat") is not None or data.get("lng") is not None:
            return
        wanting = [name for name, wants in (("within", data.get("within")), ("sort", data.get("sort") == "distance")) if wants]
        if wanting:
            raise ValidationError({name: ["parameter.needs_place"] for name in wanting})

    @post_load
    def as_asked(self, data: Mapping[str, Any], **_: object) -> Asked:
        """The search, its query parsed."""
        filters = Filters(
            library=tuple(data["library"]),
            branch=tuple(data["branch"]),
            language=tuple(data["language"]),
            format=tuple(data["format"]),
            audience=tuple(data["audience"]),
            author=_names(data["author"], person=True),
            subject=_names(data["subject"], person=False),
            clc=tuple(number.upper() for number in data["clc"]),
            available=data["available"],
            within=data["within"],
            year_from=data["year_from"],
            year_to=data["year_to"],
        )
        request = SearchRequest(
            query=parse(data["q"]),
            filters=filters,
            sort=data["sort"],
            per_page=data["per_page"],
            cursor=data["cursor"],
            facets=tuple(data["facets"]) or FACETS,
            classes=unfolded(filters.clc, class_table()),
        )
        return Asked(request, place_of(data), exact=data["exact"], group=data["group"] == "work", explain=data["explain"])


def _names(given: Iterable[str], *, person: bool) -> tuple[str, ...]:
    """In the spelling of the index; what is no name at all is looked for as it stands, and found nowhere."""
    return tuple(spelled(name, person=person) or name for name in given)
