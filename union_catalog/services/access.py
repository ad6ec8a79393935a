"""Access tokens: given out once, recognised by their sum, revoked for good."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from union_catalog.clock import Clock, instant_text
from union_catalog.errors import InvalidInput, NotFound
from union_catalog.ids import new_id
from union_catalog.storage import access, network
from union_catalog.storage.access import StoredToken
from union_catalog.storage.database import Database

PREFIX = "uc_"  # tells a token where one has leaked into a text
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
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    token = StoredToken(new_id(), named, library, roles, instant_text(clock.now()), None)
    with database.write() as connection:
        if library:
            network.require_library(connection, library)
        access.add(connection, token, _sum(secret))
    return IssuedToken(token.id, secret)


def holder(database: Database, secret: str) -> StoredToken | None:
    """Whose token this is; None for one that was never given out or is revoked."""
    if not secret.startswith(PREFIX) or len(secret) > _LONGEST:
        return None
    with database.read() as connection:
        return access.by_sha256(connection, _sum(secret))


def tokens(database: Database) -> tuple[StoredToken, ...]:
    """All there ever were, those revoked too: what they did stays attributed to them."""
    with database.read() as connection:
        return tuple(access.all_tokens(connection))


def revoke(database: Database, clock: Clock, token_id: str) -> None:
    """Takes effect with the next request. Raises NotFound where no token in force has this id."""
    with database.write() as connection:
        if not access.revoke(connection, token_id, instant_text(clock.now())):
            raise NotFound("unknown_token", kind="token", id=token_id)


def _sum(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
