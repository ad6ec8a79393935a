"""One small real catalogue, and applications over it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from tests.api.collection import fill
from tests.api.my_library import Reader, signed_in, take_on
from tests.api.signing_in import Library, open_library
from tests.api.staff_room import StaffRoom, open_staff_room
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Those of an installation in a folder of its own."""
    home = str(tmp_path_factory.mktemp("home"))
    return Settings.from_environment({"UNION_CATALOG_HOME": home, "UNION_CATALOG_LOG_LEVEL": "error"})


@pytest.fixture(scope="session")
def catalogue(settings: Settings, _sqlite_template: Path) -> Iterator[Catalogue]:
    """Read only: four records of two libraries."""
    shutil.copy(_sqlite_template, settings.home / "catalogue.sqlite3")
    database = Database(settings.database, 5)
    filled = fill(database, settings.index_folder)
    yield filled
    filled.engine.close()
    database.close()


@pytest.fixture(scope="session")
def app(settings: Settings, catalogue: Catalogue) -> Flask:
    """The application as it is served, made over the same folder."""
    return create_app(settings, catalogue=catalogue)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A caller without cookies."""
    return app.test_client(use_cookies=False)


@pytest.fixture
def written(tmp_path: Path, _sqlite_template: Path) -> Iterator[Catalogue]:
    """A catalogue of its own, for tests that change it."""
    shutil.copy(_sqlite_template, tmp_path / "catalogue.sqlite3")
    filled = fill(Database(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}", 5), tmp_path / "index")
    yield filled
    filled.engine.close()
    filled.database.close()


@pytest.fixture
def library(tmp_path: Path, settings: Settings, _sqlite_template: Path) -> Iterator[Library]:
    """With a member of staff and a reader, of whom neither has signed in."""
    shutil.copy(_sqlite_template, tmp_path / "catalogue.sqlite3")
    opened = open_library(settings, tmp_path)
    yield opened
    opened.catalogue.engine.close()
    opened.database.close()


@pytest.fixture
def reader(library: Library) -> Reader:
    """Taken on at the desk, and signed in."""
    return signed_in(library, take_on(library))


@pytest.fixture
def room(tmp_path: Path, _sqlite_template: Path) -> Iterator[StaffRoom]:
    """Two libraries with staff, to be changed at will."""
    shutil.copy(_sqlite_template, tmp_path / "catalogue.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'catalogue.sqlite3'}", 5)
    opened = open_staff_room(database, tmp_path)
    yield opened
    opened.catalogue.engine.close()
    database.close()
