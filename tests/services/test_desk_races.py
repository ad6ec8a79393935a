"""Desks at the same moment, as processes of their own, over the same few items and readers: nothing is lent twice, nothing is lost."""

import json
import subprocess
import sys
from collections import Counter
from itertools import cycle

import pytest
from sqlalchemy import Connection, func, select

from tests.architecture.sources import ROOT
from tests.services.desks import BRANCHES, Town, town
from union_catalog.clock import SteppingClock
from union_catalog.storage.database import Database
from union_catalog.storage.tables import desk_action, loan

SHORT, LONG, QUOTA = (4, 60), (50, 40), 4  # desks, and what each of them does


def desks(jd: Town, count: int, rounds: int, items: list[str], cards: list[str]) -> list[dict[str, object]]:
    """What each desk was told; each is a process, and several stand in one branch."""
    url = jd.database.url.render_as_string(hide_password=False)
    told = [rounds, ",".join(items), ",".join(cards)]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.services.desk_worker", url, code, str(seed), *map(str, told)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for seed, (code, _) in zip(range(count), cycle(BRANCHES), strict=False)
    ]
    ended = [process.communicate(timeout=300) for process in started]
    assert [process.returncode for process in started] == [0] * len(started), ended
    return [json.loads(out) for out, _ in ended]


def most_open(connection: Connection) -> int:
    """The most open loans that one reader has."""
    counts = select(func.count()).where(loan.c.ended_at.is_(None)).group_by(loan.c.patron_id)
    return max(connection.execute(counts).scalars(), default=0)


@pytest.mark.parametrize(("count", "rounds"), [SHORT, pytest.param(*LONG, marks=pytest.mark.long)])
def test_many_desks_at_once(database: Database, now: SteppingClock, count: int, rounds: int) -> None:
    jd = town(database, now)
    items = [jd.item(home="JD-1") for _ in range(4)] + [jd.item(home="JX-1") for _ in range(3)]
    cards = [jd.card() for _ in range(2)]
    told = desks(jd, count, rounds, items, cards)
    cases: Counter[str] = sum((Counter(one["cases"]) for one in told), Counter())  # type: ignore[call-overload]  # JSON
    assert cases["fault"] == 0
    assert cases["CO-1"] > 0
    assert sum(cases.values()) == rounds * count
    stored = {str(one["id"]): one for one in jd.rows(loan)}
    assert {loan_id for one in told for loan_id in one["lent"]} == set(stored)  # type: ignore[attr-defined]  # JSON
    lending = [one for one in jd.rows(desk_action) if one["action"] == "check_out"]
    assert len(lending) == len(stored)
    returned = {one["loan_id"] for one in jd.rows(desk_action) if one["action"] == "check_in" and one["loan_id"]}
    assert returned == {loan_id for loan_id, one in stored.items() if one["ended_at"]}
    with database.read() as connection:
        assert most_open(connection) <= QUOTA
