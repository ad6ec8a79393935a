"""What Prometheus is told: the right figures, to whom it may be told, and of no reader."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, update

from api.app import create_app
from api.metrics.folders import VARIABLE, all_folders, counting_folder
from tests.api.callers import Caller
from tests.api.collection import CLOCK
from tests.api.signing_in import CARD, READER, STAFF, Library
from tests.api.test_pages import parsed
from union_catalog.clock import instant_text
from union_catalog.ids import new_id
from union_catalog.services import access, sessions, staff
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings
from union_catalog.storage.tables import job, notice, patron

Samples = dict[tuple[str, frozenset[str]], float]
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


def samples(client: FlaskClient) -> Samples:
    """(name, values of its labels) → value."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(found: Samples, name: str, *labels: str) -> float:
    return found.get((f"union_catalog_{name}", frozenset(labels)), 0.0)


def test_requests_are_counted_by_route_and_status(client: FlaskClient) -> None:
    before = samples(client)
    client.get("/api/v1/search?q=围城")
    client.get("/api/v1/records/secret-id")
    client.open("/api/v1/search", method="BREW")
    after = samples(client)

    def more(name: str, *labels: str) -> float:
        return value(after, name, *labels) - value(before, name, *labels)

    assert more("requests_total", "GET", "/api/v1/search", "200") == 1
    assert more("requests_total", "GET", "/api/v1/records/<union_id>", "404") == 1
    assert more("requests_total", "other", "none", "405") == 1
    assert more("request_seconds_count", "/api/v1/search") == 1


def test_the_state_of_the_catalogue_is_told(client: FlaskClient) -> None:
    found = samples(client)
    assert value(found, "up", "database") == value(found, "up", "search") == 1
    assert value(found, "index_documents", "embedded") == 3
    assert ("union_catalog_outbox_waiting", frozenset()) in found
    assert value(found, "outbox_dead") == 0


def test_a_label_never_holds_what_a_reader_sent(client: FlaskClient) -> None:
    client.get("/api/v1/search?q=围城&lat=31.23&lng=121.47", headers={"User-Agent": "my-own-agent", "X-Request-ID": "mine-1"})
    client.get("/nowhere/of-mine")
    told = client.get("/metrics").text
    assert not any(word in told for word in ("围城", "31.23", "121.47", "my-own-agent", "mine-1", "of-mine", "127.0.0.1"))


def test_it_is_closed_to_the_world(client: FlaskClient, app: Flask, catalogue: Catalogue) -> None:
    assert client.get("/metrics", environ_overrides=ELSEWHERE).status_code == 401
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 401  # through a proxy that nobody named
    tokens = {role: access.issue(catalogue.database, CLOCK, role, (role,)).secret for role in ("monitor", "cataloguing")}
    shown = {role: {"Authorization": f"Bearer {secret}"} for role, secret in tokens.items()}
    assert client.get("/metrics", environ_overrides=ELSEWHERE, headers=shown["monitor"]).status_code == 200
    refused = client.get("/metrics", environ_overrides=ELSEWHERE, headers=shown["cataloguing"])
    assert (refused.status_code, refused.content_type) == (403, "application/problem+json")


def test_networks_are_trusted_by_a_setting(settings: Settings, catalogue: Catalogue) -> None:
    told = {
        "UNION_CATALOG_HOME": str(settings.home),
        "UNION_CATALOG_LOG_LEVEL": "error",
        "UNION_CATALOG_METRICS_NETWORKS": "203.0.113.0/24",
    }
    client = create_app(Settings.from_environment(told), catalogue=catalogue).test_client()
    assert client.get("/metrics", environ_overrides=ELSEWHERE).status_code == 200
    assert client.get("/metrics").status_code == 401


def test_a_database_that_cannot_be_asked_is_told_as_down(tmp_path: Path) -> None:
    client = create_app(Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path), "UNION_CATALOG_LOG_LEVEL": "error"})).test_client()
    found = samples(client)
    assert value(found, "up", "database") == value(found, "up", "search") == 0
    assert ("union_catalog_outbox_waiting", frozenset()) not in found


COUNTING = "from api.metrics.engines import WRITTEN; WRITTEN.labels('embedded', 'upsert').inc(7)"


@pytest.fixture
def counted_elsewhere(tmp_path: Path) -> Iterator[Settings]:
    """Two servers of one home folder; a process of each has written seven documents."""
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path), "UNION_CATALOG_LOG_LEVEL": "error"})
    with counting_folder(settings):
        subprocess.run([sys.executable, "-c", COUNTING], check=True, env=dict(os.environ))
        with counting_folder(settings):
            subprocess.run([sys.executable, "-c", COUNTING], check=True, env=dict(os.environ))
            yield settings


def test_all_processes_of_all_servers_are_added_up(counted_elsewhere: Settings) -> None:
    assert value(samples(create_app(counted_elsewhere).test_client()), "index_written_total", "embedded", "upsert") == 14


def test_what_servers_have_left_goes_and_what_runs_stays(tmp_path: Path) -> None:
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(tmp_path)})
    dead = all_folders(settings) / "dead"
    dead.mkdir(parents=True)
    (dead / "lock").touch()
    (dead / "counter_1.db").touch()
    with counting_folder(settings):
        mine = Path(os.environ[VARIABLE])
        assert not dead.exists()
        with counting_folder(settings):
            assert mine.exists()
    assert list(all_folders(settings).iterdir()) == []
    assert VARIABLE not in os.environ


