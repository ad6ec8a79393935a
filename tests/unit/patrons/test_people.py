"""Ages, names, telephones and documents: what makes two spellings of one person one."""

from datetime import date

import pytest
from stdnum.cn import ric

from union_catalog.errors import InvalidInput, Refused
from union_catalog.ids import PatronId
from union_catalog.patrons.ages import BANDS, age_band, age_on, category_for, needs_guardian, years_after
from union_catalog.patrons.enrolment import (
    Agreement,
    Application,
    born_on,
    check_age_told,
    check_application,
    read_email,
    read_phone,
    refuse_double,
)
from union_catalog.patrons.keys import PersonKeys, read_document
from union_catalog.patrons.merging import Side, decide_merge
from union_catalog.patrons.model import masked_name, plain_name, plain_phone

TODAY = date(2026, 11, 22)
RESIDENT = "11010519491231002X"  # the example of GB 11643


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2012, 11, 22), TODAY, 14),
        (date(2012, 11, 23), TODAY, 13),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (TODAY, TODAY, 0),
    ],
)
def test_an_age_is_counted_by_birthdays(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (None, ""),
        (date(2030, 1, 1), ""),
        (date(2026, 1, 1), "0-6"),
        (date(2019, 1, 1), "7-13"),
        (date(2012, 11, 22), "14-17"),
        (date(2008, 11, 22), "18-34"),
        (date(1991, 11, 22), "35-59"),
        (date(1966, 11, 22), "60+"),
        (date(1900, 1, 1), "60+"),
    ],
)
def test_every_age_has_its_band(born: date | None, band: str) -> None:
    assert age_band(born, TODAY) == band
    assert band in BANDS


def test_under_fourteen_a_guardian_is_needed_and_an_unknown_age_counts_as_young_for_a_child() -> None:
    assert needs_guardian(date(2012, 11, 23), "adult", TODAY)
    assert not needs_guardian(date(2012, 11, 22), "child", TODAY)
    assert needs_guardian(None, "child", TODAY)
    assert not needs_guardian(None, "adult", TODAY)


def test_a_category_follows_from_the_age() -> None:
    assert [category_for(born, TODAY) for born in (None, date(2015, 1, 1), date(1990, 1, 1), date(1966, 11, 22))] == [
        "adult",
        "child",
        "adult",
        "senior",
    ]


def test_years_are_added_over_leap_days() -> None:
    assert years_after(date(2024, 2, 29), 5) == date(2029, 2, 28)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert years_after(TODAY, 5) == date(2031, 11, 22)


def test_a_name_is_one_however_it_is_typed() -> None:
    assert plain_name("  王　小明 ") == plain_name("王 小明") == "王 小明"
    assert plain_name("阿依古丽•买买提") == plain_name("阿依古丽・买买提") == "阿依古丽·买买提"
    assert plain_name("Ｌｉ Ｌｅｉ") == "Li Lei"
    assert plain_name("王\n小\u202e明\u200b") == "王 小明"


@pytest.mark.parametrize(
    "typed", ["13800138000", "138 0013 8000", "+86 138-0013-8000", "008613800138000", "8613800138000", "１３８００１３８０００"]
)
def test_a_telephone_is_one_however_it_is_typed(typed: str) -> None:
    assert plain_phone(typed) == "13800138000"


@pytest.mark.parametrize(
    "typed", ["abc", "123", "无", "-", "13800138000 张三", "138a0138000", "1" * 21, "13800138000/13900139000", "13800138000转"]
)
def test_what_is_no_telephone_is_said_and_not_thrown_away(typed: str) -> None:
    with pytest.raises(InvalidInput, match="phone_invalid") as refused:
        read_phone(typed)
    assert refused.value.data["name"] == "phone"


def test_a_telephone_may_have_an_area_an_extension_or_nothing_at_all() -> None:
    told = ["", "  ", "(0573) 8202-1234", "0573-82021234转801", "021-59880000 ext. 12", "１３８ ００１３ ８０００", "+86 (138) 0013.8000"]
    assert [read_phone(one) for one in told] == ["", "", "057382021234", "057382021234801", "0215988000012", "13800138000", "13800138000"]


