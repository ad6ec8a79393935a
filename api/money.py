"""Money as readers read and desks type it. Inside it is whole fen; nothing is ever rounded."""

import re
import unicodedata

from union_catalog.context import Language

_AMOUNT = re.compile(r"[¥￥]?([0-9]{1,7})(?:\.([0-9]{1,2}))?元?")


def yuan(fen: int, language: Language) -> str:
    """3980 → "39.80元" or "¥39.80"; a minus sign stands before all of it."""
    sign = "-" if fen < 0 else ""
    amount = f"{abs(fen) // 100}.{abs(fen) % 100:02d}"
    return f"{sign}{amount}元" if language == "zh" else f"{sign}¥{amount}"


def read_yuan(text: str) -> int:
    """ "39.8", "¥39.80" or "39.80元" → 3980; 0 for what is no amount or has parts of a fen."""
    told = _AMOUNT.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    return int(told.group(1)) * 100 + int((told.group(2) or "").ljust(2, "0")) if told else 0
