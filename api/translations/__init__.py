"""The words of the pages in languages other than Chinese, in which the templates are written.

``messages.po`` is compiled in memory at the start of a process (some ten milliseconds), so a clean clone needs no build step and
the compiled form cannot be out of date. After a change of the templates, from the folder of the project:

    pybabel extract -F api/translations/babel.cfg -k lazy_gettext --no-location -o messages.pot .
    pybabel update -i messages.pot -d api/translations --no-fuzzy-matching -w 140
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain
from markupsafe import Markup, escape

from api.language import current_language
from api.languages import DEFAULT
from union_catalog.context import Language


class _Catalogue(Domain):  # type: ignore[misc]  # flask-babel carries no types
    """Finds translations in the .po files of this package."""

    def get_translations(self) -> NullTranslations:
        return translations(current_language())


class _Babel(Babel):  # type: ignore[misc]  # flask-babel carries no types
    domain_instance = _Catalogue()


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; for Chinese an empty one, which gives every text back as it is."""
    if language == DEFAULT:
        return NullTranslations()
    source = resources.files("api.translations").joinpath(language, "LC_MESSAGES", "messages.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=language))
    compiled.seek(0)
    return Translations(compiled)


def gettext(text: str, /, **data: object) -> str:
    """A Chinese text in the language of the request, ``data`` put in its places."""
    told = translations(current_language()).gettext(text)
    return told % data if data else told


def ngettext(one: str, several: str, number: int, /, **data: object) -> str:
    """The same for a text that says a number: English has two forms, Chinese one."""
    told = translations(current_language()).ngettext(one, several, number)
    return told % data if data else told


class LazyText:
    """A Chinese text that is said in the language of the request in which it is turned into a string."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return gettext(self._text)


lazy_gettext = LazyText


@lru_cache(maxsize=4096)  # the texts of the templates are some hundred
def _whole(language: Language, text: str) -> Markup:
    return _markup(translations(language).gettext(text), {})


def _text_of_template(text: str, **data: object) -> Markup:
    language = current_language()
    return _markup(translations(language).gettext(text), data) if data else _whole(language, text)


def _numbered_text_of_template(one: str, several: str, num: int, **data: object) -> Markup:
    told = translations(current_language()).ngettext(one, several, num)
    return _markup(told, {"num": num, **data})


def _markup(told: str, data: Mapping[str, object]) -> Markup:
    return Markup(told % {name: escape(value) for name, value in data.items()})  # noqa: S704  # the texts are ours, the data escaped


def speak(app: Flask) -> None:
    """Lets templates and code of ``app`` say ``gettext`` in the language of the request."""
    _Babel(app, default_locale=DEFAULT, locale_selector=current_language)
    # By a shorter way than those of flask-babel and Jinja, which go through three functions for each of some hundred texts of a page.
    shown = {"_": _text_of_template, "gettext": _text_of_template, "ngettext": _numbered_text_of_template}
    app.jinja_env.globals.update(shown)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
