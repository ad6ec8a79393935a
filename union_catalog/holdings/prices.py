"""Prices as cataloguers wrote them, in fen."""

import re
import unicodedata
from functools import lru_cache

_YUAN = re.compile(r"(?:CNY|RMB|¥)?\s*(\d{1,6}(?:[.,]\d{1,2})?)\s*(?:元|CNY|RMB)?", re.ASCII | re.IGNORECASE)


@lru_cache(maxsize=4096)
def fen_of(price: str) -> int | None:
    """ "CNY92.00", "25.00元", "￥38" and "12,50" → fen; None for nothing, for another currency, and for what is no single price."""
    found = _YUAN.fullmatch(unicodedata.normalize("NFKC", price).strip())
    if found is None:
        return None
    yuan, _, rest = found.group(1).replace(",", ".").partition(".")
    return int(yuan) * 100 + int((rest + "00")[:2])