@pytest.mark.parametrize(
    "typed",
    [
        "nobody",
        "@example.org",
        "a b@example.org",
        "x@y",
        "x@y.",
        "x@.cn",
        "a@b@c.cn",
        "x@a..cn",
        "a@b.cn\nBcc: c@d.cn",
        "x" * 260 + "@y.cn",
    ],
)
def test_what_is_no_address_is_said(typed: str) -> None:
    with pytest.raises(InvalidInput, match="email_invalid") as refused:
        read_email(typed)
    assert refused.value.data["name"] == "email"


def test_an_address_has_a_whole_domain_or_there_is_none() -> None:
    assert [read_email(one) for one in (" wang@example.org ", "王@图书馆.中国", " ")] == ["wang@example.org", "王@图书馆.中国", ""]


def test_a_date_of_birth_is_that_of_the_document_or_contradicts_it() -> None:
    document, born = read_document("resident_id", RESIDENT), date(1949, 12, 31)
    assert (
        born_on(None, document) == born_on(born, document) == born_on(born, None) == born_on(born, read_document("passport", "E1")) == born
    )
    assert born_on(None, None) is None
    with pytest.raises(InvalidInput, match="birth_date_contradicted") as refused:
        born_on(date(1949, 12, 30), document, "guardian")
    assert refused.value.data["name"] == "guardian"


def test_nobody_but_an_institution_is_without_an_age() -> None:
    check_age_told(date(1990, 5, 1), "adult")
    check_age_told(None, "institution")
    for category in ("adult", "child", ""):
        with pytest.raises(InvalidInput, match="age_untold"):
            check_age_told(None, category)


def test_numbers_from_abroad_keep_their_country() -> None:
    assert plain_phone("+852 9123 4567") == plain_phone("00852 91234567") == "+85291234567"
    assert plain_phone("86123456") == "86123456"  # a number of eight digits in a city
    assert plain_phone("") == ""


def test_others_are_shown_the_first_character_of_a_name() -> None:
    assert [masked_name(name) for name in ("王小明", "李", "")] == ["王**", "李*", ""]


