"""What the first page and /try show where a file says how to sign in, and that they show nothing of it without one."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from flask import Flask

from api.app import create_app
from api.pages.trying import Group, Guide, Sample, Somebody, Text
from tests.api.my_library import AT_HOME
from tests.api.signing_in import CARD, PASSWORD, PIN, Library
from tests.api.test_pages import parsed
from union_catalog.errors import ConfigurationError
from union_catalog.settings import Settings

STAFF = Somebody(Text("馆员张", "Clerk Zhang"), Text("借还", "Lends"), "zhang", "/desk")
READER = Somebody(Text("读者甲", "Reader A"), Text("一册过期", "One overdue"), CARD, "/me")
GUIDE = Guide(
    (Group(Text("馆员", "Staff"), PASSWORD, (STAFF,)), Group(Text("读者", "Readers"), PIN, (READER,))),
    (Sample("310140227001", Text("在架", "On the shelf")),),
    (Sample(CARD, Text("读者甲的卡", "Of Reader A")),),
)


@pytest.fixture
def tried(library: Library, settings: Settings, tmp_path: Path) -> Flask:
    """The library with a file that says how to sign in."""
    path = tmp_path / "guide.json"
    path.write_bytes(msgspec.json.encode(GUIDE))
    return create_app(replace(settings, sign_in_guide=str(path)), catalogue=library.catalogue, clock=library.clock)


@pytest.mark.parametrize(("language", "name", "about"), [("zh", "读者甲", "一册过期"), ("en", "Reader A", "One overdue")])
def test_the_first_page_says_who_what_for_and_with_what(tried: Flask, language: str, name: str, about: str) -> None:
    panel = parsed(tried.test_client().get(f"/?lang={language}").text).cssselect(".guide")[0]
    said = " ".join(panel.text_content().split())
    assert all(text in said for text in (name, about, CARD, PIN, "zhang", PASSWORD))
    assert {"/try", "/sign-in", "/desk", "/staff", "/me"} <= {link.get("href") for link in panel.cssselect("a")}


@pytest.mark.parametrize(("who", "start"), [("zhang", "/desk"), (CARD, "/me")])
def test_a_button_signs_in_and_leads_to_where_one_begins(tried: Flask, who: str, start: str) -> None:
    client = tried.test_client()
    forms = parsed(client.get("/").text).cssselect(".guide form")
    [data] = [values for form in forms if (values := dict(form.form_values()))["who"] == who]
    answer = client.post("/sign-in", data=data, headers=AT_HOME)
    assert (answer.status_code, answer.location) == (303, start), answer.text
    assert client.get(start).status_code == 200


def test_whoever_is_asked_to_sign_in_is_told_where_it_stands(tried: Flask) -> None:
    client = tried.test_client()
    page = parsed(client.get(client.get("/desk").location).text)
    assert page.cssselect('main a[href="/#h-guide"]')
    assert parsed(client.get("/").text).cssselect("#h-guide")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_there_is_something_to_scan(tried: Flask, language: str) -> None:
    page = parsed(tried.test_client().get(f"/try?lang={language}").text)
    rows = {row.cssselect(".mono")[0].text_content(): row for row in page.cssselect(".samples li")}
    assert set(rows) == {"310140227001", CARD}
    assert all(row.cssselect("svg.bars path") for row in rows.values())
    assert GUIDE.items[0].about.zh in rows["310140227001"].text_content() or language == "en"


def test_without_the_file_there_is_nothing_of_it(library: Library) -> None:
    client = library.app.test_client()
    assert parsed(client.get("/").text).cssselect(".guide") == []
    assert "/try" not in client.get("/").text
    assert "h-guide" not in client.get("/sign-in").text
    assert client.get("/try").status_code == 404


def test_production_has_none(tmp_path: Path) -> None:
    path = tmp_path / "guide.json"
    path.write_bytes(msgspec.json.encode(GUIDE))
    told = {"UNION_CATALOG_HOME": str(tmp_path), "UNION_CATALOG_SIGN_IN_GUIDE": str(path)}
    with pytest.raises(ConfigurationError, match="not_in_production"):
        Settings.from_environment(told)
    assert Settings.from_environment(told | {"UNION_CATALOG_ENVIRONMENT": "development"}).sign_in_guide == str(path)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"groups": [{"secret": 1}]}', b"\xff"])
def test_a_file_that_is_none_names_the_setting(library: Library, settings: Settings, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "guide.json"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="bad_setting") as refusal:
        create_app(replace(settings, sign_in_guide=str(path)), catalogue=library.catalogue, clock=library.clock)
    assert refusal.value.data["name"] == "UNION_CATALOG_SIGN_IN_GUIDE"
