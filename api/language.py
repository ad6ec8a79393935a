"""Which language a request is answered in: ``?lang``, then the cookie, then Accept-Language, else Chinese."""

import os

from flask import Request, g, request

from union_catalog.context import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")
DEFAULT: Language = "zh"
COOKIE = "lang"
PARAMETER = "lang"


def known_language(tag: str) -> Language | None:
    """The language of a BCP 47 tag ("zh-CN", "EN_gb"), None where we do not speak it."""
    primary = tag.replace("_", "-").split("-", 1)[0].strip().lower()
    return next((language for language in LANGUAGES if language == primary), None)


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
    if "language" not in g:
        g.language = language_of(request)
    language: Language = g.language
    return language


def language_of_locale() -> Language:
    """The language of a terminal, by the usual variables; Chinese unless they name another one we speak."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return known_language(named.partition(".")[0]) or DEFAULT
