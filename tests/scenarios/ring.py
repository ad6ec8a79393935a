"""Desks as threads in processes of their own that do different things at the very same moment.

A move is one command, with its key, as the API carries it out: whatever it is refused with is an answer, anything else is a fault.
"""

import hashlib
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection as Pipe
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from tests.locks.removals import take_away
from tests.services.desks import Town
from union_catalog.clock import SystemClock
from union_catalog.context import Actor, CommandId, Context
from union_catalog.errors import Conflict, NotFound, Raced, Refused, UnionCatalogError
from union_catalog.ids import BranchCode, new_id
from union_catalog.patrons.accounts import Payment
from union_catalog.patrons.enrolment import Agreement
from union_catalog.patrons.keys import Document, PersonKeys
from union_catalog.services import accounts, commands
from union_catalog.services.circulation.check_in import check_in
from union_catalog.services.circulation.check_out import CheckOutAsked, check_out
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.items import Saying, say
from union_catalog.services.circulation.renewals import renew_all
from union_catalog.services.circulation.station import Station
from union_catalog.services.circulation.undoing import undo
from union_catalog.services.commands import Command, Outcome
from union_catalog.services.patrons import cards, codes, enrol, merge
from union_catalog.services.patrons.lookup import by_card
from union_catalog.services.patrons.office import Office
from union_catalog.storage.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
AHEAD = 0.03  # seconds in which every process has heard what is next


