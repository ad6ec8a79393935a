"""Barcodes as drawings: Code 128 (ISO/IEC 15417), for whatever a scanner at a desk is to read off a page."""

import re

from barcode.codex import Code128
from markupsafe import Markup

_QUIET = 10  # modules without a bar at both ends
_HEIGHT = 32


def bars(text: str) -> Markup:
    """A drawing, as wide as its height and the text make it; nobody hears it, so the text stands beside it.

    Raises ValueError for what is not a line of printable ASCII.
    """
    if not text or not text.isascii() or not text.isprintable():
        raise ValueError(text)
    (modules,) = Code128(text).build()
    runs = ((_QUIET + run.start(), run.end() - run.start()) for run in re.finditer("1+", modules))
    drawn = "".join(f"M{left} 0h{width}v{_HEIGHT}h-{width}z" for left, width in runs)
    box = f"0 0 {len(modules) + 2 * _QUIET} {_HEIGHT}"
    return Markup('<svg class="bars" viewBox="{}" aria-hidden="true"><path d="{}"/></svg>').format(box, drawn)
