"""GET /api/v1/records/…: one edition, its items, its exports, where it went, and what a caller need not
fetch again."""

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pymarc import MARCReader, parse_xml_to_array

from api.app import create_app
from api.exports import EXPORTS
from tests.api.collection import DREAM, arrival, fill, record, take_in
from union_catalog.services.prepared import prepare
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


def found(client: FlaskClient, query: str) -> str:
    """The id of the only result."""
    items = client.get(f"/api/v1/search?{query}").get_json()["items"]
    assert len(items) == 1
    return str(items[0]["union_id"])


@pytest.fixture
def dream(client: FlaskClient) -> str:
    """The id of the edition that two libraries describe."""
    return found(client, "q=红楼梦&format=book")


def test_a_record_tells_its_fields_and_where_they_are_from(client: FlaskClient, dream: str) -> None:
    answer = client.get(f"/api/v1/records/{dream}").get_json()
    assert answer["union_id"] == dream
    assert answer["title"] == "红楼梦"
    assert answer["record"]["titles"][0] == {"kind": "proper", "text": "红楼梦", "source": "200$a"}
    assert answer["record"]["format"] == "book"
    assert answer["record"]["notes"] == []
    assert answer["record"]["identifiers"][0]["valid"] is True
    assert answer["provenance"]["titles"] == ["JD:JD1", "JX:JX1"]
    assert [source["key"] for source in answer["source_records"]] == ["JD:JD1", "JX:JX1"]
    assert [(other["format"], other["relation"], other["relation_label"]) for other in answer["other_editions"]] == [
        ("audio", "format", "其他载体")
    ]


def test_provenance_speaks_of_fields_and_sources_that_are_there(client: FlaskClient, dream: str) -> None:
    answer = client.get(f"/api/v1/records/{dream}").get_json()
    keys = {source["key"] for source in answer["source_records"]}
    assert set(answer["provenance"]) <= set(answer["record"])
    assert {key for sources in answer["provenance"].values() for key in sources} <= keys


def test_an_unchanged_record_is_not_sent_again(client: FlaskClient, dream: str) -> None:
    address = f"/api/v1/records/{dream}"
    first = client.get(address)
    assert first.headers["ETag"].startswith(f'"{first.get_json()["revision"]}-')
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": '"0-00000000"'}).status_code == 200


def test_an_answer_in_another_language_has_another_tag(client: FlaskClient, dream: str) -> None:
    tags = {client.get(f"/api/v1/records/{dream}?lang={language}").headers["ETag"] for language in ("zh", "en")}
    assert len(tags) == 2


def test_items_are_told_one_by_one(client: FlaskClient, dream: str) -> None:
    items = client.get(f"/api/v1/records/{dream}/items?lang=en").get_json()["items"]
    assert [(item["library"], item["barcode"], item["branch"], item["status"]) for item in items] == [
        ("JD", "b1", "JD-1", "available"),
        ("JD", "b2", "JD-1", "on_loan"),
        ("JX", "b1", "ZG", "available"),
    ]
    assert items[1]["status_label"] == "On loan"
    assert items[0]["branch_name"] == "Juyuan Wojia Study"
    assert items[0]["call_number"] == "I242.4/5542"


@pytest.mark.parametrize("part", ["", "/items", "/export?format=ris"])
def test_an_unknown_id_is_404(client: FlaskClient, part: str) -> None:
    answer = client.get(f"/api/v1/records/0000000000000000{part}")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_record")


@pytest.mark.parametrize("union_id", ["%00", "a%0Ab", "%ED%A0%80", "x" * 5000, "红楼梦", "..%2f..", "' OR 1=1"])
def test_an_impossible_id_is_404(client: FlaskClient, union_id: str) -> None:
    answer = client.get(f"/api/v1/records/{union_id}")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("form", EXPORTS)
