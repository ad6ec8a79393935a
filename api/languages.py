"""The languages that are spoken here, and which of them a terminal wants."""

import os

from union_catalog.context import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")
DEFAULT: Language = "zh"


def known_language(tag: str) -> Language | None:
    """The language of a BCP 47 tag ("zh-CN", "EN_gb"), None where we do not speak it."""
    primary = tag.replace("_", "-").split("-", 1)[0].strip().lower()
    return next((language for language in LANGUAGES if language == primary), None)


def language_of_locale() -> Language:
    """The language of a terminal, by the usual variables; Chinese unless they name another one we speak."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return known_language(named.partition(".")[0]) or DEFAULT
