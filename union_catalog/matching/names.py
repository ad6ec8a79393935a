"""Names of creators as matching compares them.

A name is a tuple of *forms*, folded, with blanks between the parts: 阿瑟·米勒（Arthur Miller） has the forms "阿瑟 米勒" and
"arthur miller".
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein

from union_catalog.bibliographic.folding import fold_words
from union_catalog.bibliographic.normalise.statements import parse_statement
from union_catalog.bibliographic.normalise.words import attached_roles, roles
from union_catalog.bibliographic.record import Agent
from union_catalog.matching.authorities import standing_name

Forms = tuple[str, ...]

_HAN = re.compile(r"[㐀-鿿]")
_HAN_ONLY = re.compile(r"^[㐀-鿿]{2,3}$")
_INVERTED = re.compile(r"^([^\W\d_][\w'’.\- ]*),\s*([^\W\d_][\w'’.\- ]*)$", re.ASCII)
_TWO_SCRIPTS = re.compile(r"[㐀-鿿] (?:[a-z]+ )*[a-z]{3,}|(?:^| )[a-z]{3,} (?:[a-z]+ )*[㐀-鿿]")
_STATE = re.compile("^(?:中华人民共和国|中国)(?=[㐀-鿿]{4,}(?:部|局|委员会|委|署|院|办公室|厅|总社|银行|法院)$)")
_INITIALS = re.compile("^[a-z](?: [a-z]){0,2}$")  # "J. K", from which the family name was cut off
_SERVING = frozenset({"annotator", "commentator", "compiler", "editor", "proofreader"})
_LATE = frozenset({"translator", "illustrator", "proofreader", "reviewer", "annotator", "photographer"})


def _by_script(folded: str) -> list[str]:
    """奥利维娅·贾德森 Olivia Judson is two forms; J.K.罗琳 is one."""
    if folded.isascii() or not _TWO_SCRIPTS.search(folded):
        return [folded]
    parts = folded.split(" ")
    return [
        " ".join(part for part in parts if not part.isascii() or len(part) == 1),
        " ".join(part for part in parts if part.isascii()),
    ]


@cache
def _role_behind() -> re.Pattern[str]:
    """A name of three characters with what somebody did for another's text glued to it. That of an author is none: 山田耕作 is a name."""
    known = roles()
    words = [word for word in attached_roles() if not _SERVING.isdisjoint(known[word])]
    return re.compile(f"^([㐀-鿿]{{3}})(?:{'|'.join(sorted(words))}|等)$")


@lru_cache(maxsize=1 << 14)
def forms_of(name: str) -> Forms:
    """The folded forms of one name: the names that stand for its bearer, then the name as written; empty for a text without letters."""
    if name.endswith("dition"):  # "Fourth Edition", which slipped out of the title
        return ()
    turned = _INVERTED.match(name) if "," in name else None
    folded = fold_words(f"{turned[2]} {turned[1]}" if turned else name)
    told = [_bare(form) for form in _by_script(folded) if form and not (form.isascii() and _INITIALS.match(form))]
    standing = [standing_name(form) for form in told]
    return tuple(told) if standing == told else tuple(dict.fromkeys((*standing, *told)))


def _bare(form: str) -> str:
    """Without a role that was taken for a part of the name (脂砚斋评), and without the state before an office of it (国家统计局)."""
    if form.isascii() or len(form) < 4:
        return form
    role = _role_behind().match(form)
    return role[1] if role else _STATE.sub("", form)


def _all_forms(names: Sequence[str]) -> Forms:
    if len(names) == 1:
        return forms_of(names[0])
    return tuple(dict.fromkeys(form for name in names for form in forms_of(name)))


def names_in(statement: str) -> list[Forms]:
    """The names of a statement of responsibility in order, for a record that has no agents."""
    readings = (_all_forms((reading.name, *reading.other_forms)) for reading in parse_statement(statement, "list").names)
    return [forms for forms in readings if forms]


def names_of(agents: Sequence[Agent]) -> list[Forms]:
    """The names of the agents: primary ones first, those who served another's text (translators …) last, else as in the source."""
    if len(agents) > 1:
        agents = sorted(agents, key=lambda agent: (not agent.primary, bool(agent.roles) and _LATE.issuperset(agent.roles)))
    found = (_all_forms((agent.name, *agent.other_forms)) for agent in agents)
    return [forms for forms in found if forms]


def translators_of(agents: Sequence[Agent]) -> Forms:
    """The forms of those whom the record calls translators; the first creator is none, whatever role stands at the end of the statement."""
    return _all_forms([agent.name for agent in agents if "translator" in agent.roles and not agent.primary])


def last_part(form: str) -> str:
    """The part of a name that cataloguers agree on most: 毛姆 of 威廉 萨默塞特 毛姆, "miller" of "arthur miller"; 村上春树 of 村上 春树."""
    head, _, tail = form.rpartition(" ")
    if head and len(form) <= 6 and all(_HAN_ONLY.match(part) or len(part) == 1 for part in form.split(" ")):
        return form.replace(" ", "") if _HAN.search(form) and not any(c.isascii() for c in form.replace(" ", "")) else tail
    return tail


def _close_spelling(a: str, b: str) -> bool:
    """Two transliterations of one foreign name: of four characters one may differ, of eight two."""
    shorter = min(len(a), len(b))
    allowed = 1 if shorter < 8 else 2
    return shorter >= 4 and Levenshtein.distance(a, b, score_cutoff=allowed) <= allowed


def _given_names_agree(a: Sequence[str], b: Sequence[str]) -> bool:
    """Initials and other scripts agree with anything that begins so."""
    return all(x == y or x[0] == y[0] or x.isascii() is not y.isascii() for x, y in zip(a, b, strict=False))


def _same_parts(a: Sequence[str], b: Sequence[str], *, latin: bool) -> bool:
    """The shorter is the end of the longer (比奥伊 卡萨雷斯), in Latin in any order; or only the family names are told to be equal.

    Both parts may be spelt a little differently (恰克 帕拉尼克, 查克 帕拉纽克).
    """
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) > 1 and (shorter == longer[-len(shorter) :] or (latin and set(shorter) <= set(longer))):
        return True
    if shorter[-1] != longer[-1] or len(shorter[-1]) < 2:
        return len(shorter) > 1 and _close_spelling(a[-1], b[-1]) and not set(a[0]).isdisjoint(b[0])
    return len(shorter) == 1 or _given_names_agree(a[:-1], b[:-1])


@lru_cache(maxsize=1 << 15)
def same_name(a: str, b: str) -> bool:
    """Whether two forms may be one person's or body's name. Two Chinese names of two or three characters must be equal (余华, 于华)."""
    joined_a, joined_b = a.replace(" ", ""), b.replace(" ", "")
    if joined_a == joined_b or _same_parts(a.split(" "), b.split(" "), latin=a.isascii() and b.isascii()):
        return True
    if min(len(joined_a), len(joined_b)) >= 4 and (joined_a in joined_b or joined_b in joined_a):
        return True
    return _close_spelling(joined_a, joined_b)


@lru_cache(maxsize=1 << 14)
def is_han(form: str) -> bool:
    """Whether a form is written in Han characters, wholly or in part."""
    return bool(_HAN.search(form))


@lru_cache(maxsize=1 << 14)
def is_chinese_name(form: str) -> bool:
    """Whether a form is a name of two or three Han characters, of which no spelling but one is right."""
    return bool(_HAN_ONLY.match(form))
