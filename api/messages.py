"""What a code means in words: ``api/data/messages.toml`` holds one sentence a code and language, with a
way out.

The domain answers codes with data; the web and the command line both render them here. A test demands
that every code the
sources raise has its sentences, in both languages and with the same places for data.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from api.money import yuan
from union_catalog.context import Language
from union_catalog.errors import Datum

FALLBACK = "error"


class _Data(dict[str, object]):
    """Data of a code; a place in the sentence for which none was given shows "?" instead of failing the
    answer."""

    def __missing__(self, key: str) -> str:
        return "?"


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """code → language → sentence with ``{name}`` where data goes."""
    text = resources.files("api").joinpath("data/messages.toml").read_text("utf-8")
    table: dict[str, dict[str, str]] = tomllib.loads(text)
    return table


def sentence(code: str, data: Mapping[str, Datum], language: Language) -> str:
    """The sentence of ``code`` filled with ``data``; for an unknown code a general one that names the
    code."""
    table = sentences()
    template = table.get(code)
    if template is None:
        return table[FALLBACK][language].format_map(_Data(code=code))
    return template[language].format_map(_Data({name: _spoken(name, value, language) for name, value in data.items()}))


def _spoken(name: str, value: Datum, language: Language) -> str:
    if name.endswith("_fen") and isinstance(value, int):
        return yuan(value, language)
    separator = "、" if language == "zh" else ", "
    if isinstance(value, tuple):
        return separator.join(value)
    if isinstance(value, Mapping):
        return separator.join(f"{name} {count}" for name, count in value.items())
    return "" if value is None else str(value)
