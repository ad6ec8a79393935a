"""Money as readers read and desks type it."""

import pytest

from api.messages import sentence
from api.money import read_yuan, yuan


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0.00元", "¥0.00"),
        (5, "0.05元", "¥0.05"),
        (3980, "39.80元", "¥39.80"),
        (-105, "-1.05元", "-¥1.05"),
        (10**12, "10000000000.00元", "¥10000000000.00"),
    ],
)
def test_fen_are_told_as_yuan_to_the_last_one(fen: int, zh: str, en: str) -> None:
    assert (yuan(fen, "zh"), yuan(fen, "en")) == (zh, en)


def test_amounts_in_sentences_are_yuan_and_counts_are_not() -> None:
    assert "39.80元" in sentence("more_than_owed", {"owed_fen": 3980}, "zh")
    assert "3册" in sentence("refund_while_lent", {"count": 3}, "zh")


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("39.8", 3980),
        ("¥39.80", 3980),
        ("￥ 12", 1200),
        ("１２．５０元", 1250),
        ("0.05", 5),
        ("0", 0),
        ("", 0),
        ("-5", 0),
        ("1.234", 0),
        ("12345678", 0),
        ("1,000", 0),
        ("五元", 0),
    ],
)
def test_what_is_typed_is_fen_or_no_amount(typed: str, fen: int) -> None:
    assert read_yuan(typed) == fen
