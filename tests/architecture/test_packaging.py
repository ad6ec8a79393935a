"""What is shipped: the package holds its data files, and the containers run what exists, without rights they
do not need."""

import fnmatch
import tomllib

import yaml

from tests.architecture.sources import PACKAGES, ROOT
from union_catalog.settings import documented

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
OURS = {name: service for name, service in COMPOSE["services"].items() if name != "database"}


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


def test_containers_have_no_rights_and_tell_their_health() -> None:
    assert "\nUSER union-catalog\n" in (ROOT / "Dockerfile").read_text("utf-8")
    for name, service in OURS.items():
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"]
        assert "user" not in service
        assert "healthcheck" in service or name == "init"
    assert "healthcheck" in COMPOSE["services"]["database"]


def test_containers_wait_for_what_they_need() -> None:
    for name, service in OURS.items():
        needed = service["depends_on"]
        assert set(needed) == ({"database"} if name == "init" else {"init"})


def test_the_image_holds_every_package() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    kept = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    for package in PACKAGES:
        assert f"COPY {package} {package}\n" in text
        assert f"!{package}" in kept
