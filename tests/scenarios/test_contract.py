"""What other programs rely on: options, columns, keys and exit codes of the commands, in order of a first day."""

import csv
import json
from pathlib import Path

import pytest

from api.app import create_app
from tests.scenarios.installations import ROOT, Installation, jiading, write_cnmarc
from union_catalog.settings import Settings

NETWORK = """
[[regions]]
code = "R"
name = "一区"

[[libraries]]
code = "JD"
name = "嘉定区图书馆"
region = "R"

[[branches]]
code = "JD-A"
library = "JD"
name = "甲分馆"
kind = "town"
"""


@pytest.fixture
def network(tmp_path: Path) -> Path:
    path = tmp_path / "network.toml"
    path.write_text(NETWORK, "utf-8")
    return path


def test_init_again_is_no_change(tmp_path: Path) -> None:
    fresh = Installation(tmp_path / "made" / "on the way")
    assert fresh.done("init").out.count("no change") == 0
    before = sorted(str(path.relative_to(fresh.home)) for path in fresh.home.rglob("*"))
    assert fresh.done("init").out.count("no change") == 2
    assert sorted(str(path.relative_to(fresh.home)) for path in fresh.home.rglob("*")) == before
    assert not (tmp_path / "home").exists()


def test_network_apply_shows_the_difference_and_is_idempotent(tmp_path: Path, network: Path) -> None:
    fresh = Installation(tmp_path / "home")
    fresh.done("init")
    shown = fresh.done("network", "apply", "--dry-run", network).out
    assert [line.split()[:3] for line in shown.splitlines()] == [["+", "region", "R"], ["+", "library", "JD"], ["+", "branch", "JD-A"]]
    assert fresh.done("network", "apply", network).out.startswith(shown)
    assert "no change" in fresh.done("network", "apply", network).out

    network.write_text(NETWORK.replace("甲分馆", "乙分馆"), "utf-8-sig")
    changed = fresh.done("network", "apply", network).out
    assert "~ branch JD-A" in changed
    assert "甲分馆 → 乙分馆" in changed


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('code = "JD-A"', 'code = "JD-A"\nlibrary = "JD"\nname = "重"\n[[branches]]\ncode = "JD-A"', ("JD-A", "branches")),
        ('kind = "town"', 'kind = "castle"', ("branches[0].kind",)),
        ('kind = "town"', 'colour = "red"', ("branches[0].colour",)),
        ('name = "甲分馆"', "name = ", ("line",)),
        ('library = "JD"', 'library = "XX"', ("XX",)),
        ('name = "一区"', "", ("regions[0].name",)),
        ('kind = "town"', "lat = nan\nlng = 1", ("branches[0].lat",)),
    ],
)
def test_a_faulty_network_file_is_one_sentence(
    installation: Installation, network: Path, before: str, after: str, words: tuple[str]
) -> None:
    network.write_text(NETWORK.replace(before, after), "utf-8")
    assert installation.run("network", "apply", network).refused(2, *words)
    assert installation.done("network", "apply", "--dry-run", ROOT / "demo" / "network.toml").out.count("~ library") == 4


def test_libraries_add(installation: Installation) -> None:
    assert "added" in installation.done("libraries", "add", "CS", "常熟市图书馆", "--circulation", "remote").out
    assert "no change" in installation.done("libraries", "add", "CS", "常熟市图书馆", "--circulation", "remote").out
    listed = [line.split("\t") for line in installation.done("libraries", "list").out.splitlines()]
    assert ["CS", "常熟市图书馆", "remote", "0", "0"] in listed
    assert ["JD", "嘉定区图书馆", "native", "0", "0"] in listed
    assert installation.run("libraries", "add", "J D", "有空格").refused(2, "J D")
    assert installation.run("libraries", "add", "X", "某馆", "--circulation", "both").code == 2


