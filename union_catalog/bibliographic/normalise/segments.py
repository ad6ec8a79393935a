"""A clause of a statement of responsibility cut into runs of words that end with a role: "(英)菲利斯，玛丽·利著 吕建高译" → two."""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from union_catalog.bibliographic.normalise.words import attached_roles, role_codes, roles
from union_catalog.text import has_cjk

COMMAS = (",", "，")
_SEPARATOR = re.compile(r"[\s,，]")
_GROUP = re.compile(r"(?:课题|编写|编辑|教研|翻译|小|研究|项目|栏目|专家|命题|写作|创作|编译|工作|领导)$")
_IN_BRACKETS = re.compile(r"^(?P<name>.+)\(等?(?P<role>[^()]+)\)$")
_NOT_NAMES = frozenset(("专", "原", "合", "主"))  # 专著 is a kind of book, 原著 a role

# How a role stands: glued to the last name, in brackets behind it, apart from it; "" where there is none.
How = Literal["", "glued", "bracketed", "apart"]


class Segment(NamedTuple):
    """``words`` are names, parts of names and commas; ``role`` is what ends them."""

    words: tuple[str, ...]
    role: str = ""
    how: How = ""


def segments(clause: str) -> list[Segment]:
    """The clause's runs in order; the last one may be without a role, and a role that stands alone has no words."""
    out: list[Segment] = []
    current: list[str] = []
    for word in _words(clause):
        if word in COMMAS and not current:
            continue
        name, role, how = _split_role(word)
        if name:
            current.append(name)
        if role:
            out.append(Segment(tuple(current), role, how))
            current = []
    return [*out, Segment(tuple(current))] if current else out


def _words(clause: str) -> list[str]:
    """Split at blanks and commas outside brackets; a comma is a word of its own, "，" if it is a full-width one."""
    if not _SEPARATOR.search(clause):
        return [clause]
    out: list[str] = []
    depth, current = 0, ""
    for char in clause:
        depth += (char == "(") - (char == ")")
        if depth <= 0 and (char.isspace() or char in ",，"):
            out += (current, "" if char.isspace() else char)
            current = ""
        else:
            current += char
    return [word for word in (*out, current) if word]


@lru_cache(maxsize=16384)
def _split_role(word: str) -> tuple[str, str, How]:
    """ "谢萍译" → ("谢萍", "译", "glued"), "饶妮妮(编)" bracketed, "编注" apart; ("谢萍", "", "") without a role."""
    if word in roles():
        return "", word, "apart"
    if word.endswith(")") and (found := _IN_BRACKETS.match(word)) and role_codes(found["role"]):
        return found["name"], found["role"], "bracketed"
    role = "" if word.isascii() else _role_at_end(word)
    if not role:
        return word, "", ""
    name = word[: -len(role)].removesuffix("等").rstrip("·")
    if role.startswith(("组", "組")) and _GROUP.search(name):
        return name + role[0], role[1:], "glued"
    return (name, role, "glued") if _can_be_name(name, role) else (word, "", "")


def _can_be_name(name: str, role: str) -> bool:
    """A single character before a role is part of a name (张译, 李编) except before 著, which ends none."""
    if len(name) < 2 and not name.endswith((")", ".")):
        return role == "著" and bool(name) and name not in _NOT_NAMES
    return True


def _role_at_end(word: str) -> str:
    """The longest role word that the word ends with and that may be glued to a name, "" if there is none."""
    known = attached_roles()
    return next((word[-length:] for length in (4, 3, 2, 1) if word[-length:] in known), "")


def belong_together(before: str, word: str) -> bool:
    """Whether two words next to each other are of one list of names: a comma between, an initial, or both Latin."""
    if before in COMMAS or word in COMMAS or before.endswith(("·", ".")):
        return True
    return not has_cjk(word) and not has_cjk(before) and before[0].isupper()


def is_prose(word: str) -> bool:
    """A Latin word in lower case: romanisation or English text, no part of a name except "de", "van" and their like."""
    return len(word) > 3 and word.isascii() and word.isalpha() and word.islower()
