"""Which language a request is answered in: ``?lang``, then the cookie, then Accept-Language, else Chinese."""

from flask import Request, g, request

from api.languages import DEFAULT, known_language
from union_catalog.context import Language

COOKIE = "lang"
PARAMETER = "lang"


def language_of(asked: Request) -> Language:
    """What this request is to be answered in; a wish that is not understood passes to the next source."""
    accepted = (tag for tag, _ in asked.accept_languages)
    for tag in (asked.args.get(PARAMETER, ""), asked.cookies.get(COOKIE, ""), *accepted):
        language = known_language(tag)
        if language is not None:
            return language
    return DEFAULT


def current_language() -> Language:
    """The language of the request being answered, worked out once."""
    language: Language | None = g.get("language")  # one look, as a page asks some hundred times
    if language is None:
        language = g.language = language_of(request)
    return language
