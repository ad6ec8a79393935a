"""Tokens at the command line: shown once, listed without their text, revoked for good."""

from api.app import create_app
from tests.scenarios.installations import Installation
from union_catalog.settings import Settings


def test_a_token_is_printed_once_opens_what_is_closed_and_is_shut_out(installation: Installation) -> None:
    added = installation.done("tokens", "add", "编目部", "--role", "cataloguer", "--library", "JD")
    secret = added.out.strip()
    assert secret.startswith("uc_")
    assert "\n" not in secret
    listed = installation.done("tokens", "list", "--json").json
    assert [(one["name"], one["roles"], one["library"], one["revoked_at"]) for one in listed] == [("编目部", ["cataloguing"], "JD", None)]
    assert secret not in installation.done("tokens", "list").out
    assert listed[0]["id"] in added.err

    client = create_app(Settings.from_environment(installation.environment())).test_client()
    shown = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/matches/verdicts").status_code == 401
    assert client.get("/api/v1/matches/verdicts", headers=shown).status_code == 200
    installation.done("tokens", "revoke", listed[0]["id"])
    assert client.get("/api/v1/matches/verdicts", headers=shown).status_code == 401
    assert "已作废" in installation.done("tokens", "list").out


def test_what_is_wrong_is_said_in_one_line(installation: Installation) -> None:
    assert installation.run("tokens", "add", "x", "--role", "cataloguer", "--library", "XX").refused(2, "XX")
    assert installation.run("tokens", "add", " ", "--role", "cataloguer").refused(2)
    assert installation.run("tokens", "revoke", "nobody").refused(2, "nobody")
    assert installation.run("tokens", "add", "x", "--role", "king").code == 2
    assert installation.run("tokens", "add", "x").code == 2
    assert installation.done("tokens", "list").out.strip() == "没有令牌 / no tokens"
