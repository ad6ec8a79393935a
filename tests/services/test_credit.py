"""The lending score on both databases: a log whose sum it is, deeds, repair by time, and what is written to the reader."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.services.borrowers import ZONE, Town, town
from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, Refused
from union_catalog.ids import LoanId, PatronId, new_id
from union_catalog.services import credit
from union_catalog.services.credit import Change, Changed, Told
from union_catalog.services.patrons import office
from union_catalog.storage import credit as rows
from union_catalog.storage.credit import CreditEntry
from union_catalog.storage.database import Database
from union_catalog.storage.tables import credit_entry, loan, notice


@pytest.fixture
def here(catalogue_database: Database, now: SteppingClock) -> Town:
    return town(catalogue_database, now)


def changed(here: Town, reader: PatronId, points: int, cause: str = "lost", loan: str | None = None) -> Changed:
    with here.database.write() as connection:
        change = Change(points=points, cause=cause, loan=LoanId(loan) if loan else None)
        return credit.change(connection, here.clock, here.staff(), office.lock(connection, reader), change)


def deed(here: Town, reader: PatronId, points: int, cause: str = "volunteering", reason: str = "shelved books") -> Changed:
    with here.database.write() as connection:
        return credit.enter_deed(connection, here.clock, here.staff(), reader, Change(points=points, cause=cause, reason=reason))


def told(here: Town, reader: PatronId) -> Told:
    with here.database.read() as connection:
        return credit.told_of(connection, reader, ZONE)


def notices(here: Town, reader: PatronId) -> list[tuple[str, object]]:
    with here.database.read() as connection:
        rows = connection.execute(select(notice).where(notice.c.patron_id == reader).order_by(notice.c.id))
        return [(row.kind, row.data["points"]) for row in rows]


def mended(here: Town) -> int:
    return credit.mend(here.database, here.clock, here.staff(""), ZONE)


def test_the_score_is_the_sum_of_its_log(here: Town) -> None:
    reader = here.reader()
    changed(here, reader, -20)
    here.clock.advance(timedelta(minutes=1))
    changed(here, reader, -3, "returned_late")
    assert told(here, reader).points == 77
    assert [(entry.points, entry.cause) for entry in told(here, reader).log] == [(-3, "returned_late"), (-20, "lost")]
    with here.database.read() as connection:
        assert connection.execute(select(func.sum(credit_entry.c.points))).scalar() == -23


def test_it_never_rises_above_the_full_score(here: Town) -> None:
    reader = here.reader(credit=95)
    assert changed(here, reader, 20, "found").after == 100
    assert changed(here, reader, 20, "found") == Changed(100, 100, None)
    assert [entry.points for entry in told(here, reader).log] == [5]


def test_crossing_a_threshold_is_written_to_the_reader_once_each_time(here: Town) -> None:
    reader = here.reader(credit=61)
    for points in (-1, -1, -1, -39, -1):  # 60 is still good, 59 is limited, 19 is blocked
        changed(here, reader, points, "returned_late")
    deed(here, reader, 20)
    deed(here, reader, 20)
    deed(here, reader, 1)
    assert notices(here, reader) == [("credit_limited", 59), ("credit_blocked", 19), ("credit_restored", 38)]


def test_a_deed_needs_a_reason_and_has_limits(here: Town) -> None:
    reader = here.reader(credit=50)
    with pytest.raises(InvalidInput, match="reason_needed"):
        deed(here, reader, 5, reason="  ")
    with pytest.raises(InvalidInput, match="unknown_deed"):
        deed(here, reader, 5, cause="time")
    for points, cause in ((0, "volunteering"), (21, "volunteering"), (-5, "volunteering"), (5, "conduct"), (-21, "conduct")):
        with pytest.raises(InvalidInput, match="points_not_allowed"):
            deed(here, reader, points, cause)
    assert deed(here, reader, 20).after == 70
    assert deed(here, reader, -20, "conduct").after == 50


def test_an_entry_is_taken_back_once_and_wholly(here: Town) -> None:
    reader = here.reader()
    entry = changed(here, reader, -20).entry
    with here.database.write() as connection:
        found = rows.find(connection, str(entry))
        assert found is not None
        credit.take_back(connection, here.clock, here.staff(), office.lock(connection, reader), found, "mistaken")
    assert told(here, reader).points == 100
    with pytest.raises(Refused, match="reversed_already"), here.database.write() as connection:
        credit.take_back(connection, here.clock, here.staff(), office.lock(connection, reader), found, "again")


def test_time_mends_step_by_step_once_a_stretch(here: Town) -> None:
    reader, full = here.reader(), here.reader()
    changed(here, reader, -12, "returned_late")
    here.clock.advance(timedelta(days=29))
    assert mended(here) == 0
    here.clock.advance(timedelta(days=1))
    assert [mended(here), mended(here)] == [1, 0]
    assert told(here, reader).points == 93
    here.clock.advance(timedelta(days=30))
    mended(here)
    here.clock.advance(timedelta(days=30))
    assert [mended(here), mended(here)] == [1, 0]
    assert (told(here, reader).points, told(here, reader).mends_on) == (100, None)
    assert told(here, full).log == ()


def test_what_is_taken_begins_the_stretch_anew_and_a_deed_does_not(here: Town) -> None:
    late, good = here.reader(), here.reader()
    for reader in (late, good):
        changed(here, reader, -20)
    here.clock.advance(timedelta(days=20))
    changed(here, late, -1, "returned_late")
    deed(here, good, 5)
    here.clock.advance(timedelta(days=10))
    assert mended(here) == 1
    assert (told(here, late).points, told(here, good).points) == (79, 90)


def test_the_reader_is_told_when_time_mends_next(here: Town) -> None:
    reader = here.reader()
    changed(here, reader, -20)
    mends = told(here, reader).mends_on
    assert mends is not None
    assert mends.isoformat() == "2026-12-22"


def test_all_are_mended_however_many_there_are(here: Town) -> None:
    for _ in range(3):
        here.reader(credit=40)
    here.clock.advance(timedelta(days=60))
    assert mended(here) == 3


def test_the_points_of_a_loss_count_until_they_are_given_back(here: Town) -> None:
    reader = here.reader()
    lost = here.loan(reader, "lost")

    def taken() -> int:
        with here.database.read() as connection:
            return connection.execute(select(rows.taken_for_loss(loan.c.patron_id, loan.c.id)).where(loan.c.id == lost)).scalar_one()

    assert taken() == 0
    changed(here, reader, -20, loan=lost)
    assert taken() == 20
    changed(here, reader, 20, "found", loan=lost)
    assert taken() == 0


def test_what_a_desk_moved_is_told_and_kept_within_the_full_score(here: Town) -> None:
    reader = here.reader(credit=62)

    def moved(points: int, about: str) -> None:
        entry = CreditEntry(id=new_id(), patron=reader, points=points, cause="lost", actor="staff:desk1", entered_at=here.clock.now())
        with here.database.write() as connection:
            rows.add(connection, [entry])
            credit.settle(connection, here.clock, "staff:desk1", reader, points, about)

    moved(-2, "first")
    moved(-2, "second")
    moved(60, "third")
    assert notices(here, reader) == [("credit_limited", 58), ("credit_restored", 100)]
    assert told(here, reader).points == 100
    with here.database.read() as connection:
        assert connection.execute(select(func.sum(credit_entry.c.points))).scalar() == 38