@dataclass(frozen=True, slots=True)
class Move:
    """What the desk of ``branch`` does: an action of :data:`ACTIONS` with what it needs; "" for a key of its own."""

    action: str
    branch: str
    told: tuple[Any, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """``status``: 200, 409 for a refusal, 500 for a fault. ``case`` is what was done, or the code of the error."""

    status: int
    case: str
    loan: str = ""
    event: str = ""


Told = tuple[str, str, str]


def _lend(connection: Connection, station: Station, barcode: str, card: str) -> Told:
    deed = check_out(connection, station, CheckOutAsked(item=ItemReference(barcode), card=card))
    return deed.case, deed.loan, deed.event


def _take(connection: Connection, station: Station, barcode: str) -> Told:
    deed = check_in(connection, station, ItemReference(barcode))
    return deed.case, deed.loan, deed.event


def _renew(connection: Connection, station: Station, card: str) -> Told:
    renewed = renew_all(connection, station, by_card(connection, station.office, card).patron)
    return " ".join(one.plan.case for one in renewed), "", ""


def _say(connection: Connection, station: Station, barcode: str, what: Any) -> Told:
    deed = say(connection, station, ItemReference(barcode), Saying(what))
    return deed.case, deed.loan, deed.event


def _undo(connection: Connection, station: Station, event: str) -> Told:
    return undo(connection, station.office, station.context, event).case, "", ""


def _pay(connection: Connection, station: Station, patron: str, kind: Any, fen: int) -> Told:
    till = accounts.till_at(connection, station.context, station.branch, ZONE)
    rights = frozenset({"circulation"})
    paid = accounts.pay(connection, station.office.clock, station.context, rights, till, patron, Payment(kind=kind, amount_fen=fen))
    return paid.number, "", ""


def _issue(connection: Connection, station: Station, patron: str, reason: str) -> Told:
    return cards.issue(connection, station.office, station.context, patron, reason).card, "", ""


def _enrol(connection: Connection, station: Station, number: str) -> Told:
    document = Document("passport", number)
    consent = Agreement(notice="1", given_on=date(2026, 1, 1))
    asked = enrol.Asked(
        name=f"王{number}", birth_date=date(1990, 5, 1), document=document, phone="13800000000", home_branch=station.branch, consent=consent
    )
    return enrol.enrol(connection, station.office, station.context, asked, at_desk=True).patron.id, "", ""


def _show(connection: Connection, station: Station, code: str) -> Told:
    return codes.open_session(connection, station.office, station.context, code, station.branch).patron, "", ""


def _merge(connection: Connection, station: Station, kept: str, gone: str) -> Told:
    return merge.merge(connection, station.office, station.context, kept, gone).id, "", ""


ACTIONS: dict[str, Callable[..., Told]] = {
    "lend": _lend, "take": _take, "renew": _renew, "say": _say, "undo": _undo, "pay": _pay, "issue": _issue, "enrol": _enrol,
    "show": _show, "merge": _merge,
}  # fmt: skip


class _Desks:
    """The desks of one process."""

    def __init__(self, url: str) -> None:
        self.database = Database(url, 60)
        self.office = new_office()

    def answer(self, move: Move, at: float) -> Answer:
        """Carries a move out at that moment of the machine's steady clock."""
        time.sleep(max(at - time.monotonic(), 0))
        key = move.key or new_id()
        fingerprint = hashlib.sha256(repr((move.action, move.told)).encode()).hexdigest()

        def act(connection: Connection) -> Outcome:
            told = ACTIONS[move.action](connection, self._station(move.branch, key), *move.told)
            return Outcome(200, msgspec.json.encode(told))

        try:
            command = Command(f"staff:{move.branch}", key, fingerprint)
            done = commands.run(self.database, self.office.clock, command, act, _refusal)
        except Raced as error:
            return Answer(500, f"{error}")
        except Conflict as error:
            return Answer(409, error.code)
        except UnionCatalogError as error:
            return Answer(500, f"{error} {error.__cause__}")
        return Answer(done.status, *msgspec.json.decode(done.body))

    def _station(self, branch: str, key: str) -> Station:
        actor = Actor(kind="staff", id=branch)
        context = Context(actor=actor, occurred_at=self.office.now(), command_id=CommandId(key), library=branch.partition("-")[0])
        return Station(office=self.office, context=context, branch=BranchCode(branch))


def new_office() -> Office:
    """With the machine's clock and the keys of all tests."""
    return Office(SystemClock(), PersonKeys.of("the secret of all tests"), ZONE)


def _refusal(error: UnionCatalogError) -> Outcome | None:
    return Outcome(409, msgspec.json.encode((error.code,))) if isinstance(error, Refused | NotFound) else None


def _serve(url: str, pipe: Pipe) -> None:
    take_away()
    desks = _Desks(url)
    with ThreadPoolExecutor(8) as threads:
        pipe.send("ready")
        while (told := pipe.recv()) is not None:
            at, moves = told
            pipe.send(list(threads.map(desks.answer, moves, [at] * len(moves))))
    desks.database.close()


class Ring:
    """Where desks meet. ``town`` is for what has to be so before they do, and what is so afterwards."""

    def __init__(self, town: Town, pipes: Sequence[Pipe]) -> None:
        self.town, self._pipes = town, pipes
        self.office = new_office()

    def fight(self, *moves: Move) -> list[Answer]:
        """All at once, each at a desk of its own; nobody is shown anything but success and refusals."""
        count, at = len(self._pipes), time.monotonic() + AHEAD
        used = self._pipes[: len(moves)]
        for number, pipe in enumerate(used):
            pipe.send((at, moves[number::count]))
        answers: list[Answer] = [Answer(0, "")] * len(moves)
        for number, pipe in enumerate(used):
            answers[number::count] = pipe.recv()
        assert [answer for answer in answers if answer.status not in (200, 409)] == []
        return answers


@contextmanager
def ring(town: Town, processes: int = 4) -> Iterator[Ring]:
    """Processes that end with it."""
    context, url = multiprocessing.get_context("spawn"), town.database.url.render_as_string(hide_password=False)
    pipes = [context.Pipe() for _ in range(processes)]
    started = [context.Process(target=_serve, args=(url, there), daemon=True) for _, there in pipes]
    for process, (_, there) in zip(started, pipes, strict=True):
        process.start()
        there.close()  # so that the end of the process is the end of the pipe
    here = [pipe for pipe, _ in pipes]
    try:
        assert [pipe.recv() for pipe in here] == ["ready"] * processes
        yield Ring(town, here)
    finally:
        for pipe, process in zip(here, started, strict=True):
            if process.is_alive():
                pipe.send(None)
            process.join(20)
