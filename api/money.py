"""Money as readers read it. Inside it is whole fen; nothing is ever rounded."""

from union_catalog.context import Language


def yuan(fen: int, language: Language) -> str:
    """3980 → "39.80元" or "¥39.80"; a minus sign stands before all of it."""
    sign = "-" if fen < 0 else ""
    amount = f"{abs(fen) // 100}.{abs(fen) % 100:02d}"
    return f"{sign}{amount}元" if language == "zh" else f"{sign}¥{amount}"
