"""Who may not have done it is told: a frozen card, another one, another PIN, a PIN that somebody guesses at."""

import pytest
from sqlalchemy import select

from tests.services.reading_public import PIN, ReadingPublic, reading_public
from tests.services.records import done
from union_catalog.clock import SteppingClock
from union_catalog.errors import NotAuthenticated
from union_catalog.services import passwords
from union_catalog.services.patrons import cards, pins
from union_catalog.storage.database import Database
from union_catalog.storage.tables import notice


@pytest.fixture
def public(catalogue_database: Database, now: SteppingClock) -> ReadingPublic:
    return reading_public(catalogue_database, now)


def told(public: ReadingPublic, reader: str) -> list[str]:
    with public.database.read() as connection:
        return list(connection.execute(select(notice.c.kind).where(notice.c.patron_id == reader).order_by(notice.c.id)).scalars())


def test_a_lost_card_and_one_in_place_of_a_damaged_one_are_told(public: ReadingPublic) -> None:
    first, second = public.enrol().patron, public.enrol().patron
    assert told(public, first.id) == [], "who has just enrolled knows"
    done(public.database, cards.freeze, public.office, public.desk(), first.id)
    done(public.database, cards.freeze, public.office, public.desk(), first.id)
    done(public.database, cards.issue, public.office, public.desk(), second.id, "damaged")
    assert (told(public, first.id), told(public, second.id)) == (["card_frozen"], ["card_issued"])


def test_a_pin_that_staff_resets_is_told_and_one_s_own_choice_is_not(public: ReadingPublic) -> None:
    reader = public.enrol_with_pin().patron
    fresh = pins.hashed(public.office, "271828")
    done(public.database, pins.reset, public.office, public.reader(reader), reader.id, fresh)
    assert told(public, reader.id) == []
    done(public.database, pins.reset, public.office, public.desk(), reader.id, fresh)
    assert told(public, reader.id) == ["pin_reset"]


def test_a_pin_that_somebody_guesses_at_is_told_once_it_is_locked(public: ReadingPublic) -> None:
    enrolled = public.enrol_with_pin()
    wrong = "000000" if PIN != "000000" else "111111"
    for _ in range(passwords.TRIES + 1):
        with pytest.raises(NotAuthenticated):
            pins.check(public.database, public.office, public.anybody(), enrolled.card, wrong)
    assert told(public, enrolled.patron.id) == ["pin_locked"]
