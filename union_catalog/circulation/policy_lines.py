"""On which line of a policy file something stands, for whoever has to mend it: the parser tells values, not where they were."""

import re
from collections.abc import Iterator, Mapping

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_AT_LINE = re.compile(r"at line (\d+)")
_LAST_STEP = re.compile(r"(\[\d+\]|\.?[^.\[\]]+)$")


def line_of(text: str, place: str) -> int | None:
    """The line, counted from 1, of a fault's place such as "rules[3].days", or of the parser's words for what it could not read.

    What does not stand in the file by itself is looked for where it belongs, in its rule or table; None where that is not there either.
    """
    if told := _AT_LINE.search(place):
        return int(told[1])
    if "end of document" in place:
        return max(len(text.splitlines()), 1)
    lines = _lines(text)
    while place:
        if place in lines:
            return lines[place]
        place = _LAST_STEP.sub("", place, count=1)
    return None


def _lines(text: str) -> Mapping[str, int]:
    """Place → the line on which it begins; of what stands there twice the first."""
    found: dict[str, int] = {}
    for place, number in _places(text):
        found.setdefault(place, number)
    return found


def _places(text: str) -> Iterator[tuple[str, int]]:
    table, rows = "", -1
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            name = _plain(header[2])
            rows += header[1] == "[[" and name == "rules"
            table = f"rules[{rows}]{name.removeprefix('rules')}" if name == "rules" or name.startswith("rules.") else name
            yield table, number
        elif key := _KEY.match(line):
            yield f"{table}.{_plain(key[1])}" if table else _plain(key[1]), number


def _plain(name: str) -> str:
    """A dotted name without blanks and quotes."""
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
