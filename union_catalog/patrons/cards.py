"""Numbers of cards: those that we issue, told by their prefix and checked by their last digit, and everybody else's."""

from union_catalog.errors import InvalidInput
from union_catalog.identifiers import barcode

# ISO/IEC 7812-1: 9 is for assignment by national bodies, and the country's number of ISO 3166-1 follows.
PREFIX = "9156"
LENGTH = 16
FREE_DIGITS = LENGTH - len(PREFIX) - 1
NETWORK = ""  # the issuer of our own cards


def luhn_digit(payload: str) -> str:
    """The check digit of ISO/IEC 7812-1, annex B, for the digits before it."""
    total = 0
    for place, digit in enumerate(reversed(payload)):
        doubled = int(digit) * (1 if place & 1 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def card_number(value: int) -> str:
    """The number of ours that carries ``value``, which is less than ten to the power of FREE_DIGITS."""
    payload = f"{PREFIX}{value:0{FREE_DIGITS}d}"
    return payload + luhn_digit(payload)


def plain_number(text: str) -> str:
    """A number as it is kept: ASCII, without the blanks and hyphens with which it is printed on the card."""
    return barcode(text).replace("-", "")


def is_ours(number: str) -> bool:
    """Whether it has the form of a number that we issue, its check digit aside."""
    return len(number) == LENGTH and number.startswith(PREFIX) and number.isascii() and number.isdecimal()


def demand_check_digit(number: str) -> None:
    """Raises InvalidInput("card_check_digit") for a number of ours that was misread or mistyped; anybody else's passes."""
    if is_ours(number) and number[-1] != luhn_digit(number[:-1]):
        raise InvalidInput("card_check_digit", name="card")


def masked(number: str) -> str:
    """Enough of a number to know one's own card by: the last four characters."""
    return "*" * max(len(number) - 4, 0) + number[-4:]
