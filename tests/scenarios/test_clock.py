"""Another time than the machine's: a setting for development and tests, and one job under another time."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from api.commands.processes import CLOCK_VARIABLE, _keep_the_clock
from api.wiring import open_clock
from tests.scenarios.installations import Installation
from union_catalog.errors import ConfigurationError
from union_catalog.services import commands
from union_catalog.services.commands import Command, Outcome
from union_catalog.settings import Settings
from union_catalog.storage.database import Database

THEN = datetime(2031, 5, 1, 1, 0, tzinfo=UTC)
TOLD = "2031-05-01T09:00:00+08:00"


def clock_of(**settings: str) -> datetime:
    told = {f"UNION_CATALOG_{name.upper()}": text for name, text in settings.items()}
    return open_clock(Settings.from_environment(told)).now()


def test_the_clock_starts_where_it_is_set_and_goes_on() -> None:
    first = clock_of(clock=TOLD, environment="development")
    assert timedelta(0) <= first - THEN < timedelta(seconds=5)
    assert clock_of(clock=TOLD, environment="test") - THEN < timedelta(seconds=5)
    assert abs(clock_of() - datetime.now(UTC)) < timedelta(seconds=5)


def test_every_process_of_a_server_goes_by_one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CLOCK_VARIABLE, TOLD)
    monkeypatch.setenv("UNION_CATALOG_ENVIRONMENT", "test")
    _keep_the_clock()
    kept = Settings.from_environment()
    _keep_the_clock()
    assert Settings.from_environment().clock == kept.clock
    assert abs(open_clock(kept).now() - THEN) < timedelta(seconds=5)


def test_a_server_in_production_keeps_the_machine_s_time(installation: Installation) -> None:
    with pytest.raises(ConfigurationError, match="not_in_production"):
        clock_of(clock=TOLD)
    installation.run("jobs", "list", clock=TOLD).refused(2, "UNION_CATALOG_CLOCK")


@pytest.mark.parametrize("told", ["soon", "2031-05-01T09:00:00", "2031-05-01", "@2031-05-01T09:00:00Z"])
def test_what_is_no_instant_is_told(installation: Installation, told: str) -> None:
    installation.run("jobs", "list", clock=told, environment="test").refused(2, "UNION_CATALOG_CLOCK")
    installation.run("jobs", "run", "prune-commands", "--now", told).refused(2, told)


def test_a_job_runs_as_if_it_were_then_and_is_kept_as_it_was(installation: Installation) -> None:
    database = Database(Settings.from_environment(installation.environment()).database)
    command = Command("staff:1", "k", "a" * 64)
    commands.run(database, open_clock(Settings.from_environment({})), command, lambda _: Outcome(200, b"{}"), lambda _: None)
    assert json.loads(installation.done("jobs", "run", "prune-commands", "--json").out)["result"] == {"removed": 0}
    later = (datetime.now(UTC) + timedelta(hours=49)).isoformat()
    job = json.loads(installation.done("jobs", "run", "prune-commands", "--now", later, "--json").out)
    assert job["result"] == {"removed": 1}
    assert abs(datetime.fromisoformat(job["created_at"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert commands.recall(database, command) is None
    database.close()
