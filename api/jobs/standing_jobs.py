"""The schedules of what time does to what is held against readers."""

from api.jobs.schedule import Schedule
from api.wiring import open_office
from union_catalog.clock import SteppingClock
from union_catalog.jobs.model import JobResult, Run
from union_catalog.jobs.schedule import Cron
from union_catalog.services import blocks, credit
from union_catalog.services.circulation import losing
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


def standing_schedules(settings: Settings, database: Database) -> tuple[Schedule, ...]:
    """A run takes for the time that at which it was begun."""

    def end_blocks(run: Run) -> JobResult:
        clock = SteppingClock(run.context.occurred_at)
        return {"blocks": blocks.end_expired(database, clock, run.context, settings.timezone)}

    def mend_credit(run: Run) -> JobResult:
        clock = SteppingClock(run.context.occurred_at)
        return {"readers": credit.mend(database, clock, run.context, settings.timezone)}

    def lose_overdue(run: Run) -> JobResult:
        office = open_office(settings, SteppingClock(run.context.occurred_at))
        return {"loans": losing.lose_overdue(database, office, run.context)}

    return (
        Schedule("end-blocks", Cron("5 0 * * *"), end_blocks),
        Schedule("mend-credit", Cron("15 0 * * *"), mend_credit),
        Schedule("lose-overdue", Cron("25 0 * * *"), lose_overdue),
    )
