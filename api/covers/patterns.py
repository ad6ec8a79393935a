"""The eight patterns of the cloth. Each is SVG drawn from the bytes of a digest, so the same book always looks the same."""

import hashlib
from collections.abc import Callable, Iterator

from api.covers.palette import PAPER

_LINE = f'fill="none" stroke="{PAPER}" stroke-opacity=".16" stroke-width=".8"'


def _lines(strokes: Iterator[str]) -> str:
    return f'<path {_LINE} d="{"".join(strokes)}"/>'


def _shaken(seed: bytes, *place: int) -> bytes:
    return hashlib.sha256(seed + bytes(place)).digest()


def _reeds(_: bytes) -> str:
    return _lines(f"M{x} 0V180" for x in range(4, 111, 5))


def _water(_: bytes) -> str:
    return _lines(f"M0 {y}q7.5 -5 15 0{'t15 0' * 7}" for y in range(10, 190, 9))


def _hills(seed: bytes) -> str:
    def ridge(rank: int) -> str:
        shift = seed[rank] % 30
        return (
            f'<path fill="{PAPER}" fill-opacity=".09" d="M-30 180V{118 + 26 * rank}'
            f'q{18 + shift / 3:.1f} {4 * rank - 34} {44 + shift / 2:.1f} -6t42 -8t40 10t44 -4V180z"/>'
        )

    return "".join(ridge(rank) for rank in range(3))


def _lozenges(_: bytes) -> str:
    return _lines(f"M{x} {y}l9 -13 9 13 -9 13z" for y in range(0, 200, 26) for x in range(-9, 120, 18))


def _mat(_: bytes) -> str:
    def straws() -> Iterator[str]:
        for row in range(15):
            for column in range(10):
                x, y, across = 12 * column, 12 * row, (row + column) % 2
                for gap in (3, 6, 9):
                    yield f"M{x + 2} {y + gap}h8" if across else f"M{x + gap} {y + 2}v8"

    return _lines(straws())


def _ice(seed: bytes) -> str:
    def point(column: int, row: int) -> str:
        shake = _shaken(seed, column, row)
        return f"{column * 22 - 19 + shake[0] % 17} {row * 22 - 19 + shake[1] % 17}"

    def cracks() -> Iterator[str]:
        for row in range(10):
            for column in range(7):
                here, across = point(column, row), _shaken(seed, column, row)[2] % 2
                yield f"M{here}L{point(column + 1, row) if across else point(column, row + 1)}"
                yield f"M{here}L{point(column + 1, row + 1)}"

    return _lines(cracks())


def _moon(seed: bytes) -> str:
    x, y = 66 + seed[3] % 20, 112 + seed[4] % 16
    moon = f'<circle cx="{x}" cy="{y}" r="25" fill="{PAPER}" fill-opacity=".14"/>'
    return moon + _lines(f"M0 {y}H111" for y in range(148, 180, 5))


def _rain(seed: bytes) -> str:
    def drops() -> Iterator[str]:
        for number in range(90):
            fall = _shaken(seed, number)
            yield f"M{fall[0] * 118 // 255} {fall[1] * 184 // 255}l-{2 + fall[2] % 2} {9 + fall[2] % 5}"

    return _lines(drops())


_PATTERNS: tuple[Callable[[bytes], str], ...] = (_reeds, _water, _hills, _lozenges, _mat, _ice, _moon, _rain)


def pattern(seed: bytes) -> str:
    """The pattern that the first byte chooses, shifted by the following ones. ``seed`` is a SHA-256 digest."""
    return _PATTERNS[seed[0] % len(_PATTERNS)](seed)
