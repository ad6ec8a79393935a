"""One name for all by which a creator is known: pen names, courtesy names, and the ways in which foreign names are written in Chinese.

The table ``data/pen_names.tsv`` holds only names that mean one person or body wherever they stand as a creator.
"""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from union_catalog.bibliographic.folding import fold_words


class _Name(NamedTuple):
    """A listed name: its parts, and the places from which on it is enough by itself."""

    parts: tuple[str, ...]
    enough: tuple[str, ...]


def _read(cell: str) -> _Name:
    ends = [place for place, character in enumerate(cell) if character == "*"]
    return _Name(tuple(fold_words(cell.replace("*", "")).split(" ")), tuple(fold_words(cell[place:].replace("*", "")) for place in ends))


def rows_of(name: str) -> Iterator[list[str]]:
    """The lines of a table of this package as lists of their cells, remarks left out."""
    for line in files("union_catalog.matching").joinpath("data", name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


class _Authorities:
    """``whole``: every listed name without blanks; ``families``: those that may stand behind a given name that is not listed."""

    def __init__(self) -> None:
        self.whole: dict[str, str] = {}
        self.families: dict[str, str] = {}
        self.given: dict[str, frozenset[str]] = {}
        for cells in rows_of("pen_names.tsv"):
            self._add([_read(cell) for cell in cells])

    def _add(self, names: list[_Name]) -> None:
        standing = " ".join(names[0].parts)
        enough = {end for name in names for end in name.enough}
        enough |= {name.parts[-1] for name in names if len(name.parts) > 1} & {name.parts[0] for name in names if len(name.parts) == 1}
        for form in [*("".join(name.parts) for name in names), *(end.replace(" ", "") for end in enough)]:
            self.whole.setdefault(form, standing)
        self.families |= {end.replace(" ", ""): standing for end in enough}
        self.given[standing] = frozenset(part[0] for name in names for part in name.parts[:-1])

    def find(self, form: str) -> str:
        """The standing form; else the form itself."""
        found = self.whole.get(form.replace(" ", ""))
        return found or self._by_family(form.split(" ")) or form

    def _by_family(self, parts: list[str]) -> str:
        """A listed family name behind given names, or before initials, that begin as the listed ones do (加布列, 加夫列尔)."""
        for place in range(1, len(parts)):
            standing = self.families.get("".join(parts[place:]))
            if standing and all(part[0] in self.given[standing] for part in parts[:place]):
                return standing
        if len(parts) > 1 and all(len(part) == 1 and part.isalpha() for part in parts[1:]):
            return self.families.get(parts[0], "")
        return ""


_AUTHORITIES = _Authorities()


@lru_cache(maxsize=1 << 15)
def standing_name(form: str) -> str:
    """The form that stands for a creator, of a form as in ``Features.names`` (folded, blanks between the parts of a foreign name).

    周树人 gives 鲁迅, 欧威尔, "g 奥威尔" and "george orwell" give "乔治 奥威尔". A name that is not listed comes back as it is.
    """
    return _AUTHORITIES.find(form)


def is_listed(form: str) -> bool:
    """Whether a name, with or without blanks between its parts, is in the table."""
    return form.replace(" ", "") in _AUTHORITIES.whole
