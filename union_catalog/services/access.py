"""Who is asking: access tokens, given out once, recognised by their sum and revoked for good; and sessions of whoever has signed in."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text
from union_catalog.errors import InvalidInput, NotFound
from union_catalog.ids import new_id
from union_catalog.storage import access, network, sessions
from union_catalog.storage.access import StoredToken
from union_catalog.storage.database import Database
from union_catalog.storage.staff import StaffMember

PREFIX = "uc_"  # tells a token where one has leaked into a text
SESSION_PREFIX = "us_"
LONGEST_NAME = 80
_BYTES = 32
_LONGEST = 200  # no token of ours is half as long; more is not worth a sum


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """``secret`` is shown to its holder now and never again: only its sum is kept."""

    id: str
    secret: str


def issue(database: Database, clock: Clock, name: str, roles: tuple[str, ...], library: str = "") -> IssuedToken:
    """Makes a token for ``name`` with the roles given, bound to one library unless that is "".

    Raises InvalidInput for an empty or overlong name, NotFound for an unknown library. What roles there are is for the caller to know.
    """
    named = " ".join(name.split())
    if not named or len(named) > LONGEST_NAME:
        raise InvalidInput("bad_token_name", name="name", most=LONGEST_NAME)
    with database.write() as connection:
        if library:
            network.require_library(connection, library)
        return _issue(connection, StoredToken(new_id(), named, library, roles, instant_text(clock.now()), None))


def issue_to(connection: Connection, clock: Clock, member: StaffMember) -> IssuedToken:
    """Makes a token for a member of staff: it opens what they may open at the moment they show it."""
    told = (member.library, member.roles, instant_text(clock.now()), None, member.id, member.branches)
    return _issue(connection, StoredToken(new_id(), member.username, *told))


def _issue(connection: Connection, token: StoredToken) -> IssuedToken:
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    access.add(connection, token, sum_of(secret))
    return IssuedToken(token.id, secret)


def holder(database: Database, secret: str) -> StoredToken | None:
    """Whose token this is; None for one that was never given out, is revoked, or belongs to somebody who was shut out."""
    if not secret.startswith(PREFIX) or len(secret) > _LONGEST:
        return None
    with database.glance() as connection:
        return access.by_sha256(connection, sum_of(secret))


@dataclass(frozen=True, slots=True)
class Known:
    """Whoever has shown something that lets in: a member of staff or a program ("staff"), or a reader. ``library`` "": the whole network.

    ``branch`` is the desk at which a session stands, ``session`` the sum of its secret; both "" for a token.
    """

    kind: Literal["staff", "patron"]
    id: str
    library: str
    branches: tuple[str, ...]
    roles: tuple[str, ...]
    branch: str = ""
    session: str = ""


def known(database: Database, clock: Clock, secret: str) -> Known | None:
    """Who shows this token or secret of a session; None where it opens nothing."""
    if not secret.startswith(SESSION_PREFIX):
        token = holder(database, secret)
        return Known("staff", token.staff_id or token.id, token.library, token.branches, token.roles) if token else None
    if len(secret) > _LONGEST:
        return None
    told = sum_of(secret)
    with database.glance() as connection:
        found = sessions.in_force(connection, told, instant_text(clock.now()))
    if found is None:
        return None
    stored = found.session
    roles = found.roles if stored.kind == "staff" else ("reader",)
    return Known(stored.kind, stored.subject, found.library, found.branches, roles, stored.branch, told)


def tokens(database: Database) -> tuple[StoredToken, ...]:
    """All there ever were, those revoked too: what they did stays attributed to them."""
    with database.read() as connection:
        return tuple(access.all_tokens(connection))


def revoke(database: Database, clock: Clock, token_id: str) -> None:
    """Takes effect with the next request. Raises NotFound where no token in force has this id."""
    with database.write() as connection:
        if not access.revoke(connection, token_id, instant_text(clock.now())):
            raise NotFound("unknown_token", kind="token", id=token_id)


def sum_of(secret: str) -> str:
    """What is kept of a secret of ours, which is long enough not to be guessed: 64 hexadecimal digits."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
