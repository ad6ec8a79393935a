"""The words of the exports for states and kinds of items, as the fixed lists of ours (data/status_words.tsv, data/item_types.tsv)."""

from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple, cast

from union_catalog.holdings.model import Lending, ReportedStatus

_FOLDER = files("union_catalog.holdings").joinpath("data")


class ItemKind(NamedTuple):
    """``item_type`` is a word of our list; ``known`` is False where the export's word is not in the table and "book" was taken."""

    item_type: str
    lending: Lending
    known: bool


class ItemState(NamedTuple):
    """``lending`` is "" where the word says nothing of it."""

    status: ReportedStatus
    lending: Lending | None


def _key(word: str) -> str:
    return "".join(word.lower().split())


@cache
def _table(name: str) -> dict[str, list[str]]:
    lines = _FOLDER.joinpath(name).read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {_key(word): values for word, *values in rows}


@lru_cache(maxsize=4096)
def item_kind(word: str) -> ItemKind:
    """The kind of an item: "少儿图书" → children for loan, "reference" → library use; "" and unknown words → book for loan."""
    values = _table("item_types.tsv").get(_key(word))
    if values is None:
        return ItemKind("book", "loan", known=not word.strip())
    lending = values[1] if len(values) > 1 else "loan"
    return ItemKind(values[0], cast(Lending, lending), known=True)


@lru_cache(maxsize=4096)
def item_state(word: str) -> ItemState:
    """The state of an item: "" → available, "借出" → on_loan, "仅供阅览" → available for library use; unknown words → unknown."""
    if not (key := _key(word)):
        return ItemState("available", None)
    values = _table("status_words.tsv").get(key) or _table("status_words.tsv").get(_without_detail(key))
    if values is None:
        return ItemState("unknown", None)
    if values[0] in ("library_use", "online"):
        return ItemState("available", cast(Lending, values[0]))
    return ItemState(cast(ReportedStatus, values[0]), None)


def _without_detail(key: str) -> str:
    """ "借出(应还日期:2024-05-01)" and "checkedout:2024-05-01" → what stands before the detail."""
    for mark in "(（:：;；-":
        key = key.split(mark, 1)[0]
    return key.rstrip("0123456789/.")


@cache
def item_types() -> frozenset[str]:
    """Every type that an item may have, whatever word its library has for it."""
    return frozenset(values[0] for values in _table("item_types.tsv").values())
