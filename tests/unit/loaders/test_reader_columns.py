"""Headings of files of readers: every field is documented, and no heading means two of them."""

from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from loaders.patrons.batch_file import open_batch, read_lines
from tests.architecture.sources import ROOT
from union_catalog.errors import SourceUnusable
from union_catalog.services.patrons.batch import Line

ROWS = [
    line.split("\t")
    for line in files("loaders.patrons").joinpath("data/columns.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def test_every_field_is_one_of_a_line_and_is_documented() -> None:
    section = (ROOT / "docs" / "readers.md").read_text("utf-8").split("## Readers by file")[1]
    documented = [row.split("`")[1] for row in section.splitlines() if row.startswith("| `")]
    fields = [field for field, _ in ROWS]
    assert documented == fields
    assert set(fields) == set(Line.__dataclass_fields__) - {"number", "fault", "column"}


def test_no_heading_means_two_fields() -> None:
    headings = Counter(heading for _, several in ROWS for heading in several.split("|"))
    assert [heading for heading, count in headings.items() if count > 1] == []


@pytest.mark.parametrize("heading", ["读者证号,姓名", "Card Number;Full name", "卡号（旧）\t读者 姓名", "旧卡号,姓名", "证件号码|姓名"])
def test_headings_are_known_in_both_languages_and_with_every_delimiter(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "readers.csv"
    path.write_text(f"{heading}\nA1\n", "utf-8")
    assert len(open_batch(path).places) == 2


def test_a_column_that_nobody_knows_is_told_with_the_nearest_and_may_be_left_out_knowingly(tmp_path: Path) -> None:
    path = tmp_path / "readers.csv"
    path.write_text("姓名,读者证号码,性别,\n王小明,A1,男,\n", "utf-8")
    with pytest.raises(SourceUnusable, match="reader_column_unknown") as refused:
        open_batch(path, left_out=("性别",))
    assert refused.value.data["heading"] == "读者证号码"
    assert "读者证号" in refused.value.data["near"]  # type: ignore[operator]  # a tuple of headings
    with pytest.raises(SourceUnusable, match="reader_columns_missing"):
        open_batch(path, left_out=("性别", "读者证号码"))
    path.write_text("姓名,读者证号,性别,\n王小明,A1,男,\n王小明,A1,男,x\n", "utf-8")
    good, bad = read_lines(open_batch(path, left_out=("性别",)))
    assert (good.name, good.card, good.fault, bad.fault) == ("王小明", "A1", "", "too_many_cells")


def test_two_columns_of_one_field_are_told(tmp_path: Path) -> None:
    path = tmp_path / "readers.csv"
    path.write_text("姓名,读者证号,旧卡号\n王小明,,A1\n", "utf-8")
    with pytest.raises(SourceUnusable, match="reader_columns_twice") as refused:
        open_batch(path)
    assert refused.value.data["columns"] == ("读者证号", "旧卡号")
    assert open_batch(path, left_out=("读者证号",)).places["card"] == 2
