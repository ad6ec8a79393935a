"""Names as they stand in statements and headings: origin in brackets, other forms beside them, several in one string, persons and
bodies.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from union_catalog.bibliographic.normalise.words import BODY_ENDINGS, BODY_LATIN, origins, role_codes, surnames
from union_catalog.text import has_cjk

_LEADING = re.compile(r"^\(\s*([^()]*?)\s*\)?\s*\)\s*")
_TRAILING = re.compile(r"\s*\(([^()]*)\)\s*$")
_DATES = re.compile(r"^(?:约|約|ca\.? ?|b\. ?)?[0-9]{3,4}\??\s*(?:[-–—~～]\s*(?:[0-9]{3,4}\??)?)?$")
_MIXED = re.compile(
    r"^(?P<han>[^A-Za-z]*[\u3040-\u9fff][^A-Za-z]*?)\s+(?P<latin>[A-Z][A-Za-z'’.\-]+(?:\s+[A-Za-z'’.\-]+)+|[A-Z][a-z]+,\s*[A-Z].*)$"
)
_MIXED_CLOSELY = re.compile(r"^(?P<han>[\u3040-\u9fff]+[·•‧・．.][\u3040-\u9fff]+)(?P<latin>[A-Z][a-z]+(?:\s+[A-Z][A-Za-z'’.\-]*)+)$")
_LATIN_THEN_CHINESE = re.compile(r"^([A-Z][A-Za-z'’.\-]+(?:\s+[A-Z][A-Za-z'’.\-]*)+)\s+([\u3400-\u9fff][\u3400-\u9fff·•‧・．.]+)$")
_NEXT_ORIGIN = re.compile(r"(?<=[^\s,])\s+(?=\(\s*([\u3400-\u9fff]{1,5})\s*\)\s*[^\s,)])")
_UNCLOSED = re.compile(r"\s*\(([^()]*)$")
_INTERPUNCT = re.compile(r"[·•‧・．.]")
_HAN_NAME = re.compile(r"^[\u3400-\u9fff]{2,4}$")
_INVERTED = re.compile(r"^[A-Z][\w'’\-]+,\s?(?:[A-Z][\w'’.\-]*)(?:\s[A-Z][\w'’.\-]*)?(?:\s*\([^()]*\))?$")
_AND = re.compile(r"\s*(?:&|\band\b)\s*")
_KEY = re.compile(r"[\W_]+")


class NameReading(NamedTuple):
    """One name; see Agent in the record model. ``name`` "" with roles: a role without a name of its own."""

    name: str
    roles: tuple[str, ...] = ()
    kind: Literal["person", "body", "meeting"] = "person"
    dynasty: str = ""
    country: str = ""
    dates: str = ""
    other_forms: tuple[str, ...] = ()


def read_names(text: str) -> list[NameReading]:
    """The names in a string parted by commas, "and" or, where each is plainly a Chinese name, by blanks. Brackets must be round ones."""
    names: list[NameReading] = []
    for part in _parts(text):
        reading = read_name(part)
        if not reading.name:
            continue
        if names and is_other_form(names[-1], reading):
            names[-1] = names[-1]._replace(other_forms=(*names[-1].other_forms, reading.name))
        else:
            names.append(reading)
    return names


def _parts(text: str) -> list[str]:
    text = text.replace("，", ",")
    if "(" in text[1:]:
        text = _NEXT_ORIGIN.sub(lambda found: "," if found[1] in origins() else found[0], text)
    if not has_cjk(text):
        if _INVERTED.match(text):
            return [text]
        return [piece for part in _outside_brackets(_AND.sub(",", text), ",") for piece in [part.strip()] if piece]
    out: list[str] = []
    for part in _outside_brackets(text.replace("&", ","), ","):
        words = part.split()
        if len(words) > 1 and (all(map(_is_chinese, words)) or all(map(_is_transliterated, words))):
            out += words
        elif found := _LATIN_THEN_CHINESE.match(part):
            out += found.groups() if _is_chinese(found[2]) else (f"{found[2]}({found[1]})",)
        else:
            out.append(part.strip())
    return _rejoin_inverted([part for part in out if part])


def _is_chinese(word: str) -> bool:
    """A family name and a given name, which a blank never parts: two such words are two people."""
    return _HAN_NAME.match(word) is not None and word[0] in surnames()


def _is_transliterated(word: str) -> bool:
    """A foreign name with the dot between its parts; a word that begins or ends with one is only half of it."""
    return has_cjk(word) and _INTERPUNCT.search(word[1:-1]) is not None and word[-1] not in "·•‧・．."


def _rejoin_inverted(parts: list[str]) -> list[str]:
    """ "艾克哈特．托勒", "Tolle", "Eckhart": two single Latin words after a Chinese form are one inverted name."""
    out: list[str] = []
    for part in parts:
        single = not has_cjk(part) and part.isalpha()
        if single and len(out) > 1 and out[-1].isalpha() and out[-1].isascii() and has_cjk(out[-2]):
            out[-1] += ", " + part
        else:
            out.append(part)
    return out


def _outside_brackets(text: str, separator: str) -> list[str]:
    if "(" not in text:
        return text.split(separator)
    out, depth, current = [], 0, ""
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == separator and depth <= 0:
            out.append(current)
            current = ""
        else:
            current += char
    return [*out, current]


def is_other_form(before: NameReading, reading: NameReading) -> bool:
    """A transliteration and the Latin name right behind it: one person."""
    return (
        has_cjk(before.name)
        and not has_cjk(reading.name)
        and not before.other_forms
        and not reading.roles
        and not reading.country
        and _INTERPUNCT.search(before.name) is not None
        and " " in reading.name
    )


@lru_cache(maxsize=16384)
def read_name(text: str) -> NameReading:
    """One name with what stands in brackets round it: "(英)J.K.罗琳(Rowling, J. K)", "黄永玉(图)", "杜甫(712-770)"."""
    country = dynasty = dates = ""
    others: list[str] = []
    roles: tuple[str, ...] = ()
    while (found := _LEADING.match(text)) and found.end() < len(text):
        inside, text = found.group(1), text[found.end() :]
        kind = origins().get(inside) or origins().get(inside.removesuffix("籍"))
        country, dynasty = (inside, dynasty) if kind == "country" else (country, inside if kind == "dynasty" else dynasty)
        if kind is None and len(inside) > 3 and not has_cjk(inside):
            others.append(inside)
    while text.rstrip().endswith(")") and (found := _TRAILING.search(text)) and found.start() > 0:
        inside, text = found.group(1).strip(), text[: found.start()]
        if codes := role_codes(inside):
            roles = codes
        elif _DATES.match(inside):
            dates = inside
        elif len(inside) > 1 and has_cjk(inside) != has_cjk(text):
            others.insert(0, inside)
    if (unclosed := _UNCLOSED.search(text)) and unclosed.start() > 0:
        others += [unclosed.group(1).strip()] if len(unclosed.group(1).strip()) > 1 else []
        text = text[: unclosed.start()]
    name = text.strip(" ,，.;:：()|") + ("." if text.rstrip().endswith((" Jr.", " Sr.")) else "")
    if " " in name and (mixed := _MIXED.match(name) or _MIXED_CLOSELY.match(name)):
        name = mixed["han"].strip()
        others.insert(0, mixed["latin"].strip())
    return NameReading(name, roles, _kind(name), dynasty, country, dates, tuple(others))


def _kind(name: str) -> Literal["person", "body", "meeting"]:
    if name.isascii():
        return "body" if BODY_LATIN.search(name) else "person"
    return "body" if len(name) > 3 and name.endswith(BODY_ENDINGS) and not _INTERPUNCT.search(name) else "person"


@lru_cache(maxsize=16384)
def name_keys(name: str) -> frozenset[str]:
    """What two forms of one name have in common: the bare letters; of a Latin name also its words in any order."""
    bare = (name if name.isalnum() else _KEY.sub("", name)).casefold()
    if has_cjk(name):
        last = _INTERPUNCT.split(name)[-1].strip()
        return frozenset((bare, _KEY.sub("", last).casefold())) if len(last) > 1 else frozenset((bare,))
    words = sorted(word for word in _KEY.split(name.casefold()) if word)
    return frozenset((bare, " ".join(words)))
