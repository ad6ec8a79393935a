"""A branch without a line at the command line: scanned into a sealed file, handed in to a server, handed in again."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from api.offline_file import OfflineFile, open_file
from tests.browser.session import serving
from tests.scenarios.installations import Installation, Outcome
from union_catalog.ids import new_id
from union_catalog.settings import Settings

NETWORK = """
[[libraries]]
code = "JD"
name = "嘉定区图书馆"
[[branches]]
code = "JD-MAIN"
library = "JD"
name = "总馆"
"""
PASSPHRASE = "correct horse battery staple"


@dataclass
class Branch:
    """A desk of JD-MAIN with a scanner and a file."""

    installation: Installation
    folder: Path
    type_in: Callable[..., None]

    def __post_init__(self) -> None:
        self.scans, self.secret, self.token = (self.folder / name for name in ("monday.scans", "secret", "token"))
        self.secret.write_text(f"{PASSPHRASE}\n", "utf-8")

    def scan(self, *lines: str, branch: str = "JD-MAIN", secret: Path | None = None) -> Outcome:
        self.type_in("".join(f"{line}\n" for line in lines))
        asked = ("--branch", branch, "--out", self.scans, "--passphrase-file", secret or self.secret)
        # Neither a database nor anything else of an installation is there to be found.
        return self.installation.run("offline", "scan", *asked, home="/proc/none", database_url="postgresql://127.0.0.1:1/none")

    def upload(self, server: str) -> Outcome:
        asked = ("--server", server, "--token-file", self.token, "--passphrase-file", self.secret)
        return self.installation.run("offline", "upload", self.scans, *asked)

    def opened(self) -> OfflineFile:
        return open_file(self.scans, PASSPHRASE)


@pytest.fixture
def branch(installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Branch:
    return Branch(installation, tmp_path, lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text)))


@pytest.fixture
def client(branch: Branch, tmp_path: Path) -> FlaskClient:
    """The application with the branch, and its token."""
    path = tmp_path / "network.toml"
    path.write_text(NETWORK, "utf-8")
    branch.installation.done("network", "apply", path)
    added = branch.installation.done("staff", "add", "zhang", "--library", "JD", "--branch", "JD-MAIN", "--role", "circulation", "--token")
    branch.token.write_text(added.out, "utf-8")
    app = create_app(Settings.from_environment(branch.installation.environment()))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {added.out.strip()}"
    return client


@pytest.fixture
def server(client: FlaskClient) -> Iterator[str]:
    with serving(client.application) as address:
        yield address


def post(client: FlaskClient, path: str, body: dict[str, object]) -> dict[str, str]:
    answer = client.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": new_id()})
    assert answer.status_code < 300, answer.get_json()
    told: dict[str, str] = answer.get_json()
    return told


def columns(uploaded: Outcome) -> list[tuple[str, ...]]:
    """Action, barcode, verdict and case of each line."""
    assert uploaded.code == 0, uploaded
    return [tuple(line.split("\t")[1:5]) for line in uploaded.out.splitlines()]


def test_a_morning_without_a_line_is_handed_in_once_however_often(branch: Branch, client: FlaskClient, server: str) -> None:
    post(client, "/items", {"branch": "JD-MAIN", "barcode": "b1", "title": "长三角简史"})
    consent = {"notice": "2026-11", "date": "2026-11-01"}
    reader = {"name": "林小满", "birth_date": "1990-02-03", "phone": "13800138000", "home_branch": "JD-MAIN", "pin": "246813"}
    card = post(client, "/patrons", {**reader, "consent": consent})["card"]
    said = branch.scan(card, "b1", ":next", "b9", "b9")
    assert (said.out.splitlines()[1], "2 条待传" in said.err) == ("借出 / lent b1", True)
    assert "3 条待传" in branch.scan(":renew", "b9").err
    expected = [
        ("check_out", "b1", "recorded", "CO-6"),
        ("check_in", "b9", "unknown_item", "CI-20"),
        ("renew", "b9", "unknown_item", "CO-39"),
    ]
    first = branch.upload(server)
    assert columns(first) == expected
    assert "2 条要查" in first.err
    assert branch.upload(server).out == first.out
    loans = client.get(f"/api/v1/patrons/{reader_of(client, card)}/loans").get_json()["items"]
    assert [loan["item"]["barcode"] for loan in loans] == ["b1"]


def reader_of(client: FlaskClient, card: str) -> str:
    found = client.get("/api/v1/patrons", query_string={"card": card}).get_json()["items"]
    return str(found[0]["id"])


def test_the_file_tells_nothing_without_its_passphrase(branch: Branch, tmp_path: Path) -> None:
    branch.scan(":card 4711", "b1")
    raw = branch.scans.read_bytes()
    assert (b"4711" in raw, b"b1" in raw, b"check_out" in raw, branch.scans.stat().st_mode & 0o077) == (False, False, False, 0)
    assert [(scan.action, scan.card, scan.barcode) for scan in branch.opened().scans()] == [("check_out", "4711", "b1")]
    other = tmp_path / "other"
    other.write_text("another passphrase", "utf-8")
    assert branch.scan("b2", secret=other).refused(3, "第2行打不开")
    other.write_text("short", "utf-8")
    assert branch.scan("b2", secret=other).refused(2, "8个字符")
    assert branch.scan("b2", branch="JD-2").refused(2, "JD-MAIN")
    assert branch.opened().count == 1


def test_a_misread_card_of_ours_serves_nobody(branch: Branch) -> None:
    said = branch.scan("9156000000000011", "b3", "9156000000000000", "b1", ":next", "b2").out
    assert "校验" in said or "读错" in said or "核对" in said
    assert "没有办，先扫卡" in said
    assert [(scan.action, scan.barcode) for scan in branch.opened().scans()] == [("check_out", "b3"), ("check_in", "b2")]


def test_a_torn_line_is_left_out_and_a_changed_one_named(branch: Branch) -> None:
    branch.scan("b1", "b2")
    whole = branch.scans.read_bytes()
    branch.scans.write_bytes(whole + b"torn")
    branch.scan("b3")
    assert [scan.barcode for scan in branch.opened().scans()] == ["b1", "b2", "b3"]
    lines = branch.scans.read_bytes().splitlines(keepends=True)
    branch.scans.write_bytes(b"".join([lines[0], lines[2], lines[1], lines[3]]))
    assert branch.scan("b4").refused(3, "第2行打不开")
    branch.scans.write_bytes(b"{}\n")
    assert branch.scan("b4").refused(3, "不是断线扫描的文件")


def test_a_server_that_is_away_or_refuses_is_told_in_words(branch: Branch, server: str) -> None:
    branch.scan("b1")
    assert branch.upload("http://127.0.0.1:1").refused(4, "稍后再传")
    assert branch.upload("ftp://127.0.0.1").refused(2, "http://")
    branch.token.write_text("uc_nonsense", "utf-8")
    assert branch.upload(server).refused(2, "401")