def test_a_report_counts_records_of_the_whole_file(installation: Installation, tmp_path: Path) -> None:
    file = write_cnmarc(tmp_path / "jd.iso", jiading(30))
    first, second, tombstone = file.read_bytes().split(b"\x1d")[:3]
    # The first again with other content, one that is cut off, and the third as a deletion of itself.
    other = first.replace(b"20260601", b"20260602", 1)
    file.write_bytes(file.read_bytes() + other + b"\x1d" + second[: len(second) // 2] + b"\x1d")
    report = tmp_path / "report.json"
    assert installation.load("JD", file, "--report", report).code == 0
    told = json.loads(report.read_text("utf-8"))
    assert {"read", "stored", "unchanged", "deleted", "quarantined", "seconds"} <= told.keys()
    assert [told[name] for name in ("read", "stored", "unchanged", "deleted", "quarantined")] == [32, 30, 0, 0, 2]

    file.write_bytes(tombstone[:5] + b"d" + tombstone[6:] + b"\x1d")
    assert installation.load("JD", file, "--report", report).code == 0
    told = json.loads(report.read_text("utf-8"))
    assert [told[name] for name in ("read", "stored", "unchanged", "deleted", "quarantined")] == [1, 0, 0, 1, 0]
    assert len(installation.clusters()) == 29
    assert installation.index_agrees()


def test_rows_of_a_table_are_counted_as_records(installation: Installation, demo_exports: list[list[object]], tmp_path: Path) -> None:
    arguments = next(arguments for arguments in demo_exports if "KS" in arguments)
    report = tmp_path / "ks.json"
    installation.done("load", "--report", report, *arguments)
    with Path(str(arguments[-1])).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    told = json.loads(report.read_text("utf-8"))
    assert told["read"] == told["stored"] == len({row["控制号"] for row in rows}) < len(rows)


def test_the_same_file_again_changes_nothing_and_says_so(demo: Installation, demo_exports: list[list[object]]) -> None:
    def state() -> tuple[object, ...]:
        index = demo.done("index", "status", "--json").json
        return demo.clusters(), index["documents"], index["generation"], demo.done("libraries", "list").out

    before = state()
    for arguments in demo_exports:
        said = demo.done("load", "--no-wait", *arguments)
        assert "unchanged" in said.out
        assert "没有变化" in said.out
    assert demo.done("index", "status", "--json").json["waiting"] == 0
    assert state() == before


def test_clusters_name_every_live_record_once(demo: Installation, tmp_path: Path) -> None:
    output = tmp_path / "clusters.csv"
    assert demo.done("clusters", "--output", output).out == ""
    with output.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["library", "record_id", "union_id"]
    live = {line.split("\t")[0]: int(line.split("\t")[3]) for line in demo.done("libraries", "list").out.splitlines()}
    assert {code: sum(row[0] == code for row in rows) for code in live} == live
    assert len({(row[0], row[1]) for row in rows[1:]}) == len(rows) - 1
    assert demo.run("clusters", "--output", tmp_path / "no folder" / "clusters.csv").refused(2, "no folder")


@pytest.mark.parametrize("query", ["红楼梦", "紅樓夢", "7-02-000220-7", "", '"" OR AND (', "没有这样的书" * 3])
def test_search_answers_what_the_api_answers(demo: Installation, query: str) -> None:
    client = create_app(Settings.from_environment(demo.environment())).test_client()
    asked = client.get("/api/v1/search", query_string={"q": query, "per_page": 20})
    assert demo.done("search", query, "--json").json == asked.get_json()
    assert asked.status_code == 200


def test_explain(demo: Installation) -> None:
    assert demo.done("explain", "JD:JD000001207", "KS:KS000001985").out
    told = demo.done("explain", "JD:JD000001207", "KS:KS000001985", "--json").json
    assert told.keys() == {"verdict", "rule", "evidence"}
    assert told["evidence"]
    for evidence in told["evidence"]:
        assert {"field", "detail"} < evidence.keys()
        assert len({"for", "against", "silent"} & evidence.keys()) == 1
    assert demo.run("explain", "JD:JD000001207", "KS:nothing").refused(2, "KS:nothing")
    assert demo.run("explain", "JD000001207", "KS:KS000001985").refused(2, "JD000001207")


def test_the_index_can_be_lost_and_built_again(demo: Installation) -> None:
    before = demo.done("search", "红楼梦", "--json").json
    status = demo.done("index", "status", "--json").json
    assert demo.done("index", "rebuild").code == 0
    after = demo.done("index", "status", "--json").json
    assert (after["documents"], after["waiting"]) == (status["documents"], 0)
    assert after["generation"] != status["generation"]
    assert demo.done("search", "红楼梦", "--json").json == before
    assert "缺 0" in demo.done("index", "verify").out
    assert "documents" in demo.done("index", "status").out

    for path in sorted((demo.home / "index").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert demo.run("search", "红楼梦").refused(4, "union-catalog index rebuild")
    demo.done("index", "rebuild")
    assert demo.index_agrees()


@pytest.mark.parametrize("arguments", [["paint"], ["load", "--library", "JD"], ["load", "--format", "mods", "x"], ["serve", "--port", "x"]])
def test_wrong_usage(installation: Installation, arguments: list[str]) -> None:
    assert installation.run(*arguments).code == 2


def test_help_is_there_before_anything_is_set_up(tmp_path: Path) -> None:
    nowhere = Installation(tmp_path / "nothing")
    for command in ("init", "load", "clusters", "search", "explain", "serve"):
        assert command in nowhere.done("--help").out
        assert nowhere.done(command, "--help").out
    assert not nowhere.home.exists()
