"""A volume that stands inside the text of a title."""

from union_catalog.bibliographic.normalise.volumes import read_volume
from union_catalog.bibliographic.record import Title


def split_volume(title: Title) -> Title:
    """史记·第三册 → 史记 with volume 第三册. Only where the words leave no doubt; a whole set (全三册) stays in the text."""
    read = read_volume(title.text)
    if not read.sure or read.is_set or not read.number or title.volume_number:
        return title
    return Title(
        kind=title.kind,
        text=read.core,
        remainder=title.remainder,
        volume_number=read.number,
        volume_title=title.volume_title or read.title,
        lang=title.lang,
        pinyin=title.pinyin,
        source=title.source,
    )
