"""Items out of holdings fields: 905 of CNMARC, 852 of MARC 21."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import msgspec

from loaders.formats.marc import Field
from loaders.formats.rules import Extractor
from union_catalog.holdings.model import Lending, ReportedItem
from union_catalog.holdings.words import item_kind, item_state
from union_catalog.identifiers import barcode, local_code
from union_catalog.text import squeeze

_PRICE = re.compile(r"^\D{0,4}[0-9]+(?:\.[0-9]{1,2})?\D{0,3}$")


class HoldingsCodes(NamedTuple):
    """Which subfield tells what; "" = this dialect does not. ``call_number`` joins several with a slash or blank; ``status`` and
    ``price`` name the subfields where such a thing may stand among others.
    """

    barcode: str
    branch: str
    item_type: str
    call_number: str
    joiner: str
    status: str = ""
    volume: str = ""
    price: str = ""
    url: str = ""


CNMARC_905 = HoldingsCodes("b", "c", "t", "de", "/", status="fsz", volume="v", price="p", url="u")
MARC21_852 = HoldingsCodes("p", "b", "yg", "khim", " ", status="zl", volume="3", price="q9", url="u")


def make_item(
    *, code: str, branch: str, type_word: str, status_word: str, call_number: str = "", price: str = "",
    volume: str = "", url: str = "", source: str = "",
) -> ReportedItem:  # fmt: skip
    """One item of the words of an export; the words stay beside what they mean."""
    kind, state = item_kind(type_word), item_state(status_word)
    online: Lending | None = "online" if url and not code else None
    return ReportedItem(
        barcode=barcode(code),
        branch_code=local_code(branch),
        call_number=call_number,
        item_type=kind.item_type,
        type_word=type_word,
        lending=online or (state.lending if kind.lending == "loan" and state.lending else kind.lending),
        status=state.status,
        status_word=status_word,
        price=price,
        volume=volume,
        url=url,
        source=source,
    )


def items(codes: HoldingsCodes) -> Extractor:
    """The items of a holdings field: one a barcode. A field without barcode and address tells of no item."""

    def extract(field: Field) -> Iterator[ReportedItem]:
        barcodes, others = [], []
        for pair in field.subfields:
            if pair[0] == codes.barcode and (code := pair[1].strip()):
                barcodes.append(code)
            else:
                others.append(pair)
        for code, item in zip(barcodes, _all_but_barcodes(codes, tuple(others), len(barcodes)), strict=False):
            yield msgspec.structs.replace(item, barcode=barcode(code), source=field.source(codes.barcode))
        if not barcodes:
            yield from (item for item in _all_but_barcodes(codes, tuple(others), 1) if item.lending == "online" and item.url)

    return extract


@lru_cache(maxsize=16384)
def _all_but_barcodes(codes: HoldingsCodes, others: tuple[tuple[str, str], ...], count: int) -> tuple[ReportedItem, ...]:
    """The items of a field but for their barcodes: branch, type and class repeat from record to record."""
    found: dict[str, list[str]] = {}
    for code, value in others:
        if text := squeeze(value):
            found.setdefault(code, []).append(text)
    shared = _shared(codes, found)
    return tuple(
        make_item(
            code="",
            branch=_at(found, codes.branch, place, count),
            type_word=_type_word(found, codes, place, count),
            status_word=_status_word(found, codes, place, count),
            **shared,
        )
        for place in range(count)
    )


def _shared(codes: HoldingsCodes, found: dict[str, list[str]]) -> dict[str, str]:
    parts = [found[code][0] for code in codes.call_number if code in found]
    return {
        "call_number": codes.joiner.join(parts) or (found.get("s") or found.get("j") or [""])[0],
        "price": next((found[code][0] for code in codes.price if code in found), ""),
        "volume": (found.get(codes.volume) or [""])[0],
        "url": (found.get(codes.url) or [""])[0],
    }


def _at(found: dict[str, list[str]], code: str, place: int, count: int) -> str:
    """The value that goes with the barcode in this place: its own where there are as many as barcodes, else the first for all."""
    values = found.get(code)
    if not values:
        return ""
    return values[place] if len(values) == count else values[0]


def _status_word(found: dict[str, list[str]], codes: HoldingsCodes, place: int, count: int) -> str:
    """The first value that is a word for a state; these subfields hold notes as well."""
    words = (_at(found, code, place, count) for code in codes.status)
    return next((word for word in words if word and item_state(word).status != "unknown"), "")


def _type_word(found: dict[str, list[str]], codes: HoldingsCodes, place: int, count: int) -> str:
    """The first of the subfields that may tell the type; one that holds a price (Evergreen's $y) does not."""
    words = [word for code in codes.item_type if (word := _at(found, code, place, count)) and not _PRICE.match(word)]
    return words[0] if words else ""
