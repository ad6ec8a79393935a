"""Records made worse on purpose: what is left of matching when a library tells less, writes otherwise or makes mistakes."""

import json
import random
from collections.abc import Callable, Mapping

import msgspec
import opencc

from union_catalog.bibliographic.record import BibliographicRecord

Records = Mapping[str, BibliographicRecord]
_COMMON = "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多"
_TRADITIONAL = opencc.OpenCC("s2t")


def without_isbns(records: Records) -> Records:
    """No record tells an ISBN."""
    return {
        key: msgspec.structs.replace(record, identifiers=tuple(i for i in record.identifiers if i.scheme != "isbn"))
        for key, record in records.items()
    }


def without_years(records: Records) -> Records:
    """No record tells a date."""
    return {key: _without_year(record) for key, record in records.items()}


def _without_year(record: BibliographicRecord) -> BibliographicRecord:
    imprints = tuple(msgspec.structs.replace(p, date="", year=None, month=0, year_to=None) for p in record.publications)
    return msgspec.structs.replace(record, publications=imprints)


def in_traditional(records: Records) -> Records:
    """All that Jiaxing writes is in traditional characters."""
    return {key: _in_traditional(record) if key.startswith("JX:") else record for key, record in records.items()}


def _in_traditional(record: BibliographicRecord) -> BibliographicRecord:
    return msgspec.convert(json.loads(_TRADITIONAL.convert(msgspec.json.encode(record).decode())), BibliographicRecord)


def with_slips(records: Records) -> Records:
    """Every twentieth title has a wrong character, the same ones in every run."""
    chance = random.Random(20260601)
    return {key: _with_slip(record, chance) if record.titles and chance.random() < 0.05 else record for key, record in records.items()}


def _with_slip(record: BibliographicRecord, chance: random.Random) -> BibliographicRecord:
    text = record.titles[0].text
    place = chance.randrange(len(text))
    wrong = text[:place] + chance.choice(_COMMON) + text[place + 1 :]
    return msgspec.structs.replace(record, titles=(msgspec.structs.replace(record.titles[0], text=wrong), *record.titles[1:]))


SPOILED: Mapping[str, Callable[[Records], Records]] = {
    "no ISBNs": without_isbns,
    "no years": without_years,
    "Jiaxing in traditional characters": in_traditional,
    "a wrong character in 5 % of titles": with_slips,
}
