"""What is shipped: the package holds its data files, and the containers run what exists, without rights they
do not need."""

import fnmatch
import json
import re
import tomllib
from typing import Any

import yaml

from tests.architecture.sources import PACKAGES, ROOT
from union_catalog.settings import documented

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVERS = ("database", "search")
OURS = {name: service for name, service in COMPOSE["services"].items() if name not in SERVERS}
COMMANDS = tomllib.loads((ROOT / "deploy" / "services.toml").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def test_every_data_file_is_packaged() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = [pattern.split("**/") for pattern in project["tool"]["setuptools"]["package-data"]["*"]]
    assert {depth for depth, _ in patterns} == {""}  # "**/": also in folders that are not packages
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()]
    data = [path for path in files if path.suffix not in {".py", ".pyc", ".cfg"}]
    assert [str(path) for path in data if not any(fnmatch.fnmatch(path.name, name) for _, name in patterns)] == []


def test_containers_set_only_settings_that_exist() -> None:
    known = {name for name, _, _ in documented()}
    for service in OURS.values():
        assert {name for name in service["environment"] if name.startswith("UNION_CATALOG_")} <= known


def test_containers_run_what_the_file_of_commands_says() -> None:
    assert set(OURS) == set(COMMANDS["services"])
    for name, told in COMMANDS["services"].items():
        service = OURS[name]
        assert service["command"] == told["command"]
        assert service["environment"] == COMMANDS["environment"]
        assert service.get("healthcheck", {}).get("test") == (["CMD", *told["health"]] if "health" in told else None)


def test_the_image_runs_our_command_as_nobody_special() -> None:
    assert json.loads(re.findall(r"^ENTRYPOINT (.*)$", DOCKERFILE, re.MULTILINE)[-1]) == ["union-catalog"]
    assert "\nUSER union-catalog\n" in DOCKERFILE
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.MULTILINE)) == 2  # what builds is not what runs


def test_containers_have_no_rights_and_tell_their_health() -> None:
    for name, service in OURS.items():
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"]
        assert "user" not in service
        assert "healthcheck" in service or name == "init"
    assert all("healthcheck" in COMPOSE["services"][name] for name in SERVERS)


def test_containers_wait_for_what_they_need() -> None:
    for name, service in OURS.items():
        assert set(service["depends_on"]) == (set(SERVERS) if name == "init" else {"init"})


def test_only_the_web_server_can_be_reached_and_from_this_machine_alone() -> None:
    assert {name for name, service in COMPOSE["services"].items() if "ports" in service} == {"web"}
    assert all(port.startswith("127.0.0.1:") for port in OURS["web"]["ports"])
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert {name for name, service in COMPOSE["services"].items() if "outside" in service["networks"]} == {"web"}


def test_no_container_takes_the_whole_machine_and_state_lies_in_volumes() -> None:
    used: set[str] = set()
    for service in COMPOSE["services"].values():
        assert service["deploy"]["resources"]["limits"]["memory"]
        used |= {volume.partition(":")[0] for volume in service["volumes"]}
    assert used == set(COMPOSE["volumes"])


def test_secrets_come_from_the_environment() -> None:
    def texts(node: Any) -> list[str]:
        if isinstance(node, dict):
            return [text for key, value in node.items() for text in ([f"{key}={value}"] if isinstance(value, str) else texts(value))]
        return [text for value in node for text in texts(value)] if isinstance(node, list) else []

    secret = [text for text in texts(COMPOSE) if re.match(r"[A-Z_]*(PASSWORD|SECRET_KEY|API_KEY)=", text)]
    assert secret
    assert all(re.fullmatch(r"[A-Z_]+=\$\{[A-Z_]+:\?.+\}", text) for text in secret)


def test_the_image_holds_every_package() -> None:
    kept = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for package in PACKAGES:
        assert f"COPY {package} {package}\n" in DOCKERFILE
        assert f"!{package}" in kept
