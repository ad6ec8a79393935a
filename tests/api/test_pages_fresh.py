"""What pages keep from one answer to the next never hides a change in the database, though the index has not heard of it."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from jinja2 import DictLoader
from msgspec.structs import replace
from sqlalchemy import update

from api.app import create_app
from api.pages.drawing import Drawn, draw
from tests.api.test_pages import Page, page, text
from tests.api.test_pages_whole import union_id
from union_catalog.matching.merging import MergedRecord
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings
from union_catalog.storage import reads
from union_catalog.storage.tables import item, union_content, union_record
from union_catalog.storage.values import pack, unpack

SEARCH = "/search?q=红楼梦&format=book"


@pytest.fixture
def reader(written: Catalogue, tmp_path: Path) -> FlaskClient:
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path), "UNION_CATALOG_LOG_LEVEL": "error"})
    return create_app(settings, catalogue=written).test_client(use_cookies=False)


def row(reader: FlaskClient) -> Page:
    (found,) = page(reader, SEARCH).cssselect("li.row")
    return found


def test_what_was_lent_is_not_said_to_be_there(reader: FlaskClient, written: Catalogue) -> None:
    assert "2册可借" in text(row(reader))
    address = f"/records/{union_id(written, '红楼梦')}"
    assert "在馆可借" in text(page(reader, address).cssselect(".get")[0])
    with written.database.write() as connection:
        connection.execute(update(item).values(reported_status="on_loan"))
    assert "0册可借" in text(row(reader))
    assert "借出" in text(row(reader).cssselect(".av")[0])
    assert "在馆可借" not in text(page(reader, address).cssselect(".get")[0])


def test_a_record_is_told_as_it_stands(reader: FlaskClient, written: Catalogue) -> None:
    known = union_id(written, "红楼梦")
    assert text(row(reader).cssselect("h2")[0]) == "红楼梦"
    with written.database.write() as connection:
        merged = unpack(reads.unions(connection, [known])[known].merged_z, MergedRecord)
        titles = (replace(merged.record.titles[0], text="石头记"), *merged.record.titles[1:])
        stored = pack(replace(merged, record=replace(merged.record, titles=titles)))
        connection.execute(update(union_content).where(union_content.c.union_id == known).values(merged_z=stored))
    assert text(row(reader).cssselect("h2")[0]) == "石头记"
    assert text(page(reader, f"/records/{known}").cssselect("h1")[0]) == "石头记"


def test_a_record_that_has_gone_is_not_listed(reader: FlaskClient, written: Catalogue) -> None:
    known = union_id(written, "红楼梦")
    assert row(reader) is not None
    with written.database.write() as connection:
        connection.execute(update(union_record).where(union_record.c.id == known).values(state="gone"))
    assert not page(reader, SEARCH).cssselect("li.row")
    assert reader.get(f"/records/{known}").status_code == 410


def test_a_page_drawn_for_one_reader_is_not_that_of_another_with_other_wishes(reader: FlaskClient) -> None:
    plain = reader.get(SEARCH).text
    assert reader.get(SEARCH).text == plain
    assert 'data-theme="dark"' in reader.get(SEARCH, headers={"Cookie": "theme=dark"}).text
    assert 'data-type="large"' in reader.get(SEARCH, headers={"Cookie": "type=large"}).text
    assert '<html lang="en"' in reader.get(SEARCH, headers={"Accept-Language": "en"}).text
    assert reader.get(SEARCH).text == plain


def test_the_way_back_is_that_of_each_reader(reader: FlaskClient, written: Catalogue) -> None:
    address = f"/records/{union_id(written, '红楼梦')}"
    came = reader.get(address, headers={"Referer": "http://localhost/search?q=%E7%BA%A2%E6%A5%BC"}).text
    assert "q=%E7%BA%A2%E6%A5%BC" in came
    assert "q=%E7%BA%A2%E6%A5%BC" not in reader.get(address).text


def test_a_page_with_a_secret_of_one_reader_is_not_kept(written: Catalogue, tmp_path: Path) -> None:
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path), "UNION_CATALOG_LOG_LEVEL": "error"})
    app = create_app(settings, catalogue=written)
    app.jinja_loader = DictLoader({"form.html": "{{ csrf_field() }}"})
    with app.test_request_context("/form"):
        app.preprocess_request()
        first = draw("form.html")
    with app.test_request_context("/form"):
        app.preprocess_request()
        assert draw("form.html") != first


def test_the_page_used_longest_ago_goes_first() -> None:
    drawn = Drawn(most=2)
    drawn.keep(b"1", b"one")
    drawn.keep(b"2", b"two")
    assert drawn.get(b"1") == b"one"
    drawn.keep(b"3", b"three")
    assert drawn.get(b"2") is None
    assert (drawn.get(b"1"), drawn.get(b"3")) == (b"one", b"three")
