"""Titles while they are gathered, and a repair: romanisation spilled into the text."""

import re
from dataclasses import dataclass, field

from loaders.formats.romanisation import bare, sounds_begin
from union_catalog.bibliographic.normalise.titles import split_volume
from union_catalog.bibliographic.normalise.volumes import is_volume
from union_catalog.bibliographic.record import Title
from union_catalog.text import has_han

_LAST_OWN = re.compile("[\u3400-\u9fff\u2160-\u2188》”）)][^\u3400-\u9fff\\s]*(?=[^\u3400-\u9fff]*$)")
_BLANK = re.compile(r"\s+(?=[A-Za-z0-9])")
_LATIN_HEAD = re.compile(r"[A-Za-z0-9+#.\-]+")
_LANGUAGES = {
    "chi": "zh", "zho": "zh", "eng": "en", "jpn": "ja", "kor": "ko", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de",
    "rus": "ru", "spa": "es", "ita": "it", "por": "pt", "lat": "la", "ara": "ar", "tib": "bo", "uig": "ug", "mon": "mn",
    "dut": "nl", "swe": "sv", "dan": "da", "nor": "no", "fin": "fi", "pol": "pl", "cze": "cs", "gre": "el", "heb": "he",
    "hin": "hi", "tha": "th", "vie": "vi", "san": "sa", "per": "fa", "tur": "tr", "hun": "hu", "ukr": "uk",
}  # fmt: skip


@dataclass(slots=True)
class TitleParts:
    """A title before it is whole: the lists are joined as ISBD joins them."""

    kind: str
    text: str
    source: str
    remainder: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    pinyin: str = ""
    lang: str = ""

    def title(self) -> Title:
        text = self.text
        if self.kind == "parallel":
            text = text.lstrip("= ")
        made = Title(
            kind=self.kind,  # type: ignore[arg-type]  # callers pass kinds of the model only
            text=text,
            remainder=" : ".join(self.remainder),
            volume_number=", ".join(self.numbers),
            volume_title=", ".join(self.names),
            lang=language_tag(self.lang),
            pinyin=self.pinyin,
            source=self.source,
        )
        return made if self.numbers or self.names else split_volume(made)


def language_tag(code: str) -> str:
    """BCP 47 tag of an ISO 639-2/B code, "" for one that is not in the list."""
    return _LANGUAGES.get(code.strip().lower(), "") if code else ""


def without_pinyin(text: str, pinyin: str) -> tuple[str, str, str]:
    """Title, romanisation and volume told apart where an export lets the romanisation begin inside the title.

    "Ansys入门 Ansys" + "ru men" → "Ansys入门", "Ansys ru men". Only if what trails the title is how its beginning sounds.
    """
    if not pinyin or text[-1:] > "\u2fff" or not has_han(text):
        return text, pinyin, ""
    last = _LAST_OWN.search(text)
    for cut in _BLANK.finditer(text, last.end() if last else len(text)):
        title, spill = text[: cut.start()], text[cut.end() :]
        if _sounds_like(title, spill):
            told, _, volume = spill.partition(". ")
            known = is_volume(volume)
            return title, f"{told if known else spill} {pinyin}", volume if known else ""
    return text, pinyin, ""


def _sounds_like(title: str, spill: str) -> bool:
    """Whether the title begins as the spill sounds, or with the spill's Latin letters, behind which readings may differ."""
    latin = _LATIN_HEAD.match(title)
    begun = bare(latin.group()) if latin else ""
    return sounds_begin(title, spill) or (len(begun) > 1 and " " not in spill and bare(spill).startswith(begun))
