"""Quiet hours: a span of the network's wall clock in which nobody is disturbed. What falls due in it goes out when it ends."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``begin`` until just before ``end``, past midnight where ``end`` is earlier. Two equal times: never quiet."""

    begin: time
    end: time

    def are_on(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether it is quiet at this instant where the network is."""
        moment = now.astimezone(zone).time()
        if self.begin <= self.end:
            return self.begin <= moment < self.end
        return moment >= self.begin or moment < self.end
