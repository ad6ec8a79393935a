"""Headings of tables: which column fills which field. Known in Chinese and English; for others a mapping file tells.

A mapping file is TOML with one table:

    [columns]
    record_id = "Bib#"
    title = ["Main title", "Title (long)"]     # the first of them that the file has
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from union_catalog.errors import ConfigurationError, SourceUnusable
from union_catalog.text import half_width

NEEDED = ("record_id", "title")
_NOISE = re.compile(r"[（(].*?[)）]|[\W_]+")
_TOML_LINE = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)|\(at end of document\)")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds which field, and the headings as they stand in the file."""

    places: Mapping[str, int]
    headings: tuple[str, ...]

    def heading(self, field: str) -> str:
        """The heading of the field's column: what a value names as its source."""
        return self.headings[self.places[field]]


def find_columns(headings: Sequence[str], mapping: str = "") -> Columns:
    """The columns of a table with these headings; what ``mapping`` (the text of a mapping file) says goes before what is known.

    Raises SourceUnusable("missing_columns") and what ``read_mapping`` raises.
    """
    clean = tuple(heading.strip().removeprefix("\ufeff") for heading in headings)
    places = read_mapping(mapping, clean) if mapping else {}
    known = _known()
    for place, heading in enumerate(clean):
        field = known.get(_key(heading))
        if field and field not in places and place not in places.values():
            places[field] = place
    missing = [field for field in NEEDED if field not in places]
    if missing:
        raise SourceUnusable("missing_columns", missing=tuple(missing), found=clean)
    return Columns(places, clean)


def read_mapping(text: str, headings: Sequence[str]) -> dict[str, int]:
    """The places that a mapping file gives. Raises ConfigurationError with a code of codes.MAPPING_CODES and the line at fault."""
    try:
        table = tomllib.loads(text).get("columns")
    except tomllib.TOMLDecodeError as error:
        line, column = _position(error, text)
        raise ConfigurationError("mapping_syntax", line=line, column=column) from error
    if not isinstance(table, dict):
        raise ConfigurationError("mapping_syntax", line=1, column=1)
    places: dict[str, int] = {}
    for field, value in table.items():
        places[field] = _place(field, value, text, headings)
    return places


def _place(field: str, value: object, text: str, headings: Sequence[str]) -> int:
    line = _line_of(field, text)
    if field not in FIELDS:
        raise ConfigurationError("mapping_unknown_field", line=line, name=field, known=FIELDS)
    wanted = [value] if isinstance(value, str) else value
    if not isinstance(wanted, list) or not all(isinstance(heading, str) for heading in wanted):
        raise ConfigurationError("mapping_not_text", line=line, name=field)
    for heading in wanted:
        if heading in headings:
            return headings.index(heading)
    raise ConfigurationError("mapping_heading_absent", line=line, name=field, heading=", ".join(wanted), found=tuple(headings))


def _position(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, int]:
    found = _TOML_LINE.search(str(error))
    if found and found.group(1):
        return int(found.group(1)), int(found.group(2))
    return text.count("\n") + 1, 1


def _line_of(field: str, text: str) -> int:
    """The line that sets the field, counted from 1; tomllib does not tell."""
    setting = re.compile(rf"""^\s*["']?{re.escape(field)}["']?\s*=""")
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if setting.match(line)), 1)


def _key(heading: str) -> str:
    return _NOISE.sub("", half_width(heading).lower())


def _lines() -> list[tuple[str, str]]:
    text = files("loaders.formats").joinpath("data/columns.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [(field, headings) for field, headings in rows]


@cache
def _known() -> dict[str, str]:
    return {_key(heading): field for field, headings in _lines() for heading in headings.split("|")}


FIELDS: tuple[str, ...] = tuple(field for field, _ in _lines())
