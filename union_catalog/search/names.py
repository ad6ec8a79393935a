"""Names of people, bodies, subjects and series as they are counted, chosen and suggested: one spelling of each, in the reader's script.

Unlike the keys of the analysis these are shown, so case and punctuation that belong to a name stay.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from union_catalog.bibliographic.folding import fold_script
from union_catalog.bibliographic.normalise.words import attached_roles

LONGEST_NAME = 120

_CJK = r"㐀-䶿一-鿿豈-﫿぀-ヿ가-힯々〇"
_BRACKETS = re.compile(r"^(?:[(\[〔【〈][^)\]〕】〉]{0,12}[)\]〕】〉]\s*)+|(?:\s*[(\[〔【〈][^)\]〕】〉]{0,24}[)\]〕】〉])+$")
_DATES = re.compile(r"[,\s]+\(?(?:约|ca\.?\s*)?\d{3,4}\??\s*-\s*(?:约)?(?:\d{3,4})?\??\)?\.?$")
_SHORT_ROLES = "编著译绘撰等"
_AMBIGUOUS = "评注校辑选疏纂续"  # roles only behind two characters or more: names are set wide, too (王 选)
_LABEL = re.compile(r"^(?:原作|原著|作者|著者|编者|译者|绘者|主编|编著|漫画|插图)\s*[:：]\s*")
_POINTS = re.compile(rf"(?<=[{_CJK}])\s*[.·•‧・･∙⋅]\s*(?=[A-Za-z{_CJK}])")
_INITIAL = re.compile(rf"(?<![A-Za-z])([A-Za-z])\s*[.·•‧・･∙⋅]\s*(?=[A-Za-z{_CJK}])")
_BLANKS = re.compile(r"\s+")
_HAN = r"[㐀-䶿一-鿿豈-﫿々]"
# A single character beside a blank is a part of one name set wide (余 华, 欧阳 修); longer parts may be two names (余华 莫言).
_WIDE = re.compile(rf"(?<!\S)({_HAN}) (?={_HAN})|(?<={_HAN}) ({_HAN})(?!\S)")
_MISSING = re.compile("[〓\ufffd]")  # stand for characters that a typesetter or a computer did not have
_KINDS_OF_EDITIONS = "珍藏|典藏|收藏|纪念|插图|图文|彩图|全彩|彩绘|图解|修订|增订|增补|全译|精装|平装|注音|双语|普及|最新|新|百年"
_NUMBER = r"[\d〇一二三四五六七八九十百]+"
_NO_NAME = re.compile(
    rf"[A-Za-z]\.?|vol(?:ume|s)?\b\.? ?(?:\d+|[ivx]+)|\d[\d年月日.°-]*|\d+(?:st|nd|rd|th) ed(?:ition|\.)?"
    rf"|(?:{_KINDS_OF_EDITIONS})+[版本](?: [ -~]*)?|插图|第?{_NUMBER}版|(?:[上中下全]|第{_NUMBER})[卷册辑集部]",
    re.IGNORECASE,
)
_AROUND = " \t,;:/、，；：。·"


@cache
def _role() -> re.Pattern[str]:
    """What somebody did, apart from the name at its right, in the words of the table that statements of responsibility are read by."""
    long = sorted((word for word in attached_roles() if len(word) > 1), key=len, reverse=True)
    return re.compile(rf"(?<=[{_CJK}])(?: (?:{'|'.join(long)}|[{_SHORT_ROLES}]|(?<=[{_CJK}]{{2}} )[{_AMBIGUOUS}])+)+$")


@lru_cache(maxsize=1 << 16)
def spelled(name: str, *, person: bool = False) -> str:
    """A name in simplified characters and usual width, without dynasty, country or years beside it, that of a ``person`` or body without
    a role either; "" where nothing is left. A subject keeps such a word: 中国文学 评论.

    Nothing, too, of a name that was written with signs for characters that could not be written.

    ［清］曹雪芹 and 曹雪芹 (清) give 曹雪芹; 史蒂芬．霍金 and 史蒂芬・霍金 give 史蒂芬·霍金; J·K·罗琳 gives J.K.罗琳..
    """
    if _MISSING.search(name):
        return ""
    plain = _BLANKS.sub(" ", name if name.isascii() else _simplified(unicodedata.normalize("NFKC", name))).strip(_AROUND)
    plain = _LABEL.sub("", plain)
    bare = _DATES.sub("", _BRACKETS.sub("", plain))
    bare = (_role().sub("", bare) if person else bare).strip(_AROUND)
    joined = _POINTS.sub("·", _WIDE.sub(r"\1\2", bare or plain))
    return _INITIAL.sub(_initial, joined)[:LONGEST_NAME].strip(_AROUND)


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The spellings of several subjects or series, each once, in their order."""
    return tuple(dict.fromkeys(filter(None, map(spelled, names))))


def people(names: Iterable[str]) -> tuple[str, ...]:
    """The spellings of names of people and bodies, each once, less what is none: a Latin letter by itself, a date or number, an edition
    (百年珍藏版, 2nd Edition) or a volume (下册, Vol. 1).

    Statements of responsibility hold such things, and what is between two separators is read as a name; of 53,945 spellings in the four
    real exports 46 are of this kind. They are left out where names are counted and suggested; the words are searched all the same.
    """
    told = dict.fromkeys(spelled(name, person=True) for name in names)
    return tuple(name for name in told if name and not _NO_NAME.fullmatch(name))


def _simplified(name: str) -> str:
    """What is written in characters of GB 2312 only is simplified already: 萧乾 is no traditional 萧干."""
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return fold_script(name)
    return name


def _initial(found: re.Match[str]) -> str:
    """An initial before a Latin name has a blank behind it (C. S. Lewis), before a Chinese one none (J.K.罗琳)."""
    rest = found.string[found.end() :]
    return f"{found[1]}." if any(ord(character) > 0x2E7F for character in rest) else f"{found[1]}. "
