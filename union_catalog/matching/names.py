"""Names of creators as matching compares them: without brackets for country and dynasty, without role words, in parts.

A name is a tuple of *forms*: 阿瑟·米勒（Arthur Miller） has the forms "阿瑟 米勒" and "arthur miller".
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from union_catalog.bibliographic.folding import fold_words
from union_catalog.bibliographic.record import Agent

Forms = tuple[str, ...]

_OPEN, _CLOSE = "[(（【［〔〈《", "])）】］〕〉》"
_LEADING = re.compile(
    rf"^(?:[{re.escape(_OPEN)}][^{re.escape(_OPEN + _CLOSE)}]{{0,12}}[{re.escape(_CLOSE)}]\s*)+"
)
_BRACKETED = re.compile(rf"[{re.escape(_OPEN)}]([^{re.escape(_OPEN + _CLOSE)}]*)[{re.escape(_CLOSE)}]?")
_ROLE = (
    "(?:编著|编译|编绘|编写|编选|编注|编剧|编辑|总主编|副主编|主编|选编|改编|合编|译注|译者|翻译|校注|校点|点校|校订|校对|校译|注释|笺注|评注|评点|"
    "撰写|原著|合著|专著|绘画|绘图|绘著|插图|插画|摄影|口述|整理|著译|编导|作者|著|编|译|绘|撰)"
)
_SHORT_ROLE = (
    "(?:辑|注|校|选|图|文|作|述|画|写|书)"  # a name may end so (沈从文), so only after a blank or bracket
)
_LEADING_ROLE = re.compile(
    rf"^{_ROLE}(?:\s*[:：]\s*|(?=[㐀-鿿]{{2,3}}$)|\s+)|^(?:by|edited by|ed\. by|written by)\s+", re.IGNORECASE
)
_TRAILING_ROLE = re.compile(
    rf"\s*(?:等)?\s*{_ROLE}+\s*$|\s+{_SHORT_ROLE}+$|\s*等$|,?\s+(?:et al|eds?)\.?$", re.IGNORECASE
)
_SEPARATOR = re.compile(r"\s*[,，;；、/／+＋]\s*|\s+(?:and|&)\s+|\s{2,}|(?<=[著编译绘撰])\s+", re.IGNORECASE)
_LATIN_INVERTED = re.compile(r"^([A-Za-z][\w'’.\- ]+),\s*([A-Za-z][\w'’.\- ]*)$")
_HAN = re.compile(r"[㐀-鿿]")
_TWO_SCRIPTS = re.compile(r"[㐀-鿿] (?:[a-z]+ )*[a-z]{3,}|(?:^| )[a-z]{3,} (?:[a-z]+ )*[㐀-鿿]")


def _by_script(name: str) -> list[str]:
    """奥利维娅·贾德森 Olivia Judson is two forms; J.K.罗琳 is one."""
    folded = fold_words(name)
    if folded.isascii() or not _TWO_SCRIPTS.search(folded):
        return [folded]
    parts = folded.split(" ")
    han = [part for part in parts if not part.isascii() or len(part) == 1]
    latin = [part for part in parts if part.isascii()]
    return [" ".join(han), " ".join(latin)]


@lru_cache(maxsize=1 << 14)
def forms_of(name: str) -> Forms:
    """The folded forms of one name, the one outside brackets first; empty for a text without letters."""
    name = _LEADING_ROLE.sub("", _LEADING.sub("", name.strip()))
    inside = _BRACKETED.findall(name)
    bare = _TRAILING_ROLE.sub("", _BRACKETED.sub(" ", name).strip()).strip() or name
    turned = _LATIN_INVERTED.match(bare)
    if turned:
        bare = f"{turned[2]} {turned[1]}"
    forms = [*_by_script(bare)] + [
        fold_words(text) for text in inside if len(text) > 3 and not _HAN.search(text)
    ]
    return tuple(dict.fromkeys(form for form in forms if form))


def names_in(statement: str) -> list[Forms]:
    """The names of a statement of responsibility in order, for a record that has no structured ones."""
    pieces = (forms_of(piece) for piece in _SEPARATOR.split(statement) if piece)
    return [forms for forms in pieces if forms]


def names_of(agents: Iterable[Agent]) -> list[Forms]:
    """The names of the agents, primary ones first, then in the order of the source."""
    found = []
    for agent in sorted(agents, key=lambda agent: not agent.primary):
        forms = tuple(
            dict.fromkeys(form for name in (agent.name, *agent.other_forms) for form in forms_of(name))
        )
        if forms:
            found.append(forms)
    return found


def last_part(form: str) -> str:
    """The part of a name that cataloguers agree on most: 毛姆 of 威廉 萨默塞特 毛姆, "miller" of "arthur miller"."""
    return form.rpartition(" ")[2]


def _close_spelling(a: str, b: str) -> bool:
    """Two transliterations of one foreign name: at least four characters and one different, or eight and two."""
    shorter = min(len(a), len(b))
    return shorter >= 4 and Levenshtein.distance(a, b, score_cutoff=2) <= (1 if shorter < 8 else 2)


def _initials_agree(a: Sequence[str], b: Sequence[str]) -> bool:
    return all(x == y or x[0] == y[0] or (x.isascii() is not y.isascii()) for x, y in zip(a, b, strict=False))


@lru_cache(maxsize=1 << 15)
def same_name(a: str, b: str) -> bool:
    """Whether two forms may be one person's or body's name. Two Chinese names of two or three characters must be equal (余华, 于华)."""
    if a == b:
        return True
    parts_a, parts_b = a.split(" "), b.split(" ")
    joined_a, joined_b = "".join(parts_a), "".join(parts_b)
    if joined_a == joined_b:
        return True
    if joined_a.isascii() and joined_b.isascii() and set(parts_a) == set(parts_b):
        return True
    if parts_a[-1] == parts_b[-1] and len(parts_a[-1]) > 1:
        return len(parts_a) == 1 or len(parts_b) == 1 or _initials_agree(parts_a[:-1], parts_b[:-1])
    if min(len(joined_a), len(joined_b)) >= 4 and (joined_a in joined_b or joined_b in joined_a):
        return True
    return _close_spelling(joined_a, joined_b)


def is_han(form: str) -> bool:
    return bool(_HAN.search(form))
