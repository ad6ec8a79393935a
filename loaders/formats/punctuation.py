"""ISBD punctuation: MARC 21 and careless CNMARC keep it inside the subfields, the record model does not."""

import re
from functools import lru_cache

_TRAILING = " /:;,=\u3000"
_LEADING = " /:;,=\u3000"
_KEEPS_DOT = re.compile(r"(?:^|[\s.(\-])(?:[A-Z]|Jr|Sr|Inc|Ltd|Co|Corp|Dept|Mr|Mrs|Dr|St|etc|ed|et al|U\.S|Ph\.D|Bros|vol|no|pt)\.$")
_BRACKETED = re.compile(r"^\[([^\[\]]*)\]$")


@lru_cache(maxsize=8192)
def strip_isbd(text: str) -> str:
    """Without the mark that leads over to the next area, and without a full stop that ends no abbreviation."""
    text = text.lstrip(_LEADING)
    text = text.rstrip(_TRAILING)
    if text.endswith(" +"):  # leads over to accompanying material; the plus signs of "C++" are letters
        text = text[:-1].rstrip(_TRAILING)
    if text.endswith(".") and not text.endswith("..") and not _KEEPS_DOT.search(text):
        text = text[:-1].rstrip(_TRAILING)
    return text


def strip_brackets(text: str) -> str:
    """ "[北京]" → "北京": brackets round the whole mean that the cataloguer supplied it; half of a pair goes too."""
    if found := _BRACKETED.match(text):
        return found.group(1).strip()
    if text.startswith("[") and "]" not in text:
        return text[1:].strip()
    if text.endswith("]") and "[" not in text:
        return text[:-1].strip()
    return text
