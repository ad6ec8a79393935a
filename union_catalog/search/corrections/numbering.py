"""Which units of a text number a volume or part: a reader who typed a number meant that number.

三体（二）, 明朝那些事儿 贰, 西游记 上, 第三部. A numeral within a title (百年孤独, 一千零一夜) is a character like any other.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from union_catalog.search.characters import spans
from union_catalog.search.numerals import NUMERAL

_FIGURES = "〇零一二两三四五六七八九十百壹贰叁肆伍陆柒捌玖拾佰上中下"
_NUMBER = rf"(?:第?\s*(?:[{_FIGURES}]+|\d{{1,3}}|[ivx]+)\s*(?:分册|分卷|[部册卷辑集编季篇])?)"
_WHOLE = re.compile(rf"\W*{_NUMBER}\W*")
_BRACKETED = re.compile(rf"[(\[{{【〔〖《〈]\s*{_NUMBER}\s*[)\]}}】〕〗》〉]")
_AT_THE_END = re.compile(r"(?<=\w\w)[一二两三四五六七八九十壹贰叁柒捌玖上中下]+\W*$")  # the others end many a title and name: 陆, 伍, 百


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
    for pattern in (_BRACKETED, NUMERAL, _AT_THE_END):
        yield from (match.span() for match in pattern.finditer(prepared))
