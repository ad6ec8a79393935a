"""A cataloguer at the command line: a wrong title put right, kept through later loads, and taken back."""

from dataclasses import replace
from pathlib import Path

from tests.scenarios.installations import Installation, jiading, write_cnmarc


def found(installation: Installation, query: str) -> int:
    return int(installation.done("search", query, "--json").json["total"])


def test_a_title_put_right_outlives_loads_until_it_is_taken_back(installation: Installation, tmp_path: Path) -> None:
    (record,) = jiading(1)
    wrong = replace(record, description=replace(record.description, title="错字连篇记"))
    assert installation.load("JD", write_cnmarc(tmp_path / "first.iso", [wrong])).code == 0
    key = f"JD:{record.record_id}"
    made = installation.done("corrections", "set", key, "title", "正字通览", "--reason", "据原书题名页", "--json").json
    assert (made["sent"], made["value"], made["undone_at"]) == ("错字连篇记", "正字通览", None)
    assert (found(installation, "正字通览"), found(installation, "错字连篇记")) == (1, 0)
    changed = replace(wrong, description=replace(wrong.description, edition="第9版"))
    assert installation.load("JD", write_cnmarc(tmp_path / "second.iso", [changed])).code == 0
    assert (found(installation, "正字通览"), found(installation, "错字连篇记")) == (1, 0)
    assert [one["id"] for one in installation.done("corrections", "list", key, "--json").json] == [made["id"]]
    assert "错字连篇记 → 正字通览" in installation.done("corrections", "list").out
    assert installation.done("corrections", "undo", made["id"], "--json").json["undone_by"] == "cli:union-catalog"
    assert (found(installation, "正字通览"), found(installation, "错字连篇记")) == (0, 1)
    assert "no corrections" in installation.done("corrections", "list").out
    assert len(installation.done("corrections", "list", "--undone", "--json").json) == 1
    assert installation.index_agrees()


def test_what_cannot_be_done_is_said_in_a_sentence(installation: Installation, tmp_path: Path) -> None:
    (record,) = jiading(1)
    assert installation.load("JD", write_cnmarc(tmp_path / "first.iso", [record])).code == 0
    key = f"JD:{record.record_id}"
    because = ("--reason", "据原书")
    assert installation.run("corrections", "set", key, "isbn", "9787020002208", *because).refused(2, "9787020002208")
    assert installation.run("corrections", "set", key, "titel", "红楼梦", *because).refused(2, "titel", "responsibility")
    assert installation.run("corrections", "set", key, "subjects", '[{"heading": 7}]', *because).refused(2, "$[0].heading")
    assert installation.run("corrections", "set", "JD:nothing", "title", "红楼梦", *because).refused(2, "JD:nothing")
    assert installation.run("corrections", "undo", "nothing").refused(2, "nothing")
    assert installation.run("corrections", "list", "nothing").refused(2, "nothing")
