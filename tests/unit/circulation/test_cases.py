"""Cases, outcomes, states and blocks: what the code knows, what desks are told, and what the document lists are the same."""

import re
from typing import get_args

import pytest

from api.case_words import about, block_message, case_words, instruction, note_message
from tests.architecture.sources import ROOT
from union_catalog.circulation import cases
from union_catalog.circulation.machines import MACHINES, Machine
from union_catalog.circulation.plan import Told
from union_catalog.context import Language
from union_catalog.errors import Datum
from union_catalog.patrons.blocks import KINDS

DOCUMENT = ROOT / "docs" / "circulation.md"
CASE_TABLES = {"## Check-out": "CO-", "## Check-in": "CI-", "## Renewal": "RN-", "## Items": "IT-", "## Undo": "UN-"}
LANGUAGES: tuple[Language, ...] = get_args(Language)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PLACE = re.compile(r"\{\w+\}")


def table(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = DOCUMENT.read_text("utf-8").split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().replace("`", "") for cell in row] for row in rows[2:]]


def test_numbers_are_given_once() -> None:
    assert len(set(cases.NUMBERS)) == len(cases.NUMBERS)
    assert set(case_words()["cases"]) == set(cases.NUMBERS)


@pytest.mark.parametrize("heading", CASE_TABLES)
def test_the_document_lists_every_case_in_the_words_of_the_desk(heading: str) -> None:
    rows = table(heading)
    numbers = [number for number in cases.NUMBERS if number.startswith(CASE_TABLES[heading])]
    assert [row[0] for row in rows] == numbers
    for row in rows:
        told = case_words()["cases"][row[0]]
        assert row[-5:-1] == [told["zh"], told["en"], told["about_zh"], told["about_en"]]
        assert row[-1] == ("yes" if row[0] in cases.UNDOABLE else "")


def test_the_document_names_the_outcome_of_every_check_in() -> None:
    listed = {row[0]: row[1] for row in table("## Check-in")}
    assert listed == {case: cases.OUTCOMES.get(case, "409 ambiguous_item") for case in cases.CheckIn}
    assert [row[0] for row in table("## Outcomes of a check-in")] == list(cases.OUTCOME_NAMES)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: str(machine.name))
def test_the_document_lists_every_state(machine: Machine) -> None:
    listed = [(row[0], row[-1] == "open") for row in table(f"## States of a {machine.name}")]
    assert listed == [(state, state in machine.open_states) for state in machine.states]


def test_the_document_lists_every_block_and_note() -> None:
    assert [(row[0], row[-1]) for row in table("## Blocks")] == [(code, kind.override) for code, kind in KINDS.items()]
    for row in table("## Blocks"):
        assert row[1:3] == [case_words()["blocks"][row[0]][language] for language in LANGUAGES]
    assert {row[0]: row[1:3] for row in table("## Notes")} == {
        code: [told["zh"], told["en"]] for code, told in case_words()["notes"].items()
    }


@pytest.mark.parametrize("number", cases.NUMBERS)
def test_an_instruction_is_read_from_afar(number: str) -> None:
    told = case_words()["cases"][number]
    assert 2 <= len(_HAN.findall(_PLACE.sub("", told["zh"]))) <= 12
    assert set(_PLACE.findall(told["zh"])) == set(_PLACE.findall(told["en"]))
    assert not told["zh"].endswith("。")


@pytest.mark.parametrize("kind", ["blocks", "notes"])
def test_both_languages_are_filled_with_the_same(kind: str) -> None:
    for code, told in case_words()[kind].items():
        assert set(_PLACE.findall(told["zh"])) == set(_PLACE.findall(told["en"])), code


def test_words_are_filled() -> None:
    assert instruction("CI-2", {"branch": "江桥馆"}, "zh") == "装箱，送江桥馆"
    assert about("CI-20", "en") == "A barcode that no library knows"
    block: dict[str, Datum] = {"code": "debt", "library": "JD", "count": 2550, "limit": 2000}
    assert block_message(block, "zh") == "欠款25.50元，超过20元。"
    name = {"library": "JD", "library_name": "嘉定区图书馆", "library_name_en": "Jiading"}
    named: dict[str, Datum] = {"code": "overdue_loans", **name, "count": 2}
    assert block_message(named, "en") == "Overdue items of Jiading: 2."
    assert note_message("charged", {"amount_fen": 1250, "library": "JD"}, {"JD": "嘉定区图书馆"}, "zh") == "应付12.50元（嘉定区图书馆）。"
    assert note_message("charged", {"amount_fen": 1250, "library": "JD"}, {}, "zh") == "应付12.50元（JD）。"
    suspended: dict[str, Told] = {"block": "suspended", "library": "JD", "until": "2026-12-28", "count": None, "limit": None}
    assert note_message("flagged", suspended, {"JD": "嘉定区图书馆"}, "zh") == "当时有妨碍：因逾期停借到2026-12-28（嘉定区图书馆）。"
    assert note_message("flagged", {"block": "card_lost", "library": "JD"}, {}, "en") == "It stood in the way: This card was reported lost."
