"""Which units of a text number a volume or part: a reader who typed a number meant that number.

三体（二）, 明朝那些事儿 贰, 西游记 上, 第三部. A numeral within a title (百年孤独, 一千零一夜) is a character like any other.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from union_catalog.search.characters import spans
from union_catalog.search.corrections.alignment import Edit
from union_catalog.search.numerals import NUMERAL, value

_FORMAL = "壹贰叁肆伍陆柒捌玖拾"
_PLAIN = str.maketrans(f"{_FORMAL}佰", "一二三四五六七八九十百")
_FIGURES = f"〇零一二两三四五六七八九十百{_FORMAL}佰上中下"
_UNIT = "(?:分册|分卷|[部册卷辑集编季篇])"
_NUMBER = rf"(?:第?\s*(?:[{_FIGURES}]+|\d{{1,3}}|[ivx]+)\s*{_UNIT}?)"
_WHOLE = re.compile(rf"\W*{_NUMBER}\W*")
_BRACKETED = re.compile(rf"[(\[{{【〔〖《〈]\s*{_NUMBER}\s*[)\]}}】〕〗》〉]")
_AT_THE_END = re.compile(r"(?<=\w\w)[一二两三四五六七八九十壹贰叁柒捌玖上中下]+\W*$")  # the others end many a title and name: 陆, 伍, 百
_NAMED_AT_THE_END = re.compile(rf"(?:第\s*[{_FIGURES}]+\s*{_UNIT}|(?<=\w\w)[上中下]{_UNIT})\W*$")
_READ = re.compile(rf"第?\s*(?P<figure>[{_FIGURES}]+|\d{{1,3}}|[ivx]+)(?P<unit>\s*{_UNIT}?)")


@lru_cache(maxsize=1 << 10)
def numbering(prepared: str) -> frozenset[int]:
    """The places of those units of a prepared text (see ``characters.units``)."""
    stretches = list(_stretches(prepared))
    if not stretches:
        return frozenset()
    return frozenset(i for i, (start, end) in enumerate(spans(prepared)) if any(a <= start and end <= b for a, b in stretches))


def without_numbering(prepared: str) -> str:
    """The text without the units that number a volume; "" for what is nothing else."""
    fixed = numbering(prepared)
    kept = [span for i, span in enumerate(spans(prepared)) if i not in fixed]
    return prepared[kept[0][0] : kept[-1][1]] if kept else ""


def is_number(prepared: str) -> bool:
    """Whether a text is the number of a volume or part and nothing else."""
    return _WHOLE.fullmatch(prepared) is not None


def _stretches(prepared: str) -> Iterator[tuple[int, int]]:
    if is_number(prepared):
        yield 0, len(prepared)
        return
    for pattern in (_BRACKETED, NUMERAL, _AT_THE_END, _NAMED_AT_THE_END):
        yield from (match.span() for match in pattern.finditer(prepared))


def renumbered(prepared: str) -> tuple[list[Edit], list[Edit]]:
    """How else the numbers of volumes in a text may be written, as edits of its units: in figures (第贰部 as 第2部, 上册 as 上), and in the
    formal ones that a search does not take for numbers (第二部 as 贰). Empty where there is nothing to change.
    """
    places = spans(prepared)
    found = {match.span(): match for start, end in _stretches(prepared) for match in _READ.finditer(prepared, start, end)}
    ways = [[edit for _, match in sorted(found.items()) for edit in way(match, places)] for way in (_in_figures, _in_formal_figures)]
    return ways[0], ways[1]


def _in_figures(match: re.Match[str], places: list[tuple[int, int]]) -> list[Edit]:
    figure = match["figure"]
    if figure in "上中下":
        return _replaced(match.span("unit"), (), places) if match["unit"].strip() else []
    plain = figure.translate(_PLAIN)
    number = None if plain == figure else value(plain)
    return [] if number is None else _replaced(match.span("figure"), (str(number),), places)


def _in_formal_figures(match: re.Match[str], places: list[tuple[int, int]]) -> list[Edit]:
    number = value(match["figure"])
    if not number or number > len(_FORMAL):
        return []
    joined = match.string[: match.start()][-1:].isalnum()
    return _replaced(match.span(), (" " * joined + _FORMAL[number - 1],), places)


def _replaced(span: tuple[int, int], meant: tuple[str, ...], places: list[tuple[int, int]]) -> list[Edit]:
    within = [i for i, (start, end) in enumerate(places) if span[0] <= start and end <= span[1]]
    return [Edit(within[0], within[-1] + 1, meant)]
