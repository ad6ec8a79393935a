"""Statements of responsibility taken apart into names, roles, countries and dynasties.

"（英）简·奥斯丁著 王科一译", "主编季野, 张西明 ...[等]", "黄永玉（图）", "[法] 大仲马(A. Dumas) 原著", "Walden (美)
亨利·戴维·梭罗著 潘庆龄译", "(清)仇兆鳌注", "by Paul Tournier ; translated by John S. Gilmour.". What stands before the
first name and is none (a volume, a parallel title) comes back as ``residue``.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from union_catalog.bibliographic.normalise.person import NameReading, is_other_form, read_names
from union_catalog.bibliographic.normalise.segments import COMMAS, Segment, belong_together, is_prose, segments
from union_catalog.bibliographic.normalise.volumes import is_volume
from union_catalog.bibliographic.normalise.words import origins, role_codes
from union_catalog.text import has_cjk

_BRACKETS = str.maketrans("（［〔【[｛{〈）］〕】]｝}〉、；／｜", "((((((((" + "))))))))" + "，;/|")
_SLASH = re.compile(r"(?:^|\s)/\s")
_OTHERS = re.compile(r"\s*(?:\.{2,}|…+)?\s*(?:\((?:等|et al\.?)\)|(?:[,，]\s*)?(?:等(?=$|[\s,，;)])|et al\.?))|^等$", re.IGNORECASE)
_ROLE_DOTS = frozenset("·．‧・•:：")
_DOTTED_ROLE = re.compile(r"[·．‧・•:：]\s*(?=(?:著|绘|译|编|编著|主编|文|图|摄影|插图|绘图|口述|整理)(?:$|[\s,;]))")
_ROLE_BEFORE_BRACKET = re.compile(r"([著译编绘注])(\([^()]*[A-Za-z][^()]*\))(?=$|[\s,，;])")
_STATEMENT_IN_BRACKETS = re.compile(r"\((?!等)([^()]{2,}[著译编注])\)(?=$|[\s;])")
_PREFIX_ROLE = re.compile(
    r"^(总主编|總主編|副主编|副主編|执行主编|本册主编|主编|主編|编著者?|编者|作者|著者|译者|译|插图|绘图|绘画|策划"
    r"|(?:文|图|撰文|漫画|摄影|编辑|原著|改编)(?=\s*[:：]))\s*[:：]?\s*(?=[\u3400-\u9fff(])"
)
_BY = re.compile(
    r"^(?:.*?\b)?(edited|translated|translation|compiled|illustrated|illustrations|pictures|photographs|introduction|"
    r"foreword|adapted|narrated|read|music|directed|written)(?:\s+(?:and|&)\s+\w+)*\s+by\s+(.+)$|^by\s+(.+)$",
    re.IGNORECASE,
)
# Most statements are one name, perhaps with its role glued to it: nothing to cut, so that half of the work can be left out.
_ONE_WORD = re.compile(r"^[\u3400-\u9fff]{2,}(?:[·•‧・][\u3400-\u9fff]{2,})*$")
_WORDS_BEFORE = (
    "主编",
    "主編",
    "总主",
    "總主",
    "编",
    "作者",
    "著",
    "译",
    "插图",
    "绘",
    "策划",
    "副主",
    "执行",
    "本册",
    "上",
    "中",
    "下",
    "第",
    "卷",
)
Style = Literal["isbd", "list"]


class StatementReading(NamedTuple):
    """``names`` in order; ``residue`` is what stood in front of them and is no name."""

    names: tuple[NameReading, ...]
    residue: str = ""


@lru_cache(maxsize=8192)
def parse_statement(text: str, style: Style = "isbd") -> StatementReading:
    """A statement read. Never raises.

    In style "list" a slash parts names, in "isbd" it parts the title in front from the statement.
    """
    if (
        _ONE_WORD.match(text)
        and not text.startswith(_WORDS_BEFORE)
        and "等" not in text
        and (_ROLE_DOTS.isdisjoint(text) or not _DOTTED_ROLE.search(text))
    ):
        return StatementReading(tuple(_people(segments(text)[0], style, everyone=True)[0]))
    plain, residue = _prepared(text, style)
    if style == "isbd" and is_volume(plain):
        return StatementReading((), plain)
    names: list[NameReading] = []
    for part in plain.split(";"):
        found, before = _clause(part.strip(" .,，:："), style)
        residue = residue or (before if not names else "")
        if found and style == "list" and names and is_other_form(names[-1], found[0]):
            names[-1] = names[-1]._replace(other_forms=(found[0].name,))
            names += found[1:]
        elif style == "list" or not _echo(part, names, found):
            for name in found:
                _append(names, name)
    return StatementReading(tuple(names), residue)


def _prepared(text: str, style: Style) -> tuple[str, str]:
    """Brackets round, roles behind brackets, names parted by semicolons; and what stood before a slash."""
    plain = _DOTTED_ROLE.sub(" ", text.translate(_BRACKETS)).strip(" .=/:：")
    if "(" in plain:
        plain = _STATEMENT_IN_BRACKETS.sub(r" \1", _ROLE_BEFORE_BRACKET.sub(r"\2\1", plain)).strip()
    residue = ""
    if style == "isbd" and (cuts := list(_SLASH.finditer(plain))):
        residue, plain = plain[: cuts[-1].start()].strip(" ="), plain[cuts[-1].end() :]
    if style == "list":
        plain = plain.replace("/", ";").replace("|", ";")
    elif has_cjk(plain):
        plain = plain.replace("/", ";")
    return plain, residue


def _echo(part: str, names: list[NameReading], found: list[NameReading]) -> bool:
    """A clause without roles behind names that have them repeats these, or the title, in another script or language."""
    if any(name.roles for name in found) or not any(name.roles and has_cjk(name.name) for name in names):
        return False
    return not has_cjk(part) or any(is_prose(word) for word in part.split()) or part.endswith(" Chinese")


def _append(names: list[NameReading], name: NameReading) -> None:
    """A role that stands alone ("戈巴契夫 文, 图", "林幸謙/ 編") belongs to the name before it."""
    if name.name:
        names.append(name)
    elif names:
        last = names[-1]
        names[-1] = last._replace(roles=(*last.roles, *(role for role in name.roles if role not in last.roles)))


def _clause(clause: str, style: Style) -> tuple[list[NameReading], str]:
    if not clause:
        return [], ""
    if not has_cjk(clause):
        return _latin_clause(clause), ""
    clause, everyone = _without_others(clause)
    names: list[NameReading] = []
    residue = ""
    for segment in segments(_unwrap(clause)):
        if not segment.words:
            names.append(NameReading("", role_codes(segment.role)))
            continue
        people, before = _people(segment, style, everyone=everyone)
        if segment.role or not _echo(" ".join(segment.words), names, people):
            residue = residue or (before if not names else "")
            names += people
    return names, residue


def _without_others(clause: str) -> tuple[str, bool]:
    """The clause without "等", "...[等]" or "et al.", and whether it had them: what is said is then said of all named."""
    if "等" not in clause and ".." not in clause and "et al" not in clause.lower():
        return clause, False
    shorter, found = _OTHERS.subn(" ", clause)
    return shorter, found > 0


def _unwrap(clause: str) -> str:
    """ "[(英)莎士比亚著] 梁实秋译": the cataloguer's brackets round a whole statement go, those round one word stay."""
    return re.sub(r"\((\([^()]*\)[^()]*(?:\([^()]*\))?[^()]*)\)", r"\1", clause) if "((" in clause else clause


