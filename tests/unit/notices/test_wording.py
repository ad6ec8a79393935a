"""Every kind of notice has its words in both languages, with much and with little to tell."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from api.labels import vocabularies
from api.notifiers.wording import letter
from union_catalog.context import Language
from union_catalog.ids import LoanId, PatronId
from union_catalog.notices.message import Message, Told
from union_catalog.notices.model import KINDS, LOAN_KINDS, REASONS, Notice, Recipient, Value
from union_catalog.patrons.consents import PURPOSES

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DOCS = Path(__file__).resolve().parents[3] / "docs"
FULL: dict[str, Value] = {
    "due": "2026-11-25",
    "expires": "2026-12-01",
    "points": 55,
    "code": "suspended",
    "until": "2026-12-24",
    "state": "upheld",
}
NEEDED: dict[str, Value] = {"due": "2026-11-25", "expires": "2026-12-01"}


def message(kinds: list[str], language: Language, data: dict[str, Value]) -> Message:
    told = tuple(
        Told(
            notice=Notice(id=f"n{i}", patron=PatronId("p"), kind=kind, about=f"{i}", created_at=NOW, loan=LoanId("l"), data=data),
            title="边城 <1>",
            volume="上",
        )
        for i, kind in enumerate(kinds)
    )
    recipient = Recipient(name="林小满", language=language, email="lin@example.org")
    return Message(id="m", channel="email", recipient=recipient, told=told, attempts=1)


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("data", [FULL, NEEDED], ids=["full", "little"])
def test_every_kind_has_a_subject_and_a_text(kind: str, language: Language, data: dict[str, Value]) -> None:
    told = letter(message([kind], language, data))
    assert told.subject
    assert "\n" not in told.subject
    assert "林小满" in told.text
    assert "林小满" not in told.subject
    assert not {"None", "{{", "Undefined"} & set(told.text.split())
    assert ("边城 <1> 上" in told.text) == (kind in LOAN_KINDS)


def test_a_restriction_is_called_by_its_name_and_its_last_day() -> None:
    assert "24 December 2026" in letter(message(["block_set"], "en", FULL)).text
    assert "2026年12月24日" in letter(message(["block_set"], "zh", FULL)).text


def test_kinds_states_reasons_and_purposes_have_names_for_the_desk() -> None:
    named = vocabularies()
    assert set(named["notice"]) == set(KINDS)
    assert set(named["notice_reason"]) == set(REASONS)
    assert set(named["consent_purpose"]) == set(PURPOSES)


def test_kinds_reasons_and_purposes_are_documented() -> None:
    assert coded("messages.md", "## Kinds") == list(KINDS)
    assert coded("messages.md", "## When nobody was told") == list(REASONS)
    assert coded("privacy.md", "## Consents") == list(PURPOSES)


def coded(document: str, heading: str) -> list[str]:
    """The codes of the first column of the table under a heading."""
    section = (DOCS / document).read_text("utf-8").split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
