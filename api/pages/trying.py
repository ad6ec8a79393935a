"""Trying it out: where a file says as whom one can sign in, the first page shows it, and a page has what can be scanned.

The file is made by whoever sets up such an installation (the demo does); nothing of it is known here. In production there is none
(``Settings``), and no page of this.
"""

from collections.abc import Mapping

import msgspec
from flask import Blueprint, Flask, abort, current_app, render_template
from markupsafe import Markup

from api.language import current_language
from api.pages import shell
from api.pages.bars import bars
from union_catalog.context import Language
from union_catalog.errors import ConfigurationError
from union_catalog.settings import PREFIX, Settings

_KEY = "union_catalog_sign_in_guide"

trying = Blueprint("trying", __name__)
trying.after_request(shell.remember_language)


class Text(msgspec.Struct, frozen=True):
    """Words in every language of the pages."""

    zh: str
    en: str

    def __str__(self) -> str:
        told: Mapping[Language, str] = {"zh": self.zh, "en": self.en}
        return told[current_language()]


class Somebody(msgspec.Struct, frozen=True):
    """``who`` is a card or a username; ``start`` the page on which to begin, an address of ours."""

    name: Text
    about: Text
    who: str
    start: str


class Group(msgspec.Struct, frozen=True):
    """People who sign in with the same ``secret``."""

    name: Text
    secret: str
    people: tuple[Somebody, ...]


class Sample(msgspec.Struct, frozen=True):
    """What can be scanned at a desk, and what happens then."""

    code: str
    about: Text

    @property
    def bars(self) -> Markup:
        """For a scanner."""
        return bars(self.code)


class Guide(msgspec.Struct, frozen=True):
    """The file. ``items`` and ``cards`` are as they were when it was written."""

    groups: tuple[Group, ...]
    items: tuple[Sample, ...] = ()
    cards: tuple[Sample, ...] = ()


def install_trying(app: Flask, settings: Settings) -> None:
    """Puts the page into ``app``; every template may ask ``sign_in_guide``, None where there is none.

    Raises ConfigurationError("bad_setting") for a file that cannot be read as one.
    """
    guide = _read(settings.sign_in_guide) if settings.sign_in_guide else None
    app.extensions[_KEY] = guide
    app.jinja_env.globals["sign_in_guide"] = guide
    app.register_blueprint(trying)


@trying.get("/try")
def samples() -> str:
    """What can be scanned, to be printed. 404 where nothing is to be tried out."""
    guide: Guide | None = current_app.extensions[_KEY]
    if guide is None:
        abort(404)
    return render_template("try.html", guide=guide)


def _read(path: str) -> Guide:
    try:
        with open(path, "rb") as file:
            return msgspec.json.decode(file.read(), type=Guide)
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigurationError("bad_setting", name=f"{PREFIX}SIGN_IN_GUIDE", value=path) from error
