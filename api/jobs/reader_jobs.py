"""The schedules of what readers are told and of what is forgotten of them."""

from datetime import timedelta

from api.jobs.schedule import Schedule
from api.notifiers.posting import carriers, post_waiting
from union_catalog.clock import Clock, SteppingClock, business_date
from union_catalog.jobs.model import JobResult, Run
from union_catalog.jobs.schedule import Cron, Every
from union_catalog.notices.stages import stages
from union_catalog.services import notices, privacy
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


def reader_schedules(settings: Settings, database: Database) -> tuple[Schedule, ...]:
    """A run takes for the time that at which it was begun."""

    def send_notices(run: Run) -> JobResult:
        clock = _clock(run)
        return post_waiting(database, clock, settings, carriers(settings, clock))

    def notices_due(run: Run) -> JobResult:
        now = run.context.occurred_at
        today = business_date(now, settings.timezone)
        told = stages(settings.notice_before_days, settings.notice_after_days)
        loans = notices.make_due(database, today, now, settings.timezone, told)
        cards = notices.make_expiring(database, today, now, settings.card_expiry_days)
        return {"loans": loans, "cards": cards, "blocks": notices.make_blocked(database, now)}

    def forget_history(run: Run) -> JobResult:
        now = run.context.occurred_at
        loans = privacy.forget_due(database, now, business_date(now, settings.timezone))
        return {"loans": loans, "cards": privacy.forget_cards(database, now)}

    def prune_notices(run: Run) -> JobResult:
        return {"removed": notices.prune(database, run.context.occurred_at - timedelta(days=settings.notice_keep_days))}

    return (
        Schedule("send-notices", Every(timedelta(minutes=1)), send_notices),
        Schedule("notices-due", Cron("10 7 * * *"), notices_due),
        Schedule("forget-history", Every(timedelta(minutes=10)), forget_history),
        Schedule("prune-notices", Cron("50 3 * * *"), prune_notices),
    )


def _clock(run: Run) -> Clock:
    return SteppingClock(run.context.occurred_at)
