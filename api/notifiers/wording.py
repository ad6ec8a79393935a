"""The words of a message: a subject and a text, in the reader's language, from api/templates/notices/FAMILY.LANGUAGE.txt.

The first line of a template is the subject. Templates are given ``name``, ``told`` (each with ``kind``, ``title``, ``volume`` and
``data``), ``data`` of the first, ``language``, and ``network``, the name under which is written.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from api.labels import label
from union_catalog.context import Language
from union_catalog.notices.message import Letter, Message, Told, address_of, family

_NETWORK = {"zh": "城市阅读一卡通", "en": "One Card Reading"}
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api", "templates/notices"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - mail as text/plain, in which markup means nothing
    )
    environment.filters |= {"day": _day, "label": label}
    return environment


@cache
def _template(family: str, language: Language) -> Template:
    return _environment().get_template(f"{family}.{language}.txt")


def letter(message: Message) -> Letter:
    """The message in words, with its address."""
    language = message.recipient.language
    subject, text = in_words(message.told, message.recipient.name, language)
    return Letter(id=message.id, to=address_of(message), language=language, subject=subject, text=text + "\n")


def in_words(told: Sequence[Told], name: str, language: Language) -> tuple[str, str]:
    """Subject and text of what is told together to a reader of this name."""
    template = _template(family(told[0].notice.kind), language)
    rendered = template.render(name=name, told=told, network=_NETWORK[language], language=language, data=told[0].data)
    subject, _, text = rendered.strip().partition("\n")
    return subject.strip(), text.strip()


def _day(text: object, language: Language) -> str:
    day = date.fromisoformat(str(text))
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
