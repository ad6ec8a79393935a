"""The stylesheet's tokens: every pair that meets on a page has the contrast of WCAG 2.2 (text 4.5, borders and focus 3), in both themes."""

import re
from importlib import resources

import pytest

CSS = resources.files("api").joinpath("static/site.css").read_text("utf-8")
STATES = ("ok", "wait", "move", "held", "stop", "still")
GROUNDS = ("paper", "sheet", "wash")
TEXT = [
    *((ink, on) for ink in ("ink", "ink-2", "ink-3", "accent", "accent-strong", "seal", *STATES) for on in GROUNDS),
    *(("on-accent", on) for on in ("accent", "accent-strong")),
    *((ink, "accent-wash") for ink in ("accent", "accent-strong", "ink")),
    ("ink", "mark"),
    *((ink, f"{state}-wash") for state in STATES for ink in (state, "ink", "ink-2")),
]
EDGES = [(edge, on) for edge in ("edge", "focus") for on in GROUNDS]
CARD = "/* the reader's card"
LIGHT, DARK, DARK_BY_SYSTEM = ":root {", ':root[data-theme="dark"] {', ":root:not([data-theme]) {"


def tokens(selector: str) -> dict[str, str]:
    body = CSS[CSS.index(selector) + len(selector) :]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", body[: body.index("}")]))


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("pair", "least"), [*((pair, 4.5) for pair in TEXT), *((pair, 3.0) for pair in EDGES)])
def test_the_pair_can_be_read(theme: str, pair: tuple[str, str], least: float) -> None:
    values = tokens(theme)
    assert contrast(values[pair[0]], values[pair[1]]) >= least


def test_the_two_dark_lists_are_one() -> None:
    assert tokens(DARK) == tokens(DARK_BY_SYSTEM)
    assert tokens(DARK).keys() == tokens(LIGHT).keys()


@pytest.mark.parametrize(("ink", "ground"), [("on-card", "card"), ("card-ink", "on-card"), ("code", "code-ground")])
def test_the_card_can_be_read(ink: str, ground: str) -> None:
    values = tokens(CARD)
    assert contrast(values[ink], values[ground]) >= 4.5


def test_colours_stand_in_the_tokens_alone() -> None:
    rules = CSS[CSS.index("/* Ground") : CSS.index("@media print")]
    assert not re.findall(r"#[0-9a-f]{3,8}\b", rules)


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert not re.findall(r"url\(|@import|https?:", CSS)
