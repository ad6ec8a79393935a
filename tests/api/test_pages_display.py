"""Language, large type and theme: chosen without script, kept, and never a way out of this site."""

import re
from importlib import resources
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from tests.api.example_catalogue import example_app
from tests.api.test_pages import parsed

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACES = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture
def client() -> FlaskClient:
    return example_app().test_client()


def test_the_language_of_the_address_wins_and_is_kept(client: FlaskClient) -> None:
    assert 'lang="zh-Hans"' in client.get("/", headers={"Accept-Language": "fr"}).text
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "en-GB,zh;q=0.5"}).text
    asked = client.get("/?lang=en", headers={"Accept-Language": "zh"})
    assert '<html lang="en"' in asked.text
    assert '<html lang="en"' in client.get("/libraries", headers={"Accept-Language": "zh"}).text
    assert asked.headers["Vary"] == "Accept-Language, Cookie"
    cookie = asked.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_switch_keeps_the_page(client: FlaskClient) -> None:
    found = parsed(client.get("/search?q=红楼梦&library=JD&library=JX&lang=zh").text)
    switch = found.cssselect(".tools a[hreflang=en]")[0].get("href")
    english = parsed(client.get(switch).text)
    assert english.get("lang") == "en"
    assert english.cssselect("input[name=q]")[0].get("value") == "红楼梦"
    assert len(english.cssselect("a.chip.on")) == 2
    assert switch.count("lang=") == 1


def test_large_type_is_one_button_and_leads_back(client: FlaskClient) -> None:
    found = parsed(client.get("/search?q=红楼梦&lang=zh").text)
    form = found.cssselect(".tools form")[0]
    button = form.cssselect("button")[0]
    back = dict(form.form_values())["back"]
    answer = client.post(form.get("action"), data={"back": back, button.get("name"): button.get("value")})
    assert answer.status_code == 303
    page = parsed(client.get(answer.location).text)
    assert page.get("data-type") == "large"
    assert page.cssselect("input[name=q]")[0].get("value") == "红楼梦"
    assert page.cssselect(".tools button")[0].get("value") == "normal"


def test_theme_is_a_form_with_three_choices(client: FlaskClient) -> None:
    assert parsed(client.get("/").text).get("data-theme") is None
    client.post("/display", data={"theme": "dark"})
    assert parsed(client.get("/").text).get("data-theme") == "dark"
    chosen = parsed(client.get("/display").text).cssselect("input[name=theme][checked]")
    assert [radio.get("value") for radio in chosen] == ["dark"]
    client.post("/display", data={"theme": "auto"})
    assert parsed(client.get("/").text).get("data-theme") is None


@pytest.mark.parametrize("wish", ["", "huge", '"><script>'])
def test_an_unknown_wish_changes_nothing(client: FlaskClient, wish: str) -> None:
    answer = client.post("/display", data={"type": wish, "theme": wish})
    assert "Set-Cookie" not in answer.headers
    client.set_cookie("type", wish)
    assert parsed(client.get("/").text).get("data-type") is None


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "search", "/a\r\nX: y", "/\tx"]
)
def test_the_form_leads_nowhere_else(client: FlaskClient, target: str) -> None:
    assert client.post("/display", data={"type": "large", "back": target}).location == "/"


def _extracted() -> dict[str | tuple[str, ...], None]:
    options = {"**/templates/**.html": {"trimmed": "true"}}
    methods = [("api/templates/**.html", "jinja2"), ("api/explorer/templates/**.html", "jinja2"), ("api/**.py", "python")]
    keywords = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(ROOT, methods, options, keywords, directory_filter=lambda folder: Path(folder).name[0] != ".")
    return {message: None for _, _, message, _, _ in found}


def _english() -> dict[str | tuple[str, ...], Message]:
    text = resources.files("api.translations").joinpath("en/LC_MESSAGES/messages.po").read_bytes()
    catalogue = read_po(BytesIO(text), locale="en", abort_invalid=True)
    return {tuple(m.id) if isinstance(m.id, list | tuple) else m.id: m for m in catalogue if m.id}


def test_every_text_of_the_pages_has_its_english_and_no_other_stands_there() -> None:
    assert set(_extracted()) == set(_english())


def test_english_is_whole_and_keeps_the_places_for_data() -> None:
    for message in _english().values():
        sources = message.id if isinstance(message.id, list | tuple) else (message.id,)
        words = message.string if isinstance(message.string, list | tuple) else (message.string,)
        assert not message.fuzzy
        for word in words:
            assert word
            assert not HAN.search(word), word
            assert set(PLACES.findall(word)) == set(PLACES.findall(sources[0])), word


def test_no_chinese_of_ours_is_left_on_an_english_page(client: FlaskClient) -> None:
    """What stays Chinese is data, and says so by its language."""
    client.set_cookie("lang", "en")
    for address in ("/", "/search?q=zzz", "/libraries", "/branches", "/statuses", "/about", "/display", "/nope", "/records/nope"):
        found = parsed(client.get(address).text)
        for marked in found.cssselect("main [lang|=zh], .tools [lang|=zh], [lang=ja]"):
            marked.drop_tree()
        assert not HAN.search(found.cssselect("body")[0].text_content()), address
