"""What a desk is told, in the reader's language: ``api/data/cases.toml`` has the words of cases, blocks and notes."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from api.labels import label
from api.schemas.circulation import HindranceAnswer
from union_catalog.circulation.plan import Told
from union_catalog.context import Language
from union_catalog.errors import Datum

Words = Mapping[str, Mapping[str, Mapping[str, str]]]


class _Data(dict[str, object]):
    """What was not decided shows as "?" instead of failing the answer."""

    def __missing__(self, key: str) -> str:
        return "?"


@cache
def case_words() -> Words:
    """ "cases", "blocks" and "notes" → code → language → words."""
    text = resources.files("api").joinpath("data/cases.toml").read_text("utf-8")
    table: dict[str, dict[str, dict[str, str]]] = tomllib.loads(text)
    return table


def instruction(case: str, told: Mapping[str, Told], language: Language) -> str:
    """What to do, with the places and dates that were decided."""
    return case_words()["cases"][case][language].format_map(_Data(told))


def about(case: str, language: Language) -> str:
    """What the case is."""
    return case_words()["cases"][case][f"about_{language}"]


def block_message(block: Mapping[str, Datum], language: Language) -> str:
    """What stands in the way, as the facts of services.circulation.deeds have it."""
    name = "library_name" if language == "zh" else "library_name_en"
    told = {**block, "library": block.get(name) or block["library"]}
    told |= {"count_yuan": _yuan(block.get("count")), "limit_yuan": _yuan(block.get("limit"))}
    return case_words()["blocks"][str(block["code"])][language].format_map(_Data(told))


def block_answers(blocks: Iterable[Mapping[str, Datum]], language: Language) -> tuple[HindranceAnswer, ...]:
    """What stands in the way, in words."""
    return tuple(
        [
            HindranceAnswer(
                code=str(block["code"]),
                message=block_message(block, language),
                library=str(block["library"]),
                since=_text(block["since"]),
                until=_text(block["until"]),
                override=_text(block["override"]),
                lifted_by=label("lifted_by", str(block["lifted_by"]), language),
            )
            for block in blocks
        ]
    )


def _text(value: Datum) -> str | None:
    return str(value) if value else None


def note_message(code: str, data: Mapping[str, Told], names: Mapping[str, str], language: Language) -> str:
    """Something beside the instruction. A block that is only flagged is told by its own message.

    ``names``: code → name of a library; one that is not there goes by its code.
    """
    told: dict[str, Told] = dict(data)
    if "library" in data:
        told["library"] = names.get(str(data["library"]), data["library"])
    if "amount_fen" in data:
        told["amount"] = _yuan(data["amount_fen"])
    if "block" in data:
        told["message"] = block_message({**told, "code": str(data["block"])}, language)
    return case_words()["notes"][code][language].format_map(_Data(told))


def _yuan(fen: object) -> str:
    """1250 → 12.50, 3800 → 38."""
    if not isinstance(fen, int):
        return "?"
    return f"{fen // 100}" if fen % 100 == 0 else f"{fen / 100:.2f}"
