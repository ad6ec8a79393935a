"""Languages as codes and as words: "chi", "engfre", 中文, 英语, Chinese."""

import re
from functools import lru_cache

_LANGUAGE = re.compile(r"[a-z]{3}")
_NO_LANGUAGE = frozenset(("und", "zxx", "xxx", "mul", "mis"))
_WORDS = {
    "中文": "chi", "汉语": "chi", "漢語": "chi", "中": "chi", "chinese": "chi", "zh": "chi", "zho": "chi", "zh-cn": "chi",
    "英文": "eng", "英语": "eng", "英": "eng", "english": "eng", "en": "eng", "日文": "jpn", "日语": "jpn", "japanese": "jpn",
    "ja": "jpn", "法文": "fre", "法语": "fre", "french": "fre", "fr": "fre", "fra": "fre", "德文": "ger", "德语": "ger",
    "german": "ger", "de": "ger", "deu": "ger", "俄文": "rus", "俄语": "rus", "russian": "rus", "ru": "rus", "韩文": "kor",
    "韩语": "kor", "korean": "kor", "ko": "kor", "西班牙文": "spa", "西班牙语": "spa", "spanish": "spa", "es": "spa",
    "藏文": "tib", "维吾尔文": "uig", "蒙古文": "mon",
}  # fmt: skip


@lru_cache(maxsize=4096)
def language_codes(text: str) -> tuple[str, ...]:
    """ISO 639-2/B codes that run together or stand alone; none for a text that is anything else."""
    plain = text.strip().lower()
    if len(plain) % 3:
        return ()
    found = tuple(plain[at : at + 3] for at in range(0, len(plain), 3))
    return tuple(code for code in found if _LANGUAGE.fullmatch(code) and code not in _NO_LANGUAGE)


def language_of_word(word: str) -> tuple[str, ...]:
    """The code of a language's name, or the codes that the word is made of."""
    known = _WORDS.get(word.lower())
    return (known,) if known else language_codes(word)
