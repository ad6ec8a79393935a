"""The only place that asks what time it is; everything else is given a ``Clock``.

Instants are aware and UTC. As text they are ISO 8601 with six decimals and "Z", so that text order is time order.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the present instant, aware and in UTC."""

    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ShiftedClock:
    """Goes as the machine's clock does, so much before or after it."""

    ahead: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(slots=True)
class SteppingClock:
    """Starts at a given instant and moves only when told, for tests and simulations."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant

    def advance(self, by: timedelta) -> None:
        self.instant += by


def instant_text(instant: datetime) -> str:
    """2026-11-22T08:30:00.000000Z, always of this length. Raises ValueError for a naive instant."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_instant(text: str) -> datetime:
    """The reverse of :func:`instant_text`; also takes any ISO 8601 instant that names its zone. Raises ValueError."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(UTC)


def read_shift(text: str) -> timedelta:
    """How far a clock is ahead that was set to an instant: "2026-12-01T09:00:00+08:00" now, or "…@2026-11-23T02:00:00Z" when it was that.

    Raises ValueError for what is no instant with its zone.
    """
    instant, _, since = text.partition("@")
    return parse_instant(instant) - (parse_instant(since) if since else datetime.now(UTC))


def business_date(instant: datetime, timezone: ZoneInfo) -> date:
    """The calendar day of the network on which ``instant`` falls."""
    return instant.astimezone(timezone).date()
