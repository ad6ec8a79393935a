"""The Chinese Library Classification: which classes there are, what they are called, and which one a class number belongs to.

``data/classes.tsv`` holds the first two levels in our own words. Deeper names come from a file of the installation (``with_deeper``).
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from union_catalog.context import Language
from union_catalog.errors import ConfigurationError

_COLUMNS = ["code", "name", "level", "parent"]
_GZIP = b"\x1f\x8b"
_LONGEST_SHIPPED = 3


@dataclass(frozen=True, slots=True)
class ClassEntry:
    """``code`` without the brackets of alternatives; ``parent`` is "" for a top class; ``english`` "" where nobody has told one.

    ``also``: what numbers of the class begin with beside its code.
    """

    code: str
    chinese: str
    english: str
    parent: str
    also: tuple[str, ...] = ()


class ClassTable:
    """Classes by code. Built once; answers from dictionaries."""

    def __init__(self, entries: Iterable[ClassEntry]) -> None:
        self._entries = {entry.code: entry for entry in entries}
        self._children = _grouped(self._entries.values())
        covered = {beginning: code for code in self._entries for beginning in self.beginnings(code)}
        self._at = covered | {code: code for code in self._entries}

    def is_known(self, code: str) -> bool:
        """Whether it is a class of the table itself, not only a number below one."""
        return code in self._entries

    def name(self, code: str, language: Language) -> str:
        """Its name, in Chinese where there is no English one; "" for a code that is not known."""
        entry = self._entries.get(code)
        if entry is None:
            return ""
        return entry.english or entry.chinese if language == "en" else entry.chinese

    def parent(self, code: str) -> str:
        """The class above; "" for a top class and for a code that is not known."""
        entry = self._entries.get(code)
        return entry.parent if entry else ""

    def children(self, code: str = "") -> tuple[str, ...]:
        """The classes right below, in the order of the table; those of "" are the top classes."""
        return self._children.get(code, ())

    def beginnings(self, code: str) -> tuple[str, ...]:
        """What the numbers of a class begin with: K81, K82 and K83 of K81, all from D33 to D37 of D33/37; of any other code itself."""
        entry = self._entries.get(code)
        return (*_range(code), *(entry.also if entry else ()))

    def nearest(self, number: str) -> str:
        """The narrowest class of the table that a class number belongs to, "" where there is none: I247.57 → I2 if no deeper are known."""
        number = number.upper()
        return next((self._at[number[:end]] for end in range(len(number), 0, -1) if number[:end] in self._at), "")

    def with_deeper(self, path: Path) -> "ClassTable":
        """This table and what a file adds below and between; names that are here already stay.

        The file is UTF-8, tab-separated, perhaps gzipped, with the columns code, name, level and parent. Raises ConfigurationError
        (class_file_unreadable, class_file_bad_line with ``line``) for one that is anything else.
        """
        return ClassTable([*self._entries.values(), *(entry for entry in _read(path) if entry.code not in self._entries)])


@cache
def shipped() -> ClassTable:
    """The classes of the first two levels."""
    text = files("union_catalog.bibliographic").joinpath("data/classes.tsv").read_text("utf-8")
    return ClassTable(_shipped_entry(*line.split("\t")) for line in text.splitlines() if not line.startswith("#"))


@lru_cache(maxsize=65_536)
def tree_codes(number: str) -> tuple[str, ...]:
    """The classes of the first two levels that a class number belongs to: ("I", "I2") for I247.5, ("D", "D33/37") for D351.2.

    Empty for what begins with no class, ("H",) where no class of the second level covers it.
    """
    top = number[:1].upper()
    if not shipped().is_known(top):
        return ()
    narrow = shipped().nearest(number[:_LONGEST_SHIPPED])
    return (top,) if narrow == top else (top, narrow)


def _shipped_entry(code: str, chinese: str, english: str, also: str = "") -> ClassEntry:
    return ClassEntry(code, chinese, english, code[0] if len(code) > 1 else "", tuple(also.split()))


def _range(code: str) -> tuple[str, ...]:
    head, _, tail = code.partition("/")
    last = tail.lstrip(".")
    first = head[-len(last) :] if last else ""
    if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
        return (code,)
    return tuple(f"{head[: -len(first)]}{number:0{len(first)}}" for number in range(int(first), int(last) + 1))


def prefixes(code: str) -> tuple[str, ...]:
    """What the numbers of a class of the first two levels begin with; of any other code itself (see ``ClassTable.beginnings``)."""
    return shipped().beginnings(code)


def _grouped(entries: Iterable[ClassEntry]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for entry in entries:
        found.setdefault(entry.parent, []).append(entry.code)
    return {parent: tuple(codes) for parent, codes in found.items()}


def _read(path: Path) -> Iterator[ClassEntry]:
    lines = _text(path).splitlines()
    if not lines or lines[0].split("\t") != _COLUMNS:
        raise ConfigurationError("class_file_bad_line", path=str(path), line=1)
    seen: set[str] = set()
    for place, line in enumerate(lines[1:], start=2):
        entry = _entry(line)
        if entry is None or entry.code in seen:
            raise ConfigurationError("class_file_bad_line", path=str(path), line=place)
        seen.add(entry.code)
        if entry.chinese:
            yield entry


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
        return (gzip.decompress(content) if content.startswith(_GZIP) else content).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise ConfigurationError("class_file_unreadable", path=str(path)) from error


def _entry(line: str) -> ClassEntry | None:
    """One line, or None where it is none: an alternative in brackets or a ceased class in braces is a class like any other."""
    cells = line.split("\t")
    if len(cells) != len(_COLUMNS):
        return None
    code, name, level, parent = (cells[0].strip("[]{}"), cells[1].strip(), cells[2], cells[3].strip("[]{}"))
    if not (code[:1].isascii() and code[:1].isupper()) or not level.isdecimal() or (level == "1") != (parent == ""):
        return None
    return ClassEntry(code, name, "", parent)