def test_what_desks_do_is_counted_by_case_once_and_refusals_apart(library: Library) -> None:
    desk = desk_of(library)
    client = library.app.test_client()
    before = samples(client)
    lend = {"card": CARD, "item": {"library": "JD", "barcode": "b3"}, "branch": "JD-1"}
    take = {"item": {"library": "JD", "barcode": "b3"}, "branch": "JD-1"}
    answers = [desk.post("/api/v1/check-outs", lend, key="k1"), desk.post("/api/v1/check-outs", lend, key="k1")]
    assert [answer.status_code for answer in answers] == [201, 201]
    loan = answers[0].get_json()["loan"]["id"]
    assert desk.post("/api/v1/renewals", {"loan": loan}).get_json()["results"][0]["case"] == "RN-23"
    with library.database.write() as connection:
        connection.execute(update(patron).values(expires_on="2026-01-01"))
    library.clock.advance(timedelta(minutes=1))
    assert desk.post("/api/v1/check-ins", take).get_json()["case"] == "CI-1"
    refused = desk.post("/api/v1/check-outs", lend).get_json()["case"]
    after = samples(client)

    def more(*labels: str) -> float:
        return value(after, "desk_actions_total", *labels) - value(before, "desk_actions_total", *labels)

    assert more("check_out", "CO-1", "done") == 1
    assert more("renewal", "RN-23", "refused") == 1
    assert more("check_in", "CI-1", "done") == 1
    assert more("check_out", refused, "refused") == 1


def test_forms_of_pages_are_counted_as_the_api_is(library: Library) -> None:
    client = library.app.test_client()
    before = samples(client)
    secret = f"us_{new_id()}"
    with library.database.write() as connection:
        member = staff.require(connection, "zhang")
        sessions.begin(connection, library.clock, secret, "staff", member.id, "JD-1")
    client.set_cookie("session", secret)
    address = "/staff/items/JD/b3"
    for what in ("lost", "lost"):
        page = parsed(client.get(address).text)
        form = next(one for one in page.cssselect("form") if one.get("action") == f"{address}/say")
        data = {**{str(name): str(told) for name, told in form.form_values()}, "what": what, "branch": "JD-1"}
        client.post(f"{address}/say", data=data, headers={"Sec-Fetch-Site": "same-origin"})
    after = samples(client)
    for labels in (("item", "IT-2", "done"), ("item", "IT-23", "refused")):
        assert value(after, "desk_actions_total", *labels) - value(before, "desk_actions_total", *labels) == 1


def test_tries_to_sign_in_are_counted_by_what_came_of_them(library: Library) -> None:
    client = library.app.test_client()
    before = samples(client)
    caller = Caller(library.app.test_client())
    told = [{**READER, "pin": "000000"}] * 5 + [READER, {**STAFF, "password": "another one"}, STAFF]
    assert [caller.post("/api/v1/sessions", one).status_code for one in told] == [401] * 7 + [201]
    after = samples(client)

    def more(*labels: str) -> float:
        return value(after, "sign_ins_total", *labels) - value(before, "sign_ins_total", *labels)

    assert more("reader", "card_or_pin_wrong") == 5
    assert more("reader", "pin_locked") == more("staff", "name_or_password_wrong") == more("staff", "in") == 1


def test_messages_that_wait_or_died_and_jobs_that_were_done_are_told(library: Library) -> None:
    now = library.clock.now()
    assert value(samples(library.app.test_client()), "notices_oldest_seconds") == 0
    with library.database.write() as connection:
        for number, (state, minutes, reason) in enumerate(
            [("pending", -90, None), ("pending", -5, None), ("pending", 60, None), ("dead", -90, "gave_up"), ("sent", -90, None)]
        ):
            told = {"id": f"n{number}", "patron_id": "reader", "kind": "pin_reset", "about": f"a{number}", "data": {}, "state": state}
            at = instant_text(now + timedelta(minutes=minutes))
            connection.execute(insert(notice).values(**told, not_before=at, created_at=at, reason=reason))
        for name, state, hour in (("send-notices", "done", 1), ("send-notices", "failed", 2), ("forget-history", "failed", 1)):
            at = instant_text(now + timedelta(hours=hour))
            connection.execute(insert(job).values(id=new_id(), name=name, state=state, progress=1, created_at=at, finished_at=at))
    found = samples(library.app.test_client())
    assert [value(found, f"notices_{what}") for what in ("waiting", "later", "sending")] == [2, 1, 0]
    assert (value(found, "notices_oldest_seconds"), value(found, "notices_dead", "gave_up")) == (5400, 1)
    assert value(found, "job_success_timestamp_seconds", "send-notices") == (now + timedelta(hours=1)).timestamp()
    assert ("union_catalog_job_success_timestamp_seconds", frozenset({"forget-history"})) not in found


def desk_of(library: Library) -> Caller:
    """Somebody at the desk of JD-1."""
    with library.database.write() as connection:
        return Caller(library.app.test_client(), access.issue_to(connection, library.clock, staff.require(connection, "zhang")).secret)
