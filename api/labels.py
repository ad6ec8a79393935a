"""The names of coded values in the reader's language: formats, statuses and further lists of ``api/data/labels.toml``.

Classes ("clc") have theirs from the table of ``api.classes``.
Languages have their names from the Unicode CLDR (with Babel), which knows the bibliographic codes of
ISO 639-2 too.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import cast

from babel import Locale
from babel.core import get_global

from api.classes import class_name
from union_catalog.context import Language
from union_catalog.errors import Datum


@cache
def vocabularies() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """vocabulary → value → language → name."""
    text = resources.files("api").joinpath("data/labels.toml").read_text("utf-8")
    return cast(Mapping[str, Mapping[str, Mapping[str, str]]], tomllib.loads(text))


def label(vocabulary: str, value: str, language: Language) -> str:
    """The name of ``value``; the value itself where the vocabulary or the value has no name."""
    named = vocabularies().get(vocabulary, {}).get(value)
    if named is not None:
        return named[language]
    match vocabulary:
        case "language":
            return _language_name(value, language)
        case "clc":
            return class_name(value, language) or value
        case _:
            return value


def roles_named(data: Mapping[str, Datum], language: Language) -> Mapping[str, Datum]:
    """Data of a refusal with the roles that it asks for by their names."""
    right = data.get("right")
    roles = (right,) if isinstance(right, str) else right if isinstance(right, tuple) else ()
    return {**data, "right": tuple(label("staff_role", role, language) for role in roles)} if roles else data


def is_named(vocabulary: str, value: str) -> bool:
    """Whether ``label`` has a name for a value other than the value itself: of languages, whether it is a code at all."""
    if value in vocabularies().get(vocabulary, {}):
        return True
    return vocabulary == "language" and _language_name(value, "en") != value


@cache
def _language_name(code: str, language: Language) -> str:
    aliases = cast(Mapping[str, str], get_global("language_aliases"))
    names = cast(Mapping[str, str], Locale(language).languages)
    return names.get(aliases.get(code, code), code)
