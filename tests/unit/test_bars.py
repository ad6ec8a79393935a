"""Code 128: what a scanner would read off the drawing, by the structure of the symbols."""

import re

import pytest

from api.pages.bars import bars

_START = {"11010010000": 104, "11010011100": 105}  # symbols of ASCII; pairs of digits
_STOP = "1100011101011"
_QUIET = "0" * 10


def modules(text: str) -> str:
    """The drawing as bars (1) and spaces (0), with the quiet zones."""
    drawn = bars(text)
    found = re.search(r'viewBox="0 0 (\d+) 32"', drawn)
    assert found is not None
    line = ["0"] * int(found[1])
    for left, width in re.findall(r"M(\d+) 0h(\d+)v32", drawn):
        line[int(left) : int(left) + int(width)] = "1" * int(width)
    return "".join(line)


def symbols(text: str) -> list[str]:
    """From the start to the check symbol, eleven modules each."""
    line = modules(text)
    assert (line[:10], line[-23:]) == (_QUIET, _STOP + _QUIET)
    inner = line[10:-23]
    assert len(inner) % 11 == 0
    return [inner[at : at + 11] for at in range(0, len(inner), 11)]


@pytest.mark.parametrize(("text", "count"), [("310140227001", 8), ("Wikipedia", 11), ("123", 5), ("JD012345", 8)])
def test_digits_go_in_pairs_and_a_check_symbol_follows(text: str, count: int) -> None:
    drawn = symbols(text)
    assert len(drawn) == count
    assert drawn[0] in _START


@pytest.mark.parametrize(("text", "start"), [("".join(chr(code) for code in range(58, 127)), 104), ("0123456789", 105)])
def test_every_symbol_has_bars_of_its_own(text: str, start: int) -> None:
    """An even number of modules are bars, so that a reader notices a lost one; no two alike."""
    first, *data, _ = symbols(text)
    assert _START[first] == start
    assert all(one.count("1") % 2 == 0 and one.startswith("1") and one.endswith("0") for one in data)
    assert len(set(data)) == len(data)


def test_the_check_symbol_is_the_weighted_sum() -> None:
    """Of 310140227001 as pairs of digits: 105 + 31 + 2*1 + 3*40 + 4*22 + 5*70 + 6*1 gives 84 of 103, drawn as the pair 84 is."""
    assert symbols("310140227001")[-1] == symbols("0084")[2]


@pytest.mark.parametrize("text", ["卡", "a\n", "é"])
def test_what_it_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        bars(text)


def test_nothing_is_no_code() -> None:
    with pytest.raises(ValueError, match=r"^$"):
        bars("")
