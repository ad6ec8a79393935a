"""A schematic map: where places lie to each other, laid out so that every dot can be told from its neighbours.

No tiles and no roads: north is up, distances are in proportion until dots would touch, and then those give way.
"""

from collections.abc import Callable, Iterable, Iterator
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

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to be drawn: WGS-84 position, kind (which gives the shape), the name as it is shown."""

    code: str
    name: str
    kind: str
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Side:
    """Where a name stands to its dot: how it is anchored (SVG's text-anchor), and from the middle of the dot to the middle of its line."""

    anchor: str
    dx: float
    dy: float = 0.0

    def box(self, at: tuple[float, float], long: float) -> Box:
        """What a name of that length covers."""
        left = at[0] + self.dx - long * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return left, at[1] + self.dy - _LINE / 2, left + long, at[1] + self.dy + _LINE / 2


Choice = tuple[Side, Box]
# The side to be liked best first: a name reads best beside its dot.
RIGHT, LEFT = Side("start", 10), Side("end", -10)
SIDES = (
    *(RIGHT, LEFT, Side("middle", 0, -16), Side("middle", 0, 16)),
    *(Side("start", 7, -10), Side("start", 7, 10), Side("end", -7, -10), Side("end", -7, 10)),
    *(Side("start", -14, -20), Side("start", -14, 20), Side("end", 14, -20), Side("end", 14, 20)),
)
_LIKING = 0.1  # for how much of another name's room a side is worth that stands one place before


@dataclass(frozen=True, slots=True)
class Dot:
    """A spot on the map, and where its name stands: for all to read (``named``), or on focus."""

    spot: Spot
    x: float
    y: float
    side: Side
    named: bool


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
    sides = _sides(spots, spread, height, first)
    dots = [
        Dot(spot, round(x, 1), round(y, 1), sides.get(n) or (LEFT if x > WIDTH * 0.62 else RIGHT), n in sides)
        for n, (spot, (x, y)) in enumerate(zip(spots, spread, strict=True))
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


def _sides(spots: tuple[Spot, ...], at: list[tuple[float, float]], height: int, first: str) -> dict[int, Side]:
    """Which names can stand without covering a dot or another name, and where."""
    if len(spots) > _LABELLED:
        return {}
    choices = {n: _choices(n, spot, at, height) for n, spot in enumerate(spots)}
    for n, spot in enumerate(spots):
        if spot.code == first and not choices[n]:  # what the map is about is named whatever lies beside it
            choices[n] = [(side := LEFT if at[n][0] > WIDTH / 2 else RIGHT, side.box(at[n], label_length(spot.name)))]
    placed = _placed(choices, lambda n: (spots[n].code != first, spots[n].kind != "main"))
    for n in choices.keys() - placed.keys():
        _make_room(n, choices, placed)
    return {n: side for n, (side, _) in placed.items()}


def _placed(choices: dict[int, list[Choice]], before: Callable[[int], tuple[bool, bool]]) -> dict[int, Choice]:
    """One after the other, by ``before`` and then what has the least choice first; each on the side that leaves most to the others."""
    placed: dict[int, Choice] = {}
    left = dict(choices)
    while left:
        n = min(left, key=lambda n: (before(n), len(left[n]), n))
        if mine := left.pop(n):
            placed[n] = min(mine, key=lambda choice: SIDES.index(choice[0]) * _LIKING + _loss(choice[1], left.values()))
            left = {other: _free(theirs, [placed[n]]) for other, theirs in left.items()}
    return placed


def _make_room(n: int, choices: dict[int, list[Choice]], placed: dict[int, Choice]) -> None:
    """Places a name that found no room, if one that is in its way can stand elsewhere."""
    for choice in choices[n]:
        in_the_way = [other for other, (_, box) in placed.items() if _cross(box, choice[1])]
        if len(in_the_way) == 1:
            others = [placed[other] for other in placed if other != in_the_way[0]]
            if elsewhere := _free(choices[in_the_way[0]], [*others, choice]):
                placed[n], placed[in_the_way[0]] = choice, elsewhere[0]
                return


def _free(choices: list[Choice], taken: list[Choice]) -> list[Choice]:
    return [choice for choice in choices if not any(_cross(choice[1], box) for _, box in taken)]


def _choices(n: int, spot: Spot, at: list[tuple[float, float]], height: int) -> list[Choice]:
    """The sides on which the name stays on the drawing and covers no dot."""
    boxes = [(side, side.box(at[n], label_length(spot.name))) for side in SIDES]
    inside = [(side, box) for side, box in boxes if box[0] >= 4 and box[2] <= WIDTH - 4 and box[1] >= 4 and box[3] <= height - 4]
    return [(side, box) for side, box in inside if not any(_cross(box, (x - 7, y - 7, x + 7, y + 7)) for x, y in at)]


def _loss(box: Box, choices: Iterable[list[Choice]]) -> float:
    """How much of the others' choice the box takes: of each its share, so that an only choice weighs most."""
    return sum(sum(_cross(box, other) for _, other in theirs) / len(theirs) for theirs in choices if theirs)


def label_length(name: str) -> float:
    """About how long a name is in the drawing, in its units; rather too long than too short."""
    return 4.0 + sum(_advance(character) for character in name)


def _advance(character: str) -> float:
    if ord(character) > 0x2E7F:
        return 13.2
    if character in "fijlrt.,:;'’()-| ":
        return 5.0
    return 9.5 if character.isupper() or character in "mw@&" else 7.6


def _cross(one: Box, other: Box) -> bool:
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
