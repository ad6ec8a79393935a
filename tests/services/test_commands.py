"""A command takes effect once, and whoever repeats it gets the first answer."""

import multiprocessing
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from union_catalog.clock import SteppingClock, SystemClock
from union_catalog.errors import Conflict, InvalidInput, Raced, Refused, StorageUnavailable, UnionCatalogError
from union_catalog.services import commands
from union_catalog.services.commands import Answered, Command, Outcome
from union_catalog.storage.database import Database
from union_catalog.storage.tables import answered_command, region

PRINT = "a" * 64
COMMAND = Command("staff:1", "key-1", PRINT)


def found(code: str = "R") -> Callable[[Connection], Outcome]:
    """Founds a region, which a second time would fail."""

    def act(connection: Connection) -> Outcome:
        connection.execute(region.insert().values(code=code, name=code))
        return Outcome(201, b'{"code":"R"}')

    return act


def told(error: UnionCatalogError) -> Outcome | None:
    return Outcome(409, error.code.encode(), "application/problem+json") if isinstance(error, Refused) else None


def run(database: Database, clock: SteppingClock, act: Callable[[Connection], Outcome], command: Command = COMMAND) -> Answered:
    return commands.run(database, clock, command, act, told)


def regions(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(region)).scalar_one()


def test_a_repeated_command_is_answered_as_the_first_time_and_done_once(database: Database, now: SteppingClock) -> None:
    first = run(database, now, found())
    again = run(database, now, found())
    assert (first.replayed, again.replayed) == (False, True)
    assert (first.status, first.content_type, first.body) == (again.status, again.content_type, again.body)
    assert regions(database) == 1
    assert commands.recall(database, COMMAND) == again


def test_a_key_is_the_callers_own(database: Database, now: SteppingClock) -> None:
    run(database, now, found("A"))
    assert not run(database, now, found("B"), Command("staff:2", "key-1", PRINT)).replayed
    assert not run(database, now, found("C"), Command("staff:1", "key-2", PRINT)).replayed
    assert regions(database) == 3


def test_a_key_for_another_request_is_refused_and_nothing_is_done(database: Database, now: SteppingClock) -> None:
    run(database, now, found())
    other = Command("staff:1", "key-1", "b" * 64)
    with pytest.raises(InvalidInput, match="idempotency_key_reused"):
        run(database, now, found("B"), other)
    with pytest.raises(InvalidInput, match="idempotency_key_reused"):
        commands.recall(database, other)
    assert regions(database) == 1


def test_a_refusal_is_rolled_back_kept_and_told_again(database: Database, now: SteppingClock) -> None:
    def refused(connection: Connection) -> Outcome:
        found("half")(connection)
        raise Refused("quota_reached")

    first = run(database, now, refused)
    assert (first.status, first.body, first.content_type, first.replayed) == (409, b"quota_reached", "application/problem+json", False)
    assert regions(database) == 0
    again = run(database, now, found())
    assert (again.status, again.body, again.replayed) == (409, b"quota_reached", True)
    assert regions(database) == 0


def test_a_failure_that_is_not_the_commands_own_is_raised_and_not_kept(database: Database, now: SteppingClock) -> None:
    def failing(connection: Connection) -> Outcome:
        found("half")(connection)
        raise StorageUnavailable("disk_full")

    with pytest.raises(StorageUnavailable):
        run(database, now, failing)
    assert run(database, now, found()).status == 201
    assert regions(database) == 1


def test_a_crash_leaves_neither_the_deed_nor_the_answer(database: Database, now: SteppingClock) -> None:
    def crashing(connection: Connection) -> Outcome:
        found("half")(connection)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(database, now, crashing)
    assert (regions(database), commands.recall(database, COMMAND)) == (0, None)
    assert not run(database, now, found()).replayed


