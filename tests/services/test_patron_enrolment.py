"""Enrolment as a desk and the web see it: one person, one record; nothing about the person anywhere but where it belongs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from tests.services.reading_public import NOTICE, ReadingPublic, reading_public
from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Raced, Refused
from union_catalog.patrons.cards import is_ours
from union_catalog.patrons.enrolment import Agreement
from union_catalog.patrons.keys import read_document
from union_catalog.services import consents
from union_catalog.services.patrons import enrol, lookup, profile
from union_catalog.services.patrons.enrol import Guardian
from union_catalog.services.patrons.profile import Changes
from union_catalog.storage import patrons
from union_catalog.storage.database import Database
from union_catalog.storage.tables import credit_entry, event, metadata, pin

RESIDENT = read_document("resident_id", "11010519491231002X")
CHILD = date(2016, 6, 1)


@pytest.fixture
def public(catalogue_database: Database, now: SteppingClock) -> ReadingPublic:
    return reading_public(catalogue_database, now)


def test_a_new_reader_has_a_card_a_score_a_consent_and_five_years(public: ReadingPublic) -> None:
    enrolled = public.enrol_with_pin()
    patron = enrolled.patron
    assert is_ours(enrolled.card)
    assert (patron.library, patron.home_branch, patron.state, patron.category) == ("JD", "JD-1", "active", "adult")
    assert patron.expires_on == date(2031, 11, 22)
    with public.database.read() as connection:
        assert lookup.by_card(connection, public.office, enrolled.card).patron == patron.id
        assert patrons.find(connection, patron.id) == patron
        entries = connection.execute(select(credit_entry.c.points, credit_entry.c.cause).where(credit_entry.c.patron_id == patron.id)).all()
        assert [tuple(row) for row in entries] == [(patron.credit, "enrolled")]
        (consent,) = consents.all_of(connection, patron.id)
        assert (consent.notice, consent.purpose, consent.guardian) == (NOTICE, "card", None)
        kinds = list(
            connection.execute(select(event.c.kind).where(event.c.subject == f"patron:{patron.id}").order_by(event.c.id)).scalars()
        )
        assert sorted(kinds) == ["consent.given", "patron.enrolled"]


def test_what_tells_who_somebody_is_stands_in_one_table_and_documents_and_pins_nowhere(public: ReadingPublic) -> None:
    public.enrol_with_pin(name="欧阳远方", document=RESIDENT, phone="13912345678", email="yuanfang@example.org", pin="271828")
    with public.database.read() as connection:
        found: dict[str, set[str]] = {}
        for table in metadata.sorted_tables:
            stored = "\n".join(str(tuple(row)) for row in connection.execute(select(table)))
            for secret in ("欧阳远方", "13912345678", "yuanfang", "11010519491231002X", "271828", "1990, 5, 1", "1990-05-01"):
                if secret in stored:
                    found.setdefault(secret, set()).add(table.name)
        assert found == {secret: {"person"} for secret in ("欧阳远方", "13912345678", "yuanfang", "1990-05-01")}
        assert str(connection.execute(select(pin.c.hash)).scalar_one()).startswith("$argon2id$")


def test_a_document_is_enrolled_once_whatever_it_is_called_and_the_first_reader_is_named(public: ReadingPublic) -> None:
    first = public.enrol(document=RESIDENT)
    with pytest.raises(Refused) as refused:
        public.enrol(
            public.desk("JX"), name="别的名字", home_branch="JX-1", document=read_document("id", "11010519491231002x"), confirmed_new=True
        )
    assert (refused.value.code, refused.value.data["patron"]) == ("patron_exists", first.patron.id)


def test_of_many_desks_that_enrol_one_document_at_once_one_does(public: ReadingPublic) -> None:
    def enrol_one(number: int) -> bool:
        try:
            return bool(public.enrol(name=f"读者{number}", document=RESIDENT).card)
        except (Refused, Raced) as error:
            return error.code not in ("patron_exists", "raced")

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(enrol_one, range(16))) == 1
    with public.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM patron")).scalar_one() == 1


def test_namesakes_with_the_same_day_and_telephone_are_asked_about_and_others_are_not(public: ReadingPublic) -> None:
    first = public.enrol(phone="13800138000")
    with pytest.raises(Refused) as refused:
        public.enrol(name=" 王 小明 ".replace(" ", ""), phone="+86 138 0013 8000")
    assert (refused.value.code, refused.value.data["candidates"]) == ("possible_duplicate", (first.patron.id,))
    public.enrol(phone="13800138001")
    public.enrol(phone="13800138000", birth_date=date(1990, 5, 2))
    second = public.enrol(phone="13800138000", confirmed_new=True)
    assert second.patron.id != first.patron.id
    public.enrol(phone="", name="无电话")
    public.enrol(phone="", name="无电话")


def test_a_refused_enrolment_leaves_nothing(public: ReadingPublic) -> None:
    with pytest.raises(InvalidInput, match="bad_consent"):
        public.enrol(consent=Agreement(notice=NOTICE, given_on=date(2026, 11, 30)))
    with pytest.raises(InvalidInput, match="unknown_home_branch"):
        public.enrol(home_branch="JD-9")
    with public.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM patron")).scalar_one() == 0


def test_online_a_reader_is_pending_until_a_desk_confirms_and_is_told_of_nobody(public: ReadingPublic) -> None:
    enrolled = public.enrol(public.anybody(), phone="13800138000", confirmed_new=True)
    assert enrolled.patron.state == "pending"
    with pytest.raises(Refused) as refused:
        public.enrol(public.anybody(), phone="13800138000", confirmed_new=True)
    assert (refused.value.code, refused.value.data["candidates"]) == ("possible_duplicate", ())
    for _ in range(2):
        with public.database.write() as connection:
            assert enrol.confirm(connection, public.office, public.desk("JX"), enrolled.patron.id).state == "active"
    with public.database.read() as connection:
        assert connection.execute(select(event.c.id).where(event.c.kind == "patron.confirmed")).all().__len__() == 1


def test_a_child_has_a_guardian_who_consents(public: ReadingPublic) -> None:
    with pytest.raises(InvalidInput, match="guardian_needed"):
        public.enrol(birth_date=CHILD, category="child")
    mother = public.enrol(name="母亲")
    by_card = public.enrol(name="大宝", birth_date=CHILD, category="", guardian=Guardian(card=mother.card))
    by_id = public.enrol(name="二宝", birth_date=CHILD, guardian=Guardian(patron=mother.patron.id))
    assert by_card.patron.category == "child"
    assert by_card.patron.guardian == by_id.patron.guardian == mother.patron.id
    with public.database.read() as connection:
        assert [consent.guardian for consent in consents.all_of(connection, by_id.patron.id)] == [mother.patron.id]
        shown = profile.read(connection, public.office, public.desk(), mother.patron.id)
        assert shown.wards == tuple(sorted((by_card.patron.id, by_id.patron.id)))


def test_a_guardian_who_is_no_reader_becomes_known_once(public: ReadingPublic) -> None:
    father = Guardian(name="父亲", phone="13700137000", birth_date=date(1985, 3, 3))
    first = public.enrol(name="大宝", birth_date=CHILD, guardian=father)
    second = public.enrol(name="二宝", birth_date=CHILD, guardian=father)
    assert first.patron.guardian == second.patron.guardian
    with public.database.read() as connection:
        guardian = patrons.find(connection, str(first.patron.guardian))
        assert guardian is not None
        assert (guardian.state, guardian.category) == ("pending", "adult")


@pytest.mark.parametrize(
    "guardian", [Guardian(), Guardian(patron="nobody"), Guardian(name="哥哥", birth_date=date(2010, 1, 1), phone="13600136000")]
)
def test_nobody_under_age_or_unknown_is_a_guardian(public: ReadingPublic, guardian: Guardian) -> None:
    with pytest.raises(InvalidInput, match="guardian_invalid"):
        public.enrol(birth_date=CHILD, guardian=guardian)


def test_a_child_cannot_stand_for_another_and_an_unknown_card_not_either(public: ReadingPublic) -> None:
    mother = public.enrol(name="母亲")
    child = public.enrol(name="大宝", birth_date=CHILD, guardian=Guardian(card=mother.card))
    with pytest.raises(InvalidInput, match="guardian_invalid"):
        public.enrol(name="二宝", birth_date=CHILD, guardian=Guardian(card=child.card))
    with pytest.raises(NotFound, match="unknown_card"):
        public.enrol(name="二宝", birth_date=CHILD, guardian=Guardian(card="JD000001"))


def test_the_date_of_birth_of_a_resident_id_is_taken_where_none_is_told(public: ReadingPublic) -> None:
    enrolled = public.enrol(document=RESIDENT, birth_date=None, category="")
    assert enrolled.patron.category == "senior"
    with public.database.read() as connection:
        person = patrons.person_of(connection, enrolled.patron.id)
    assert person is not None
    assert person.birth_date == date(1949, 12, 31)


def test_the_home_library_and_the_reader_see_who_it_is_and_others_enough_to_check_a_card(public: ReadingPublic) -> None:
    enrolled = public.enrol(name="欧阳远方", email="y@example.org")
    for context in (public.desk("JD"), public.desk(""), public.reader(enrolled.patron)):
        with public.database.read() as connection:
            shown = profile.read(connection, public.office, context, enrolled.patron.id)
        assert (shown.name, shown.person is not None, shown.cards[0].number) == ("欧阳远方", True, enrolled.card)
    with public.database.read() as connection:
        shown = profile.read(connection, public.office, public.desk("JX"), enrolled.patron.id)
    assert (shown.name, shown.person, shown.cards[0].number) == ("欧***", None, "*" * 12 + enrolled.card[-4:])
    assert shown.age_band == "35-59"


def test_the_home_library_changes_everything_a_reader_their_own_and_others_nothing(public: ReadingPublic) -> None:
    patron = public.enrol().patron
    with public.database.write() as connection:
        wanted = Changes(
            name="王小名", category="senior", expires_on=date(2032, 1, 1), phone="+86 13300133000", language="en", keeps_history=False
        )
        changed = profile.change(connection, public.office, public.desk(), patron.id, wanted)
    assert (changed.category, changed.expires_on, changed.language, changed.keeps_history) == ("senior", date(2032, 1, 1), "en", False)
    with public.database.write() as connection:
        moved = profile.change(
            connection, public.office, public.reader(patron), patron.id, Changes(home_branch="JX-1", email="a@example.org")
        )
    assert (moved.home_branch, moved.library) == ("JX-1", "JX")
    for context, changes, code in (
        (public.reader(patron), Changes(category="adult"), "not_readers_own"),
        (public.reader(patron), Changes(expires_on=date(2036, 1, 1)), "not_readers_own"),
        (public.desk("JD"), Changes(email="b@example.org"), "other_librarys_patron"),
    ):
        with pytest.raises(NotAllowed, match=code), public.database.write() as connection:
            profile.change(connection, public.office, context, patron.id, changes)
    with public.database.read() as connection:
        person = patrons.person_of(connection, patron.id)
        told = [one.data for one in profile.journal(connection, patron.id, None, 10) if one.kind == "patron.changed"]
    assert person is not None
    assert (person.name, person.phone, person.email) == ("王小名", "13300133000", "a@example.org")
    assert "13300133000" not in str(told)
    assert told[0] == {"fields": ["email", "home_branch"]}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (Changes(name=" "), "patron_name_needed"),
        (Changes(category="vip"), "unknown_category"),
        (Changes(language="fr"), "unknown_language"),
        (Changes(email="x"), "email_invalid"),
        (Changes(phone="1"), "phone_invalid"),
        (Changes(home_branch="JD-9"), "unknown_home_branch"),
        (Changes(expires_on=date(2099, 1, 1)), "expiry_too_far"),
        (Changes(guardian="nobody"), "guardian_invalid"),
    ],
)
def test_a_change_that_cannot_stand_changes_nothing(public: ReadingPublic, changes: Changes, code: str) -> None:
    patron = public.enrol().patron
    with pytest.raises(InvalidInput, match=code), public.database.write() as connection:
        profile.change(connection, public.office, public.desk(), patron.id, changes)
    with public.database.read() as connection:
        assert patrons.find(connection, patron.id) == patron


def test_readers_are_found_by_what_they_show_and_not_listed(public: ReadingPublic) -> None:
    enrolled = public.enrol(name="欧阳远方", document=RESIDENT)
    with public.database.read() as connection:
        by_document = lookup.by_document(connection, public.office, "resident_id", "11010519491231002x")
        by_name = lookup.by_name(connection, "欧阳远方", date(1990, 5, 1))
        by_card = lookup.holder(connection, public.office, enrolled.card)
        assert by_document == by_name == by_card == (enrolled.patron,)
        assert lookup.by_name(connection, "欧阳", date(1990, 5, 1)) == ()
        assert lookup.by_document(connection, public.office, "passport", "E1234567") == ()


def test_a_year_passes_and_the_child_needs_no_guardian_any_more(public: ReadingPublic) -> None:
    mother = public.enrol(name="母亲")
    child = public.enrol(name="大宝", birth_date=date(2012, 12, 1), category="child", guardian=Guardian(card=mother.card)).patron
    with public.database.write() as connection:
        patrons.change(connection, child.id, {"guardian_id": None})
    for days, missing in ((0, True), (30, False)):
        public.clock.advance(timedelta(days=days))
        with public.database.read() as connection:
            assert profile.read(connection, public.office, public.desk(), child.id).guardian_missing is missing
