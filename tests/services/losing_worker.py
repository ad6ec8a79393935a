"""The nightly losing of what is long overdue as a process of its own, which can be killed.

Run as ``python -m tests.services.losing_worker DATABASE_URL NOW``; prints how many loans it ended.
"""

import sys
from zoneinfo import ZoneInfo

from union_catalog.clock import SteppingClock, parse_instant
from union_catalog.context import Actor, CommandId, Context
from union_catalog.ids import new_id
from union_catalog.patrons.keys import PersonKeys
from union_catalog.services.circulation.losing import lose_overdue
from union_catalog.services.patrons.office import Office
from union_catalog.storage.database import Database


def main(url: str, now: str) -> None:
    office = Office(SteppingClock(parse_instant(now)), PersonKeys.of("the secret of all tests"), ZoneInfo("Asia/Shanghai"))
    context = Context(actor=Actor(kind="system", id="scheduler"), occurred_at=office.now(), command_id=CommandId(new_id()))
    print(lose_overdue(Database(url, 60), office, context))


if __name__ == "__main__":
    main(*sys.argv[1:])
