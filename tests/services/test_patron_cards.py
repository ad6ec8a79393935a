"""Cards, codes and PINs: what is taken at a desk, what no longer is, and who may go on guessing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.services.reading_public import PIN, ReadingPublic, reading_public
from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, NotAllowed, NotAuthenticated, NotFound, Refused, UnionCatalogError
from union_catalog.services import passwords
from union_catalog.services.patrons import cards, codes, lookup, pins
from union_catalog.services.patrons.lookup import Shown
from union_catalog.storage.database import Database
from union_catalog.storage.tables import credential, event, used_qr


@pytest.fixture
def public(catalogue_database: Database, now: SteppingClock) -> ReadingPublic:
    return reading_public(catalogue_database, now)


def shown(public: ReadingPublic, number: str, issuer: str | None = None) -> Shown:
    with public.database.read() as connection:
        return lookup.by_card(connection, public.office, number, issuer)


def attach(public: ReadingPublic, patron_id: str, kind: str, number: str, issuer: str = "") -> None:
    with public.database.write() as connection:
        cards.attach(connection, public.office, public.desk(), patron_id, kind, number, issuer)


def issue(public: ReadingPublic, patron_id: str, reason: str) -> str:
    with public.database.write() as connection:
        return cards.issue(connection, public.office, public.desk("JX"), patron_id, reason).card


def test_a_wrong_check_digit_is_told_before_the_database_is_asked(public: ReadingPublic) -> None:
    card = public.enrol().card
    wrong = card[:-1] + str((int(card[-1]) + 1) % 10)
    with public.database.read() as connection:
        pass
    with pytest.raises(InvalidInput, match="card_check_digit"):
        lookup.by_card(connection, public.office, wrong)  # a connection that is closed
    with pytest.raises(InvalidInput, match="card_is_code"):
        lookup.by_card(connection, public.office, "UC1-ABC")
    with pytest.raises(NotFound, match="unknown_card"):
        shown(public, "JD12345")
    with pytest.raises(NotFound, match="unknown_card"):
        shown(public, "")


def test_old_cards_lead_to_the_reader_and_a_number_of_two_libraries_is_asked_back(public: ReadingPublic) -> None:
    first, second = public.enrol().patron, public.enrol().patron
    attach(public, first.id, "member_card", "0012345", "JD")
    assert shown(public, " ００１２３４５ ") == Shown(first.id, "member_card", "valid")
    attach(public, second.id, "member_card", "0012345", "JX")
    with pytest.raises(Refused) as refused:
        shown(public, "0012345")
    assert (refused.value.code, refused.value.data["issuers"]) == ("ambiguous_card", ("JD", "JX"))
    assert shown(public, "0012345", "JX").patron == second.id
    with pytest.raises(NotFound):
        shown(public, "0012345", "WZ")


def test_one_reader_s_number_of_two_libraries_is_not_ambiguous(public: ReadingPublic) -> None:
    patron = public.enrol().patron
    for library in ("JD", "JX"):
        attach(public, patron.id, "member_card", "0012345", library)
    assert shown(public, "0012345").patron == patron.id


def test_a_social_security_card_is_kept_as_a_hash_which_opens_nothing_itself(public: ReadingPublic) -> None:
    patron = public.enrol().patron
    attach(public, patron.id, "social", "a12 345 678")
    assert shown(public, "A12345678") == Shown(patron.id, "social", "valid")
    with public.database.read() as connection:
        stored = connection.execute(select(credential.c.number).where(credential.c.kind == "social")).scalar_one()
    assert "12345678" not in stored
    with pytest.raises(NotFound):
        shown(public, stored)


def test_a_credential_is_one_reader_s(public: ReadingPublic) -> None:
    first, second = public.enrol(), public.enrol()
    attach(public, first.patron.id, "member_card", "A1", "JD")
    attach(public, first.patron.id, "member_card", "A1", "JD")
    with pytest.raises(Refused, match="credential_taken"):
        attach(public, second.patron.id, "member_card", "A1", "JD")
    for number in ("", "x" * 90, second.card):
        with pytest.raises(InvalidInput, match="credential_invalid"):
            attach(public, first.patron.id, "member_card", number, "JD")
    with pytest.raises(NotFound, match="unknown_library"):
        attach(public, first.patron.id, "member_card", "A2", "XX")


def test_a_lost_card_is_frozen_everywhere_with_the_old_ones_and_another_is_issued(public: ReadingPublic) -> None:
    enrolled = public.enrol()
    patron = enrolled.patron
    attach(public, patron.id, "member_card", "A1", "JX")
    attach(public, patron.id, "social", "S1")
    fresh = issue(public, patron.id, "lost")
    assert [shown(public, number).state for number in (enrolled.card, "A1", "S1", fresh)] == ["lost", "lost", "valid", "valid"]
    assert {shown(public, number).patron for number in (enrolled.card, "A1", "S1", fresh)} == {patron.id}


def test_freezing_again_is_no_change_and_a_reader_may_do_it(public: ReadingPublic) -> None:
    enrolled = public.enrol()
    with public.database.write() as connection:
        counts = [cards.freeze(connection, public.office, public.reader(enrolled.patron), enrolled.patron.id) for _ in range(2)]
    assert counts == [1, 0]
    assert shown(public, enrolled.card).state == "lost"
    with public.database.read() as connection:
        assert connection.execute(select(func.count()).where(event.c.kind == "card.frozen")).scalar_one() == 1


@pytest.mark.parametrize(("reason", "state"), [("damaged", "damaged"), ("new", "replaced")])
def test_another_card_ends_the_one_before(public: ReadingPublic, reason: str, state: str) -> None:
    enrolled = public.enrol()
    fresh = issue(public, enrolled.patron.id, reason)
    assert (shown(public, enrolled.card).state, shown(public, fresh).state) == (state, "valid")
    with pytest.raises(InvalidInput, match="unknown_card_reason"):
        issue(public, enrolled.patron.id, "stolen")


def code_of(public: ReadingPublic, patron_id: str) -> str:
    return codes.new_code(public.office, patron_id)[0]  # type: ignore[arg-type]  # an id is a text


def open_session(public: ReadingPublic, text: str, branch: str = "JD-1") -> str:
    with public.database.write() as connection:
        return codes.open_session(connection, public.office, public.desk(branch.partition("-")[0]), text, branch).id


def test_a_code_opens_one_session_at_one_desk(public: ReadingPublic) -> None:
    patron = public.enrol().patron
    code = code_of(public, patron.id)
    session = open_session(public, code)
    with public.database.read() as connection:
        assert lookup.by_session(connection, public.office, session, "JD-1").patron == patron.id
        with pytest.raises(NotFound, match="unknown_session"):
            lookup.by_session(connection, public.office, session, "JD-2")
    for branch in ("JD-1", "JX-1"):
        with pytest.raises(Refused, match="qr_used"):
            open_session(public, code.lower(), branch)
    public.clock.advance(codes.SESSION)
    with public.database.read() as connection, pytest.raises(NotFound, match="unknown_session"):
        lookup.by_session(connection, public.office, session, "JD-1")


def test_of_many_desks_that_scan_one_code_at_once_one_has_it(public: ReadingPublic) -> None:
    code = code_of(public, public.enrol().patron.id)

    def scan(_: int) -> bool:
        try:
            return bool(open_session(public, code))
        except Refused as refused:
            return refused.code != "qr_used"

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(scan, range(16))) == 1


def test_an_expired_or_forged_code_opens_none_and_is_not_used_up(public: ReadingPublic) -> None:
    code = code_of(public, public.enrol().patron.id)
    with pytest.raises(InvalidInput, match="qr_forged"):
        open_session(public, code[:-1] + ("0" if code[-1] != "0" else "1"))
    with pytest.raises(InvalidInput, match="unknown_desk"):
        open_session(public, code, "JD-9")
    with pytest.raises(NotAllowed, match="other_desk"), public.database.write() as connection:
        codes.open_session(connection, public.office, public.desk("JD"), code, "JX-1")
    public.clock.advance(timedelta(seconds=61))
    with pytest.raises(InvalidInput, match="qr_expired"):
        open_session(public, code)
    with public.database.read() as connection:
        assert connection.execute(select(used_qr)).all() == []


def test_a_card_opens_a_session_too_unless_it_was_lost_and_freezing_ends_it(public: ReadingPublic) -> None:
    enrolled = public.enrol()
    session = open_session(public, enrolled.card)
    issue(public, enrolled.patron.id, "lost")
    with public.database.read() as connection, pytest.raises(NotFound, match="unknown_session"):
        lookup.by_session(connection, public.office, session, "JD-1")
    with pytest.raises(Refused, match="card_lost"):
        open_session(public, enrolled.card)


def test_a_desk_lets_go_and_what_has_ended_is_forgotten(public: ReadingPublic) -> None:
    enrolled = public.enrol()
    session = open_session(public, enrolled.card)
    open_session(public, code_of(public, enrolled.patron.id))
    with public.database.write() as connection:
        codes.close_session(connection, public.desk(), session)
        with pytest.raises(NotFound, match="unknown_session"):
            codes.close_session(connection, public.desk(), session)
    assert codes.prune(public.database, public.clock.now()) == 0
    public.clock.advance(timedelta(days=2))
    assert codes.prune(public.database, public.clock.now()) == 2


def check(public: ReadingPublic, card: str, pin: str = PIN) -> str:
    try:
        return pins.check(public.database, public.office, public.anybody(), card, pin)
    except UnionCatalogError as error:
        return error.code


def test_card_and_pin_tell_who_it_is_and_nothing_tells_which_was_wrong(public: ReadingPublic) -> None:
    enrolled = public.enrol_with_pin()
    without = public.enrol()
    attach(public, enrolled.patron.id, "member_card", "A1", "JD")
    assert check(public, enrolled.card) == check(public, "A1") == enrolled.patron.id
    assert check(public, enrolled.card, "000000") == check(public, "B1") == check(public, without.card) == "card_or_pin_wrong"
    assert check(public, enrolled.card, "") == check(public, enrolled.card, "三一四一五九") == "card_or_pin_wrong"


def test_five_wrong_pins_lock_it_for_longer_each_time_and_a_desk_lifts_the_lock(public: ReadingPublic) -> None:
    enrolled = public.enrol_with_pin()
    attach(public, enrolled.patron.id, "member_card", "A1", "JD")
    tried = [check(public, card, "000000") for card in (enrolled.card, "A1", enrolled.card, "A1", enrolled.card, "A1")]
    assert tried == ["card_or_pin_wrong"] * 5 + ["pin_locked"]
    assert check(public, enrolled.card) == "pin_locked"
    public.clock.advance(timedelta(minutes=15))
    assert check(public, enrolled.card, "000000") == "card_or_pin_wrong"
    public.clock.advance(timedelta(minutes=29))
    assert check(public, enrolled.card) == "pin_locked"
    with public.database.write() as connection:
        pins.reset(connection, public.office, public.desk("JX"), enrolled.patron.id, pins.hashed(public.office, "161803"))
    assert check(public, enrolled.card, "161803") == enrolled.patron.id
    with public.database.read() as connection:
        kinds = select(event.c.kind).where(event.c.kind.like("pin.%")).order_by(event.c.id)
        assert list(connection.execute(kinds).scalars()) == ["pin.locked", "pin.locked", "pin.set"]


def test_a_right_pin_forgets_the_wrong_ones(public: ReadingPublic) -> None:
    card = public.enrol_with_pin().card
    for _ in range(3):
        assert [check(public, card, "000000") for _ in range(4)] == ["card_or_pin_wrong"] * 4
        assert len(check(public, card)) == 16


def test_whoever_guesses_at_many_desks_at_once_has_no_more_tries(public: ReadingPublic) -> None:
    card = public.enrol_with_pin().card
    with ThreadPoolExecutor(8) as pool:
        tried = list(pool.map(lambda guess: check(public, card, f"{guess:06d}"), range(24)))
    assert tried.count("card_or_pin_wrong") == passwords.TRIES
    assert tried.count("pin_locked") == 24 - passwords.TRIES


def test_a_lost_card_opens_nothing_even_with_its_pin_and_the_new_one_keeps_it(public: ReadingPublic) -> None:
    enrolled = public.enrol_with_pin()
    fresh = issue(public, enrolled.patron.id, "lost")
    assert check(public, enrolled.card) == "card_lost"
    assert check(public, enrolled.card, "000000") == "card_or_pin_wrong"
    assert check(public, fresh) == enrolled.patron.id


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12345a", "１２３４５６", "12 456"])
def test_a_pin_is_six_digits(public: ReadingPublic, pin: str) -> None:
    with pytest.raises(InvalidInput, match="pin_form"):
        pins.hashed(public.office, pin)


def test_another_installation_s_key_opens_nothing(public: ReadingPublic) -> None:
    assert pins.hashed(public.office, PIN) != pins.hashed(public.office, PIN)
    with pytest.raises(NotAuthenticated, match="card_or_pin_wrong"):
        pins.check(public.database, public.office, public.anybody(), "nobody's", PIN)