def test_the_answer_goes_with_the_deed_where_the_answer_cannot_be_kept(database: Database, now: SteppingClock) -> None:
    broken = Command("staff:1", "key-1", None)  # type: ignore[arg-type]  # what the table refuses
    with pytest.raises(UnionCatalogError):
        run(database, now, found(), broken)
    assert regions(database) == 0


def test_a_race_that_was_lost_is_run_again_and_sees_what_the_winner_did(database: Database, now: SteppingClock) -> None:
    seen: list[int] = []

    def act(connection: Connection) -> Outcome:
        seen.append(connection.execute(select(func.count()).select_from(region)).scalar_one())
        if len(seen) < 3:
            found()(connection)
            found()(connection)  # as if another had been first
        return Outcome(200, b"{}")

    assert run(database, now, act).status == 200
    assert seen == [0, 0, 0]


def test_a_race_that_is_always_lost_ends_and_names_the_constraint(database: Database, now: SteppingClock) -> None:
    tried: list[int] = []

    def act(connection: Connection) -> Outcome:
        tried.append(1)
        found()(connection)
        return found()(connection)

    with pytest.raises(Raced) as lost:
        run(database, now, act)
    assert len(tried) == commands.ATTEMPTS
    assert lost.value.data["name"] == ("region.code" if database.is_sqlite else "pk_region")
    assert commands.recall(database, COMMAND) is None


def test_while_the_first_is_being_answered_a_repetition_is_told_so(database: Database, now: SteppingClock) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection) -> Outcome:
        began.set()
        assert go_on.wait(10)
        return found()(connection)

    answers: list[Answered] = []
    thread = threading.Thread(target=lambda: answers.append(run(database, now, slow)))
    thread.start()
    assert began.wait(10)
    with pytest.raises(Conflict) as busy:
        run(database, now, found())
    assert (type(busy.value), busy.value.code) == (Conflict, "busy")
    go_on.set()
    thread.join()
    assert [answer.replayed for answer in answers] == [False]
    assert run(database, now, found()).replayed


def test_answers_are_kept_for_48_hours(database: Database, now: SteppingClock) -> None:
    run(database, now, found())
    now.advance(timedelta(hours=48))
    assert commands.prune(database, now.now()) == 0
    assert run(database, now, found()).replayed
    now.advance(timedelta(microseconds=1))
    assert commands.prune(database, now.now()) == 1
    assert not run(database, now, found("S")).replayed


def test_an_answer_is_kept_with_the_reader_of_whom_it_speaks(database: Database, now: SteppingClock) -> None:
    run(database, now, lambda _: Outcome(200, b"{}", patron_id="p1"))
    run(database, now, lambda _: Outcome(200, b"{}"), Command("staff:1", "key-2", PRINT))
    with database.read() as connection:
        kept = connection.execute(select(answered_command.c.patron_id).order_by(answered_command.c.key)).scalars().all()
    assert kept == ["p1", None]


def _process(url: str, start: "multiprocessing.synchronize.Barrier", results: "multiprocessing.Queue[str]", rounds: int) -> None:
    database = Database(url)
    for number in range(rounds):
        start.wait()
        command = Command("staff:1", f"round-{number}", PRINT)
        while True:
            try:
                answered = commands.run(database, SystemClock(), command, found(f"R{number}"), told)
            except Conflict as error:
                if error.code == "busy":
                    continue
                raise
            results.put("replayed" if answered.replayed else "done")
            break
    database.close()


def test_two_processes_with_one_key_do_it_once(database: Database) -> None:
    rounds, context = 25, multiprocessing.get_context("spawn")
    start, results = context.Barrier(2), context.Queue()
    url = database.url.render_as_string(hide_password=False)
    both = [context.Process(target=_process, args=(url, start, results, rounds)) for _ in range(2)]
    for process in both:
        process.start()
    told_by = [results.get(timeout=60) for _ in range(2 * rounds)]
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    assert sorted(told_by) == ["done"] * rounds + ["replayed"] * rounds
    assert regions(database) == rounds
