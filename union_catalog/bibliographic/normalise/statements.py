"""Statements of responsibility taken apart into names, roles, countries and dynasties.

"（英）简·奥斯丁著 王科一译", "主编季野, 张西明 ...[等]", "黄永玉（图）", "[法] 大仲马(A. Dumas) 原著", "Walden (美)
亨利·戴维·梭罗著 潘庆龄译", "(清)仇兆鳌注", "by Paul Tournier ; translated by John S. Gilmour.". What stands before the
first name and is none (a volume, a parallel title) comes back as ``residue``.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from union_catalog.bibliographic.normalise.person import NameReading, is_other_form, read_names
from union_catalog.bibliographic.normalise.words import attached_roles, origins, role_codes, roles
from union_catalog.text import has_cjk

_BRACKETS = str.maketrans("（［〔【[｛{〈）］〕】]｝}〉、；／", "((((((((" + "))))))))" + "，;/")
_SLASH = re.compile(r"(?:^|\s)/\s")
_OTHERS = re.compile(r"\s*(?:\.{2,}|…+)?\s*(?:\((?:等|et al\.?)\)|(?:,\s*)?(?:等(?=$|[\s,;)])|et al\.?))", re.IGNORECASE)
_DOTTED_ROLE = re.compile(r"[·．‧・•:：]\s*(?=(?:著|绘|译|编|编著|主编|文|图|摄影|插图|绘图|口述|整理)(?:$|[\s,;]))")
_PREFIX_ROLE = re.compile(
    r"^(总主编|總主編|副主编|副主編|执行主编|本册主编|主编|主編|编著者?|编者|作者|著者|译者|译|插图|绘图|策划)\s*[:：]?\s*(?=[\u3400-\u9fff])"
)
_BY = re.compile(
    r"^(?:.*?\b)?(edited|translated|translation|compiled|illustrated|illustrations|pictures|photographs|introduction|foreword|adapted|narrated|"
    r"read|music|directed|written)(?:\s+(?:and|&)\s+\w+)*\s+by\s+(.+)$|^by\s+(.+)$",
    re.IGNORECASE,
)
_GROUP = re.compile(r"(?:课题|编写|编辑|教研|翻译|小|研究|项目|栏目|专家|命题|写作|创作|编译|工作|领导)$")
_SEPARATOR = re.compile(r"[\s,，]")
_COMMAS = (",", "，")
Style = Literal["isbd", "list"]


class StatementReading(NamedTuple):
    """``names`` in order; ``residue`` is what stood in front of them and is no name."""

    names: tuple[NameReading, ...]
    residue: str = ""


@lru_cache(maxsize=65536)
def parse_statement(text: str, style: Style = "isbd") -> StatementReading:
    """A statement read. In style "list" a slash parts names, in "isbd" it parts the title in front from the statement. Never raises."""
    plain = _DOTTED_ROLE.sub(" ", text.translate(_BRACKETS)).strip(" .=/")
    residue = ""
    if style == "isbd" and (cut := _last_slash(plain)):
        residue, plain = plain[: cut.start()].strip(" ="), plain[cut.end() :]
    plain = plain.replace("/", ";") if style == "list" or has_cjk(plain) else plain
    names: list[NameReading] = []
    for clause in plain.split(";"):
        found, before = _clause(clause.strip(" .,，"), style)
        residue = residue or (before if not names else "")
        if len(found) == 1 and not found[0].name:
            names = _give_roles(names, found[0].roles)
        elif style == "list" and names and found and is_other_form(names[-1], found[0]):
            names[-1] = names[-1]._replace(other_forms=(found[0].name,))
            names += found[1:]
        elif style == "list" or not _echo(clause, names):
            names += found
    return StatementReading(tuple(names), residue)


def _echo(clause: str, names: list[NameReading]) -> bool:
    """A Latin clause behind Chinese names that have their roles repeats them, or the title, in another script."""
    return not has_cjk(clause) and any(name.roles and has_cjk(name.name) for name in names)


def _last_slash(plain: str) -> re.Match[str] | None:
    cuts = list(_SLASH.finditer(plain))
    return cuts[-1] if cuts else None


def _give_roles(names: list[NameReading], given: tuple[str, ...]) -> list[NameReading]:
    """A role that stands alone ("戈巴契夫 文, 图", "林幸謙/ 編") belongs to the name before it."""
    if names:
        last = names[-1]
        names[-1] = last._replace(roles=(*last.roles, *(role for role in given if role not in last.roles)))
    return names


def _clause(clause: str, style: Style) -> tuple[list[NameReading], str]:
    if not clause:
        return [], ""
    if not has_cjk(clause):
        return _latin_clause(clause), ""
    clause, everyone = _without_others(clause)
    names: list[NameReading] = []
    residue = ""
    for tokens, role in _segments(_tokens(_unwrap(clause))):
        people, before = _people(tokens, role, style, everyone=everyone)
        if role and not people:
            names = _give_roles(names, role_codes(role)) or [NameReading("", role_codes(role))]
        elif role or not _echo(" ".join(tokens), names):
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


def _tokens(clause: str) -> list[str]:
    """Split at blanks and commas outside brackets; a comma is a token of its own, "，" if it is a full-width one."""
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
    return [token for token in (*out, current) if token]


def _segments(tokens: list[str]) -> list[tuple[list[str], str]]:
    """Runs of tokens that end with a role: (["(英)", "菲利斯·克里米", "，", "玛丽·利"], "著"), the role with a blank before it if it stood
    apart; "" for a run without one.
    """
    out: list[tuple[list[str], str]] = []
    current: list[str] = []
    for token in tokens:
        if token in _COMMAS and not current:
            continue
        name, role = _split_role(token)
        if name:
            current.append(name)
        if role:
            out.append((current, role if name else " " + role))
            current = []
    return [*out, (current, "")] if current else out


@lru_cache(maxsize=16384)
def _split_role(token: str) -> tuple[str, str]:
    """ "谢萍译" → ("谢萍", "译"); "编注" → ("", "编注"); a role in brackets stays with its name."""
    if token in roles():
        return "", token
    role = "" if token.isascii() else _role_at_end(token)
    if not role:
        return token, ""
    name = token[: -len(role)].removesuffix("等").rstrip("·")
    if role.startswith(("组", "組")) and _GROUP.search(name):
        return name + role[0], role[1:]
    return (name, role) if len(name) >= 2 or (name and role == "著") or name.endswith((")", ".")) else (token, "")


def _role_at_end(token: str) -> str:
    """The longest role word that the token ends with and that may be glued to a name, "" if there is none."""
    known = attached_roles()
    return next((token[-length:] for length in (4, 3, 2, 1) if token[-length:] in known), "")


def _people(tokens: list[str], role: str, style: Style, *, everyone: bool) -> tuple[list[NameReading], str]:
    if not tokens:
        return [], ""
    start = _first_name(tokens, role) if style == "isbd" else 0
    text = " ".join(tokens[start:]).replace(" ,", ",").replace(" ，", "，")
    if prefix := _PREFIX_ROLE.match(text):
        text, role = text[prefix.end() :], prefix.group(1)
        everyone = True
    codes = role_codes(role)
    people = read_names(text)
    if codes:
        first = 0 if everyone else _first_with_role(tokens, role, codes, len(people))
        people = [p if p.roles or i < first else p._replace(roles=codes) for i, p in enumerate(people)]
    return people, " ".join(tokens[:start])


def _first_with_role(tokens: list[str], role: str, codes: tuple[str, ...], count: int) -> int:
    """A role set apart, or a picture-maker's, is the last name's after a half-width comma ("A, B 编") but everyone's after "，"."""
    apart = role.startswith(" ") or codes[0] in ("illustrator", "photographer")
    if not apart or "," not in tokens:
        return 0
    after = len(tokens) - 1 - tokens[::-1].index(",")
    return count - 1 - tokens[after:].count("，")


def _first_name(tokens: list[str], role: str) -> int:
    """Where in a run that ends with a role the names begin: at a country or dynasty in brackets, else at the last token of its script."""
    for index, token in enumerate(tokens):
        if token.startswith("(") and token[1 : token.find(")")].strip() in origins():
            return index
    if not role or role.startswith(" "):
        return 0
    start = len(tokens) - 1
    while start > 0 and _belongs(tokens[start - 1], tokens[start]):
        start -= 1
    return start


def _belongs(before: str, token: str) -> bool:
    """Whether two tokens are of one list of names: a comma between, an initial, or both Latin."""
    if before in _COMMAS or token in _COMMAS or before.endswith(("·", ".")):
        return True
    return not has_cjk(token) and not has_cjk(before) and before[0].isupper()


def _latin_clause(clause: str) -> list[NameReading]:
    found = _BY.match(clause)
    codes: tuple[str, ...] = ()
    if found:
        clause = found.group(2) or found.group(3)
        codes = role_codes(f"{found.group(1)} by") if found.group(1) else ("author",)
    people = read_names(_without_others(clause)[0].replace("，", ","))
    return [person if person.roles else person._replace(roles=codes) for person in people] if codes else people