@pytest.mark.parametrize("typed", ["11010519491231002x", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ"])
@pytest.mark.parametrize("kind", ["resident_id", "id_card", "other"])
def test_a_resident_id_is_one_document_whatever_it_is_called(typed: str, kind: str) -> None:
    document = read_document(kind, typed)
    assert (document.kind, document.number, document.born) == ("resident_id", RESIDENT, date(1949, 12, 31))


@pytest.mark.parametrize("number", ["110105194912310021", "11010519491331002X", "11010519491231002A", "01010519491231002X", "12345", ""])
def test_a_resident_id_is_checked(number: str) -> None:
    with pytest.raises(InvalidInput, match="resident_id_invalid"):
        read_document("resident_id", number)


@pytest.mark.parametrize("beginning", ["310114198507221", "310115199005010", "320583198507223", "810000199205230", "911124198108030"])
def test_a_place_may_have_become_one_after_the_birth(beginning: str) -> None:
    """Jiading was a county until 1992, Pudong until 1993, Kunshan until 1989; permits of residence begin with 8 and 9."""
    number = (beginning + "01")[:17]
    number += ric.calc_check_digit(number + "0")
    assert read_document("resident_id", number).born == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def test_other_documents_are_taken_as_they_are() -> None:
    assert read_document("passport", " e1234567 ").number == "E1234567"
    for number in ("", "  ", "x" * 61):
        with pytest.raises(InvalidInput, match="document_invalid"):
            read_document("passport", number)


def test_hashes_need_the_key_and_differ_by_what_they_are_of() -> None:
    ours, others = PersonKeys.of("one secret of ours"), PersonKeys.of("another secret")
    hashes = {ours.document("passport", "E1"), ours.document("resident_id", "E1"), ours.social_card("E1"), ours.pin("E1")}
    assert len(hashes | {others.document("passport", "E1")}) == 5
    assert all(len(hashed) == 64 for hashed in hashes)
    assert "secret" not in repr(ours)
    assert str(ours.documents) not in repr(ours)


def application(**changes: object) -> Application:
    told: dict[str, object] = {"name": "王小明", "birth_date": date(1990, 5, 1), "phone": "13800138000", "category": "adult"}
    told |= {"home_branch": "JD-1", "library": "JD", "consent": Agreement(notice="2026-1", given_on=TODAY)}
    return Application(**(told | changes))  # type: ignore[arg-type]  # what a test changes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "patron_name_needed"),
        ({"name": "x" * 201}, "patron_name_needed"),
        ({"birth_date": date(2026, 11, 23)}, "birth_date_impossible"),
        ({"birth_date": date(1890, 1, 1)}, "birth_date_impossible"),
        ({"category": "vip"}, "unknown_category"),
        ({"language": "fr"}, "unknown_language"),
        ({"consent": None}, "consent_needed"),
        ({"birth_date": date(2015, 1, 1)}, "guardian_needed"),
        ({"birth_date": None, "category": "child"}, "guardian_needed"),
    ],
)
def test_what_cannot_stand_is_told(changes: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        check_application(application(**changes), TODAY)


def test_a_child_with_a_guardian_and_an_adult_without_either_date_or_telephone_may_come() -> None:
    check_application(application(birth_date=date(2015, 1, 1), category="child", guardian=PatronId("g")), TODAY)
    check_application(application(birth_date=None, phone=""), TODAY)
    assert application(phone="").likeness is None
    assert application().likeness == ("王小明", date(1990, 5, 1), "13800138000")


def test_nobody_is_enrolled_twice() -> None:
    refuse_double(None, (), confirmed_new=False, tells=True)
    refuse_double(None, (PatronId("b"),), confirmed_new=True, tells=True)
    with pytest.raises(Refused) as same:
        refuse_double(PatronId("a"), (PatronId("b"),), confirmed_new=True, tells=True)
    assert (same.value.code, same.value.data["patron"]) == ("patron_exists", "a")
    with pytest.raises(Refused) as alike:
        refuse_double(None, (PatronId("b"), PatronId("c")), confirmed_new=False, tells=True)
    assert (alike.value.code, alike.value.data["candidates"]) == ("possible_duplicate", ("b", "c"))


def test_whoever_enrols_online_is_not_told_whom_was_found() -> None:
    for same, alike in ((PatronId("a"), ()), (None, (PatronId("b"),))):
        with pytest.raises(Refused) as refused:
            refuse_double(same, alike, confirmed_new=False, tells=False)
        assert not any(value for key, value in refused.value.data.items())


def side(name: str, **changes: object) -> Side:
    told: dict[str, object] = {"id": PatronId(name), "state": "active", "credit": 100, "has_card": True}
    return Side(**(told | changes))  # type: ignore[arg-type]  # what a test changes


def test_the_lower_score_is_that_of_both() -> None:
    plan = decide_merge(side("a", credit=90), side("b", credit=35))
    assert 90 + plan.credit_change == 35
    assert decide_merge(side("a", credit=35), side("b", credit=90)).credit_change == 0
    assert plan.retire_card
    assert not decide_merge(side("a", has_card=False), side("b")).retire_card


@pytest.mark.parametrize(
    ("kept", "gone", "code"),
    [
        (side("a"), side("a"), "merge_with_itself"),
        (side("a"), side("b", state="merged"), "merge_state"),
        (side("a", state="erased"), side("b"), "merge_state"),
        (side("a"), side("b", guardian=PatronId("a")), "merge_of_guardian"),
        (side("a", guardian=PatronId("b")), side("b"), "merge_of_guardian"),
        (
            side("a", document_type="passport", document_hash="1"),
            side("b", document_type="passport", document_hash="2"),
            "documents_differ",
        ),
    ],
)
def test_who_cannot_be_one_is_not_merged(kept: Side, gone: Side, code: str) -> None:
    with pytest.raises(Refused, match=code):
        decide_merge(kept, gone)


def test_two_kinds_of_document_may_be_one_person_s() -> None:
    decide_merge(side("a", document_type="passport", document_hash="1"), side("b", document_type="resident_id", document_hash="2"))
