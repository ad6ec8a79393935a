"""The ways in which the beginning of a title or name may be typed, and the tokens that they are found by.

A *spelling* is a whole title or name as it is typed without blanks: in its own characters, in letters (its own or pinyin), by initials. An
index holds short beginnings of each as tokens of their own, as they are what everybody types and what most names share; from there on the
whole spelling is one token, whose beginning is sought. So a look-up costs little whether one letter or a whole title was typed.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import msgspec

from union_catalog.search.characters import RUN, prepare
from union_catalog.search.matches import Match, Prefix, Token
from union_catalog.search.text import name_readings, reading

Kind = Literal["title", "author", "subject", "series"]
Way = Literal["characters", "letters", "initials"]

BEGINNINGS = "beginnings"  # the field that the tokens stand in
WHOLE = "$"  # ends the token of a whole spelling, so that a name that is no more than what was typed is found by itself
LONGEST_SPELLING = 64
_LONGEST_TYPED = 256
_KINDS: dict[Kind, str] = {"title": "t", "author": "a", "subject": "s", "series": "r"}
_WAYS: dict[Way, str] = {"characters": "c", "letters": "l", "initials": "i"}
# Beginnings of these lengths are tokens of their own. 中国 is zhongguo and begins every twentieth title.
_SHARED: dict[Way, range] = {"characters": range(1, 3), "letters": range(1, 9), "initials": range(2, 6)}
_BETWEEN_PARTS = re.compile(r"[·・‧•∙･,，.．\s]")
_ARTICLE = re.compile(r"(?:the|an?)\s+(?=\S)", re.IGNORECASE)


class Spelling(msgspec.Struct, frozen=True, array_like=True):
    """``whole`` is False where the text leaves out how the name begins: an article, a given name."""

    way: Way
    text: str
    whole: bool = True


def of_title(title: str) -> tuple[Spelling, ...]:
    """How a title may be typed; nothing where it is only of signs."""
    prepared = prepare(title)
    if title.isascii() and (article := _ARTICLE.match(title)):
        return (*_spelt(prepared, ()), *_later(title[article.end() :]))
    return _spelt(prepared, (reading(prepared),))


@lru_cache(maxsize=1 << 16)
def of_heading(name: str) -> tuple[Spelling, ...]:
    """How a subject or the title of a series may be typed."""
    prepared = prepare(name)
    return _spelt(prepared, (reading(prepared),))


@lru_cache(maxsize=1 << 16)
def of_author(name: str) -> tuple[Spelling, ...]:
    """How a name may be typed: a surname in its own reading, a foreign name by its last part as well."""
    prepared = prepare(name)
    last = _BETWEEN_PARTS.split(name)[-1]
    return tuple(dict.fromkeys([*_spelt(prepared, name_readings(prepared)), *(_later(last) if last != name else ())]))


def _spelt(prepared: str, readings: Iterable[tuple[str, ...]]) -> tuple[Spelling, ...]:
    """What is written, and its readings where it has any."""
    written = joined(prepared)
    if not written:
        return ()
    if written.isascii():
        return (Spelling("letters", _one_u(written)),)
    found = [Spelling("characters", written)]
    for syllables in readings:
        spoken = _one_u("".join(syllables)[:LONGEST_SPELLING])
        if spoken.isascii():
            found.append(Spelling("letters", spoken))
            if len(syllables) > 1:
                found.append(Spelling("initials", "".join([syllable[0] for syllable in syllables])[:LONGEST_SPELLING]))
    return tuple(found)


def _later(text: str) -> tuple[Spelling, ...]:
    """A name or title from a later part on; nobody abbreviates it so."""
    prepared = prepare(text)
    spelt = _spelt(prepared, (reading(prepared),))
    return tuple([Spelling(one.way, one.text, whole=False) for one in spelt if one.way != "initials"])


def joined(prepared: str) -> str:
    """A prepared text without blanks and signs."""
    return "".join(RUN.findall(prepared))[:LONGEST_SPELLING]


def typed(text: str) -> tuple[Spelling, ...]:
    """What was typed, in every way in which it can be meant; nothing where it is empty or only signs."""
    written = joined(prepare(text[:_LONGEST_TYPED]))
    if not written:
        return ()
    if not written.isascii():
        return (Spelling("characters", written),)
    letters = Spelling("letters", _one_u(written))
    return (letters,) if len(written) == 1 or written.isdecimal() else (letters, Spelling("initials", written))


def _one_u(letters: str) -> str:
    """nü is typed as nv and as nu: both are one here."""
    return letters.replace("v", "u")


def tokens(kind: Kind, spellings: Iterable[Spelling]) -> list[str]:
    """The tokens of a name's spellings."""
    found: list[str] = []
    for spelling in spellings:
        mark, text = _KINDS[kind] + _WAYS[spelling.way], spelling.text
        found += [mark + text[:length] for length in _SHARED[spelling.way] if length <= len(text)]
        found.append(f"{mark}{text}{WHOLE}" if spelling.whole else mark + text)
    return found


def beginning(kind: Kind, spelling: Spelling) -> Match:
    """A name of this kind that begins so."""
    text = _KINDS[kind] + _WAYS[spelling.way] + spelling.text
    return Token(BEGINNINGS, text) if len(spelling.text) in _SHARED[spelling.way] else Prefix(BEGINNINGS, text)


def whole(kind: Kind, spelling: Spelling) -> Match:
    """A name of this kind that is no more than this."""
    return Token(BEGINNINGS, f"{_KINDS[kind]}{_WAYS[spelling.way]}{spelling.text}{WHOLE}")
