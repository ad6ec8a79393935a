"""The texts that readers agree to, with their versions: ``api/data/consents.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from api.language import current_language
from union_catalog.context import Language


@dataclass(frozen=True, slots=True)
class Notice:
    """The text in force of one purpose, in every language."""

    version: str
    titles: Mapping[Language, str]
    texts: Mapping[Language, tuple[str, ...]]

    @property
    def title(self) -> str:
        """In the language of this request."""
        return self.titles[current_language()]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """In the language of this request."""
        return self.texts[current_language()]


@cache
def notices() -> Mapping[str, Notice]:
    """Purpose → its text."""
    told: dict[str, Any] = tomllib.loads(resources.files("api").joinpath("data/consents.toml").read_text("utf-8"))
    return {
        purpose: Notice(one["version"], one["title"], {"zh": tuple(one["zh"]), "en": tuple(one["en"])}) for purpose, one in told.items()
    }


def notice_of(purpose: str) -> Notice:
    """The text in force. Raises KeyError for a purpose that has none."""
    return notices()[purpose]
