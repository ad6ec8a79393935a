"""Makes ``union_catalog/search/data/shapes.txt`` out of the Unicode Character Database: what the look of a character is told by.

    python -m tools.shapes FOLDER

FOLDER holds Unihan_DictionaryLikeData.txt as Unicode publishes it, plain or as ``.bz2`` (on Debian: /usr/share/unicode of the package
unicode-data).

Of every character of GB 2312: its Cangjie code, which spells it by its components (kCangjie: 楼 DFDV, 搂 QFDV), its four corners
(kFourCornerCode, without the fifth figure), and with whom it shares a phonetic component (kPhonetic).
"""

import bz2
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

_TARGET = Path(__file__).resolve().parent.parent / "union_catalog/search/data/shapes.txt"
_SOURCE = "Unihan_DictionaryLikeData.txt"
_WIDTH = 138
_CODES = {"kCangjie": "cangjie", "kFourCornerCode": "corners"}


def _lines(folder: Path) -> list[str]:
    plain = folder / _SOURCE
    return (plain.read_bytes() if plain.exists() else bz2.decompress((folder / f"{_SOURCE}.bz2").read_bytes())).decode().splitlines()


def _properties(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for line in lines:
        if line.startswith("U+"):
            code, name, value = line.split("\t")
            yield chr(int(code.removeprefix("U+"), 16)), name, value


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _wrapped(section: str, tokens: Iterable[str]) -> Iterator[str]:
    line = section
    for token in tokens:
        if len(line) + len(token) >= _WIDTH:
            yield line
            line = section
        line += " " + token
    yield line


def table(lines: list[str]) -> str:
    """The whole file."""
    codes: dict[str, dict[str, str]] = {section: {} for section in _CODES.values()}
    phonetic: dict[str, list[str]] = defaultdict(list)
    for character, name, value in _properties(lines):
        if not _in_gb2312(character):
            continue
        first, *_ = classes = value.split()
        if name in _CODES:
            codes[_CODES[name]][character] = first.partition(".")[0]
        for one in classes if name == "kPhonetic" else ():
            phonetic[one.rstrip("*ABCDx")].append(character)
    told = [line for section, found in codes.items() for line in _wrapped(section, (one + code for one, code in found.items()))]
    told += _wrapped("phonetic", ("".join(dict.fromkeys(group)) for group in phonetic.values() if len(set(group)) > 1))
    version = next(line.split()[-1] for line in lines if line.startswith("# Unicode version: "))
    head = (
        f"# Made by tools/shapes.py from Unihan, Unicode Character Database, version {version}.",
        "# Copyright © Unicode, Inc., under the Unicode License V3 (see NOTICE). Not to be edited.",
        "# cangjie, corners: a character and its code. phonetic: characters that share a phonetic component.",
    )
    return "\n".join([*head, *told, ""])


if __name__ == "__main__":
    _TARGET.write_text(table(_lines(Path(sys.argv[1]))), "utf-8")
