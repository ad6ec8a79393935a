"""Numbers as they are written: Chinese numerals (plain, financial, digit by digit), Roman numerals, full-width digits."""

from functools import lru_cache

from union_catalog.text import half_width

DIGITS = {
    c: n
    for n, forms in enumerate(("〇零○Ο", "一壹弌", "二贰貳两兩弍", "三叁參参", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"))
    for c in forms
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卅": 30}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN_NUMBERS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN_SIGNS = {0x2160 + n: form for n, form in enumerate(_ROMAN_NUMBERS)} | {0x2170 + n: form for n, form in enumerate(_ROMAN_NUMBERS)}
CHINESE = "".join(DIGITS) + "".join(_UNITS) + "".join(_TENS)
ROMAN_SIGNS = "".join(map(chr, _ROMAN_SIGNS))


@lru_cache(maxsize=4096)
def to_int(text: str) -> int | None:
    """ "12", "１２", "十二", "一二", "廿五", "贰", "Ⅻ", "XII" as a number; None if it is none. "二〇〇六" is read digit by digit."""
    text = half_width(text.strip()).translate(_ROMAN_SIGNS)
    if not text:
        return None
    if text.isdecimal() and text.isascii():
        return int(text)
    return _roman(text) if text.isascii() else _chinese(text)


def _chinese(text: str) -> int | None:
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[char], 0
        elif char in _TENS:
            total += _TENS[char]
        else:
            return None
    return total + digit


def _roman(text: str) -> int | None:
    values = [_ROMAN.get(char) for char in text.upper()]
    known = [value for value in values if value is not None]
    if len(known) != len(values) or len(values) > 8:
        return None
    total = sum(-v if v < after else v for v, after in zip(known, [*known[1:], 0], strict=True))
    return total if _to_roman(total) == text.upper() else None


def _to_roman(number: int) -> str:
    steps = (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")
    out = ""
    for value, form in steps:
        while number >= value:
            out, number = out + form, number - value
    return out
