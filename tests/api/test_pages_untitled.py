"""A record without a title is said to have none: its id is no name for readers."""

import shutil
from pathlib import Path

import msgspec
import pytest

from api.app import create_app
from tests.api.collection import FORTRESS, HOLDINGS, fill
from tests.api.test_pages import page, parsed, text
from union_catalog.settings import Settings
from union_catalog.storage.database import Database

UNTITLED = msgspec.structs.replace(FORTRESS, titles=(), identifiers=())


@pytest.fixture
def settings(tmp_path: Path, _sqlite_template: Path) -> Settings:
    """Those of an empty installation."""
    shutil.copy(_sqlite_template, tmp_path / "catalogue.sqlite3")
    return Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path), "UNION_CATALOG_LOG_LEVEL": "error"})


def test_the_page_says_that_there_is_no_title(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HOLDINGS["JX"], "JX2", (UNTITLED, ()))
    database = Database(settings.database, 5)
    catalogue = fill(database, settings.index_folder)
    client = create_app(settings, catalogue=catalogue).test_client(use_cookies=False)
    summary = next(one for one in catalogue.recent(20) if not one.title)
    found = page(client, f"/records/{summary.union_id}")
    assert text(found.cssselect("h1")[0]) == "[无题名]"
    assert text(found.cssselect("title")[0]).startswith("[无题名]")
    cover = client.get(found.cssselect("img.cover")[0].get("src"))
    assert cover.status_code == 200
    assert summary.union_id not in cover.text
    english = parsed(client.get(f"/records/{summary.union_id}?lang=en").text)
    assert text(english.cssselect("h1")[0]) == "[Untitled]"
    assert client.get(f"/api/v1/records/{summary.union_id}").get_json()["title"] == ""
    catalogue.engine.close()
    database.close()
