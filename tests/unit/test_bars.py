"""Code 128: what a scanner would read off the drawing, by the structure of the symbols."""

import re

import pytest

from api.pages.bars import bars, symbols


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("310140227001", [105, 31, 1, 40, 22, 70, 1, 84, 106]),
        ("Wikipedia", [104, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88, 106]),
        ("123", [104, 17, 18, 19, 8, 106]),
    ],
)
def test_digits_go_in_pairs_and_a_check_symbol_follows(text: str, read: list[int]) -> None:
    assert symbols(text) == read
    assert (read[0] + sum(place * symbol for place, symbol in enumerate(read[:-2]))) % 103 == read[-2]


def modules(text: str) -> str:
    """The drawing as bars (1) and spaces (0), with the quiet zones."""
    drawn = bars(text)
    found = re.search(r'viewBox="0 0 (\d+) 32"', drawn)
    assert found is not None
    line = ["0"] * int(found[1])
    for left, width in re.findall(r"M(\d+) 0h(\d+)v32", drawn):
        line[int(left) : int(left) + int(width)] = "1" * int(width)
    return "".join(line)


@pytest.mark.parametrize("text", ["".join(chr(code) for code in range(32, 127)), "".join(f"{number:02d}" for number in range(100))])
def test_every_symbol_has_bars_of_its_own(text: str) -> None:
    """Eleven modules each, of which an even number are bars, so that a reader notices a lost one; no two alike."""
    line = modules(text)
    assert line.startswith("0" * 10 + "11010011100" if text.isdecimal() else "0" * 10 + "11010010000")
    assert line.endswith("1100011101011" + "0" * 10)
    inner = line[10:-23]
    drawn = [inner[at : at + 11] for at in range(0, len(inner), 11)]
    assert all(one.count("1") % 2 == 0 and one.startswith("1") and one.endswith("0") for one in drawn)
    assert len(set(drawn[1:-1])) == len(symbols(text)) - 3


@pytest.mark.parametrize("text", ["卡", "a\n", "é"])
def test_what_it_cannot_say_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        symbols(text)


def test_nothing_is_no_code() -> None:
    with pytest.raises(ValueError, match=r"^$"):
        symbols("")
