"""Places of publication as matching compares them: one name for all the ways of writing a city.

The table ``data/places.tsv`` holds, one place a line, the name that stands for it and its other names.
"""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from union_catalog.bibliographic.folding import fold

_UNKNOWN = frozenset({"sl", "sinelocoi", "不详", "出版地不详", "出版地不明", "不明", "未知"})


def _names() -> dict[str, str]:
    lines = files("union_catalog.matching").joinpath("data/places.tsv").read_text("utf-8").splitlines()
    rows = [[fold(cell) for cell in line.split("\t")] for line in lines if line and not line.startswith("#")]
    return {cell: row[0] for row in rows for cell in row}


_NAMES = _names()


@lru_cache(maxsize=1 << 12)
def place_of(text: str) -> str:
    """The name that stands for a place (京, [北京], 北京市 and Beijing give 北京); empty for one that is not known."""
    folded = fold(text)
    plain = folded.removesuffix("市") if len(folded) > 2 else folded
    return "" if folded in _UNKNOWN else _NAMES.get(folded) or _NAMES.get(plain, plain)


def places_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The places told, in order, each once."""
    return tuple(dict.fromkeys(place for text in texts if (place := place_of(text))))
