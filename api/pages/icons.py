"""Strokes in a box of 20 × 20, drawn in the colour of the text. An icon never stands without words."""

from collections.abc import Mapping

from markupsafe import Markup

_STROKES: Mapping[str, str] = {
    "search": '<circle cx="8.5" cy="8.5" r="5.5"/><path d="M12.7 12.7 17.5 17.5"/>',
    "ok": '<circle cx="10" cy="10" r="7.5"/><path d="m6.5 10.2 2.5 2.5 4.7-5.2"/>',
    "wait": '<circle cx="10" cy="10" r="7.5"/><path d="M10 5.5V10l3 2"/>',
    "move": '<path d="M1.5 5h10v9h-10zM11.5 8h4l3 3v3h-7z"/><circle cx="5.5" cy="14.8" r="1.7"/><circle cx="14.5" cy="14.8" r="1.7"/>',
    "held": '<path d="M5 2.5h10v15l-5-4-5 4z"/>',
    "still": '<path d="M10 5.2C8 3.8 5.2 3.4 2.5 3.6v11.6c2.7-.2 5.5.2 7.5 1.6'
    ' 2-1.4 4.8-1.8 7.5-1.6V3.6c-2.7-.2-5.5.2-7.5 1.6zM10 5.2v11.6"/>',
    "stop": '<path d="M7 2.5h6L17.5 7v6L13 17.5H7L2.5 13V7zM10 6v5M10 13.9v.1"/>',
    "net": '<path d="M2.5 4h15v9.5h-15zM7 17h6"/>',
    "info": '<circle cx="10" cy="10" r="7.5"/><path d="M10 9.2v4.5M10 6.2v.1"/>',
    "ask": '<circle cx="10" cy="10" r="7.5"/><path d="M7.8 8a2.2 2.2 0 1 1 3 2c-.6.3-.8.7-.8 1.4M10 14v.1"/>',
    "lib": '<path d="M2.5 7.5 10 3l7.5 4.5zM4.5 8v7M8.2 8v7M11.8 8v7M15.5 8v7M2.5 16.5h15"/>',
    "filter": '<path d="M2.5 5h15M5.5 10h9M8.5 15h3"/>',
    "pin": '<path d="M10 18s6-5.6 6-10a6 6 0 0 0-12 0c0 4.4 6 10 6 10z"/><circle cx="10" cy="8" r="2.2"/>',
    "left": '<path d="M12.5 4 6.5 10l6 6"/>',
    "right": '<path d="m7.5 4 6 6-6 6"/>',
    "x": '<path d="m5 5 10 10M15 5 5 15"/>',
    "same": '<path d="M4 7.5h12M4 12.5h12"/>',
    "diff": '<path d="M4 7.5h12M4 12.5h12M13 3.5l-6 13"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "minus": '<path d="M4 10h12"/>',
    "undo": '<path d="M7 4 3 8l4 4M3.5 8H12a4.5 4.5 0 0 1 0 9H8"/>',
    "print": '<path d="M5.5 7V2.5h9V7M5.5 14.5h-3V7h15v7.5h-3M5.5 12h9v5.5h-9z"/>',
    "card": '<path d="M2 4.5h16v11H2zM2 8h16M5 12h4"/>',
    "loop": '<path d="M16.5 8A7 7 0 0 0 4 6M3.5 3v3.5H7M3.5 12A7 7 0 0 0 16 14M16.5 17v-3.5H13"/>',
}  # fmt: skip
_ICONS: Mapping[str, Markup] = {
    name: Markup(f'<svg class="i" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{strokes}</svg>')  # noqa: S704  # ours
    for name, strokes in _STROKES.items()
}


def icon(name: str) -> Markup:
    """The drawing of that name. Raises KeyError where there is none."""
    return _ICONS[name]
