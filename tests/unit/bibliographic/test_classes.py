"""The classes of the Chinese Library Classification: which class a number belongs to, and what it is called."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from union_catalog.bibliographic.classes import shipped, tree_codes
from union_catalog.errors import ConfigurationError

HEADER = "code\tname\tlevel\tparent\n"


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("I247.5", ("I", "I2")),
        ("I565.45", ("I", "I3/7")),
        ("I8", ("I",)),
        ("D351.2", ("D", "D33/37")),
        ("D38", ("D",)),
        ("DF12", ("D", "DF")),
        ("TP312", ("T", "TP")),
        ("T-35", ("T",)),
        ("T-0", ("T", "T-0")),
        ("F49", ("F", "F49")),
        ("F4", ("F", "F4")),
        ("F426", ("F", "F4")),
        ("G624", ("G", "G4")),
        ("K825.6", ("K", "K81")),
        ("K87", ("K", "K85")),
        ("B84-49", ("B", "B84")),
        ("B8", ("B",)),
        ("C71", ("C", "C7")),
        ("q959", ("Q", "Q95")),
        ("X", ("X",)),
        ("", ()),
        ("L1", ()),
        ("823", ()),
    ],
)
def test_the_first_two_levels_of_a_number(number: str, codes: tuple[str, ...]) -> None:
    assert tree_codes(number) == codes


def test_the_table_is_a_tree_of_two_levels() -> None:
    table = shipped()
    tops = table.children()
    assert len(tops) == 22
    assert all(table.parent(top) == "" and table.children(top) for top in tops)
    assert [table.parent(code) for code in table.children("D")] == ["D"] * len(table.children("D"))
    assert "D33/37" in table.children("D")
    assert table.children("I2") == ()


def test_a_class_is_called_something_in_both_languages() -> None:
    table = shipped()
    codes = [code for top in table.children() for code in (top, *table.children(top))]
    assert all(table.name(code, "zh").strip() and table.name(code, "en").strip() for code in codes)
    assert table.name("I2", "zh") == "中国文学"
    assert table.name("I2", "en") == "Chinese literature"
    assert table.name("I247.5", "zh") == ""
    assert not any("\u4e00" <= character <= "\u9fff" for code in codes for character in table.name(code, "en"))


@pytest.mark.parametrize(
    ("code", "beginnings"),
    [("I2", ("I2",)), ("D73/77", ("D73", "D74", "D75", "D76", "D77")), ("K81", ("K81", "K82", "K83")), ("I247.5", ("I247.5",))],
)
def test_what_the_numbers_of_a_class_begin_with(code: str, beginnings: tuple[str, ...]) -> None:
    assert shipped().beginnings(code) == beginnings


def test_the_nearest_class_of_a_number() -> None:
    assert [shipped().nearest(number) for number in ("I247.57", "i2", "K83", "823", "")] == ["I2", "I2", "K81", "", ""]


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_adds_deeper_classes_and_changes_no_name(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "classes.tsv"
    text = HEADER + "I\t文艺\t1\t\nI24\t小说\t3\tI2\n{I246}\t旧小说\t4\tI24\n[D664.1/.3]\t各地\t5\tD6\nI249\t\t4\tI24\n"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    table = shipped().with_deeper(path)
    assert table.name("I", "zh") == "文学"
    assert (table.name("I24", "zh"), table.name("I24", "en")) == ("小说", "小说")
    assert table.children("I24") == ("I246",)
    assert table.parent("I246") == "I24"
    assert table.nearest("D664.25") == "D664.1/.3"
    assert not table.is_known("I249")
    assert not shipped().is_known("I24")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("code,name,level,parent\n", 1),
        (HEADER + "I24\t小说\t3\n", 2),
        (HEADER + "I24\t小说\tthree\tI2\n", 2),
        (HEADER + "I24\t小说\t3\tI2\n[I24]\t小说\t3\tI2\n", 3),
        (HEADER + "24\t小说\t3\tI2\n", 2),
        (HEADER + "I24\t小说\t3\t\n", 2),
    ],
)
def test_a_faulty_file_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "classes.tsv"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match="class_file_bad_line") as caught:
        shipped().with_deeper(path)
    assert caught.value.data["line"] == line


@pytest.mark.parametrize("content", ["文学".encode("gb18030"), b"\x1f\x8bnothing", gzip.compress(b"code")[:-4]])
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "classes.tsv"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="class_file_unreadable"):
        shipped().with_deeper(path)


def _broader(table_path: Path) -> Iterator[tuple[str, str]]:
    """Every class of the real table below the second level, and the class of the second level above it."""
    rows = [line.split("\t") for line in gzip.decompress(table_path.read_bytes()).decode().splitlines()[1:]]
    bare = {code.strip("[]{}"): (int(level), parent.strip("[]{}")) for code, _, level, parent in rows}
    for code in bare:
        above = code
        while bare[above][0] > 2:
            above = bare[above][1]
        if above != code:
            yield code, above


@pytest.mark.shared_data
def test_every_number_of_the_real_table_falls_into_its_class(shared_data: Path) -> None:
    path = shared_data / "clc.tsv.gz"
    deep = shipped().with_deeper(path)
    wrong = {code: above for code, above in _broader(path) if tree_codes(deep.beginnings(code)[0])[-1] != above}
    assert wrong == {}
    assert deep.name("I247.5", "zh")
    assert deep.nearest("I247.57") == "I247.5"
