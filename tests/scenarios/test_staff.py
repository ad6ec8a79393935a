"""Staff at the command line: taken on with a token or a password, listed, shut out."""

import io
import json
from pathlib import Path

import pytest

from api.app import create_app
from tests.scenarios.installations import Installation
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
HIRED = ("staff", "add", "zhang", "--library", "JD", "--branch", "JD-MAIN", "--role", "circulation")


@pytest.fixture
def libraries(installation: Installation, tmp_path: Path) -> Installation:
    path = tmp_path / "network.toml"
    path.write_text(NETWORK, "utf-8")
    installation.done("network", "apply", path)
    return installation


def test_the_token_stands_alone_on_standard_output_and_opens(libraries: Installation) -> None:
    added = libraries.done(*HIRED, "--token")
    assert added.out.count("\n") == 1
    assert added.out.startswith("uc_")
    assert "zhang" in added.err
    app = create_app(Settings.from_environment(libraries.environment()))
    headers = {"Authorization": f"Bearer {added.out.strip()}"}
    assert app.test_client().get("/api/v1/staff", headers=headers).status_code == 403
    again = libraries.done(*HIRED, "--token")
    assert again.out != added.out
    (listed,) = json.loads(libraries.done("staff", "list", "--json").out)
    assert (listed["username"], listed["library"], listed["branches"], listed["roles"]) == ("zhang", "JD", ["JD-MAIN"], ["circulation"])
    libraries.done("staff", "disable", "ZHANG")
    assert app.test_client().get("/api/v1/libraries", headers=headers).status_code == 401
    assert "停用" in libraries.done("staff", "list", "--library", "JD").out


def test_who_is_there_already_is_not_changed_unasked(libraries: Installation) -> None:
    libraries.done(*HIRED, "--token")
    libraries.run(*HIRED, "--role", "manager", "--token").refused(5, "zhang")
    assert libraries.run("staff", "add", "zhang", "--role", "network", "--token").refused(5, "zhang")


def test_a_password_is_read_from_standard_input_and_signs_in(libraries: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def type_in(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    type_in("晨昏忧乐每相亲 42\n")
    assert libraries.done(*HIRED, "--password-stdin").out == ""
    client = create_app(Settings.from_environment(libraries.environment())).test_client()

    def sign_in(password: str, key: str) -> int:
        body = {"username": "zhang", "password": password}
        return client.post("/api/v1/sessions", json=body, headers={"Idempotency-Key": key}).status_code

    assert sign_in("晨昏忧乐每相亲 42", "k1") == 201
    type_in("quite another one\n")
    libraries.done("staff", "password", "zhang", "--password-stdin")
    assert [sign_in("晨昏忧乐每相亲 42", "k2"), sign_in("quite another one", "k3")] == [401, 201]
    type_in("short\n")
    libraries.run("staff", "password", "zhang", "--password-stdin").refused(2)
    type_in("")
    libraries.run("staff", "add", "li", "--library", "JD", "--role", "circulation").refused(2, "--token")
    libraries.run("staff", "unlock", "li").refused(2, "li")
    libraries.done("staff", "unlock", "zhang")


def test_other_roles_are_in_force_where_somebody_is_signed_in(libraries: Installation) -> None:
    headers = {"Authorization": f"Bearer {libraries.done(*HIRED, '--token').out.strip()}"}
    client = create_app(Settings.from_environment(libraries.environment())).test_client()
    assert client.get("/api/v1/staff", headers=headers).status_code == 403
    changed = libraries.done("staff", "change", "zhang", "--role", "manager", "--role", "cataloguing", "--all-branches")
    assert "JD:*  manager+cataloguing" in changed.out
    assert client.get("/api/v1/staff", headers=headers).status_code == 200
    libraries.done("staff", "change", "zhang", "--branch", "JD-MAIN", "--role", "circulation")
    assert client.get("/api/v1/staff", headers=headers).status_code == 403
    (listed,) = json.loads(libraries.done("staff", "list", "--json").out)
    assert (listed["branches"], listed["roles"]) == (["JD-MAIN"], ["circulation"])
    libraries.run("staff", "change", "zhang").refused(2, "--role")
    libraries.run("staff", "change", "zhang", "--branch", "JD-MAIN", "--all-branches").refused(2)
    libraries.run("staff", "change", "nobody", "--role", "manager").refused(2, "nobody")