def test_every_export_is_a_file_of_its_type(client: FlaskClient, dream: str, form: str) -> None:
    answer = client.get(f"/api/v1/records/{dream}/export?format={form}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == EXPORTS[form].content_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{dream}.{EXPORTS[form].suffix}"'
    assert "红楼梦" in answer.get_data(as_text=True)
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(answer.request.path, query_string={"format": form}, headers=tag).status_code == 304


def test_exports_of_marc_agree(client: FlaskClient, dream: str) -> None:
    for plain, xml in (("marc21", "marcxml"), ("cnmarc", "cnmarcxml")):
        (one,) = MARCReader(client.get(f"/api/v1/records/{dream}/export?format={plain}").data, force_utf8=True)
        file = BytesIO(client.get(f"/api/v1/records/{dream}/export?format={xml}").data)
        (other,) = parse_xml_to_array(file)  # type: ignore[no-untyped-call]  # pymarc types a part of itself
        assert [str(field) for field in one.fields] == [str(field) for field in other.fields]
        assert one["001"].data == dream


@pytest.mark.parametrize(("query", "code"), [("", "is missing"), ("?format=docx", "must be one of")])
def test_an_export_needs_a_known_format(client: FlaskClient, dream: str, query: str, code: str) -> None:
    answer = client.get(f"/api/v1/records/{dream}/export{query}", headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["name"] == "format"
    assert code in answer.get_json()["errors"][0]["message"]


@pytest.fixture
def own(tmp_path: Path, _sqlite_template: Path) -> Iterator[tuple[FlaskClient, Database]]:
    """A catalogue that the test may change."""
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path), "UNION_CATALOG_LOG_LEVEL": "error"})
    shutil.copy(_sqlite_template, tmp_path / "catalogue.sqlite3")
    database = Database(settings.database, 5)
    catalogue = fill(database, settings.index_folder)
    yield create_app(settings, catalogue=catalogue).test_client(), database
    catalogue.engine.close()
    database.close()


def change(database: Database, record_id: str, described: Any, *, deleted: bool = False) -> None:
    """A later load of the library JX."""
    prepared = prepare("JX", arrival(record_id, described, ()))
    take_in(
        database,
        "JX",
        [prepared if not deleted else type(prepared)(**{f: getattr(prepared, f) for f in prepared.__struct_fields__} | {"deleted": True})],
    )


def test_a_deleted_record_is_gone(own: tuple[FlaskClient, Database]) -> None:
    client, database = own
    change(database, "JX9", record("三国演义", "罗贯中", "人民文学出版社", 1973, ""))
    with database.read() as connection:
        union_id = connection.exec_driver_sql("SELECT union_id FROM source_record WHERE record_id = 'JX9'").scalar_one()
    assert client.get(f"/api/v1/records/{union_id}").get_json()["title"] == "三国演义"
    change(database, "JX9", record("三国演义", "罗贯中", "人民文学出版社", 1973, "", notes=()), deleted=True)
    for part in ("", "/items", "/export?format=ris"):
        answer = client.get(f"/api/v1/records/{union_id}{part}")
        assert (answer.status_code, answer.get_json()["code"]) == (410, "gone")


def test_a_merged_id_leads_to_the_survivor(own: tuple[FlaskClient, Database]) -> None:
    client, database = own
    change(database, "JX9", record("三国演义", "罗贯中", "人民文学出版社", 1973, ""))
    with database.read() as connection:
        statement = "SELECT union_id FROM source_record WHERE record_id = '{}'"
        younger = connection.exec_driver_sql(statement.format("JX9")).scalar_one()
        survivor = connection.exec_driver_sql(statement.format("JD1")).scalar_one()
    change(database, "JX9", DREAM)
    answer = client.get(f"/api/v1/records/{younger}/export?format=ris&lang=en")
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"/api/v1/records/{survivor}/export?format=ris&lang=en"
    assert client.get(f"/api/v1/records/{younger}", follow_redirects=True).get_json()["union_id"] == survivor
