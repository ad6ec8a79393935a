"""The cover itself and the digest in its address."""

import hashlib
from functools import lru_cache
from xml.sax.saxutils import escape

from api.covers.lettering import HAN, shown_author, shown_title, slip, writable
from api.covers.palette import INK, LATIN, MARKS, PAPER, SONG, ground
from api.covers.patterns import pattern

# Raised whenever the same five inputs would be drawn differently: addresses are cached for ever.
_RULE_VERSION = "1"
_SEAM = "M111.5 0V180M111.5 16H120M111.5 65H120M111.5 115H120M111.5 164H120"


def draw(title: str, author: str = "", clc: str = "", format: str = "book", year: str = "") -> str:
    """One cover of 120 × 180 units; the same input gives the same bytes.

    ``clc`` is the class number, ``format`` a key of ``palette.MARKS`` or anything else for a printed book, ``year`` four digits or "".
    """
    title, author, year = writable(title), writable(author), writable(year)
    shown, seed = shown_title(title), hashlib.sha256(f"{title}|{author}".encode()).digest()
    face = SONG if HAN.search(shown) else LATIN
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 180" width="120" height="180"'
        f' font-family="{face}" fill="{INK}">'
        f'<rect width="120" height="180" fill="{ground(clc)}"/>{pattern(seed)}{_binding()}'
        f"{slip(shown)}{_foot(author, year)}{_mark(format)}</svg>"
    )


@lru_cache(maxsize=4096)
def digest(title: str, author: str = "", clc: str = "", format: str = "book", year: str = "") -> str:
    """Twelve hex digits that change whenever the drawing of these inputs can change."""
    told = "\x1f".join((_RULE_VERSION, title, author, clc, format, year))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _binding() -> str:
    return (
        '<rect x="111.5" width="8.5" height="180" fill="#000" fill-opacity=".10"/>'
        f'<path d="{_SEAM}" fill="none" stroke="{PAPER}" stroke-opacity=".7" stroke-width=".9"/>'
    )


def _foot(author: str, year: str) -> str:
    name = escape(shown_author(author, bool(year)))
    by = f'<text x="12.5" y="169" font-size="9.5" fill="{PAPER}">{name}</text>'
    if not year:
        return by
    return f'{by}<text x="105" y="169" font-size="8" text-anchor="end" fill="{PAPER}">{escape(year[:4])}</text>'


def _mark(name: str) -> str:
    if name not in MARKS:
        return ""
    return f'<g transform="translate(86 8)" fill="none" stroke="{PAPER}" stroke-width="1.4">{MARKS[name]}</g>'
