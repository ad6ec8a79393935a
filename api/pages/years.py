"""The histogram of years: bars side by side without gaps, so that the eye and two thumbs can measure along it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from api.pages.asking import SearchRequest, address, first_page
from api.pages.views import BarView

TALLEST = 56
MOST_BARS = 24
_DECADES = 12
_LAST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class _Axis:
    """Years from ``first`` to ``last`` in bars of ``step``; what is older or younger goes into the bar at that end."""

    first: int
    last: int
    step: int

    def bar(self, year: int) -> int:
        """The first year of the bar that a year belongs to."""
        within = min(max(year, self.first), self.last)
        return self.first + (within - self.first) // self.step * self.step


@dataclass(frozen=True, slots=True)
class _Span:
    """The years of a bar; ``below`` and ``above``: those beyond it at that end are in it, too."""

    first: int
    last: int
    below: bool
    above: bool


def year_bars(path: str, request: SearchRequest, years: Sequence[tuple[int, int]], this_year: int) -> tuple[BarView, ...]:
    """Bars of one year each where few years are told, else of ten; none where there is nothing to choose between.

    ``years`` are (year, titles). Years after ``this_year`` are slips of a pen: they are counted in the last bar.
    """
    counts = {year: titles for year, titles in years if titles > 0}
    if len(counts) < 2:  # one year is no range
        return ()
    axis = _axis(sorted(counts), this_year)
    told: Counter[int] = Counter()
    for year, titles in counts.items():
        told[axis.bar(year)] += titles
    highest = max(told.values())
    fresh = first_page(request)
    spans = ((start, min(start + axis.step - 1, axis.last)) for start in range(axis.first, axis.last + 1, axis.step))
    return tuple(
        _bar(path, fresh, _Span(first, last, min(counts) < first == axis.first, max(counts) > last >= axis.last), told[first], highest)
        for first, last in spans
    )


def _axis(years: Sequence[int], this_year: int) -> _Axis:
    last = max(min(years[-1], this_year), years[0])
    if last - years[0] < MOST_BARS:
        return _Axis(years[0], last, 1)
    last_decade = last // 10 * 10
    return _Axis(max(years[0] // 10 * 10, last_decade - 10 * (_DECADES - 1)), min(last_decade + 9, max(this_year, last)), 10)


def _bar(path: str, request: SearchRequest, span: _Span, count: int, highest: int) -> BarView:
    low = request.year_from if request.year_from is not None else 0
    high = request.year_to if request.year_to is not None else _LAST_YEAR
    begin, end = None if span.below else span.first, None if span.above else span.last
    return BarView(
        first=span.first,
        last=span.last,
        count=count,
        height=max(2, round(TALLEST * count / highest)) if count else 0,
        selected=(_LAST_YEAR if end is None else end) >= low and (begin or 0) <= high,
        address=address(path, replace(request, year_from=begin, year_to=end)),
        open_below=span.below,
    )
