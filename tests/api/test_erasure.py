"""A reader with a full life is erased, and then looked for everywhere: in the raw files, the index, the queue of jobs, what was answered,
the log and the mail that waits."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import insert, select

from api.app import create_app
from api.jobs.queue import JobQueue
from api.notifiers.posting import carriers, post_waiting
from api.resources.operation import OFFICE
from tests.api.callers import Caller
from tests.api.collection import fill
from tests.services.carriers import MailBox, mail_server
from union_catalog.clock import SteppingClock, instant_text
from union_catalog.context import Actor, CommandId, Context
from union_catalog.ids import PatronId, new_id
from union_catalog.jobs.model import JobId
from union_catalog.notices.stages import stages
from union_catalog.services import access, notices
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.patrons.batch import Line, enrol_file
from union_catalog.settings import Settings
from union_catalog.storage.database import Database
from union_catalog.storage.own_data import SECTIONS
from union_catalog.storage.tables import (
    answered_command,
    consent,
    desk_action,
    event,
    loan,
    metadata,
    notice,
    offline_line,
    patron,
    patron_merge,
    person,
    stray_item,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PIN, NEW_PIN = "314159", "271828"
NAME, OTHER_NAME = "司徒无痕", "司徒有痕"
PHONE, OTHER_PHONE, NEW_PHONE = "13912345678", "13987654321", "13900001111"
EMAIL = "wuhen.situ@example.org"
DOCUMENT, SOCIAL, OLD_CARD, BATCH_CARD = "11010519491231002X", "A12345678", "JDOLD0099887", "JDFILE0012345"
API = "/api/v1"


@dataclass
class House:
    """An installation with a desk of JD, seen from outside and from within."""

    app: Flask
    catalogue: Catalogue
    settings: Settings
    clock: SteppingClock
    mail: MailBox

    def __post_init__(self) -> None:
        token = access.issue(self.catalogue.database, self.clock, "desk", ("circulation", "manager"), "JD").secret
        self.desk = Caller(self.app.test_client(), token)

    def asked(self, answer: Any, status: int = 200) -> Any:
        assert answer.status_code == status, answer.text
        return answer.get_json()

    def enrol(self, **changes: object) -> tuple[str, str]:
        told: dict[str, object] = {"name": NAME, "birth_date": "1949-12-31", "category": "adult", "home_branch": "JD-1", "pin": PIN}
        told |= {"phone": PHONE, "email": EMAIL, "consent": {"notice": "2026-1", "date": "2026-11-22"}, **changes}
        made = self.asked(self.desk.post(f"{API}/patrons", told), 201)
        return made["id"], made["card"]

    def sign_in(self, card: str, pin: str = PIN) -> Caller:
        answer = Caller(self.app.test_client()).post(f"{API}/sessions", {"card": card, "pin": pin})
        return Caller(self.app.test_client(), self.asked(answer, 201)["token"])

    def lend(self, barcode: str, card: str) -> str:
        """The loan's id."""
        told = {"card": card, "item": {"library": "JD", "barcode": barcode}, "branch": "JD-1"}
        return str(self.asked(self.desk.post(f"{API}/check-outs", told), 201)["loan"]["id"])

    def take(self, barcode: str) -> None:
        self.asked(self.desk.post(f"{API}/check-ins", {"item": {"barcode": barcode}, "branch": "JD-1"}))

    def take_batch(self, *lines: Line) -> list[str]:
        """What becomes of the lines of a member library's file."""
        context = Context(actor=Actor(kind="cli"), occurred_at=self.clock.now(), command_id=CommandId(new_id()))
        told = enrol_file(self.catalogue.database, self.app.extensions[OFFICE], context, "JD", iter(lines))
        return [one.result for several in told for one in several]

    def post_mail(self) -> int:
        now, database = self.clock.now(), self.catalogue.database
        due = date(2026, 11, 23) + (now.date() - NOW.date())
        notices.make_due(database, due, now, self.settings.timezone, stages((3, 0), (1, 7, 14)))
        return post_waiting(database, self.clock, self.settings, carriers(self.settings, self.clock))["sent"]

    def rows(self, table: Any, **columns: object) -> list[dict[str, Any]]:
        with self.catalogue.database.read() as connection:
            found = connection.execute(select(table).where(*[table.c[name] == value for name, value in columns.items()]))
            return [dict(row) for row in found.mappings()]


