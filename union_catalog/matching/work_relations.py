"""How two editions of one work differ, as a reader who looks for another one would ask."""

from typing import Literal

from union_catalog.matching.features import Features
from union_catalog.matching.names import is_han, same_name

WorkRelation = Literal["edition", "volume", "set", "translation", "format"]


def relation(of: Features, other: Features) -> WorkRelation:
    """What ``other`` is to ``of``: the same on another carrier, another volume, the whole set, in another language or by another
    translator, or just another edition. The first that applies.
    """
    if of.carrier != other.carrier:
        return "format"
    if of.volume and other.volume and of.volume != other.volume:
        return "volume"
    if of.volume and other.whole:
        return "set"
    if other.volume and of.whole:
        return "volume"
    return "translation" if _translated_otherwise(of, other) else "edition"


def _translated_otherwise(of: Features, other: Features) -> bool:
    if of.languages and other.languages and set(of.languages).isdisjoint(other.languages):
        return True
    if is_han(of.title) is not is_han(other.title):
        return True
    told = of.translators and other.translators
    return bool(told) and not any(same_name(a, b) for a in of.translators for b in other.translators)
