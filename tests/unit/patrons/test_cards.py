"""Numbers of cards: ISO/IEC 7812-1's own example, every slip of one digit, and numbers that are not ours."""

import pytest
from stdnum import luhn

from union_catalog.errors import InvalidInput
from union_catalog.patrons.cards import FREE_DIGITS, LENGTH, card_number, demand_check_digit, is_ours, luhn_digit, masked, plain_number


def test_the_example_of_the_standard_has_its_check_digit() -> None:
    assert luhn_digit("1789372997") == "4"
    assert luhn_digit("7992739871") == "3"


@pytest.mark.parametrize("value", [0, 1, 9, 12345, 10**FREE_DIGITS - 1])
def test_a_number_of_ours_passes_its_own_check(value: int) -> None:
    number = card_number(value)
    assert (len(number), luhn.is_valid(number), is_ours(number)) == (LENGTH, True, True)
    demand_check_digit(number)


def test_every_wrong_digit_and_nearly_every_exchange_is_noticed() -> None:
    number = card_number(48_151_623_424)
    for place in range(4, LENGTH):
        for digit in "0123456789":
            slip = number[:place] + digit + number[place + 1 :]
            if slip != number:
                with pytest.raises(InvalidInput, match="card_check_digit"):
                    demand_check_digit(slip)
    for place in range(4, LENGTH - 1):
        a, b = tuple(number[place : place + 2])
        slip = number[:place] + b + a + number[place + 2 :]
        if a != b and {a, b} != {"0", "9"}:
            with pytest.raises(InvalidInput):
                demand_check_digit(slip)


@pytest.mark.parametrize(
    "number", ["", "0", "91561234", "91560000000000001", "8156000000000000", "915600000000000X", "JD0012345", "９１５６"]
)
def test_numbers_of_other_issuers_are_not_judged(number: str) -> None:
    demand_check_digit(number)
    assert not is_ours(number)


def test_a_number_is_read_as_it_is_printed_and_typed() -> None:
    number = card_number(7)
    grouped = " ".join(number[at : at + 4] for at in range(0, LENGTH, 4))
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    assert plain_number(f" {grouped}\n") == plain_number(full_width) == plain_number(f"*{number}*") == number


def test_only_the_end_of_a_number_is_shown() -> None:
    assert masked(card_number(7)) == "*" * 12 + card_number(7)[-4:]
    assert masked("123") == "123"
