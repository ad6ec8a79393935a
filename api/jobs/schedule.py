"""What is done by itself: a name, when, and by which function."""

from dataclasses import dataclass

from union_catalog.jobs.model import JobFunction
from union_catalog.jobs.schedule import When


@dataclass(frozen=True, slots=True)
class Schedule:
    """``function`` is idempotent: it may run twice for one slot, and runs once for many that were missed."""

    name: str
    when: When
    function: JobFunction
