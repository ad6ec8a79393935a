"""Two records of one person: what both had is one reader's, the strictest stands, and all of it can be undone."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from tests.services.conftest import Loader
from tests.services.reading_public import PIN, ReadingPublic, reading_public
from tests.services.records import book
from tests.services.records import item as held
from union_catalog.clock import SteppingClock, instant_text
from union_catalog.errors import NotAllowed, NotFound, Refused
from union_catalog.ids import new_id
from union_catalog.patrons.keys import Document
from union_catalog.patrons.model import Patron
from union_catalog.services.patrons import cards, lookup, merge, pins
from union_catalog.services.patrons.enrol import Guardian
from union_catalog.storage import credit as credit_rows
from union_catalog.storage import patrons
from union_catalog.storage.database import Database
from union_catalog.storage.tables import block, credit_entry, item, loan, notice, patron, session


@pytest.fixture
def public(catalogue_database: Database, now: SteppingClock, load: Loader) -> ReadingPublic:
    load("JD", [book("1", "围城", items=[held("A1")])])
    return reading_public(catalogue_database, now)


def give(public: ReadingPublic, table: Any, **values: object) -> str:
    row_id = new_id()
    with public.database.write() as connection:
        connection.execute(insert(table).values(id=row_id, **values))
    return row_id


def blocked(public: ReadingPublic, one: Patron, code: str = "suspended", until: str | None = None) -> str:
    told = {"library": "JD", "code": code, "scope": "network", "lifted_by": "time", "actor": "staff:x"}
    return give(public, block, patron_id=one.id, since=instant_text(public.clock.now()), until=until, **told)


def scored(public: ReadingPublic, one: Patron, points: int) -> None:
    told = {"cause": "returned_late", "actor": "system:", "entered_at": instant_text(public.clock.now())}
    give(public, credit_entry, patron_id=one.id, points=points, **told)
    with public.database.write() as connection:
        connection.execute(update(patron).where(patron.c.id == one.id).values(credit=patron.c.credit + points))


def owner(public: ReadingPublic, table: Any, row_id: str) -> str:
    with public.database.read() as connection:
        return str(connection.execute(select(table.c.patron_id).where(table.c.id == row_id)).scalar_one())


def state_of(public: ReadingPublic, patron_id: str) -> Patron:
    with public.database.read() as connection:
        found = patrons.find(connection, patron_id)
        assert found is not None
        points = connection.execute(select(credit_entry.c.points).where(credit_entry.c.patron_id == patron_id)).scalars()
        assert found.credit == sum(points)  # the score is always the sum of its log
        return found


def merged(public: ReadingPublic, kept: Patron, gone: Patron) -> Patron:
    with public.database.write() as connection:
        return merge.merge(connection, public.office, public.desk(), kept.id, gone.id)


def parted(public: ReadingPublic, patron_id: str, other: str = "") -> tuple[Patron, Patron]:
    with public.database.write() as connection:
        return merge.unmerge(connection, public.office, public.desk(), patron_id, other)


def shown(public: ReadingPublic, number: str) -> tuple[str, str]:
    with public.database.read() as connection:
        found = lookup.by_card(connection, public.office, number)
        return found.patron, found.state


def lent(public: ReadingPublic, one: Patron) -> str:
    with public.database.read() as connection:
        item_id = connection.execute(select(item.c.id)).scalars().first()
    told = {"item_library": "JD", "lending_branch": "JD-1", "policy_version": 1, "policy_rule": "x", "patron_library": "JD"}
    told |= {"patron_category": "adult", "age_band": "35-59", "due_date": "2026-12-20", "lent_at": instant_text(public.clock.now())}
    return give(public, loan, item_id=item_id, patron_id=one.id, state="open", **told)


def test_what_both_had_is_one_reader_s_and_is_given_back(public: ReadingPublic) -> None:
    kept, gone = public.enrol(), public.enrol(home_branch="JX-1")
    loan_id, first, second = lent(public, gone.patron), blocked(public, kept.patron), blocked(public, gone.patron, until="2027-01-31")
    scored(public, kept.patron, -10)
    scored(public, gone.patron, -65)
    now_one = merged(public, kept.patron, gone.patron)
    assert {owner(public, loan, loan_id), owner(public, block, first), owner(public, block, second)} == {kept.patron.id}
    assert (now_one.credit, state_of(public, kept.patron.id).credit) == (35, 35)
    assert (state_of(public, gone.patron.id).state, state_of(public, gone.patron.id).merged_into) == ("merged", kept.patron.id)
    scored(public, now_one, -5)
    parted(public, kept.patron.id)
    assert (owner(public, loan, loan_id), owner(public, block, second)) == (gone.patron.id, gone.patron.id)
    assert owner(public, block, first) == kept.patron.id
    assert (state_of(public, kept.patron.id).credit, state_of(public, gone.patron.id).credit) == (85, 35)
    assert state_of(public, gone.patron.id).state == "active"


def log_of(public: ReadingPublic, one: Patron) -> list[tuple[str, int, str]]:
    """Cause, points and words of the credit log, the oldest first."""
    with public.database.read() as connection:
        return [(entry.cause, entry.points, entry.reason) for entry in reversed(credit_rows.log(connection, one.id, 99))]


def test_the_log_says_which_score_became_which_and_adds_up(public: ReadingPublic) -> None:
    kept, gone = public.enrol().patron, public.enrol().patron
    scored(public, kept, -10)
    scored(public, gone, -30)
    merged(public, kept, gone)
    told = [line for line in log_of(public, kept) if line[0] in ("merged", "set_aside")]
    assert told == [("set_aside", -70, ""), ("merged", -20, "90 → 70")]
    parted(public, kept.id)
    assert log_of(public, kept) == [("enrolled", 100, ""), ("returned_late", -10, ""), ("merged", -20, "90 → 70"), ("reversed", 20, "")]
    assert (state_of(public, kept.id).credit, state_of(public, gone.id).credit) == (90, 70)


def test_a_merge_with_a_better_score_leaves_nothing_of_it_in_the_log(public: ReadingPublic) -> None:
    kept, gone = public.enrol().patron, public.enrol().patron
    scored(public, kept, -30)
    scored(public, gone, -10)
    assert merged(public, kept, gone).credit == 70
    parted(public, kept.id)
    assert log_of(public, kept) == [("enrolled", 100, ""), ("returned_late", -30, "")]
    assert state_of(public, gone.id).credit == 90


def test_a_score_that_mended_meanwhile_does_not_rise_above_the_full_one(public: ReadingPublic) -> None:
    kept, gone = public.enrol().patron, public.enrol().patron
    scored(public, gone, -30)
    scored(public, merged(public, kept, gone), 25)
    assert [one.credit for one in parted(public, kept.id)] == [100, 70]


def test_whoever_falls_below_a_threshold_by_a_merge_is_written_to(public: ReadingPublic) -> None:
    kept, gone = public.enrol().patron, public.enrol().patron
    scored(public, gone, -65)
    merged(public, kept, gone)
    parted(public, kept.id)
    with public.database.read() as connection:
        told = connection.execute(select(notice.c.kind).where(notice.c.patron_id == kept.id).order_by(notice.c.created_at)).scalars().all()
    assert [kind for kind in told if kind.startswith("credit_")] == ["credit_limited", "credit_restored"]


def test_the_first_of_two_merges_waits_for_the_second_to_be_undone(public: ReadingPublic) -> None:
    first, second, third = public.enrol().patron, public.enrol().patron, public.enrol().patron
    merged(public, second, first)
    merged(public, third, second)
    with pytest.raises(Refused) as refused:
        parted(public, first.id)
    assert (refused.value.code, refused.value.data["target"]) == ("patron_merged", third.id)
    parted(public, third.id)
    parted(public, first.id)
    assert [state_of(public, one.id).credit for one in (first, second, third)] == [100, 100, 100]


def test_one_card_is_valid_and_the_other_leads_to_the_reader(public: ReadingPublic) -> None:
    kept, gone = public.enrol(), public.enrol()
    with public.database.write() as connection:
        cards.attach(connection, public.office, public.desk(), gone.patron.id, "member_card", "A1", "JX")
    merged(public, kept.patron, gone.patron)
    assert shown(public, kept.card) == (kept.patron.id, "valid")
    assert shown(public, gone.card) == (kept.patron.id, "replaced")
    assert shown(public, "A1") == (kept.patron.id, "valid")
    parted(public, gone.patron.id)
    assert [shown(public, number) for number in (kept.card, gone.card, "A1")] == [
        (kept.patron.id, "valid"),
        (gone.patron.id, "valid"),
        (gone.patron.id, "valid"),
    ]


def test_a_card_reported_lost_while_merged_stays_lost(public: ReadingPublic) -> None:
    kept, gone = public.enrol(), public.enrol()
    with public.database.write() as connection:
        cards.attach(connection, public.office, public.desk(), gone.patron.id, "member_card", "A1", "JX")
    merged(public, kept.patron, gone.patron)
    with public.database.write() as connection:
        cards.freeze(connection, public.office, public.desk(), kept.patron.id)
    parted(public, kept.patron.id, gone.patron.id)
    assert (shown(public, "A1"), shown(public, kept.card)) == ((gone.patron.id, "lost"), (kept.patron.id, "lost"))


def test_the_only_valid_card_goes_with_the_reader(public: ReadingPublic) -> None:
    kept, gone = public.enrol(), public.enrol()
    with public.database.write() as connection:
        cards.freeze(connection, public.office, public.desk(), kept.patron.id)
    merged(public, kept.patron, gone.patron)
    assert shown(public, gone.card) == (kept.patron.id, "valid")


def test_a_document_leads_to_the_one_that_is_kept_along_a_chain(public: ReadingPublic) -> None:
    first = public.enrol(document=Document("passport", "E1"))
    second, third = public.enrol(), public.enrol()
    merged(public, second.patron, first.patron)
    merged(public, third.patron, second.patron)
    with pytest.raises(Refused) as refused:
        public.enrol(document=Document("passport", "E1"))
    assert refused.value.data["patron"] == third.patron.id
    parted(public, third.patron.id)
    with pytest.raises(Refused) as refused:
        public.enrol(document=Document("passport", "E1"))
    assert refused.value.data["patron"] == second.patron.id


def test_children_follow_and_sessions_end(public: ReadingPublic) -> None:
    kept, gone = public.enrol(), public.enrol()
    child = public.enrol(birth_date=date(2018, 1, 1), guardian=Guardian(card=gone.card)).patron
    with public.database.write() as connection:
        told = {"kind": "patron", "subject": gone.patron.id, "created_at": "x", "expires_at": "y"}
        connection.execute(insert(session).values(secret_sha256="0" * 64, **told))
    merged(public, kept.patron, gone.patron)
    assert state_of(public, child.id).guardian == kept.patron.id
    with public.database.read() as connection:
        assert connection.execute(select(session)).all() == []
    parted(public, kept.patron.id)
    assert state_of(public, child.id).guardian == gone.patron.id


def test_the_pin_of_the_one_kept_is_that_of_the_reader(public: ReadingPublic) -> None:
    kept, gone = public.enrol_with_pin(), public.enrol_with_pin("271828")
    with public.database.write() as connection:
        cards.attach(connection, public.office, public.desk(), gone.patron.id, "member_card", "A1", "JX")
    merged(public, kept.patron, gone.patron)
    assert pins.check(public.database, public.office, public.anybody(), "A1", PIN) == kept.patron.id
    parted(public, kept.patron.id)
    assert pins.check(public.database, public.office, public.anybody(), "A1", "271828") == gone.patron.id


def test_a_merged_record_is_changed_no_more(public: ReadingPublic) -> None:
    kept, gone, third = public.enrol(), public.enrol(), public.enrol()
    merged(public, kept.patron, gone.patron)
    with public.database.write() as connection, pytest.raises(Refused) as refused:
        cards.issue(connection, public.office, public.desk(), gone.patron.id, "new")
    assert (refused.value.code, refused.value.data["target"]) == ("patron_merged", kept.patron.id)
    for first, second in ((gone, third), (third, gone)):
        with pytest.raises(Refused, match="merge_state"):
            merged(public, first.patron, second.patron)


def test_what_was_not_merged_cannot_be_parted_and_nothing_is_parted_twice(public: ReadingPublic) -> None:
    kept, gone = public.enrol(), public.enrol()
    with pytest.raises(NotFound, match="not_merged"):
        parted(public, kept.patron.id)
    merged(public, kept.patron, gone.patron)
    parted(public, kept.patron.id)
    for patron_id in (kept.patron.id, gone.patron.id, "nobody"):
        with pytest.raises(NotFound, match="not_merged"):
            parted(public, patron_id)
    with pytest.raises(NotFound, match="unknown_patron"):
        merge_unknown(public, kept.patron)
    merged(public, gone.patron, kept.patron)


def merge_unknown(public: ReadingPublic, kept: Patron) -> None:
    with public.database.write() as connection:
        merge.merge(connection, public.office, public.desk(), kept.id, "nobody")


def test_a_library_merges_only_what_concerns_it(public: ReadingPublic) -> None:
    kept, gone = public.enrol(), public.enrol()
    with public.database.write() as connection, pytest.raises(NotAllowed, match="other_librarys_patron"):
        merge.merge(connection, public.office, public.desk("JX"), kept.patron.id, gone.patron.id)


def test_who_wanted_nothing_kept_on_either_record_has_it_so_on_both(public: ReadingPublic) -> None:
    kept, gone = public.enrol(), public.enrol()
    with public.database.write() as connection:
        patrons.change(connection, gone.patron.id, {"keeps_history": False})
    assert merged(public, kept.patron, gone.patron).keeps_history is False
    assert [one.keeps_history for one in parted(public, kept.patron.id)] == [True, False]
