"""Jobs on real databases, with the real queue and scheduler, in threads of this process."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.jobs.process import Scheduler, run, system_context
from api.jobs.schedule import Schedule
from union_catalog.clock import SteppingClock
from union_catalog.errors import NotFound, Refused
from union_catalog.jobs.model import Job, JobFunction, JobId, JobResult, JobState, Run
from union_catalog.jobs.schedule import Every
from union_catalog.services import jobs
from union_catalog.settings import Settings
from union_catalog.storage import jobs as rows
from union_catalog.storage import leases
from union_catalog.storage.database import Database

NOON = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock(NOON)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    url = database.url.render_as_string(hide_password=False)
    return replace(Settings.from_environment({}), home=tmp_path, database_url=url)


def counting(done: list[str], result: JobResult | None = None) -> JobFunction:
    def function(run: Run) -> JobResult:
        done.append(str(run.context.actor))
        run.report(0.5)
        return result or {"runs": len(done)}

    return function


def perform(database: Database, clock: SteppingClock, job_id: JobId, function: JobFunction) -> Job:
    functions = {"count": function}
    return jobs.perform(database, clock, system_context(clock), job_id, functions=functions, lease_seconds=15)


def ask(database: Database, clock: SteppingClock, name: str = "count") -> JobId:
    return jobs.ask_for(database, system_context(clock), name)


def test_a_job_leaves_its_result_and_times(database: Database, clock: SteppingClock) -> None:
    job_id = ask(database, clock)
    clock.advance(MINUTE)
    job = perform(database, clock, job_id, counting([], {"removed": 3, "kind": "old"}))
    assert (job.state, job.progress, job.error) == (JobState.DONE, 1.0, "")
    assert job.result == {"removed": 3, "kind": "old"}
    assert (job.created_at, job.started_at, job.finished_at) == (NOON, NOON + MINUTE, NOON + MINUTE)


def test_a_job_delivered_twice_runs_once(database: Database, clock: SteppingClock) -> None:
    done: list[str] = []
    job_id = ask(database, clock)
    perform(database, clock, job_id, counting(done))
    again = perform(database, clock, job_id, counting(done))
    assert done == ["system:scheduler"]
    assert again.state == JobState.DONE


def test_a_failure_keeps_its_code_and_a_bug_a_general_one(database: Database, clock: SteppingClock) -> None:
    def refuse(_: Run) -> JobResult:
        raise Refused("too_many")

    def stumble(run: Run) -> JobResult:
        run.report(0.25)
        raise ZeroDivisionError

    refused = perform(database, clock, ask(database, clock), refuse)
    assert (refused.state, refused.error) == (JobState.FAILED, "too_many")
    stumbled = perform(database, clock, ask(database, clock), stumble)
    assert (stumbled.state, stumbled.error, stumbled.progress) == (JobState.FAILED, "internal", 0.25)
    unknown = perform(database, clock, ask(database, clock, "no-such"), refuse)
    assert unknown.error == "unknown_job"
    with pytest.raises(NotFound):
        perform(database, clock, JobId("nowhere"), refuse)


def test_a_job_whose_process_is_gone_is_failed_and_a_living_one_is_left(database: Database, clock: SteppingClock) -> None:
    dead, alive, waiting = ask(database, clock), ask(database, clock), ask(database, clock)
    with database.write() as connection:
        for job_id in (dead, alive):
            rows.begin(connection, job_id, clock.now())
        leases.acquire(connection, f"job:{alive}", leases.new_holder(), clock.now(), 600)
        leases.acquire(connection, f"job:{dead}", "elsewhere", clock.now(), 15)
    clock.advance(MINUTE)
    assert jobs.recover(database, system_context(clock)) == [waiting]
    assert (jobs.find(database, dead).state, jobs.find(database, dead).error) == (
        JobState.FAILED,
        "interrupted",
    )
    assert jobs.find(database, alive).state == JobState.RUNNING


def test_a_running_job_keeps_its_lease(database: Database, clock: SteppingClock) -> None:
    beats: list[str | None] = []

    def slow(_: Run) -> JobResult:
        for _second in range(8):
            time.sleep(0.1)
            clock.advance(timedelta(seconds=0.1))
            with database.read() as connection:
                beats.append(leases.holder_of(connection, f"job:{job_id}", clock.now()))
        return {}

    job_id = ask(database, clock)
    jobs.perform(database, clock, system_context(clock), job_id, functions={"count": slow}, lease_seconds=0.3)
    assert None not in beats
    with database.read() as connection:
        assert leases.holder_of(connection, f"job:{job_id}", clock.now()) is None


def test_pruning_leaves_the_newest_of_each_name_and_what_is_not_over(database: Database, clock: SteppingClock) -> None:
    old, newest = ask(database, clock), ask(database, clock, "other")
    for job_id in (old, newest):
        perform(database, clock, job_id, counting([]))
    clock.advance(timedelta(days=40))
    recent = ask(database, clock)
    perform(database, clock, recent, counting([]))
    waiting = ask(database, clock, "third")
    assert jobs.prune(database, system_context(clock), timedelta(days=30)) == 1
    with pytest.raises(NotFound):
        jobs.find(database, old)
    kept = [jobs.find(database, job_id).state for job_id in (newest, recent, waiting)]
    assert kept == [JobState.FAILED, JobState.DONE, JobState.QUEUED]


@pytest.fixture
def working(database: Database, settings: Settings, clock: SteppingClock) -> Iterator[tuple[Scheduler, list[str]]]:
    """A scheduler at work on one job a minute, with what it has done."""
    done: list[str] = []
    scheduler = Scheduler(settings, database, clock, (Schedule("count", Every(MINUTE), counting(done)),))
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(scheduler, stop))
    thread.start()
    yield scheduler, done
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    with database.read() as connection:
        assert leases.holder_of(connection, "scheduler", clock.now()) is None


def wait_for(done: list[str], count: int) -> None:
    deadline = time.monotonic() + 15
    while len(done) < count and time.monotonic() < deadline:
        time.sleep(0.05)


def test_the_leader_makes_one_job_a_slot(
    working: tuple[Scheduler, list[str]], database: Database, settings: Settings, clock: SteppingClock
) -> None:
    scheduler, done = working
    time.sleep(1.5)
    assert done == []  # never done before, and no slot has come yet
    second = Scheduler(settings, database, clock, (Schedule("count", Every(MINUTE), counting(done)),))
    clock.advance(5 * MINUTE)
    wait_for(done, 1)
    second.tick()
    second.leave()
    time.sleep(1.5)
    assert len(done) == 1  # five slots passed, one job makes up for them
    assert jobs.newest_of(database, ["count"])["count"].state == JobState.DONE
    clock.advance(MINUTE)
    wait_for(done, 2)
    assert len(done) == 2
    assert scheduler.queue.waiting() == set()


def test_what_the_queue_lost_is_delivered_again(working: tuple[Scheduler, list[str]], database: Database, clock: SteppingClock) -> None:
    _, done = working
    ask(database, clock)  # a row, and nothing put into the queue
    wait_for(done, 1)
    assert len(done) == 1
