"""The title slip: which words of a title stand on a cover, and how they are set."""

import math
import re
from xml.sax.saxutils import escape

from api.covers.palette import INK, PAPER

HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_OR_DIGIT = re.compile(r"[A-Za-z0-9 ]")
_TITLE_ENDS = re.compile(r"\s*[：:/=＝]\s*")
_OUTER_MARKS = re.compile(r"^[《〈](.*)[》〉]$")
_TRAILING_BRACKET = re.compile(r"\s*[（(][^（）()]*[）)]$")
_NAME_BRACKETS = re.compile(r"[\[(（［〔].*?[\])）］〕]\s*")
_WORDS = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+\s?")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_UPRIGHT = str.maketrans("（）《》〈〉—…“”", "︵︶︽︾︿﹀︱︙﹁﹂")
_NEVER_FIRST = frozenset("，。、·）》〉”︶︾﹀﹂")
_LINE_ROOM, _MOST_LINES = 6.2, 6


def writable(text: str) -> str:
    """The text without what XML cannot hold: control characters and lone surrogates that bad records carry."""
    return _NOT_XML.sub("", text)


def shown_title(title: str) -> str:
    """The proper title: up to the first colon, slash or equals sign, without outer 书名号 and a trailing bracket."""
    head = _TITLE_ENDS.split(title.strip(), maxsplit=1)[0]
    head = _OUTER_MARKS.sub(r"\1", head)
    return _TRAILING_BRACKET.sub("", head) or title.strip()


def shown_author(author: str, beside_year: bool) -> str:
    """The author without （清） and the like, cut to what fits on the foot of the cover."""
    name = _NAME_BRACKETS.sub("", author).strip()
    han, latin = (8, 15) if beside_year else (10, 19)
    room = han if HAN.search(name) else latin
    return name if len(name) <= room else name[: room - 1].rstrip() + "…"


def slip(title: str) -> str:
    """The slip with the shown title: upright in one or two columns where the script allows, else in lines."""
    upright = len(title) <= 14 and HAN.search(title) and not _LATIN_OR_DIGIT.search(title)
    if not upright:
        return _in_lines(title)
    return _one_column(title) if len(title) <= 6 else _two_columns(title)


def _paper(width: float, height: float) -> str:
    """A label with a thick and a thin rule inside (文武线)."""
    return (
        f'<rect x="12" y="12" width="{width:g}" height="{height:g}" fill="{PAPER}"/>'
        f'<rect x="14" y="14" width="{width - 4:g}" height="{height - 4:g}" fill="none" stroke="{INK}" stroke-width="1.3"/>'
        f'<rect x="16.2" y="16.2" width="{width - 8.4:g}" height="{height - 8.4:g}" fill="none" stroke="{INK}" stroke-width=".4"/>'
    )


def _column(characters: str, x: float, top: float, step: float, size: float) -> str:
    # Glyph by glyph, for renderers differ over writing-mode.
    xs = " ".join([f"{x:g}"] * len(characters))
    ys = " ".join(f"{top + step * place + size * 0.86:.1f}" for place in range(len(characters)))
    text = escape(characters.translate(_UPRIGHT))
    return f'<text x="{xs}" y="{ys}" font-size="{size:g}" text-anchor="middle">{text}</text>'


def _one_column(title: str) -> str:
    size, stretch = (20, 1.2) if len(title) <= 4 else (16.5, 1.1)
    step = size * stretch
    height = max(step * len(title) + 20, 74)
    top = 12 + (height - step * len(title)) / 2 + (step - size) / 2
    return _paper(36, height) + _column(title, 30, top, step, size)


def _two_columns(title: str) -> str:
    cut = math.ceil(len(title) / 2)
    if title[cut : cut + 1] in _NEVER_FIRST:
        cut += 1
    right, left = (_column(part, x, 23, 16.6, 14.5) for part, x in ((title[:cut], 46), (title[cut:], 25.5)))
    return _paper(47, 16.6 * cut + 20) + right + left


def _in_lines(title: str) -> str:
    lines = _wrapped(title)
    rows = (f'<text x="20.5" y="{36 + 18 * number}" font-size="12.5">{escape(line.strip())}</text>' for number, line in enumerate(lines))
    return _paper(90, 18 * len(lines) + 20) + "".join(rows)


def _wrapped(title: str) -> list[str]:
    """Lines of at most ``_LINE_ROOM`` Han widths, a Latin character counting 0.56 and a blank 0.25; the sixth ends in … if more follow."""
    lines, used = [""], 0.0
    for word in _WORDS.findall(title):
        width = sum(1.0 if HAN.match(character) else 0.56 for character in word.rstrip())
        if lines[-1] and used + width > _LINE_ROOM and word[0] not in _NEVER_FIRST:
            lines.append("")
            used = 0.0
        lines[-1] += word
        used += width + (0.25 if word.endswith(" ") else 0)
    if len(lines) <= _MOST_LINES:
        return lines
    last = lines[_MOST_LINES - 1].rstrip()[: int(_LINE_ROOM * 1.6)] + "…"
    return [*lines[: _MOST_LINES - 1], last]
