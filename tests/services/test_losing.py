"""What is late for too long counts as lost overnight, on both databases: by its own rule, once, and found again as any loss."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import insert

from tests.architecture.sources import ROOT
from tests.services.desks import LONG_AGO, POLICY, Town, town
from union_catalog.clock import SteppingClock, instant_text
from union_catalog.context import Actor, CommandId, Context
from union_catalog.errors import Raced
from union_catalog.ids import new_id
from union_catalog.services import notices
from union_catalog.services.circulation import losing
from union_catalog.services.circulation.deeds import Deed
from union_catalog.storage.database import Database
from union_catalog.storage.tables import account_entry, block, credit_entry, desk_action, notice, outbox, patron, policy_version

DUE, AFTER = 30, 20  # the days of a loan, and the late ones after which it counts as lost


@pytest.fixture
def jd(database: Database, now: SteppingClock) -> Town:
    """Its version 7 loses nothing, version 8 does."""
    return town(database, now)


def strict(jd: Town) -> None:
    """From now on what is lent counts as lost some day."""
    text = POLICY.replace("shelf_days = 5", f"shelf_days = 5\nlost_after = {AFTER}")
    with jd.database.write() as connection:
        connection.execute(insert(policy_version).values(version=8, text=text, actor="test", in_force_from=LONG_AGO))


def run(jd: Town) -> int:
    context = Context(actor=Actor(kind="system", id="scheduler"), occurred_at=jd.clock.now(), command_id=CommandId(new_id()))
    return losing.lose_overdue(jd.database, jd.office, context)


def owed(jd: Town) -> int:
    return sum(row["owed_fen"] for row in jd.rows(account_entry))


def test_it_brings_what_a_loss_at_the_desk_brings(jd: Town) -> None:
    strict(jd)
    out = jd.lend(jd.item("LATE", price="38.00"), jd.card(credit=70))
    jd.wait(days=DUE + AFTER)
    assert run(jd) == 0
    jd.wait(days=1)
    assert run(jd) == 1
    assert (jd.loan_state(out), jd.condition("LATE"), owed(jd)) == ("lost", "lost", 3800)
    assert [(row["points"], row["cause"]) for row in jd.rows(credit_entry)] == [(-20, "lost")]
    assert [(row["code"], row["library"], row["loan_id"]) for row in jd.rows(block, ended_at=None)] == [("lost_item", "JD", out.loan)]
    done = jd.rows(desk_action, case_number="IT-14")
    assert [(row["action"], row["branch"], row["actor"], row["loan_id"]) for row in done] == [
        ("lost", "JD-1", "system:scheduler", out.loan)
    ]
    assert jd.id_of("LATE") in {row["aggregate"] for row in jd.rows(outbox, cause=done[0]["command_id"])}
    notices.make_blocked(jd.database, jd.clock.now())
    assert sorted(row["kind"] for row in jd.rows(notice)) == ["block_set", "credit_limited"]
    assert run(jd) == 0


def test_handed_in_after_all_it_was_only_late(jd: Town) -> None:
    strict(jd)
    book, card = jd.item(home="JD-2"), jd.card()
    out = jd.lend(book, card, "JD-2")
    jd.wait(days=DUE + AFTER + 1)
    assert run(jd) == 1
    found = jd.take(book, "JD-2")
    assert (found.case, jd.loan_state(out), owed(jd), jd.condition(book)) == ("CI-14", "returned", 0, "good")
    assert [row["code"] for row in jd.rows(block, ended_at=None)] == ["suspended"]
    assert jd.rows(patron)[0]["credit"] == 100 - 10  # what a late return takes at most


def test_each_loan_goes_by_the_rules_under_which_it_was_made(jd: Town) -> None:
    older = jd.lend(jd.item(), jd.card())
    strict(jd)
    film, claimed, renewed = jd.lend(jd.item(item_type="video"), jd.card()), jd.item(), jd.lend(jd.item(), jd.card())
    jd.lend(claimed, jd.card())
    jd.say(claimed, "claimed_returned")
    jd.wait(days=25)
    jd.renew(renewed)
    jd.wait(days=DUE)
    assert run(jd) == 0
    jd.say(claimed, "claim_withdrawn")
    assert run(jd) == 1
    assert {jd.loan_state(one) for one in (older, film, renewed)} == {"open"}


def test_many_are_walked_through_in_batches(jd: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losing, "BATCH", 2)
    older = jd.lend(jd.item(), jd.card())
    strict(jd)
    lent = [jd.lend(jd.item(), jd.card()) for _ in range(5)]
    jd.wait(days=100)
    assert run(jd) == 5
    assert [jd.loan_state(one) for one in (older, *lent)] == ["open", *["lost"] * 5]


def test_it_is_lost_or_returned_when_both_come_at_once(jd: Town) -> None:
    strict(jd)
    lent = [jd.lend(jd.item(f"R{number}"), jd.card(of="JD" if number % 2 else "JX")) for number in range(12)]
    jd.wait(days=100)
    both = Barrier(2)

    def lose() -> int:
        both.wait()
        return sum(run(jd) for _ in range(3))

    def take_in() -> list[str]:
        both.wait()
        return [hand_in(jd, f"R{number}").case for number in reversed(range(12))]

    with ThreadPoolExecutor(2) as threads:
        lost, taken = threads.submit(lose), threads.submit(take_in)
        cases = taken.result()
    assert lost.result() == len(jd.rows(desk_action, case_number="IT-14")) == cases.count("CI-14")
    assert set(cases) <= {"CI-1", "CI-14"}
    assert {jd.loan_state(one) for one in lent} == {"returned"}
    assert {jd.condition(f"R{number}") for number in range(12)} == {"good"}
    assert (owed(jd), [row["code"] for row in jd.rows(block, ended_at=None)]) == (0, ["suspended"] * 12)


def hand_in(jd: Town, barcode: str) -> Deed:
    while True:
        try:
            return jd.take(barcode)
        except Raced:
            continue


def test_a_run_that_was_killed_is_made_up_for(jd: Town) -> None:
    strict(jd)
    lent = [jd.lend(jd.item(), jd.card()) for _ in range(60)]
    jd.wait(days=100)
    url = jd.database.url.render_as_string(hide_password=False)
    worker = [sys.executable, "-m", "tests.services.losing_worker", url, instant_text(jd.clock.now())]
    process = subprocess.Popen(worker, cwd=ROOT, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 240
    while not jd.rows(desk_action, case_number="IT-14") and process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    process.kill()
    process.wait()
    before = len(jd.rows(desk_action, case_number="IT-14"))
    assert before > 0
    assert run(jd) == len(lent) - before
    assert {jd.loan_state(one) for one in lent} == {"lost"}
    assert sorted(row["loan_id"] for row in jd.rows(desk_action, case_number="IT-14")) == sorted(one.loan for one in lent)
    assert owed(jd) == 5000 * len(lent)
