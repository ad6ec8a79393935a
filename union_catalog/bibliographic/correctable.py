"""What a cataloguer can write over by typing a text: one rule a field, from the text to the fields of the record and back.

The rules use the readers of names, dates, volumes and ISBNs that the loaders use, so that a corrected record is what the library
would have sent, had it been right. A rule touches its own part only: a corrected publisher leaves the date to the library.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple, get_args

import msgspec

from union_catalog.bibliographic.folding import fold
from union_catalog.bibliographic.normalise.agents import assemble_agents
from union_catalog.bibliographic.normalise.dates import parse_date
from union_catalog.bibliographic.normalise.languages import language_of_word
from union_catalog.bibliographic.normalise.person import name_keys
from union_catalog.bibliographic.normalise.statements import Style, parse_statement
from union_catalog.bibliographic.normalise.titles import split_volume
from union_catalog.bibliographic.record import (
    Agent,
    Audience,
    BibliographicRecord,
    Classification,
    Format,
    Identifier,
    Publication,
    Series,
    Subject,
    Text,
    Title,
)
from union_catalog.errors import InvalidInput
from union_catalog.identifiers import parse_isbn

SOURCE = "correction"
LEVELS = ("", "full", "core", "minimal", "prepublication")
_SEVERAL = re.compile(r"\s*[;；|]\s*")
_WORDS = re.compile(r"\s*[;；|、,，/]\s*|\s+")
_HEADINGS = re.compile(r"\s*[;；|、,，]\s*")
_SUBDIVISIONS = re.compile(r"\s*(?:--|－－|—+)\s*")
_REMAINDER = re.compile(r"\s+[:：]\s*|：")

Changes = dict[str, Any]
TextField = Literal[
    "title", "subtitle", "volume", "volume_title", "parallel_title", "responsibility", "names", "edition", "place", "publisher", "date",
    "extent", "dimensions", "series", "isbn", "price", "language", "original_language", "subject", "class", "summary", "format",
    "audience", "level",
]  # fmt: skip


class Correctable(NamedTuple):
    """``fields`` of the record are written by ``write``; ``read`` is its reverse. An empty text takes away what stands there.

    Whether ``write`` raises InvalidInput depends on the text alone, so that what was taken once can be laid over every later record.
    """

    fields: tuple[str, ...]
    write: Callable[[BibliographicRecord, str], Changes]
    read: Callable[[BibliographicRecord], str]


def _refused(code: str, field: TextField, text: str, **data: tuple[str, ...]) -> InvalidInput:
    return InvalidInput(code, name=field, value=text, **data)


def _parts(text: str, separator: re.Pattern[str] = _SEVERAL) -> tuple[str, ...]:
    return tuple(part for part in separator.split(text) if part)


def _with_proper(record: BibliographicRecord, proper: Title, others: Iterable[Title]) -> Changes:
    """The title proper stands first, where the search and the display expect it."""
    return {"titles": (proper, *(title for title in others if title is not record.title_proper))}


def _title(record: BibliographicRecord, text: str) -> Changes:
    """Other title information behind a colon and a volume at the end are taken out; what the text does not tell of them stays."""
    head, *rest = _REMAINDER.split(text, maxsplit=1)
    if not any(character.isalnum() for character in head):
        raise _refused("correction_empty", "title", text)
    old = record.title_proper or Title(kind="proper", text="")
    made = split_volume(Title(kind="proper", text=head, remainder="".join(rest), lang=old.lang.partition("-")[0], source=SOURCE))
    told = msgspec.structs.replace(
        made,
        remainder=made.remainder or old.remainder,
        volume_number=made.volume_number or old.volume_number,
        volume_title=made.volume_title or old.volume_title,
    )
    wrong = fold(old.text)
    others = [title for title in record.titles if fold(title.text) != wrong or wrong == fold(told.text)]
    return _with_proper(record, told, others)


def _title_part(part: str) -> Callable[[BibliographicRecord, str], Changes]:
    def write(record: BibliographicRecord, text: str) -> Changes:
        proper = record.title_proper
        if proper is None:
            return {}
        return _with_proper(record, msgspec.structs.replace(proper, **{part: text, "source": SOURCE}), record.titles)

    return write


def _told_title(part: str) -> Callable[[BibliographicRecord], str]:
    return lambda record: str(getattr(record.title_proper, part, ""))


def _parallel_title(record: BibliographicRecord, text: str) -> Changes:
    made = [Title(kind="parallel", text=part, source=SOURCE) for part in _parts(text, re.compile(r"\s+=\s+|\s*\|\s*"))]
    return {"titles": (*(title for title in record.titles if title.kind != "parallel"), *made)}


def _keys(name: str, forms: Iterable[str]) -> frozenset[str]:
    return name_keys(name).union(*map(name_keys, forms))


def _agents(record: BibliographicRecord, statement: Text, style: Style, *, spoken_for: bool) -> tuple[Agent, ...]:
    """The agents of a statement. An agent of the record that it names keeps its dates and other forms, but not its roles.

    With ``spoken_for`` those stay whom the record's old statements did not name either: they come from headings of their own.
    """
    named = [_keys(n.name, n.other_forms) for n in parse_statement(statement.text, style).names]
    before = [_keys(n.name, n.other_forms) for old in record.responsibility for n in parse_statement(old.text, "isbd").names]
    kept: list[Agent] = []
    others: list[Agent] = []
    for agent in record.agents:
        keys = _keys(agent.name, agent.other_forms)
        if not all(map(keys.isdisjoint, named)):
            kept.append(msgspec.structs.replace(agent, roles=(), primary=False))
        elif spoken_for and before and all(map(keys.isdisjoint, before)):
            others.append(msgspec.structs.replace(agent, primary=False))
    return (*assemble_agents((statement,), kept, style), *others)


def _responsibility(record: BibliographicRecord, text: str) -> Changes:
    statement = Text(text=text, source=SOURCE)
    return {
        "responsibility": (statement,) if text else (),
        "agents": _agents(record, statement, "isbd", spoken_for=True),
    }


def _names(record: BibliographicRecord, text: str) -> Changes:
    return {"agents": _agents(record, Text(text=text, source=SOURCE), "list", spoken_for=False)}


def _told_names(record: BibliographicRecord) -> str:
    return " ; ".join(agent.name for agent in record.agents)


def _imprint(record: BibliographicRecord, **changes: Any) -> Changes:
    """The first imprint of publication changed, else the first of any kind; a record without one gets one."""
    imprints = list(record.publications) or [Publication()]
    place = next((i for i, imprint in enumerate(imprints) if imprint.kind == "publication"), 0)
    imprints[place] = msgspec.structs.replace(imprints[place], source=SOURCE, **changes)
    return {"publications": tuple(imprints)}


def _told_imprint(part: Callable[[Publication], str]) -> Callable[[BibliographicRecord], str]:
    def read(record: BibliographicRecord) -> str:
        imprints = sorted(record.publications, key=lambda imprint: imprint.kind != "publication")
        return part(imprints[0]) if imprints else ""

    return read


def _date(record: BibliographicRecord, text: str) -> Changes:
    found = parse_date(text)
    if text and found.year is None:
        raise _refused("correction_not_date", "date", text)
    return _imprint(record, date=text, year=found.year, month=found.month, year_to=found.year_to)


def _texts(field: str) -> Correctable:
    """A field of statements: the text is the only one from then on."""
    return Correctable(
        (field,),
        lambda _, text: {field: (Text(text=text, source=SOURCE),) if text else ()},
        lambda record: " ; ".join(statement.text for statement in getattr(record, field)),
    )


def _series(_: BibliographicRecord, text: str) -> Changes:
    made = []
    for part in _parts(text, re.compile(r"\s*\|\s*")):
        head, _mark, tail = part.rpartition(" ; ")
        made.append(Series(title=head or tail, number=tail if head else "", source=SOURCE))
    return {"series": tuple(made)}


def _told_series(record: BibliographicRecord) -> str:
    return " | ".join(" ; ".join(filter(None, (one.title, one.number))) for one in record.series)


def _isbn(record: BibliographicRecord, text: str) -> Changes:
    """Numbers of other kinds stay, and so does the price, which stands with an ISBN but is none of its mistakes."""
    made: list[Identifier] = []
    for part in _parts(text, _HEADINGS):
        read = parse_isbn(part)
        if not read.valid:
            raise _refused("correction_not_isbn", "isbn", part)
        made.append(
            Identifier(
                scheme="isbn",
                value=read.value,
                raw=part,
                qualifier=read.qualifier,
                price=read.price,
                of_set=read.of_set,
                source=SOURCE,
            )
        )
    others = [one for one in record.identifiers if one.scheme != "isbn"]
    price = _told_price(record)
    if price and not any(one.price for one in (*made, *others)):
        if made:
            made[0] = msgspec.structs.replace(made[0], price=price)
        else:
            others.append(_price_alone(price))
    return {"identifiers": (*made, *others)}


def _told_isbns(record: BibliographicRecord) -> str:
    return " ; ".join(one.value for one in record.identifiers if one.scheme == "isbn")


def _price_alone(text: str) -> Identifier:
    return Identifier(scheme="other", value="", valid=False, price=text, source=SOURCE)


def _price(record: BibliographicRecord, text: str) -> Changes:
    bare = [msgspec.structs.replace(one, price="") for one in record.identifiers if one.value or one.qualifier]
    place = next((i for i, one in enumerate(bare) if one.scheme == "isbn"), None)
    if text and place is not None:
        bare[place] = msgspec.structs.replace(bare[place], price=text)
    elif text:
        bare.append(_price_alone(text))
    return {"identifiers": tuple(bare)}


def _told_price(record: BibliographicRecord) -> str:
    return next((one.price for one in record.identifiers if one.price), "")


def _languages(field: Literal["language", "original_language"]) -> Correctable:
    """Names of languages (中文, English) or their codes."""
    target = field + "s"

    def write(_: BibliographicRecord, text: str) -> Changes:
        words = _parts(text, _WORDS)
        if not all(map(language_of_word, words)):
            raise _refused("correction_not_language", field, text)
        codes = tuple(dict.fromkeys(code for word in words for code in language_of_word(word)))
        return {target: codes} | ({"languages_source": SOURCE} if field == "language" else {})

    return Correctable((target,), write, lambda record: " ; ".join(getattr(record, target)))


def _subject(_: BibliographicRecord, text: str) -> Changes:
    made = []
    for part in _parts(text, _HEADINGS):
        heading, *subdivisions = _SUBDIVISIONS.split(part)
        made.append(Subject(heading=heading, subdivisions=tuple(subdivisions), source=SOURCE))
    return {"subjects": tuple(made)}


def _told_subjects(record: BibliographicRecord) -> str:
    return " ; ".join("--".join((one.heading, *one.subdivisions)) for one in record.subjects)


def _class(record: BibliographicRecord, text: str) -> Changes:
    numbers = ["".join(part.split()) for part in _parts(text)]
    if not all(number[0].isascii() and number[0].isalpha() for number in numbers):
        raise _refused("correction_not_class", "class", text)
    made = (Classification(scheme="clc", number=number, source=SOURCE) for number in numbers)
    return {"classifications": (*made, *(one for one in record.classifications if one.scheme != "clc"))}


def _told_class(record: BibliographicRecord) -> str:
    return " ; ".join(one.number for one in record.classifications if one.scheme == "clc")


def _coded(field: Literal["format", "audience", "level"], known: tuple[str, ...]) -> Correctable:
    beside = {"format": "format_source", "audience": "audience_source"}.get(field)

    def write(_: BibliographicRecord, text: str) -> Changes:
        if text not in known:
            raise _refused("correction_not_coded", field, text, known=tuple(filter(None, known)))
        return {field: text} | ({beside: SOURCE} if beside else {})

    return Correctable((field,), write, lambda record: str(getattr(record, field)))


CORRECTABLE: dict[TextField, Correctable] = {
    "title": Correctable(("titles",), _title, _told_title("text")),
    "subtitle": Correctable(("titles",), _title_part("remainder"), _told_title("remainder")),
    "volume": Correctable(("titles",), _title_part("volume_number"), _told_title("volume_number")),
    "volume_title": Correctable(("titles",), _title_part("volume_title"), _told_title("volume_title")),
    "parallel_title": Correctable(
        ("titles",), _parallel_title, lambda record: " = ".join(title.text for title in record.titles if title.kind == "parallel")
    ),
    "responsibility": Correctable(
        ("responsibility", "agents"), _responsibility, lambda record: " ; ".join(one.text for one in record.responsibility)
    ),
    "names": Correctable(("agents",), _names, _told_names),
    "edition": _texts("editions"),
    "place": Correctable(
        ("publications",),
        lambda record, text: _imprint(record, places=_parts(text)),
        _told_imprint(lambda imprint: " ; ".join(imprint.places)),
    ),
    "publisher": Correctable(
        ("publications",),
        lambda record, text: _imprint(record, publishers=_parts(text)),
        _told_imprint(lambda imprint: " ; ".join(imprint.publishers)),
    ),
    "date": Correctable(("publications",), _date, _told_imprint(lambda imprint: imprint.date)),
    "extent": _texts("extents"),
    "dimensions": _texts("dimensions"),
    "series": Correctable(("series",), _series, _told_series),
    "isbn": Correctable(("identifiers",), _isbn, _told_isbns),
    "price": Correctable(("identifiers",), _price, _told_price),
    "language": _languages("language"),
    "original_language": _languages("original_language"),
    "subject": Correctable(("subjects",), _subject, _told_subjects),
    "class": Correctable(("classifications",), _class, _told_class),
    "summary": _texts("summaries"),
    "format": _coded("format", get_args(Format)),
    "audience": _coded("audience", get_args(Audience)),
    "level": _coded("level", LEVELS),
}
