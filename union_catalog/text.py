"""Plain text hygiene: what is done to every string that comes from outside. Knows nothing of scripts, languages or fields."""

import html
import re
import unicodedata
from functools import lru_cache

# C0 and C1 controls (C1 88/89/98/9C are MARC's non-sorting marks; 1D-1F delimit ISO 2709), zero-width space, byte order mark,
# and the marks that steer the direction of writing, which name pages leave in what is copied from them.
_INVISIBLE = (0x200B, 0xFEFF, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROLS = {code: None for code in (*range(0x1D), *range(0x7F, 0xA0), *_INVISIBLE) if code not in (9, 10, 13)}
_CONTROL = re.compile("[" + "".join(re.escape(chr(code)) for code in _CONTROLS) + "]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def tidy(text: str) -> str:
    """NFC, without control characters, HTML entities resolved; blanks and the delimiters of ISO 2709 are left as they are.

    Works on a whole record at once: each of the three checks is one pass in C and nearly always finds nothing to do.
    """
    if text.isascii():
        return unescape(text) if "&" in text else _strip_controls(text)
    text = _strip_controls(text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return unescape(text) if "&" in text else text


def _strip_controls(text: str) -> str:
    return text.translate(_CONTROLS) if _CONTROL.search(text) else text


def unescape(text: str) -> str:
    """HTML entities that end in a semicolon resolved; "&copy=1" in an address stays."""
    return _ENTITY.sub(lambda found: html.unescape(found.group()), text)


def squeeze(text: str) -> str:
    """Trimmed, every run of white space (full-width blanks too) as one blank."""
    return " ".join(text.split())


def half_width(text: str) -> str:
    """Full-width letters, digits and punctuation as their ASCII forms; nothing else changes."""
    return text.translate(_FULL_WIDTH)


_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")


def has_han(text: str) -> bool:
    """Whether a Han character is in it."""
    return not text.isascii() and _HAN.search(text) is not None


@lru_cache(maxsize=16384)
def has_cjk(text: str) -> bool:
    """Whether a Han, kana or hangul character is in it."""
    return not text.isascii() and _CJK.search(text) is not None
