"""The words of a message: a subject and a text, in the reader's language, from api/templates/notices/FAMILY.LANGUAGE.txt.

The first line of a template is the subject. Templates are given ``name``, ``told`` (each with ``kind``, ``title``, ``volume`` and
``data``), ``data`` of the first, ``language``, and ``network``, the name under which is written.
"""

from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from api.labels import label
from union_catalog.context import Language
from union_catalog.notices.message import Letter, Message, address_of

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
    rendered = _template(message.family, language).render(
        name=message.recipient.name, told=message.told, network=_NETWORK[language], language=language, data=message.told[0].data
    )
    subject, _, text = rendered.strip().partition("\n")
    return Letter(id=message.id, to=address_of(message), language=language, subject=subject.strip(), text=text.strip() + "\n")


def _day(text: object, language: Language) -> str:
    day = date.fromisoformat(str(text))
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