@pytest.fixture
def mail() -> Iterator[MailBox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def house(database: Database, tmp_path: Path, mail: MailBox) -> Iterator[House]:
    told = {"HOME": str(tmp_path), "DATABASE_URL": database.url.render_as_string(hide_password=False), "QUIET_HOURS": "off"}
    told |= {"SMTP_URL": f"smtp://127.0.0.1:{mail.port}", "SMTP_FROM": "card@library.example", "LOG_FORMAT": "json", "LOG_LEVEL": "debug"}
    settings = Settings.from_environment({f"UNION_CATALOG_{name}": value for name, value in told.items()})
    catalogue, clock = fill(database, settings.index_folder), SteppingClock(NOW)
    yield House(create_app(settings, catalogue=catalogue, clock=clock), catalogue, settings, clock, mail)
    catalogue.engine.close()


def full_life(house: House) -> tuple[str, list[str]]:
    """The reader's id, and everything by which the reader could be known again."""
    desk, reader_api = house.desk, f"{API}/patrons"
    reader, card = house.enrol(document={"type": "resident_id", "number": DOCUMENT})
    repeated = {"kind": "member_card", "number": OLD_CARD, "issuer": "JD"}
    key = new_id()
    for _ in range(2):
        house.asked(desk.post(f"{reader_api}/{reader}/credentials", repeated, key), 201)
    _tell_late(house, "check_out", card=SOCIAL)  # nobody's yet
    house.asked(desk.post(f"{reader_api}/{reader}/credentials", {"kind": "social", "number": SOCIAL}), 201)
    line = Line(number=1, name=NAME, birth_date=date(1949, 12, 31), document_number=DOCUMENT, phone=PHONE, card=BATCH_CARD)
    assert house.take_batch(line) == ["linked"]
    for pin in ("000000", "111111"):
        assert Caller(house.app.test_client()).post(f"{API}/sessions", {"card": card, "pin": pin}).status_code == 401
    own = house.sign_in(card)
    house.asked(own.patch(f"{API}/me", {"phone": NEW_PHONE}))
    code = own.get(f"{API}/me/qr")
    house.asked(desk.post(f"{API}/desk-sessions", {"card": code["code"], "branch": "JD-1"}), 201)
    agreed = {"purpose": "sharing", "notice": "2026-1", "date": "2026-11-23", "library": "JX"}
    house.asked(desk.post(f"{reader_api}/{reader}/consents", agreed), 201)
    other, other_card = house.enrol(name=OTHER_NAME, phone=OTHER_PHONE, email="")
    house.asked(desk.post(f"{reader_api}/{reader}/merge", {"other": other}))
    _borrow(house, reader, card)
    blocked = house.asked(desk.post(f"{reader_api}/{reader}/blocks", {"reason": f"{NAME}把书弄湿了"}), 201)
    told = {"about": "block", "about_id": blocked.get("id") or blocked["block"]["id"], "text": f"我是{NAME}，请打{NEW_PHONE}"}
    house.asked(house.sign_in(card).post(f"{API}/me/objections", told), 201)
    paid = {"kind": "deposit", "amount_fen": 10000, "branch": "JD-1", "reason": f"收{NAME}"}
    house.asked(desk.post(f"{reader_api}/{reader}/payments", paid), 201)
    house.asked(desk.post(f"{reader_api}/{reader}/payments", {**paid, "kind": "refund"}), 201)
    new_card = house.asked(desk.post(f"{reader_api}/{reader}/cards", {"reason": "lost"}), 201)["card"]
    house.take(new_card)  # scanned where a book was expected
    _tell_late(house, "check_in", new_card)
    _tell_late(house, "check_out", card=new_card)
    house.asked(house.sign_in(new_card).ask(f"{API}/me/export"))
    with house.catalogue.database.write() as connection:
        notices.enqueue(connection, house.clock, PatronId(reader), "card_frozen", f"{reader}:2", {})
        answer = {"principal": "staff:batch", "key": new_id(), "fingerprint": "0" * 64, "status": 200, "content_type": "application/json"}
        body = json.dumps({"lines": [{"card": new_card}]}).encode()
        connection.execute(insert(answered_command).values(**answer, body=body, answered_at=instant_text(house.clock.now())))
    hashed = house.rows(person, patron_id=reader)[0]["document_hash"]
    social = house.app.extensions[OFFICE].keys.social_card(SOCIAL)
    cards = [card, other_card, new_card, OLD_CARD, SOCIAL, social, BATCH_CARD]
    return reader, [NAME, OTHER_NAME, PHONE, OTHER_PHONE, NEW_PHONE, EMAIL, DOCUMENT, DOCUMENT[:-1], hashed, *cards]


def _tell_late(house: House, action: str, barcode: str = "nobodys", **card: str) -> None:
    """From a desk without a line, of an item that nobody knows."""
    line = {"id": new_id(), "action": action, "item": {"barcode": barcode}, "occurred_at": instant_text(house.clock.now()), **card}
    told = house.asked(house.desk.post(f"{API}/offline-batches", {"branch": "JD-1", "device": "d", "lines": [line]}))
    assert told["lines"][0]["verdict"] in ("unknown_item", "unknown_card", "repeated")


def _borrow(house: House, reader: str, card: str) -> None:
    """Two books: one renewed and returned in time, one late; letters about both."""
    for barcode in ("b1", "b3"):
        house.lend(barcode, card)
    house.asked(house.sign_in(card).post(f"{API}/me/renewals", {}))
    house.clock.advance(timedelta(days=2))
    house.take("b1")
    (open_loan,) = house.rows(loan, patron_id=reader, ended_at=None)
    house.clock.advance(date.fromisoformat(open_loan["due_date"]) - date(2026, 11, 25) + timedelta(days=1))
    assert house.post_mail() >= 1
    assert NAME in "".join(_decoded(house.mail))
    house.take("b3")


def _decoded(mail: MailBox) -> list[str]:
    return [message_from_bytes(letter, policy=policy.default).get_content() for letter in mail.letters]


def spellings(secret: str) -> set[bytes]:
    """A text as it may stand in a file: plain, in JSON, in a dump of bytes, wide."""
    plain = secret.encode()
    return {plain, json.dumps(secret)[1:-1].encode(), plain.hex().encode(), secret.encode("utf-16-le"), secret.lower().encode()}


def found(secrets: list[str], places: Callable[[], dict[str, bytes]]) -> list[tuple[str, str]]:
    told = places()
    return [(place, secret) for place, raw in told.items() for secret in secrets if any(one in raw for one in spellings(secret))]


def places(house: House) -> dict[str, bytes]:
    """Everything that the installation has written to disk, as bytes."""
    database = house.catalogue.database
    if database.is_sqlite:
        connection = sqlite3.connect(str(database.url.database))
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        folders = [Path(str(database.url.database)).parent, house.settings.home]
        raw = {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
        assert any(name.endswith("catalogue.sqlite3") for name in raw)
        return raw
    dumped = {str(path): path.read_bytes() for path in house.settings.home.rglob("*") if path.is_file()}
    with psycopg.connect(database.url.set(drivername="postgresql").render_as_string(hide_password=False)) as plain:
        tables = plain.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'huey')").fetchall()
        for schema, table in tables:
            with plain.cursor().copy(f'COPY "{schema}"."{table}" TO STDOUT') as copy:
                dumped[f"{schema}.{table}"] = b"".join(map(bytes, copy))
    return dumped


def test_nothing_of_an_erased_reader_is_found_anywhere(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    reader, secrets = full_life(house)
    queue = JobQueue(house.settings, lambda _: None)
    queue.put(JobId(new_id()))
    assert {secret for _, secret in found(secrets, lambda: places(house))} >= {NAME, NEW_PHONE, EMAIL, OLD_CARD, *secrets[8:12]}
    before = {row["id"]: row for row in house.rows(loan)}
    house.asked(house.desk.post(f"{API}/patrons/{reader}/erase"))
    house.clock.advance(timedelta(minutes=5))
    assert house.post_mail() == 0, "nobody is left to write to"
    assert found(secrets, lambda: places(house)) == []
    out, err = capfd.readouterr()
    assert [secret for secret in secrets if secret in out + err] == []
    queue.close()
    assert {row["patron_id"] for row in house.rows(loan)} == {None}
    for row in house.rows(loan):
        assert row | {"patron_id": reader} == before[row["id"]], "everything but the reader stays, for statistics"
    assert {row["state"] for row in house.rows(patron)} == {"erased"}
    assert (house.rows(person), house.rows(notice), house.rows(patron_merge)) == ([], [], [])
    assert {row["patron_id"] for row in house.rows(desk_action)} == {None}
    assert {row["barcode"] for row in house.rows(stray_item)} == {""}
    assert {row["card"] for row in house.rows(offline_line)} == {""}
    assert all(row["withdrawn_at"] for row in house.rows(consent, patron_id=reader)), "that it was given stays proved"
    assert "patron.erased" in {row["kind"] for row in house.rows(event, subject=f"patron:{reader}")}


def test_an_erased_reader_is_gone_for_desks_and_may_come_back_as_somebody_new(house: House) -> None:
    reader, card = house.enrol(document={"type": "resident_id", "number": DOCUMENT})
    own, key = house.sign_in(card), new_id()
    first = house.asked(house.desk.post(f"{API}/patrons/{reader}/erase", None, key))
    again = house.desk.post(f"{API}/patrons/{reader}/erase", None, key)
    assert (again.get_json(), again.headers["Idempotency-Replayed"]) == (first, "true")
    assert house.desk.post(f"{API}/patrons/{reader}/erase").status_code == 404
    assert house.desk.ask(f"{API}/patrons/{reader}").status_code == 404
    assert house.desk.ask(f"{API}/patrons/{reader}/export").status_code == 404
    assert own.ask(f"{API}/me").status_code == 401
    assert house.desk.ask(f"{API}/patrons?card={card}").status_code == 404
    fresh, _ = house.enrol(document={"type": "resident_id", "number": DOCUMENT})
    assert fresh != reader


def test_what_is_open_stands_in_the_way_and_is_told_all_at_once(house: House) -> None:
    reader, card = house.enrol()
    lent = [house.lend(barcode, card) for barcode in ("b1", "b3")]
    child = {"name": "司徒小小", "birth_date": "2018-03-04", "category": "child", "phone": "", "email": "", "guardian": {"patron": reader}}
    ward, _ = house.enrol(**child)
    house.asked(house.desk.post(f"{API}/patrons/{reader}/payments", {"kind": "deposit", "amount_fen": 10000, "branch": "JD-1"}), 201)
    refused = house.asked(house.desk.post(f"{API}/patrons/{reader}/erase"), 409)
    told = {name: refused.get(name) for name in ("code", "loans", "holds", "wards", "owed_fen", "deposit_fen")}
    open_things = {"loans": sorted(lent), "holds": None, "wards": [ward], "owed_fen": None, "deposit_fen": 10000}
    assert told == {"code": "erasure_refused", **open_things}
    assert house.rows(person, patron_id=reader)[0]["name"] == NAME


def test_own_data_is_whole_and_another_library_gets_none_of_it(house: House) -> None:
    reader, secrets = full_life(house)
    answer = house.desk.ask(f"{API}/patrons/{reader}/export")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    sections = {one["name"]: one["rows"] for one in house.asked(answer)["sections"]}
    assert sections["person"][0]["name"] == NAME
    assert {one["title"] for one in sections["loans"]} == {"红楼梦", "围城"}
    assert {(one["purpose"], one["library"]) for one in sections["consents"]} >= {("card", None), ("sharing", "JX")}
    assert len(sections["account"]) == 2
    assert [one["kind"] for one in sections["events"]].count("patron.exported") == 1
    assert sections["objections"][0]["text"].startswith("我是")
    assert [name for name, rows in sections.items() if not rows] == ["holds", "desk_sessions"], (
        "the code at the desk was let go of by the merge"
    )
    hashes = [secret for secret in secrets if len(secret) == 64]
    assert [one for one in hashes if one in answer.text] == []
    other = access.issue(house.catalogue.database, house.clock, "other", ("circulation", "manager"), "JX").secret
    elsewhere = Caller(house.app.test_client(), other)
    for method, path in (("GET", "export"), ("POST", "erase"), ("GET", "consents"), ("GET", "notices")):
        refused = elsewhere.ask(f"{API}/patrons/{reader}/{path}") if method == "GET" else elsewhere.post(f"{API}/patrons/{reader}/{path}")
        assert refused.status_code == 403, path


def test_consents_and_notices_over_the_api(house: House) -> None:
    reader, card = house.enrol()
    own = house.sign_in(card)
    agreed = {"purpose": "sharing", "notice": "2026-1", "date": "2026-11-23", "library": "JX"}
    given = house.asked(own.post(f"{API}/patrons/{reader}/consents", agreed), 201)
    assert (given["label"], given["withdrawn_at"]) == ("向其他馆提供借阅资料", None)
    assert house.asked(own.delete(f"{API}/patrons/{reader}/consents/{given['id']}"))["withdrawn_at"] == instant_text(NOW)
    listed = house.desk.get(f"{API}/patrons/{reader}/consents")["items"]
    assert [one["purpose"] for one in listed] == ["card", "sharing"]
    refused = own.delete(f"{API}/patrons/{reader}/consents/{listed[0]['id']}")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "consent_of_card")
    assert own.post(f"{API}/patrons/{reader}/consents", {**agreed, "library": None}).status_code == 422
    house.asked(house.desk.post(f"{API}/patrons/{reader}/blocks", {"reason": "书页破损"}), 201)
    house.mail.answers = {"RCPT": "550 nobody"}
    assert house.post_mail() == 0
    (told,) = [one for one in house.desk.get(f"{API}/patrons/{reader}/notices")["items"] if one["kind"] == "block_set"]
    assert (told["state"], told["reason_label"]) == ("dead", "对方拒收，请核对联系方式")
    assert told["loan"] is None


KNOWS_A_READER = {"patron_id", "guardian_id", "merged_into", "kept_id", "gone_id", "subject"}


def test_every_table_that_knows_a_reader_is_handed_out() -> None:
    knowing = {table.name for table in metadata.sorted_tables if KNOWS_A_READER & set(table.c.keys())}
    assert knowing - {"event"} == {kept.table.name for kept in SECTIONS.values()}
