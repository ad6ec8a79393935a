"""Notices from the calendar to the letter box: who is told what, when, once, in which words, and what happens when nobody takes it."""

import hmac
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from hashlib import sha256

import msgspec
import pytest
from sqlalchemy import insert, select, update

from api.notifiers.posting import carriers, post_waiting
from tests.services.carriers import Gateway, MailBox, gateway, mail_server
from tests.services.conftest import Loader
from tests.services.lending import NOW, TODAY, Desk
from tests.services.records import book, item
from union_catalog.clock import SteppingClock, instant_text
from union_catalog.ids import PatronId, new_id
from union_catalog.notices.message import MOST_ATTEMPTS
from union_catalog.notices.stages import stages
from union_catalog.services import notices, sending
from union_catalog.services.notices import make_due
from union_catalog.settings import Settings
from union_catalog.storage.database import Database
from union_catalog.storage.tables import block, loan, notice, person

STAGES = stages((3, 0), (1, 7, 14))


@pytest.fixture
def desk(catalogue_database: Database, load: Loader) -> Desk:
    load("JD", [book("1", items=(item("D1"), item("D2"))), book("2", "边城", author="沈从文", items=(item("D3"),))])
    return Desk(catalogue_database)


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock(NOW)


@pytest.fixture
def mail() -> Iterator[MailBox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def calls() -> Iterator[Gateway]:
    with gateway() as made:
        yield made


def settings(mail: MailBox | None = None, calls: Gateway | None = None, **more: str) -> Settings:
    told = {f"UNION_CATALOG_{name}": value for name, value in more.items()}
    if mail is not None:
        told |= {"UNION_CATALOG_SMTP_URL": f"smtp://127.0.0.1:{mail.port}", "UNION_CATALOG_SMTP_FROM": "读书 <card@library.example>"}
    if calls is not None:
        told |= {"UNION_CATALOG_NOTICE_URL": calls.url, "UNION_CATALOG_NOTICE_SECRET": "between us"}
    return Settings.from_environment(told)


def due_today(desk: Desk, clock: SteppingClock, today: date = TODAY) -> int:
    return make_due(desk.database, today, clock.now(), settings().timezone, STAGES)


def post(desk: Desk, clock: SteppingClock, told: Settings) -> dict[str, int]:
    return dict(post_waiting(desk.database, clock, told, carriers(told, clock)))


def states(desk: Desk) -> list[tuple[str, str, str | None]]:
    with desk.database.read() as connection:
        rows = connection.execute(select(notice.c.kind, notice.c.state, notice.c.reason).order_by(notice.c.kind, notice.c.id))
        return [tuple(row) for row in rows]


def words(raw: bytes) -> tuple[str, str]:
    """Subject and text of a letter."""
    letter = message_from_bytes(raw, policy=policy.default)
    return letter["Subject"], letter.get_content()


def test_several_books_are_one_letter_in_the_reader_s_language(desk: Desk, clock: SteppingClock, mail: MailBox) -> None:
    reader = desk.reader(email="lin@example.org")
    desk.lend(reader, "D1", TODAY + timedelta(days=3))
    desk.lend(reader, "D2", TODAY)
    desk.lend(reader, "D3", TODAY - timedelta(days=1))
    assert due_today(desk, clock) == 3
    assert post(desk, clock, settings(mail)) == {"sent": 1, "waiting": 0, "dead": 0}
    assert mail.recipients == ["lin@example.org"]
    subject, said = words(mail.letters[0])
    assert subject == "1本书已逾期，2本将到期"
    assert [line.strip() for line in said.splitlines() if line.startswith("·")] == [
        "· 边城，应于2026年11月21日归还",
        "· 红楼梦，2026年11月22日到期",
        "· 红楼梦，2026年11月25日到期",
    ]
    assert "林小满" in said
    letter = message_from_bytes(mail.letters[0], policy=policy.default)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime == NOW
    assert letter["Message-ID"].endswith("@library.example>")


def test_an_english_reader_is_told_in_english_and_the_same_is_never_told_twice(desk: Desk, clock: SteppingClock, mail: MailBox) -> None:
    reader = desk.reader("Ann Reed", email="ann@example.org", language="en")
    desk.lend(reader, "D3", TODAY - timedelta(days=7))
    assert (due_today(desk, clock), due_today(desk, clock)) == (1, 0)
    assert post(desk, clock, settings(mail))["sent"] == 1
    assert post(desk, clock, settings(mail))["sent"] == 0
    assert (due_today(desk, clock, TODAY + timedelta(days=1)), post(desk, clock, settings(mail))["sent"]) == (0, 0)
    subject, said = words(mail.letters[0])
    assert (subject, len(mail.letters)) == ("1 book overdue", 1)
    assert "- 边城, was due on 15 November 2026" in said


def test_a_renewed_book_is_told_of_its_new_date_and_one_lent_today_of_none(desk: Desk, clock: SteppingClock) -> None:
    reader = desk.reader()
    renewed = desk.lend(reader, "D1", TODAY)
    desk.lend(reader, "D2", TODAY + timedelta(days=2), lent=NOW)
    assert due_today(desk, clock) == 1
    with desk.database.write() as connection:
        connection.execute(update(loan).where(loan.c.id == renewed).values(due_date="2026-11-24"))
    assert due_today(desk, clock) == 1


def test_what_came_back_or_was_moved_before_the_letter_went_is_not_told(desk: Desk, clock: SteppingClock, mail: MailBox) -> None:
    reader = desk.reader(email="lin@example.org")
    moved, back = desk.lend(reader, "D1", TODAY), desk.lend(reader, "D2", TODAY)
    due_today(desk, clock)
    with desk.database.write() as connection:
        connection.execute(update(loan).where(loan.c.id == moved).values(due_date="2026-12-24"))
        connection.execute(update(loan).where(loan.c.id == back).values(state="returned", ended_at="2026-11-22T04:00:00.000000Z"))
    assert post(desk, clock, settings(mail))["sent"] == 0
    assert states(desk) == [("due_today", "dropped", "no_longer_true")] * 2


def test_nobody_is_disturbed_at_night(desk: Desk, mail: MailBox) -> None:
    clock = SteppingClock(datetime(2026, 11, 22, 14, 0, tzinfo=UTC))  # 22:00 in Shanghai
    desk.lend(desk.reader(email="lin@example.org"), "D1", TODAY)
    due_today(desk, clock)
    assert post(desk, clock, settings(mail))["sent"] == 0
    assert post(desk, clock, settings(mail, QUIET_HOURS="off"))["sent"] == 1
    assert states(desk) == [("due_today", "sent", None)]


def test_a_reader_without_mail_is_called_over_the_gateway_and_the_call_is_signed(desk: Desk, clock: SteppingClock, calls: Gateway) -> None:
    desk.lend(desk.reader(phone="13900000001"), "D3", TODAY)
    due_today(desk, clock)
    assert post(desk, clock, settings(calls=calls))["sent"] == 1
    (call,) = calls.calls
    stamp = call.headers["X-Union-Catalog-Timestamp"]
    assert (call.path, stamp) == ("/messages?of=us", str(int(NOW.timestamp())))
    expected = hmac.new(b"between us", stamp.encode() + b"." + call.body, sha256).hexdigest()
    assert call.headers["X-Union-Catalog-Signature"] == "v1=" + expected
    told = msgspec.json.decode(call.body)
    assert (told["to"], told["id"], "边城" in told["text"]) == ("13900000001", call.headers["Idempotency-Key"], True)


def test_a_gateway_in_trouble_is_tried_again_under_the_same_id_and_later_notices_wait_for_their_own(
    desk: Desk, clock: SteppingClock, calls: Gateway
) -> None:
    reader = desk.reader(phone="13900000001")
    desk.lend(reader, "D1", TODAY)
    due_today(desk, clock)
    calls.statuses = [503]
    assert post(desk, clock, settings(calls=calls)) == {"sent": 0, "waiting": 1, "dead": 0}
    assert post(desk, clock, settings(calls=calls))["sent"] == 0, "not before its pause is over"
    desk.lend(reader, "D2", TODAY)
    due_today(desk, clock)
    clock.advance(timedelta(minutes=2))
    assert post(desk, clock, settings(calls=calls))["sent"] == 2
    ids = [call.headers["Idempotency-Key"] for call in calls.calls]
    assert ids[0] == ids[1] != ids[2]
    assert calls.calls[0].body == calls.calls[1].body


@pytest.mark.parametrize(("status", "reason"), [(400, "refused"), (302, "refused"), (500, "gave_up")])
def test_what_nobody_takes_is_dead_with_its_reason_and_shown_at_the_desk(
    desk: Desk, clock: SteppingClock, calls: Gateway, status: int, reason: str
) -> None:
    reader = desk.reader(phone="13900000001")
    desk.lend(reader, "D1", TODAY)
    due_today(desk, clock)
    calls.statuses = [status] * MOST_ATTEMPTS
    for _ in range(MOST_ATTEMPTS + 1):
        post(desk, clock, settings(calls=calls))
        clock.advance(timedelta(hours=5))
        if clock.now().hour > 11:  # not in the night
            clock.advance(timedelta(hours=14))
    assert states(desk) == [("due_today", "dead", reason)]
    assert len(calls.calls) == (MOST_ATTEMPTS if reason == "gave_up" else 1)
    with desk.database.read() as connection:
        (shown,) = sending.undelivered(connection, reader)
    assert (shown.reason, shown.channel, shown.notice.loan is not None) == (reason, "phone", True)


def test_who_cannot_be_reached_is_dead_at_once_and_a_child_is_written_to_at_the_guardian_s(
    desk: Desk, clock: SteppingClock, mail: MailBox
) -> None:
    desk.lend(desk.reader(), "D1", TODAY)
    desk.lend(desk.reader(phone="13900000001"), "D2", TODAY)
    mother = desk.reader("林母", email="mother@example.org")
    desk.lend(desk.reader("林小小", guardian_id=mother), "D3", TODAY)
    due_today(desk, clock)
    assert post(desk, clock, settings(mail))["sent"] == 1
    assert mail.recipients == ["mother@example.org"]
    assert "林小小" in words(mail.letters[0])[1]
    reasons = sorted(reason for _, state, reason in states(desk) if state == "dead" and reason)
    assert reasons == ["no_address", "no_channel"]


def test_a_merged_card_s_notice_goes_to_the_reader_who_was_kept(desk: Desk, clock: SteppingClock, mail: MailBox) -> None:
    kept = desk.reader(email="kept@example.org")
    between = desk.reader(email="between@example.org", state="merged", merged_into=kept)
    gone = desk.reader(email="gone@example.org", state="merged", merged_into=between)
    with desk.database.write() as connection:
        assert notices.enqueue(connection, clock, gone, "card_frozen", gone, {})
        assert not notices.enqueue(connection, clock, gone, "card_frozen", gone, {}), "the same again"
    assert post(desk, clock, settings(mail))["sent"] == 1
    assert mail.recipients == ["kept@example.org"]


@pytest.mark.parametrize(
    ("verb", "answer", "outcome"),
    [
        ("RCPT", "550 no such user", "dead"),
        ("RCPT", "451 busy", "waiting"),
        ("MAIL", "", "waiting"),
        ("DATA", "554 no", "dead"),
        (".", "554 spam", "dead"),
        (".", "452 full", "waiting"),
        (".", "", "dead"),  # the text was sent and nobody knows whether it was taken: told twice is worse than not
    ],
)
def test_a_difficult_mail_server(desk: Desk, clock: SteppingClock, mail: MailBox, verb: str, answer: str, outcome: str) -> None:
    desk.lend(desk.reader(email="lin@example.org"), "D1", TODAY)
    due_today(desk, clock)
    mail.answers = {verb: answer}
    assert post(desk, clock, settings(mail)) == {"sent": 0, "waiting": 0, "dead": 0} | {outcome: 1}
    mail.answers = {}
    clock.advance(timedelta(minutes=2))
    assert post(desk, clock, settings(mail))["sent"] == (outcome == "waiting")


def test_a_server_that_is_away_costs_one_try_and_one_connection_carries_many(desk: Desk, clock: SteppingClock, mail: MailBox) -> None:
    for barcode in ("D1", "D2", "D3"):
        desk.lend(desk.reader(email=f"{barcode}@example.org"), barcode, TODAY)
    due_today(desk, clock)
    away = Settings.from_environment({"UNION_CATALOG_SMTP_URL": "smtp://127.0.0.1:1", "UNION_CATALOG_SMTP_FROM": "card@library.example"})
    assert post(desk, clock, away) == {"sent": 0, "waiting": 1, "dead": 0}
    clock.advance(timedelta(minutes=2))
    assert post(desk, clock, settings(mail))["sent"] == 3
    assert (len(mail.letters), mail.connections) == (3, 1)


def test_what_a_dead_sender_left_is_given_up_by_mail_and_repeated_over_the_gateway(
    desk: Desk, clock: SteppingClock, mail: MailBox, calls: Gateway
) -> None:
    desk.lend(desk.reader(email="lin@example.org"), "D1", TODAY)
    desk.lend(desk.reader(phone="13900000001"), "D2", TODAY)
    due_today(desk, clock)
    both = settings(mail, calls)
    how = sending.Sending(channels={"email": False, "phone": True}, quiet=None, timezone=both.timezone)
    claimed = {message.channel: message.id for message in sending.claim(desk.database, how, clock.now())}
    assert sending.claim(desk.database, how, clock.now()) == [], "they are somebody's"
    assert post(desk, clock, both)["sent"] == 0
    clock.advance(sending.LEASE + timedelta(seconds=1))
    post(desk, clock, both)
    clock.advance(timedelta(minutes=2))
    post(desk, clock, both)
    assert [call.headers["Idempotency-Key"] for call in calls.calls] == [claimed["phone"]]
    assert mail.letters == []
    assert sorted(states(desk)) == [("due_today", "dead", "interrupted"), ("due_today", "sent", None)]


def test_nothing_that_tells_who_or_what_is_kept_with_a_notice(desk: Desk, clock: SteppingClock, mail: MailBox) -> None:
    desk.lend(desk.reader(email="lin@example.org", phone="13900000001"), "D3", TODAY)
    due_today(desk, clock)
    post(desk, clock, settings(mail))
    with desk.database.read() as connection:
        kept = " ".join(map(str, connection.execute(select(notice)).one()))
    assert [secret for secret in ("林小满", "lin@example.org", "13900000001", "边城") if secret in kept] == []


def test_cards_that_run_out_are_told_once_and_old_notices_are_cleared_away(desk: Desk, clock: SteppingClock, mail: MailBox) -> None:
    desk.reader(email="lin@example.org", expires_on="2026-12-10")
    desk.reader(email="far@example.org", expires_on="2027-12-10")
    told = [notices.make_expiring(desk.database, TODAY, clock.now(), 30) for _ in range(2)]
    assert (told, post(desk, clock, settings(mail))["sent"], mail.recipients) == ([1, 0], 1, ["lin@example.org"])
    assert notices.prune(desk.database, clock.now()) == 0
    assert notices.prune(desk.database, clock.now() + timedelta(days=1)) == 1


def test_a_name_that_is_no_header_and_an_address_that_is_none_are_refused(desk: Desk, clock: SteppingClock, mail: MailBox) -> None:
    for address in ("lin@example.org\r\nBcc: all@example.org", "a@example.org, b@example.org", "林@例子.中国"):
        desk.lend(desk.reader(email=address), {"lin": "D1", "a@e": "D2"}.get(address[:3], "D3"), TODAY)
    due_today(desk, clock)
    assert post(desk, clock, settings(mail)) == {"sent": 0, "waiting": 0, "dead": 3}
    assert (mail.letters, mail.recipients) == ([], [])


def test_erasing_the_person_leaves_nobody_to_write_to(desk: Desk, clock: SteppingClock, mail: MailBox) -> None:
    reader: PatronId = desk.reader(email="lin@example.org")
    desk.lend(reader, "D1", TODAY)
    due_today(desk, clock)
    with desk.database.write() as connection:
        connection.execute(person.delete())
    assert post(desk, clock, settings(mail))["dead"] == 0
    assert states(desk) == [("due_today", "dead", "no_address")]


def test_many_senders_at_once_tell_everything_once(desk: Desk, clock: SteppingClock) -> None:
    readers = [desk.reader(email=f"{number}@example.org") for number in range(40)]
    with desk.database.write() as connection:
        for _ in range(3):
            for reader in readers:
                notices.enqueue(connection, clock, reader, "block_set", new_id(), {"code": "suspended"})
    how = sending.Sending(channels={"email": False}, quiet=None, timezone=settings().timezone)

    def send(_: int) -> list[tuple[str, int]]:
        claimed = []
        while messages := sending.claim(desk.database, how, clock.now()):
            claimed += [(told.notice.id, len(message.told)) for message in messages for told in message.told]
        return claimed

    with ThreadPoolExecutor(4) as pool:
        claimed = [one for some in pool.map(send, range(4)) for one in some]
    assert len(claimed) == len({notice_id for notice_id, _ in claimed}) == 120
    assert {together for _, together in claimed} == {3}, "what belongs together goes out together"


def test_a_restriction_set_by_a_rule_is_told_once_and_an_old_one_never(desk: Desk, clock: SteppingClock, mail: MailBox) -> None:
    reader = desk.reader(email="lin@example.org")
    for since in (NOW, NOW - timedelta(days=9)):
        row = {"id": new_id(), "patron_id": reader, "library": "JD", "code": "suspended", "scope": "network", "lifted_by": "time"}
        with desk.database.write() as connection:
            connection.execute(insert(block).values(**row, since=instant_text(since), until="2026-12-24", actor="system:"))
    assert [notices.make_blocked(desk.database, clock.now()) for _ in range(2)] == [1, 0]
    assert post(desk, clock, settings(mail))["sent"] == 1
    assert "停借" in words(mail.letters[0])[1] or "暂停" in words(mail.letters[0])[1]
    assert "到2026年12月24日为止" in words(mail.letters[0])[1]
