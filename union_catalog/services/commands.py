"""Commands that come with a key: each takes effect once, and whoever repeats it gets the first answer again.

A command is one transaction, in which its answer is kept too: after a crash there are both or neither. What a rule refuses is rolled back,
and the refusal is kept in a second transaction. Failures that are not the command's own (a database out of reach, a key already being
answered) are not kept: trying again can help.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text
from union_catalog.errors import Conflict, InvalidInput, Raced, UnionCatalogError
from union_catalog.storage import commands as rows
from union_catalog.storage.commands import StoredAnswer
from union_catalog.storage.database import Database

KEPT = timedelta(hours=48)
ATTEMPTS = 8  # of a command that lost a race: each time it sees what the winner has done


@dataclass(frozen=True, slots=True)
class Command:
    """``principal`` (at most 80 characters) has its own keys (at most 255); ``fingerprint`` tells what is asked, 64 hexadecimal digits.

    The fingerprint is kept, so it must not be one from which a PIN or an ID number can be guessed.
    """

    principal: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be answered, opaque here. ``patron_id``: the reader of whom it speaks, with whom it is erased; "" for none."""

    status: int
    body: bytes
    content_type: str = "application/json"
    patron_id: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """``replayed``: the command was carried out before, and this is what was answered then."""

    status: int
    content_type: str
    body: bytes
    replayed: bool


Act = Callable[[Connection], Outcome]
Refusal = Callable[[UnionCatalogError], Outcome | None]


class _RolledBack(Exception):
    """Carries the refusal past the end of the transaction that it undoes."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def run(database: Database, clock: Clock, command: Command, act: Act, refusal: Refusal) -> Answered:
    """Carries a command out, unless it was before.

    ``act`` is called in the transaction, again from the start where a race was lost, so it must do nothing outside of it; a domain error
    that it raises rolls back, and ``refusal`` makes an answer of it, or None for one that must not be kept, which is raised.
    Raises InvalidInput("idempotency_key_reused") where the key came with another request before, Conflict("busy") while the first of
    that key is being answered, Raced where the race was lost every time.
    """
    with _alone(database, command):
        for _ in range(ATTEMPTS - 1):
            try:
                return _attempt(database, clock, command, act, refusal)
            except Raced:
                continue
        return _attempt(database, clock, command, act, refusal)


def recall(database: Database, command: Command) -> Answered | None:
    """What was answered before; None if nothing was. Raises InvalidInput as :func:`run` does."""
    with database.read() as connection:
        return _replay(command, rows.find(connection, command.principal, command.key))


def prune(database: Database, now: datetime) -> int:
    """Forgets answers that have been kept long enough, and says how many."""
    with database.write() as connection:
        return rows.remove_before(connection, instant_text(now - KEPT))


def _attempt(database: Database, clock: Clock, command: Command, act: Act, refusal: Refusal) -> Answered:
    try:
        return _once(database, clock, command, lambda connection: _acted(connection, act, refusal))
    except _RolledBack as refused:
        outcome = refused.outcome
    return _once(database, clock, command, lambda _: outcome)


def _acted(connection: Connection, act: Act, refusal: Refusal) -> Outcome:
    try:
        return act(connection)
    except Raced:
        raise
    except UnionCatalogError as error:
        refused = refusal(error)
        if refused is None:
            raise
        raise _RolledBack(refused) from error


def _once(database: Database, clock: Clock, command: Command, act: Act) -> Answered:
    with database.write() as connection:
        free, stored = rows.claim(connection, command.principal, command.key)
        replayed = _replay(command, stored)
        if replayed is not None:
            return replayed
        if not free:
            raise Conflict("busy")
        made = act(connection)
        kept = StoredAnswer(command.fingerprint, made.status, made.content_type, made.body)
        rows.add(connection, command.principal, command.key, kept, made.patron_id, instant_text(clock.now()))
    return Answered(made.status, made.content_type, made.body, replayed=False)


def _replay(command: Command, stored: StoredAnswer | None) -> Answered | None:
    if stored is None:
        return None
    if stored.fingerprint != command.fingerprint:
        raise InvalidInput("idempotency_key_reused", name="Idempotency-Key")
    return Answered(stored.status, stored.content_type, stored.body, replayed=True)


_answering: set[tuple[str, str, str]] = set()
_lock = threading.Lock()


@contextmanager
def _alone(database: Database, command: Command) -> Iterator[None]:
    """On SQLite, which has no lock for a key, the threads of a process keep a list. Another process waits for the lock of all writers and
    then finds the answer. Raises Conflict("busy")."""
    if not database.is_sqlite:
        yield
        return
    mark = (str(database.url), command.principal, command.key)
    with _lock:
        if mark in _answering:
            raise Conflict("busy")
        _answering.add(mark)
    try:
        yield
    finally:
        with _lock:
            _answering.discard(mark)
