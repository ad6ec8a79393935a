"""Makes ``union_catalog/bibliographic/data/unihan_variants.txt`` out of the Unicode Character Database.

    python -m tools.unihan_variants FOLDER

FOLDER holds Unihan_Variants.txt, Unihan_OtherMappings.txt and EquivalentUnifiedIdeograph.txt as Unicode publishes them, plain or as
``.bz2`` (on Debian: /usr/share/unicode of the package unicode-data).

A character is *standard* if it stands in GB 2312 or in the Table of General Standard Chinese Characters (kTGH), and is never changed.
Any other character, after OpenCC's t2s, goes to the standard character that Unihan ties it to: by kZVariant, else by kSemanticVariant,
else as the simplified or traditional form that OpenCC does not know. Of several, the only one in GB 2312 is taken; a character for which
this does not decide is left alone and listed in a comment. kSpecializedSemanticVariant (alike in some senses only) and kSpoofingVariant
tie nothing. Radicals (⻅) go to the character that they look like.
"""

import bz2
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import opencc

_TARGET = Path(__file__).resolve().parent.parent / "union_catalog/bibliographic/data/unihan_variants.txt"
_TO_SIMPLIFIED = opencc.OpenCC("t2s")
_RULES = (("kZVariant",), ("kSemanticVariant",), ("kSimplifiedVariant", "kTraditionalVariant"))
_WIDTH = 110
Ties = dict[str, set[str]]


def _lines(folder: Path, name: str) -> list[str]:
    plain = folder / name
    return (plain.read_bytes() if plain.exists() else bz2.decompress((folder / f"{name}.bz2").read_bytes())).decode().splitlines()


def _character(code: str) -> str:
    """ "U+4E00<kMatthews" or "4E00" as a character."""
    return chr(int(code.partition("<")[0].removeprefix("U+"), 16))


def _properties(lines: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    for line in lines:
        if line.startswith("U+"):
            code, name, values = line.split("\t")
            yield _character(code), name, values.split()


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _simplified(character: str) -> str:
    return str(_TO_SIMPLIFIED.convert(unicodedata.normalize("NFKC", character)))


def _ties(lines: list[str]) -> dict[str, Ties]:
    """For every property, the characters that it ties to each other, in both directions."""
    found: dict[str, Ties] = defaultdict(lambda: defaultdict(set))
    for one, name, others in _properties(lines):
        for other in others:
            a, b = _simplified(one), _simplified(_character(other))
            if a != b:
                found[name][a].add(b)
                found[name][b].add(a)
    return found


def _decided(candidates: set[str]) -> str:
    """The only candidate, or the only one in GB 2312; empty if neither is."""
    common = {one for one in candidates if _in_gb2312(one)}
    remaining = candidates if len(candidates) == 1 else common
    return next(iter(remaining)) if len(remaining) == 1 else ""


def _radicals(lines: list[str]) -> Iterator[tuple[str, str]]:
    """The characters of the block CJK Radicals Supplement that NFKC leaves, each with what it looks like."""
    for line in lines:
        if line.startswith("2E"):
            codes, character = line.split("#")[0].split(";")
            first, _, last = codes.strip().partition("..")
            for code in range(int(first, 16), int(last or first, 16) + 1):
                if unicodedata.normalize("NFKC", chr(code)) == chr(code):
                    yield chr(code), _simplified(_character(character.strip()))


def _variants(folder: Path) -> tuple[dict[str, str], dict[str, set[str]]]:
    """What each character goes to, and those for which it is not decided."""
    listed = {one for one, name, _ in _properties(_lines(folder, "Unihan_OtherMappings.txt")) if name == "kTGH"}
    ties = _ties(_lines(folder, "Unihan_Variants.txt"))
    decided = dict(_radicals(_lines(folder, "EquivalentUnifiedIdeograph.txt")))
    undecided: dict[str, set[str]] = {}
    for one in {one for rule in _RULES for name in rule for one in ties[name]}:
        if one in listed or _in_gb2312(one) or len(one) > 1:
            continue
        every = ({other for name in rule for other in ties[name].get(one, ())} for rule in _RULES)
        standard = next(filter(None, ({other for other in others if other in listed or _in_gb2312(other)} for others in every)), set())
        if target := _decided(standard):
            decided[one] = target
        elif standard:
            undecided[one] = standard
    return decided, undecided


def _wrapped(words: list[str], start: str = "") -> list[str]:
    lines = [start]
    for word in words:
        if len(lines[-1]) + len(word) >= _WIDTH:
            lines.append(start)
        lines[-1] += word if lines[-1] == start else f" {word}"
    return lines


def _document(version: str, decided: dict[str, str], undecided: dict[str, set[str]]) -> str:
    groups: dict[str, list[str]] = defaultdict(list)
    for one in sorted(decided):
        groups[decided[one]].append(one)
    head = [
        f"# Made by tools/unihan_variants.py from Unihan and EquivalentUnifiedIdeograph, Unicode Character Database, version {version}.",
        "# Copyright © Unicode, Inc., under the Unicode License V3 (see NOTICE). Not to be edited: variants.txt goes before it.",
        "# A group is written without blanks: the usual form first, then the forms that are written for it.",
        "# Left alone, because each is tied to several:",
    ]
    alone = _wrapped([one + "".join(sorted(undecided[one])) for one in sorted(undecided)], "# ")
    return "\n".join([*head, *alone, *_wrapped(["".join([one, *groups[one]]) for one in sorted(groups)])]) + "\n"


def main(folder: Path) -> None:
    """Writes the file anew. Raises OSError where the data are not in the folder."""
    versions = [line for line in _lines(folder, "Unihan_Variants.txt") if line.startswith("# Unicode version: ")]
    _TARGET.write_text(_document(versions[0].split()[-1], *_variants(folder)), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
