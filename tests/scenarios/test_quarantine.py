"""Quarantine: what could not be taken is listed with its reason, exported with its bytes, and taken once it can be read."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.scenarios.installations import Installation, frames, jiading, write_cnmarc

KEYS = {"library", "file", "position", "record_id", "code", "reason", "bytes_sha256"}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Twenty records in UTF-8, and the eleventh to thirteenth in GB18030."""
    good = frames(write_cnmarc(tmp_path / "utf8.iso", jiading(23)))
    other = frames(write_cnmarc(tmp_path / "gb.iso", jiading(23), "gb18030"))
    path = tmp_path / "mixed.iso"
    path.write_bytes(b"".join([*good[:10], *other[10:13], *good[13:]]))
    return path


def test_cases_are_listed_and_exported_and_taken_in_the_right_encoding(installation: Installation, mixed: Path, tmp_path: Path) -> None:
    said = installation.load("JD", mixed)
    assert said.code == 0
    assert "quarantine list" in said.out
    cases = installation.done("quarantine", "list", "--json").json
    assert [case["position"] for case in cases] == [10, 11, 12]
    assert all(case.keys() >= KEYS for case in cases)
    assert {case["record_id"] for case in cases} == {record.record_id for record in jiading(13)[10:]}
    assert {(case["library"], case["file"], case["code"]) for case in cases} == {("JD", "mixed.iso", "undecodable")}
    assert all("utf-8" in case["reason"] for case in cases)

    folder = tmp_path / "out" / "cases"
    installation.done("quarantine", "export", folder)
    for case in json.loads((folder / "cases.json").read_text("utf-8")):
        raw = (folder / case["bytes_file"]).read_bytes()
        assert hashlib.sha256(raw).hexdigest() == case["bytes_sha256"]
        assert raw == frames(mixed)[case["position"]]

    assert "0 taken" in installation.done("quarantine", "retry", "--library", "JD").out
    assert len(installation.clusters()) == 20
    assert "3 taken, 0 still" in installation.done("quarantine", "retry", "--library", "JD", "--encoding", "gb18030").out
    assert len(installation.clusters()) == 23
    assert installation.done("quarantine", "list", "--json").json == []
    assert "nothing" in installation.done("quarantine", "list").out
    assert installation.index_agrees()
    assert installation.done("search", jiading(11)[10].description.title, "--json").json["total"] >= 1


def test_one_case_by_its_id(installation: Installation, mixed: Path) -> None:
    installation.load("JD", mixed, "--no-wait")
    first, *_ = installation.done("quarantine", "list", "--json").json
    assert "1 taken" in installation.done("quarantine", "retry", first["id"], "--encoding", "gb18030").out
    assert len(installation.done("quarantine", "list", "--json").json) == 2
    assert installation.run("quarantine", "retry", first["id"]).refused(2, first["id"])
    assert installation.run("quarantine", "retry").code == 2
    assert installation.run("quarantine", "retry", "--library", "JD", "--encoding", "ebcdic").refused(3, "ebcdic")
    assert installation.done("quarantine", "list", "--library", "JX", "--json").json == []


def test_the_same_file_again_and_a_repaired_one(installation: Installation, mixed: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    for _ in range(2):
        assert installation.load("JD", mixed, "--report", report).code == 0
        assert len(installation.done("quarantine", "list", "--json").json) == 3
    told = json.loads(report.read_text("utf-8"))
    assert [told[name] for name in ("read", "stored", "unchanged", "quarantined")] == [23, 0, 20, 3]
    assert installation.load("JD", tmp_path / "utf8.iso").code == 0
    assert installation.done("quarantine", "list", "--json").json == []


def test_rows_are_taken_with_a_corrected_mapping(installation: Installation, tmp_path: Path) -> None:
    """A row that lacks its last cell lacks the column that was told to be the title."""
    table, mapping = tmp_path / "t.csv", tmp_path / "m.toml"
    table.write_text("编号,正题名,题名全\n1,活着,活着：长篇小说\n2,红楼梦\n3,围城\n", "utf-8")
    mapping.write_text('[columns]\nrecord_id = "编号"\ntitle = "题名全"\n', "utf-8")
    assert installation.load("KS", table, "--mapping", mapping, format="csv").code == 0
    cases = installation.done("quarantine", "list", "--json").json
    assert [(case["position"], case["code"]) for case in cases] == [(1, "row_too_short"), (2, "row_too_short")]
    mapping.write_text('[columns]\nrecord_id = "编号"\ntitel = "正题名"\n', "utf-8")
    assert installation.run("quarantine", "retry", "--library", "KS", "--mapping", mapping).refused(2, "titel", "3")
    mapping.write_text('[columns]\nrecord_id = "编号"\ntitle = "正题名"\n', "utf-8")
    assert "2 taken" in installation.done("quarantine", "retry", "--library", "KS", "--mapping", mapping).out
    titles = {item["title"] for item in installation.done("search", "", "--json").json["items"]}
    assert titles == {"活着：长篇小说", "红楼梦", "围城"}  # what was read before stays until its file is loaded again
    assert installation.load("KS", table, "--mapping", mapping, format="csv").code == 0
    assert {item["title"] for item in installation.done("search", "", "--json").json["items"]} == {"活着", "红楼梦", "围城"}


def test_the_second_of_two_descriptions_waits_for_a_person(installation: Installation, tmp_path: Path) -> None:
    file = write_cnmarc(tmp_path / "jd.iso", jiading(2))
    first, _ = frames(file)
    file.write_bytes(file.read_bytes() + first.replace(jiading(1)[0].description.title.encode(), "石头记续".encode()))
    assert installation.load("JD", file).code == 0
    (case,) = installation.done("quarantine", "list", "--json").json
    assert (case["code"], case["record_id"], case["position"]) == ("duplicate_id", jiading(1)[0].record_id, 2)
    assert "0 taken" in installation.done("quarantine", "retry", "--library", "JD").out
    assert "1 taken" in installation.done("quarantine", "retry", case["id"]).out
    assert installation.done("search", "石头记续", "--json").json["total"] == 1
    assert len(installation.clusters()) == 2