def _people(segment: Segment, style: Style, *, everyone: bool) -> tuple[list[NameReading], str]:
    """The names of a segment, with its role where they have none of their own, and what stood before them."""
    start = _first_name(segment, everyone=everyone) if style == "isbd" else 0
    text, role = " ".join(segment.words[start:]).replace(" ,", ",").replace(" ，", "，"), segment.role
    if prefix := _PREFIX_ROLE.match(text):
        text, role, everyone = text[prefix.end() :], prefix.group(1), True
    codes = role_codes(role)
    people = read_names(text)
    if codes:
        first = 0 if everyone else _first_with_role(segment, codes, len(people))
        people = [p if p.roles or i < first else p._replace(roles=codes) for i, p in enumerate(people)]
    return people, " ".join(segment.words[:start])


def _first_with_role(segment: Segment, codes: tuple[str, ...], count: int) -> int:
    """A role set apart, or a picture-maker's, is the last name's after a half-width comma ("A, B 编") but everyone's after "，"."""
    apart = segment.how != "glued" or codes[0] in ("illustrator", "photographer")
    if not apart or "," not in segment.words:
        return 0
    after = len(segment.words) - 1 - segment.words[::-1].index(",")
    return count - 1 - segment.words[after:].count("，")


def _first_name(segment: Segment, *, everyone: bool) -> int:
    """Where the names begin in a segment: at a country or dynasty in brackets, else at the last word of its script.

    A role set apart ("大卫 尤费 著") leaves blanks inside names possible; only prose before them is told from a name then.
    """
    words = segment.words
    for index, word in enumerate(words):
        if word.startswith("(") and word[1 : word.find(")")].strip() in origins():
            return _start_of_list(words, index)
    if not segment.role:
        return 0
    if segment.how == "apart" and not everyone:
        return _behind_prose(words)
    return _start_of_list(words, len(words) - 1)


def _start_of_list(words: tuple[str, ...], start: int) -> int:
    """Where the list of names begins that the word belongs to: 龙应台 in "龙应台, (德)安德烈"."""
    while start > 0 and belong_together(words[start - 1], words[start]):
        start -= 1
    return start


def _behind_prose(words: tuple[str, ...]) -> int:
    if not any(is_prose(word) for word in words):
        return 0
    return max((index for index, word in enumerate(words) if has_cjk(word) and word not in COMMAS), default=0)


def _latin_clause(clause: str) -> list[NameReading]:
    found = _BY.match(clause)
    codes: tuple[str, ...] = ()
    if found:
        clause = found.group(2) or found.group(3)
        codes = role_codes(f"{found.group(1)} by") if found.group(1) else ("author",)
    people = read_names(_without_others(clause)[0])
    return [person if person.roles else person._replace(roles=codes) for person in people] if codes else people
