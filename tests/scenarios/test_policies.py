"""Policies at the command line: what a file would change, that it holds, and why a loan has its terms."""

from pathlib import Path

from tests.architecture.sources import ROOT
from tests.scenarios.installations import Installation

DEMO = ROOT / "demo" / "policies.toml"


def test_a_policy_is_checked_applied_shown_and_explained(installation: Installation) -> None:
    installation.done("network", "apply", ROOT / "demo" / "network.toml")
    assert "JX-teachers" in installation.done("policies", "check", DEMO).out
    assert installation.done("policies", "show").out.startswith("# The policy of a new installation")
    applied = installation.done("policies", "apply", DEMO, "--note", "试行")
    assert "version 2 is in force" in applied.out
    assert "no change" in installation.done("policies", "apply", DEMO).out
    assert installation.done("policies", "show").out == DEMO.read_text("utf-8")
    assert [line.split("\t")[0] for line in installation.done("policies", "show", "--versions").out.splitlines()] == ["2", "1"]
    asked = ("--branch", "JX-MAIN", "--category", "teacher", "--library", "JX", "--type", "book")
    told = installation.done("policies", "explain", *asked).out.splitlines()
    assert "JX-teachers" in told[0]
    assert any(line.startswith("- ") and "JX-own-desk" in line for line in told)
    assert "everything" in installation.done("policies", "explain", *asked, "--version", "1").out.splitlines()[0]


def test_all_faults_are_said_and_nothing_changes(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "policies.toml"
    file.write_text('[network.quota]\nchild = 3\n[[rules]]\nid = "a"\ndays = 0\nrenewals = 1\nquota = 1\n', "utf-8")
    for command in ("check", "apply"):
        refused = installation.run("policies", command, file)
        assert refused.code == 2
        assert "network.quota.other" in refused.err
        assert "rules[0].days" in refused.err
    assert installation.done("policies", "show", "--versions").out.startswith("1\t")
    file.write_bytes("days = 三十".encode("gb18030"))
    assert installation.run("policies", "check", file).refused(2, str(file))
    assert installation.run("policies", "check", tmp_path / "nowhere.toml").refused(2, "nowhere.toml")
    assert installation.run("policies", "show", "--version", "9").refused(2, "9")
    assert installation.run("policies", "explain", "--branch", "XX", "--category", "adult").refused(2, "XX")
    installation.done("network", "apply", ROOT / "demo" / "network.toml")
    asked = ("policies", "explain", "--branch", "JX-MAIN", "--library", "JX")
    assert installation.run(*asked, "--type", "film", "--category", "adult").refused(2, "film")
    assert installation.run(*asked, "--type", "book").refused(2, "category")
