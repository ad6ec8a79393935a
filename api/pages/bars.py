"""Barcodes as drawings: Code 128 (ISO/IEC 15417), for whatever a scanner at a desk is to read off a page."""

from itertools import accumulate

from markupsafe import Markup

# Widths of bars and spaces in turn, of the symbols 0 to 105 and the stop.
_TABLE = """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221
    223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321
    112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131
    311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114
    122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141
    214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112
"""
_WIDTHS = _TABLE.split()
_START_B, _START_C, _STOP = 104, 105, 106
_QUIET = 10  # modules without a bar at both ends
_HEIGHT = 32


def symbols(text: str) -> list[int]:
    """Start, data, check symbol and stop. Digits in pairs where all of it are such; else ASCII, one symbol a character.

    Raises ValueError for what neither can say.
    """
    if not text or not text.isascii() or not text.isprintable():
        raise ValueError(text)
    if text.isdecimal() and len(text) % 2 == 0:
        data = [_START_C, *(int(text[at : at + 2]) for at in range(0, len(text), 2))]
    else:
        data = [_START_B, *(ord(char) - 32 for char in text)]
    check = (data[0] + sum(place * symbol for place, symbol in enumerate(data))) % 103
    return [*data, check, _STOP]


def bars(text: str) -> Markup:
    """A drawing, as wide as its height and the text make it; nobody hears it, so the text stands beside it. Raises as :func:`symbols`."""
    widths = [int(width) for symbol in symbols(text) for width in _WIDTHS[symbol]]
    edges = list(accumulate(widths, initial=_QUIET))
    drawn = "".join(f"M{left} 0h{width}v{_HEIGHT}h-{width}z" for left, width in zip(edges[::2], widths[::2], strict=True))
    box = f"0 0 {edges[-1] + _QUIET} {_HEIGHT}"
    return Markup('<svg class="bars" viewBox="{}" aria-hidden="true"><path d="{}"/></svg>').format(box, drawn)
