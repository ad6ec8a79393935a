"""The code on the phone: what we signed, within its minute, and nothing else."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from union_catalog.errors import InvalidInput
from union_catalog.ids import PatronId, new_id
from union_catalog.patrons.keys import PersonKeys
from union_catalog.patrons.qr import Code, is_code, read_code, write_code

KEYS = PersonKeys.of("the secret of this test")
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CODE = Code(PatronId(new_id()), NOW, "0123456789ABCDEF01234567")
TEXT = write_code(KEYS, CODE)


def test_a_code_says_whose_it_is_and_can_be_packed_densely() -> None:
    assert read_code(KEYS, TEXT, NOW) == CODE
    assert re.fullmatch(r"[0-9A-Z $%*+\-./:]+", TEXT)
    assert read_code(KEYS, f" {TEXT.lower()}\r\n", NOW) == CODE
    assert is_code(TEXT)
    assert is_code(TEXT.lower())
    assert not is_code("9156000000000001")


@pytest.mark.parametrize("seconds", [-60, -1, 0, 59, 60])
def test_it_is_good_for_a_minute(seconds: int) -> None:
    assert read_code(KEYS, TEXT, NOW + timedelta(seconds=seconds)) == CODE


@pytest.mark.parametrize("seconds", [-3600, -61, 61, 3600])
def test_and_no_longer(seconds: int) -> None:
    with pytest.raises(InvalidInput, match="qr_expired"):
        read_code(KEYS, TEXT, NOW + timedelta(seconds=seconds))


def test_every_changed_character_is_noticed() -> None:
    for place in range(4, len(TEXT)):
        for other in "0A-Z":
            changed = TEXT[:place] + other + TEXT[place + 1 :]
            if changed != TEXT:
                with pytest.raises(InvalidInput, match="qr_forged"):
                    read_code(KEYS, changed, NOW)


@pytest.mark.parametrize(
    "text", ["", "UC1-", "UC1-----", TEXT + "0", TEXT[:-1], "UC2" + TEXT[3:], TEXT.replace("-", ""), "UC1-" + "A" * 5000]
)
def test_what_is_no_code_is_forged(text: str) -> None:
    with pytest.raises(InvalidInput, match="qr_forged"):
        read_code(KEYS, text, NOW)


def test_another_installation_s_code_is_forged() -> None:
    with pytest.raises(InvalidInput, match="qr_forged"):
        read_code(PersonKeys.of("another secret"), TEXT, NOW)
