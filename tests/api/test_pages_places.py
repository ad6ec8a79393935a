"""Pages of branches: open or not, the week, and the map with its table. It is Tuesday, 14:00."""

import pytest
from flask.testing import FlaskClient

from tests.api.example_catalogue import example_app
from tests.api.test_pages import parsed


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return example_app().test_client(use_cookies=False)


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("JD-ZG", "开放至20:30", "Open until 20:30"),
        ("JD-JY", "全天开放", "Open day and night"),
        ("JX-ZG", "今天闭馆，周四 9:00开放", "Closed today, opens Thu 9:00"),
        ("WZ-ZG", "开放时间未登记", "Hours not told"),
    ],
)
def test_the_first_thing_is_whether_it_is_open(client: FlaskClient, code: str, zh: str, en: str) -> None:
    for language, line in (("zh", zh), ("en", en)):
        found = parsed(client.get(f"/branches/{code}?lang={language}").text)
        assert found.cssselect(".found .now")[0].text_content().strip() == line


def test_exceptions_come_before_the_week_and_today_is_marked(client: FlaskClient) -> None:
    found = parsed(client.get("/branches/JX-ZG?lang=zh").text)
    exceptions, week = found.cssselect("table.hours")
    assert exceptions.cssselect("th")[0].text_content().split() == ["11月24日", "周二至11月25日", "周三", "今天"]
    assert [cell.text_content() for cell in exceptions.cssselect("td")] == ["闭馆", "盘点"]
    assert [row.get("class") for row in week.cssselect("tr")] == [None, "today", None, None, None, None, None]
    assert week.cssselect("td")[0].text_content() == "闭馆"


@pytest.mark.parametrize(
    ("language", "days"), [("zh", "2027年2月5日 周五至2027年2月12日 周五"), ("en", "Fri 5 Feb 2027 to Fri 12 Feb 2027")]
)
def test_an_exception_of_another_year_says_its_year(client: FlaskClient, language: str, days: str) -> None:
    (exceptions, _) = parsed(client.get(f"/branches/JD-ZG?lang={language}").text).cssselect("table.hours")
    assert exceptions.cssselect("th")[0].text_content().strip() == days


def test_a_page_says_how_to_get_there_and_what_there_is(client: FlaskClient) -> None:
    found = parsed(client.get("/branches/JD-ZG?lang=en").text)
    assert found.cssselect("dl a[href='tel:021-00000000']")
    assert "ten minutes on foot" in found.cssselect("dl")[0].text_content()
    assert [badge.text_content() for badge in found.cssselect(".offers li")] == [
        "Collect reserved books", "24-hour return box", "Children’s room",
    ]  # fmt: skip
    form = found.cssselect("form.inside")[0]
    assert [(field.get("name"), field.get("value")) for field in form.cssselect("input")] == [("branch", "JD-ZG"), ("q", None)]
    assert form.get("action") == "/search"


def test_the_map_is_also_a_table(client: FlaskClient) -> None:
    found = parsed(client.get("/branches").text)
    section = found.cssselect("section.region")[0]
    drawn = {link.get("href") for link in section.cssselect("svg.map a")}
    assert drawn == {link.get("href") for link in section.cssselect("table th a")} == {"/branches/JD-ZG", "/branches/JD-JY"}
    assert all(link.get("aria-label") == link.text_content().strip() for link in section.cssselect("svg.map a"))  # as it is seen and said
    used = {shape.get("href")[1:] for shape in found.cssselect("use")}
    assert used <= {group.get("id") for group in found.cssselect("defs g")}
    addresses = [element.get("href") or element.get("src") or "" for element in found.cssselect("main [href], main [src]")]
    assert all(address.startswith(("/", "#")) for address in addresses)


def test_neighbours_stand_with_their_distance(client: FlaskClient) -> None:
    found = parsed(client.get("/branches/JD-ZG?lang=zh").text)
    row = found.cssselect(".place-table tbody tr")[0]
    assert "菊园我嘉书房" in row.text_content()
    assert "2.5公里" in row.text_content()
    assert found.cssselect("svg.map a.here")[0].get("href") == "/branches/JD-ZG"
    assert not parsed(client.get("/branches/JX-ZG").text).cssselect("svg.map")
