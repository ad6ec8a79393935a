"""The whole application in a browser, as it is served: its policy kept, its answers compressed and kept."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from api.app import create_app
from tests.api.collection import fill
from tests.browser.session import browser, log, serving
from union_catalog.settings import Settings
from union_catalog.storage.database import Database

pytestmark = pytest.mark.browser
PATHS = ("/", "/search?q=围城", "/libraries", "/about", "/api/docs", "/nowhere")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Iterator[str]:
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path_factory.mktemp("home")), "UNION_CATALOG_LOG_LEVEL": "error"})
    shutil.copy(_sqlite_template, settings.home / "catalogue.sqlite3")
    database = Database(settings.database, 5)
    catalogue = fill(database, settings.index_folder)
    with serving(create_app(settings, catalogue=catalogue)) as address:
        yield address
    catalogue.engine.close()
    database.close()


@pytest.fixture(scope="module")
def session() -> Iterator[Chrome]:
    with browser() as started:
        yield started


@pytest.mark.parametrize("path", PATHS)
def test_no_page_asks_for_what_the_policy_forbids(session: Chrome, base: str, path: str) -> None:
    log(session, "browser")
    session.get(base + path)
    told = [entry["message"] for entry in log(session, "browser")]
    assert [message for message in told if "Content Security Policy" in message or "Uncaught" in message] == []


def test_what_is_sent_is_compressed_and_files_are_asked_for_once(session: Chrome, base: str) -> None:
    session.get(base + "/about")
    log(session, "performance")
    session.get(base + "/libraries")
    events = [json.loads(entry["message"])["message"] for entry in log(session, "performance")]
    received = [event["params"] for event in events if event["method"] == "Network.responseReceived"]
    [page] = [one["response"] for one in received if one["response"]["url"] == base + "/libraries"]
    headers = {name.lower(): value for name, value in page["headers"].items()}
    assert headers["content-encoding"] in ("zstd", "gzip")
    kept = {event["params"]["requestId"] for event in events if event["method"] == "Network.requestServedFromCache"}
    files = [one for one in received if "?v=" in one["response"]["url"]]
    assert files
    assert [file["response"]["url"] for file in files if file["requestId"] not in kept and not file["response"].get("fromDiskCache")] == []
