"""The queue of jobs: huey on a file in the home folder, or in a schema of its own in the PostgreSQL of the
catalogue.

A message names a job; everything else about the job stands in its row. The queue delivers at most once, so
the scheduler delivers again what it has lost (union_catalog.services.jobs.recover).
"""

import json
from collections.abc import Callable
from typing import Any, Protocol, cast

import psycopg
from huey import PostgresHuey, SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy.engine import make_url

from union_catalog.jobs.model import JobId
from union_catalog.settings import Settings

QUEUE = "union-catalog"
_SCHEMA = "huey"


class Worker(Protocol):
    """A consumer of the queue, in threads of this process."""

    def start(self) -> None: ...

    def stop(self, graceful: bool = False) -> None: ...


class _Consumer(Consumer):  # type: ignore[misc]  # huey has no types
    """Leaves the process's signals to whoever runs the process."""

    def _set_signal_handlers(self) -> None:
        return


class JsonSerializer(Serializer):  # type: ignore[misc]  # huey has no types
    """Messages as JSON: whoever can write to the queue's table must not be able to make us run code, as
    pickle would."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(data))


class JobQueue:
    """Delivers the ids of jobs to whichever process works."""

    def __init__(self, settings: Settings, perform: Callable[[JobId], object]) -> None:
        """``perform`` is called in a worker's thread with each id."""
        self._huey = _huey(settings)
        self._task = self._huey.task(name="perform")(lambda job_id: perform(JobId(job_id)) and None)

    def put(self, job_id: JobId) -> None:
        """Delivers it to one worker, some time."""
        self._task(job_id)

    def waiting(self) -> set[JobId]:
        """The ids that no worker has taken yet."""
        return {JobId(task.args[0]) for task in self._huey.pending()}

    def close(self) -> None:
        """Lets go of the queue's connection."""
        self._huey.storage.close()

    def worker(self, threads: int) -> Worker:
        """A consumer, not yet started; schedules are ours, not huey's."""
        return cast(Worker, _Consumer(self._huey, workers=threads, periodic=False, max_delay=1.0))


def _huey(settings: Settings) -> Any:
    url = make_url(settings.database)
    if url.get_backend_name() != "postgresql":
        settings.home.mkdir(parents=True, exist_ok=True)
        path = str(settings.home / "jobs.sqlite3")
        return SqliteHuey(QUEUE, filename=path, results=False, serializer=JsonSerializer())
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as connection:
        # "if not exists" is no protection from another process that creates it at this very moment.
        connection.execute("SELECT pg_advisory_lock(7466010)")
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_SCHEMA}")
        options = f"-c search_path={_SCHEMA}"
        # Not blocking: a second's delay does not matter, and a listening connection a thread would never be
        # closed.
        return PostgresHuey(QUEUE, dsn=dsn, options=options, blocking=False, results=False, serializer=JsonSerializer())
