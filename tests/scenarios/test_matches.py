"""``union-catalog matches``: staff speaks, is answered in a sentence, and takes it back."""

from pathlib import Path

import pytest

from tests.scenarios.installations import Installation, iso2709


def record(number: str, title: str, by: str, house: str = "", year: str = "") -> bytes:
    imprint = "".join(f"\x1f{code}{text}" for code, text in (("c", house), ("d", year)) if text)
    fields = [("001", number), ("200", f"1 \x1fa{title}\x1ff{by}")]
    return iso2709(*fields, *([("210", f"  {imprint}")] if imprint else []))


@pytest.fixture
def two(installation: Installation, tmp_path: Path) -> Installation:
    """One book in two libraries, and one that no rule decides on."""
    for library, records in {
        "JD": [record("1", "童年", "高尔基", "人民文学出版社", "2002")],
        "JX": [record("1", "童年", "高尔基", "人民文学出版社", "2002")],
        "WZ": [record("1", "童年", "高尔基")],
    }.items():
        path = tmp_path / f"{library}.iso"
        path.write_bytes(b"".join(records))
        outcome = installation.load(library, path)
        assert outcome.code == 0, outcome
    return installation


def together(installation: Installation, *keys: str) -> bool:
    return frozenset(keys) in installation.partition()


def test_staff_decides_and_takes_it_back(two: Installation) -> None:
    assert together(two, "JD:1", "JX:1")
    said = two.done("matches", "different", "JD:1", "JX:1", "--reason", "一本是缩写").out
    assert "JD:1 ≠ JX:1" not in said
    assert "≠ JD:1 JX:1" in said
    assert together(two, "JD:1")
    assert "一本是缩写" in two.done("matches", "list").out
    assert "馆员" in two.done("explain", "JX:1", "JD:1").out
    assert two.done("explain", "JX:1", "JD:1", "--json").json["staff"]["verdict"] == "different"
    two.done("matches", "undo", "JX:1", "JD:1")
    assert together(two, "JD:1", "JX:1")
    assert "没有裁定" in two.done("matches", "list").out
    [undone] = two.done("matches", "list", "--all", "--json").json
    assert undone["undone_by"] == "cli:union-catalog"
    assert two.index_agrees()


def test_a_verdict_is_undone_by_its_id(two: Installation) -> None:
    given = two.done("matches", "same", "WZ:1", "JD:1", "--json").json
    assert (given["changed"], [cluster["records"] for cluster in given["clusters"]]) == (True, [["JD:1", "JX:1", "WZ:1"]])
    assert not two.done("matches", "same", "WZ:1", "JD:1", "--json").json["changed"]
    two.done("matches", "undo", given["verdict"]["id"])
    assert together(two, "WZ:1")


def test_the_doubtful_pairs_are_those_worth_most(two: Installation) -> None:
    found = two.done("matches", "doubtful", "--json").json
    assert {pair["first"]["key"] for pair in found} | {pair["second"]["key"] for pair in found} == {"JD:1", "JX:1", "WZ:1"}
    assert "童年" in two.done("matches", "doubtful", "--library", "WZ", "--limit", "1").out
    assert "没有存疑" in two.done("matches", "doubtful", "--library", "KS").out
    two.done("matches", "same", "WZ:1", "JD:1")
    assert two.done("matches", "doubtful", "--json").json == []


def test_no_cluster_is_too_large(two: Installation) -> None:
    assert two.done("matches", "list", "--large", "--json").json == []
    assert "没有过大" in two.done("matches", "list", "--large").out


def test_what_cannot_be_is_refused_in_a_sentence(two: Installation) -> None:
    two.done("matches", "same", "WZ:1", "JD:1")
    assert two.run("matches", "different", "WZ:1", "JD:1").refused(5, "undo")
    two.done("matches", "same", "WZ:1", "JX:1")
    assert two.run("matches", "different", "JD:1", "JX:1").refused(5, "JD:1 = WZ:1")
    assert two.run("matches", "same", "JD:1", "JD:1").refused(2, "JD:1")
    assert two.run("matches", "same", "JD:1", "JX:404").refused(2, "JX:404")
    assert two.run("matches", "same", "JD1", "JX:1").refused(2, "JD1")
    assert two.run("matches", "undo", "nosuchverdict").refused(2, "nosuchverdict")
    assert two.run("matches", "same", "JD:1").refused(2)
