"""Installations: an empty one, one with the demo's four libraries in it, each made once and copied for every test."""

import shutil
from pathlib import Path

import pytest

from tests.scenarios.installations import ROOT, Installation, demo_loads

LIBRARIES = (("JD", "嘉定区图书馆"), ("JX", "嘉兴市图书馆"), ("WZ", "温州市图书馆"), ("KS", "昆山市图书馆"))


@pytest.fixture(scope="session")
def _empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    installation = Installation(tmp_path_factory.mktemp("installations") / "empty")
    installation.done("init")
    for code, name in LIBRARIES:
        installation.done("libraries", "add", code, name)
    return installation.home


@pytest.fixture(scope="session")
def _demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    installation = Installation(folder / "home")
    installation.done("init")
    installation.done("network", "apply", ROOT / "demo" / "network.toml")
    for arguments in demo_loads(folder / "exports"):
        installation.done("load", *arguments, "--no-wait")
    installation.done("index", "verify")
    return installation.home


@pytest.fixture
def installation(_empty_home: Path, tmp_path: Path) -> Installation:
    """Set up, with the four libraries and without records."""
    return Installation(shutil.copytree(_empty_home, tmp_path / "home"))


@pytest.fixture
def demo(_demo_home: Path, tmp_path: Path) -> Installation:
    """The demo after its loads; a copy, to do with as one likes."""
    return Installation(shutil.copytree(_demo_home, tmp_path / "demo"))


@pytest.fixture(scope="session")
def demo_exports(tmp_path_factory: pytest.TempPathFactory) -> list[list[object]]:
    """The arguments of the demo's four loads."""
    return demo_loads(tmp_path_factory.mktemp("exports"))
