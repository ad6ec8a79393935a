"""POST and DELETE /sessions: signing in and out over the API."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.api.callers import Caller
from tests.api.signing_in import PASSWORD, PIN, READER, STAFF, Library
from union_catalog.storage.tables import answered_command, session
from union_catalog.storage.tables import staff as staff_table

SESSIONS = "/api/v1/sessions"


@pytest.fixture
def stranger(library: Library) -> Caller:
    return Caller(library.app.test_client(use_cookies=False))


def signed_in(library: Library, secrets: Mapping[str, str]) -> Caller:
    """Somebody who shows the token of a new session."""
    answer = Caller(library.app.test_client()).post(SESSIONS, secrets)
    assert answer.status_code == 201, answer.get_json()
    return Caller(library.app.test_client(use_cookies=False), answer.get_json()["token"])


def code(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def everything(library: Library) -> str:
    """What the database file and its log hold, as text."""
    library.database.close()
    path = Path(str(library.database.url.database))
    return "".join(file.read_bytes().decode("latin-1") for file in path.parent.glob(path.name + "*"))


@pytest.mark.parametrize(("secrets", "hours"), [(STAFF, 12), (READER, 2)])
def test_who_signs_in_is_known_for_a_while(library: Library, stranger: Caller, secrets: Mapping[str, str], hours: int) -> None:
    answer = stranger.post(SESSIONS, secrets)
    assert answer.status_code == 201
    told = answer.get_json()
    assert set(told) == {"token", "expires_at"}
    assert told["token"].startswith("us_")
    assert told["expires_at"] == f"2026-12-01T{1 + hours:02}:00:00.000000Z"
    assert answer.headers["Cache-Control"] == "no-store"
    known = Caller(stranger.client, told["token"])
    assert known.ask("/api/v1/libraries").status_code == 200
    library.clock.advance(timedelta(hours=hours))
    assert code(known.ask("/api/v1/libraries")) == (401, "token_not_valid")


def test_a_repeated_sign_in_is_one_session_with_the_same_token(library: Library, stranger: Caller) -> None:
    first, again = (stranger.post(SESSIONS, STAFF, key="k1") for _ in range(2))
    assert again.data == first.data
    assert (first.headers.get("Idempotency-Replayed"), again.headers.get("Idempotency-Replayed")) == (None, "true")
    with library.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(session)).scalar_one() == 1
    assert code(stranger.post(SESSIONS, dict(STAFF) | {"password": "another one"}, key="k1")) == (422, "idempotency_key_reused")
    assert stranger.post(SESSIONS, STAFF, key="k2").get_json()["token"] != first.get_json()["token"]


def test_nothing_of_it_can_be_used_by_whoever_reads_the_database(library: Library, stranger: Caller) -> None:
    tokens = [stranger.post(SESSIONS, secrets).get_json()["token"] for secrets in (STAFF, READER)]
    wrong = stranger.post(SESSIONS, dict(READER) | {"pin": "975310"})
    assert wrong.status_code == 401
    stored = everything(library)
    for secret in (*tokens, PIN, "975310", PASSWORD, PASSWORD.encode().decode("latin-1")):
        assert secret not in stored


def test_a_wrong_secret_is_refused_the_same_way_for_a_name_that_nobody_has(stranger: Caller) -> None:
    wrong = stranger.post(SESSIONS, dict(STAFF) | {"password": "another one"})
    nobody = stranger.post(SESSIONS, dict(STAFF) | {"username": "nobody"})
    assert code(wrong) == code(nobody) == (401, "name_or_password_wrong")
    assert wrong.get_json()["detail"] == nobody.get_json()["detail"]
    assert code(stranger.post(SESSIONS, dict(READER) | {"pin": "000000"})) == (401, "card_or_pin_wrong")
    assert code(stranger.post(SESSIONS, dict(READER) | {"card": "NONE1"})) == (401, "card_or_pin_wrong")


@pytest.mark.parametrize(
    ("secrets", "wrong", "locked"),
    [
        (STAFF, {"password": "another one"}, "password_locked"),
        (READER, {"pin": "000000"}, "pin_locked"),
    ],
)
def test_too_many_wrong_ones_lock_and_a_repetition_is_no_try(
    library: Library, stranger: Caller, secrets: Mapping[str, str], wrong: Mapping[str, str], locked: str
) -> None:
    body = {**secrets, **wrong}
    for _ in range(7):
        assert stranger.post(SESSIONS, body, key="same").status_code == 401
    assert stranger.post(SESSIONS, secrets).status_code == 201
    for _ in range(5):
        stranger.post(SESSIONS, body)
    assert code(stranger.post(SESSIONS, secrets)) == (401, locked)
    library.clock.advance(timedelta(minutes=15))
    assert stranger.post(SESSIONS, secrets).status_code == 201


def test_who_signs_out_is_known_no_more_and_others_are(library: Library) -> None:
    first, second = signed_in(library, STAFF), signed_in(library, STAFF)
    assert first.delete(SESSIONS).get_json() == {"signed_out": True}
    assert first.ask("/api/v1/libraries").status_code == 401
    assert second.ask("/api/v1/libraries").status_code == 200
    assert Caller(second.client).delete(SESSIONS).status_code == 401


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["card", "pin"]),
        ({"card": "1"}, ["pin"]),
        ({"password": "x"}, ["username"]),
        ({**READER, **STAFF}, ["password", "username"]),
        ({**READER, "pin": 135790}, ["pin"]),
        ({**STAFF, "branch": "no such thing"}, ["branch"]),
        ({**STAFF, "user": "x"}, ["user"]),
        ({**STAFF, "password": "x" * 201}, ["password"]),
    ],
)
def test_what_cannot_be_read_is_named(stranger: Caller, body: Mapping[str, object], named: list[str]) -> None:
    answer = stranger.post(SESSIONS, body)
    assert answer.status_code == 422
    assert sorted(fault["name"] for fault in answer.get_json()["errors"]) == named


def test_a_desk_is_one_of_theirs(library: Library, stranger: Caller) -> None:
    assert stranger.post(SESSIONS, {**STAFF, "branch": "JD-1"}).status_code == 201
    assert code(stranger.post(SESSIONS, {**STAFF, "branch": "JX-1"})) == (403, "other_desk")
    with library.database.read() as connection:
        assert connection.execute(select(session.c.branch)).scalars().all() == ["JD-1"]


def test_a_manager_sees_the_staff_and_lifts_a_lock(library: Library, stranger: Caller) -> None:
    for _ in range(5):
        stranger.post(SESSIONS, {**STAFF, "password": "another one"})
    assert code(signed_in_as_manager(library, stranger).post("/api/v1/staff/nobody/unlock")) == (404, "unknown_staff")
    manager = signed_in_as_manager(library, stranger)
    assert [one["username"] for one in manager.get("/api/v1/staff")["items"]] == ["boss", "zhang"]
    unlocked = manager.post("/api/v1/staff/Zhang/unlock")
    assert (unlocked.status_code, unlocked.get_json()["locked_until"]) == (200, None)
    assert stranger.post(SESSIONS, STAFF).status_code == 201


def test_a_manager_gives_and_takes_what_is_theirs_and_never_more(library: Library, stranger: Caller) -> None:
    own, zhang = signed_in(library, STAFF), "/api/v1/staff/zhang"
    assert own.ask("/api/v1/staff").status_code == 403
    assert code(own.patch(zhang, {"roles": ["manager"]})) == (403, "not_allowed")
    manager = signed_in_as_manager(library, stranger)
    changed = manager.patch(zhang, {"roles": ["circulation", "manager"], "branches": []})
    assert (changed.status_code, changed.get_json()["roles"], changed.get_json()["branches"]) == (200, ["circulation", "manager"], [])
    assert own.ask("/api/v1/staff").status_code == 200
    assert code(own.patch(zhang, {"branches": ["JD-1"]})) == (403, "own_rights")
    for roles in (["cataloguing"], ["circulation", "network"]):
        assert code(manager.patch(zhang, {"roles": roles})) == (403, "role_not_held")
    assert code(manager.patch("/api/v1/staff/boss", {"roles": ["manager", "circulation"]})) == (403, "own_rights")
    assert code(manager.patch(zhang, {"library": "JX"})) == code(manager.patch(zhang, {"library": None})) == (403, "other_library")
    assert code(manager.patch(zhang, {"branches": ["NONE"]})) == (404, "unknown_branch")
    assert [fault["name"] for fault in manager.patch(zhang, {"roles": ["king"]}).get_json()["errors"]] == ["roles"]


def signed_in_as_manager(library: Library, stranger: Caller) -> Caller:
    with library.database.write() as connection:
        row = connection.execute(select(staff_table).where(staff_table.c.username == "zhang")).mappings().one()
        if connection.execute(select(staff_table.c.id).where(staff_table.c.username == "boss")).first() is None:
            values = dict(row) | {
                "id": "boss",
                "username": "boss",
                "roles": ["manager"],
                "branches": [],
                "failures": 0,
                "locked_until": None,
            }
            connection.execute(staff_table.insert().values(values))
    return signed_in(library, {"username": "boss", "password": PASSWORD})


def test_answers_that_are_pruned_are_forgotten(library: Library, stranger: Caller) -> None:
    stranger.post(SESSIONS, STAFF, key="k1")
    with library.database.write() as connection:
        connection.execute(answered_command.delete())
    again = stranger.post(SESSIONS, STAFF, key="k1")
    assert (again.status_code, again.headers.get("Idempotency-Replayed")) == (201, None)
