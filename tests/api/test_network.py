"""GET /api/v1/libraries and /branches."""

from flask.testing import FlaskClient


def test_libraries_tell_what_they_hold(client: FlaskClient) -> None:
    first, second = client.get("/api/v1/libraries").get_json()["libraries"]
    assert (first["code"], first["name"], first["records"], first["items"], first["branches"]) == (
        "JD",
        "嘉定区图书馆",
        3,
        3,
        1,
    )
    assert first["region"] == {"code": "310114", "name": "上海市嘉定区"}
    assert (second["code"], second["region"], second["circulation"]) == ("JX", None, "native")


def test_branches_tell_where_they_are_and_of_what_kind(client: FlaskClient) -> None:
    branches = {branch["code"]: branch for branch in client.get("/api/v1/branches?lang=en").get_json()["branches"]}
    study = branches["JD-1"]
    assert (study["name"], study["library"], study["library_name"]) == (
        "Juyuan Wojia Study",
        "JD",
        "Jiading Library",
    )
    assert (study["kind"], study["kind_label"]) == ("wojia_study", "Wojia Study")
    assert (study["lat"], study["lng"]) == (31.395, 121.24)
    assert (branches["ZG"]["provisional"], branches["ZG"]["lat"]) == (True, None)


def test_unknown_parameters_are_named_here_too(client: FlaskClient) -> None:
    answer = client.get("/api/v1/libraries?region=1")
    assert (answer.status_code, answer.get_json()["errors"][0]["name"]) == (422, "region")


def test_libraries_say_where_their_items_float(client: FlaskClient) -> None:
    assert {library["floating"] for library in client.get("/api/v1/libraries").get_json()["libraries"]} == {"home"}
