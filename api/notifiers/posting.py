"""Posting: the notices that wait, put into words, handed to whatever carries them, and what became of them written down."""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

import structlog

from api.notifiers.answers import UNREACHABLE
from api.notifiers.gateway import GatewayNotifier
from api.notifiers.mail import MailNotifier
from api.notifiers.wording import letter
from union_catalog.clock import Clock
from union_catalog.notices.message import Channel, Message, Notifier
from union_catalog.notices.quiet import QuietHours
from union_catalog.services import sending
from union_catalog.services.sending import Sending
from union_catalog.settings import Settings
from union_catalog.storage.database import Database

SECONDS = 40.0  # after that the next run goes on: other jobs wait for this one
Carriers = Mapping[Channel, Notifier]
_log = structlog.stdlib.get_logger("notices")


def carriers(settings: Settings, clock: Clock) -> Carriers:
    """What the settings describe: none, one or both."""
    found: dict[Channel, Notifier] = {}
    if settings.smtp_url:
        found["email"] = MailNotifier(settings.smtp_url, settings.smtp_from, clock)
    if settings.notice_url:
        found["phone"] = GatewayNotifier(settings.notice_url, settings.notice_secret, clock)
    return found


def post_waiting(database: Database, clock: Clock, settings: Settings, carried_by: Carriers) -> Mapping[str, int]:
    """Sends what is due until nothing is, the time is up, or nobody answers on a channel. Answers how many messages were "sent",
    are "waiting" for another attempt, or "dead"."""
    how = _sending(carried_by, settings)
    counts = {"sent": 0, "waiting": 0, "dead": 0}
    until = time.monotonic() + SECONDS
    with ExitStack() as stack:
        for notifier in carried_by.values():
            stack.callback(notifier.close)
        sending.recover(database, how, clock.now())
        while time.monotonic() < until and (messages := sending.claim(database, how, clock.now())):
            if not _post(database, clock, carried_by, messages, counts, until):
                break
    return counts


def _sending(carried_by: Carriers, settings: Settings) -> Sending:
    quiet = QuietHours(*settings.quiet_hours) if settings.quiet_hours else None
    repeatable = {name: carrier.repeatable for name, carrier in carried_by.items()}
    return Sending(channels=repeatable, quiet=quiet, timezone=settings.timezone)


def _post(
    database: Database, clock: Clock, carried_by: Carriers, messages: Sequence[Message], counts: dict[str, int], until: float
) -> bool:
    """False: the rest was given back, for the time is up or nobody answered."""
    for number, message in enumerate(messages):
        if time.monotonic() >= until:
            sending.release(database, messages[number:], clock.now())
            return False
        delivery = carried_by[message.channel].send(letter(message))
        counts[sending.conclude(database, message, delivery, clock.now())] += 1
        if delivery.outcome != "sent":
            _log.warning("not delivered", message=message.id, channel=message.channel, outcome=delivery.outcome, why=delivery.why)
        if delivery.why.startswith(UNREACHABLE):
            sending.release(database, messages[number + 1 :], clock.now())
            return False
    return True
