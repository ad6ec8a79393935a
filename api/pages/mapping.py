"""A schematic map: where places lie to each other, laid out so that every dot can be told from its neighbours.

No tiles and no roads: north is up, distances are in proportion until dots would touch, and then those give way.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, pi, radians, sin

WIDTH = 400  # a unit is a pixel of a small phone; wider pages show letters in fewer units
_MARGIN = 32
_HEIGHTS = (180, 480)
_GAP = 13.0  # between the middles of two dots
_ROUNDS = 60
_LABELLED = 60  # a map of more dots shows names on focus only
_LINE = 17.0
_BAND = 40


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to be drawn: WGS-84 position, kind (which gives the shape), the name as it is shown."""

    code: str
    name: str
    kind: str
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A spot on the map. ``label`` says where its name stands for all to read: "start" to its right, "end" to its left, "" on focus.

    ``near_edge``: a name that appears on focus has its room to the left.
    """

    spot: Spot
    x: float
    y: float
    label: str
    near_edge: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Dots from top to bottom and from left to right. ``area`` are the points of a polygon around them all, for a broad round outline."""

    width: int
    height: int
    area: str
    dots: tuple[Dot, ...]


@lru_cache(maxsize=128)
def chart(spots: tuple[Spot, ...], first: str = "") -> Chart:
    """The map of some places; the name of the one with the code ``first`` is shown before all others."""
    placed, height = _projected(spots)
    spread = _spread(placed, height)
    names = _labels(spots, spread, height, first)
    dots = [
        Dot(spot, round(x, 1), round(y, 1), names.get(spot.code, ""), x > WIDTH * 0.62) for spot, (x, y) in zip(spots, spread, strict=True)
    ]
    dots.sort(key=lambda dot: (dot.y // _BAND, dot.x, dot.spot.code))
    area = " ".join(f"{x:.1f},{y:.1f}" for x, y in _hull(spread))
    return Chart(WIDTH, height, area, tuple(dots))


def _projected(spots: tuple[Spot, ...]) -> tuple[list[tuple[float, float]], int]:
    """Positions in the drawing and its height: both axes in the same proportion."""
    north, south = max(s.lat for s in spots), min(s.lat for s in spots)
    squeeze = cos(radians((north + south) / 2))
    east, west = max(s.lng for s in spots) * squeeze, min(s.lng for s in spots) * squeeze
    room = WIDTH - 2 * _MARGIN
    scale = min(room / max(east - west, 1e-9), (_HEIGHTS[1] - 2 * _MARGIN) / max(north - south, 1e-9), 1e5)
    height = round(min(max((north - south) * scale + 2 * _MARGIN, _HEIGHTS[0]), _HEIGHTS[1]))
    left = (WIDTH - (east - west) * scale) / 2
    top = (height - (north - south) * scale) / 2
    return [(left + (s.lng * squeeze - west) * scale, top + (north - s.lat) * scale) for s in spots], height


def _spread(points: list[tuple[float, float]], height: int) -> list[tuple[float, float]]:
    """Dots that touch push each other apart, those of one place in all directions; none leaves the drawing."""
    at = [(x + sin(2 * pi * n * 0.618) * 0.01, y + cos(2 * pi * n * 0.618) * 0.01) for n, (x, y) in enumerate(points)]
    for _ in range(_ROUNDS):
        moved = False
        for one, other in _touching(at):
            (ax, ay), (bx, by) = at[one], at[other]
            apart = hypot(bx - ax, by - ay)
            if apart >= _GAP - 0.5:
                continue
            moved = True
            push = (_GAP - apart) / 2 / max(apart, 1e-6)
            at[one] = _inside(ax - (bx - ax) * push, ay - (by - ay) * push, height)
            at[other] = _inside(bx + (bx - ax) * push, by + (by - ay) * push, height)
        if not moved:
            break
    return at


def _touching(at: list[tuple[float, float]]) -> Iterator[tuple[int, int]]:
    """Pairs that may be nearer to each other than _GAP, by the cells of a grid."""
    cells: dict[tuple[int, int], list[int]] = {}
    for n, (x, y) in enumerate(at):
        cells.setdefault((int(x // _GAP), int(y // _GAP)), []).append(n)
    for (column, row), here in cells.items():
        for n in here:
            around = (cells.get((column + dx, row + dy), ()) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
            yield from ((n, other) for cell in around for other in cell if other > n)


def _inside(x: float, y: float, height: int) -> tuple[float, float]:
    edge = _MARGIN / 2
    return min(max(x, edge), WIDTH - edge), min(max(y, edge), height - edge)


def _labels(spots: tuple[Spot, ...], at: list[tuple[float, float]], height: int, first: str) -> dict[str, str]:
    """The names that can stand without covering a dot or another name: main libraries before others."""
    if len(spots) > _LABELLED:
        return {}
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y in at]
    found: dict[str, str] = {}
    ranked = sorted(range(len(spots)), key=lambda n: (spots[n].code != first, spots[n].kind != "main", len(spots[n].name)))
    for n in ranked:
        (x, y), long = at[n], label_length(spots[n].name)
        for side, left in (("start", x + 10), ("end", x - 10 - long)):
            box = (left, y - _LINE / 2, left + long, y + _LINE / 2)
            free = left >= 4 and left + long <= WIDTH - 4 and _LINE <= y <= height - _LINE
            if free and not any(_cross(box, other) for other in taken):
                found[spots[n].code] = side
                taken.append(box)
                break
        else:
            if spots[n].code == first:  # what the map is about is named whatever lies beside it
                found[first] = "end" if x > WIDTH / 2 else "start"
    return found


def label_length(name: str) -> float:
    """About how long a name is in the drawing, in its units."""
    return sum(15.0 if ord(character) > 0x2E7F else 7.4 for character in name)


def _cross(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _hull(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The convex hull, by the monotone chain."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    lower, upper = _chain(ordered), _chain(ordered[::-1])
    return [*lower[:-1], *upper[:-1]]


def _chain(ordered: list[tuple[float, float]]) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    for point in ordered:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
            kept.pop()
        kept.append(point)
    return kept


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
