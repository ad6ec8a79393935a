"""Colours, faces and marks of the drawn cover."""

PAPER, INK = "#fbf7ec", "#1e2225"

# Han faces first or Latin first. An SVG in an <img> sees the fonts of the system, so these are the faces of the pages.
SONG = "'Source Han Serif SC','Noto Serif CJK SC','Noto Serif SC','Songti SC',STSong,STZhongsong,'Microsoft YaHei',serif"
LATIN = "'Iowan Old Style',Charter,'Source Serif 4',Cambria,Georgia,'Noto Serif CJK SC',serif"

# Ground by class of the Chinese Library Classification; "" is a book without one. Literature is half of a public library, so it is
# split further, or every shelf would be red. Paper on each of them has a contrast of 5.7 : 1 or more.
_GROUNDS = {
    "": "#5a5b56", "A": "#7d2a30", "B": "#3f3d52", "C": "#7a5436", "D": "#2c3a58", "E": "#34513f", "F": "#73591c",
    "G": "#4d6a3c", "H": "#3f5166", "I": "#8e2f3a", "I20": "#544a63", "I22": "#2b605b", "I23": "#553030", "I246": "#6e3232",
    "I247": "#97392a", "I25": "#7d5420", "I26": "#7d5420", "I28": "#9a4a1e", "I3": "#6d4560", "I5": "#2f5673", "I7": "#1f6069",
    "J": "#5f3457", "K": "#83502f", "N": "#1f5c7a", "O": "#1e4a72", "P": "#3e4b50", "Q": "#2c6a45", "R": "#27685e",
    "S": "#596628", "T": "#4a4469", "U": "#24406b", "V": "#2a5c86", "X": "#1f6a6b", "Z": "#4b4c4a",
}  # fmt: skip


def _braille_cell() -> str:
    dots = ((6.5, 4, True), (13.5, 4, True), (6.5, 10, False), (13.5, 10, True), (6.5, 16, True), (13.5, 16, False))
    return "".join(f'<circle cx="{x}" cy="{y}" r="1.7" fill="{PAPER if on else "none"}"/>' for x, y, on in dots)


# Drawn in a box of 20 × 20. A printed book has none.
MARKS = {
    "audio": '<path d="M3 13v-2a7 7 0 0 1 14 0v2"/><path d="M3 12.5h3v5H3zM14 12.5h3v5h-3z"/>',
    "ebook": '<path d="M5 2.5h10v15H5zM8.5 15h3M8 6h4M8 9h4"/>',
    "video": '<path d="M3 4.5h14v11H3z"/><path d="M8.5 7.5v5l4-2.5z"/>',
    "periodical": '<path d="M4 3h12v14H4zM4 7h12M7 10.5h6M7 13.5h6"/>',
    "score": '<circle cx="7" cy="15" r="2.4"/><path d="M9.4 15V3.5l6 2"/>',
    "map": '<path d="M3 5l5-2 4 2 5-2v12l-5 2-4-2-5 2zM8 3v12M12 5v12"/>',
    "braille": _braille_cell(),
    "large": f'<text x="10" y="16" font-size="16" text-anchor="middle" fill="{PAPER}" stroke="none">大</text>',
}

# The formats of a bibliographic record that carry a mark, in the words of MARKS.
_MARK_OF_FORMAT = {"e-book": "ebook", "large-print": "large", "music": "audio"}


def ground(clc: str) -> str:
    """The colour of the cloth: that of the longest prefix of the class number in the table."""
    key = clc.strip().upper()
    return next(_GROUNDS[key[:length]] for length in range(len(key), -1, -1) if key[:length] in _GROUNDS)


def mark_of(record_format: str) -> str:
    """The mark for a record's format (``BibliographicRecord.format``); a name without a drawing is a book."""
    return _MARK_OF_FORMAT.get(record_format, record_format)
