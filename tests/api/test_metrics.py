"""What Prometheus is told: the right figures, to whom it may be told, and of no reader."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from api.metrics.folders import VARIABLE, all_folders, counting_folder
from tests.api.collection import CLOCK
from union_catalog.services import access
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings

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
