"""What a book number tells of the edition and the volume.

Chinese libraries set editions and volumes apart by a sign behind the author's number (《中国图书馆分类法》书次号的辅助区分号): "493 E2" or
"H188 ed.3" is an edition, "R759 V3" a volume, "833 修订版" a revision. Some catalogue it nowhere else.
"""

import re
from collections.abc import Collection

import msgspec

from loaders.formats.rules import Draft
from union_catalog.bibliographic.record import Text

_EDITION = re.compile(r"\s(?:E|ed\.?)(\d{1,2})\s*$", re.IGNORECASE)
_REVISED = re.compile(r"\s((?:修订|增订|增补|重订|新)[版本])\s*$")
_VOLUME = re.compile(r"\sV\.?(\d{1,3})(?:\s|$)", re.IGNORECASE)
_SOURCE = "905$e"


def tell_by_book_numbers(draft: Draft) -> None:
    """Adds edition and volume to a draft that does not tell them, where the book numbers of all its items agree."""
    numbers = {item.call_number for item in draft.items}
    if not draft.editions and (edition := _agreed(_EDITION, numbers)):
        draft.editions.append(Text(text=f"第{int(edition)}版", source=_SOURCE))
    elif not draft.editions and (revised := _agreed(_REVISED, numbers)):
        draft.editions.append(Text(text=revised, source=_SOURCE))
    if draft.titles and not draft.titles[0].volume_number and (volume := _agreed(_VOLUME, numbers)):
        draft.titles[0] = msgspec.structs.replace(draft.titles[0], volume_number=str(int(volume)))


def _agreed(pattern: re.Pattern[str], numbers: Collection[str]) -> str:
    """What all of them say, "" if one is silent or says something else."""
    told = {found[1] if (found := pattern.search(number)) else "" for number in numbers}
    return told.pop() if len(told) == 1 else ""
