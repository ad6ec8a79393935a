"""A job: one run of one named piece of background work, with its state, progress and result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2s
from typing import NewType

from union_catalog.clock import instant_text
from union_catalog.context import Context

JobId = NewType("JobId", str)

# Counts and codes that can be stored as JSON: {"removed": 12}.
JobResult = Mapping[str, int | str]


class JobState(StrEnum):
    """queued → running → done | failed. An interrupted job is failed; whoever wants it asks again."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """``progress`` goes from 0 to 1; ``error`` is a stable code and "" unless the job failed."""

    id: JobId
    name: str
    state: JobState
    progress: float
    result: JobResult
    error: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """What a job's function is given: on whose behalf it works, and where to tell how far it is (0 to 1)."""

    context: Context
    report: Callable[[float], None]


# Must be idempotent: after a crash it is simply run again.
JobFunction = Callable[[Run], JobResult]


def id_of_slot(name: str, slot: datetime) -> JobId:
    """The same for all who find the same slot due: two leaders at a moment of change make one job."""
    return JobId("s" + blake2s(f"{name}@{instant_text(slot)}".encode(), digest_size=10).hexdigest())
