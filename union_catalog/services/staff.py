"""Staff: taken on, shut out, given passwords. Sessions and tokens say who it is; what they may do is asked of these rows each time."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotAuthenticated, NotFound, Refused
from union_catalog.ids import new_id
from union_catalog.services import passwords
from union_catalog.storage import events, network, sessions, staff
from union_catalog.storage.database import Database
from union_catalog.storage.events import Event
from union_catalog.storage.staff import StaffMember

ROLES = ("circulation", "cataloguing", "manager", "network")
LONGEST_NAME = 80
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """Who is to be taken on. ``library`` "" is the whole network, ``branches`` empty all of the library."""

    username: str
    library: str
    branches: tuple[str, ...]
    roles: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What of a member is to become something else; None for what stays. The same words as of NewMember."""

    library: str | None = None
    branches: tuple[str, ...] | None = None
    roles: tuple[str, ...] | None = None


def add(connection: Connection, clock: Clock, context: Context, new: NewMember, password_hash: str = "") -> StaffMember:
    """Takes a member of staff on; without a password they come in by token alone.

    Raises InvalidInput for a name that cannot be one, roles that do not exist and a library that is missing; NotFound for an unknown
    library or branch; InvalidInput("branch_of_other_library"); Refused("staff_exists").
    """
    username = _username(new.username)
    _demand_place(connection, new.library, new.branches, new.roles)
    if staff.find(connection, username) is not None:
        raise Refused("staff_exists", id=username)
    name = " ".join(new.name.split()) or username
    branches, roles = tuple(dict.fromkeys(new.branches)), tuple(dict.fromkeys(new.roles))
    member = StaffMember(
        id=new_id(), username=username, name=name, library=new.library, branches=branches, roles=roles, created_at=clock.now()
    )
    staff.add(connection, member, password_hash)
    _tell(connection, clock, context, "staff.added", member, {"roles": list(roles), "branches": list(branches)})
    return member


def is_the_same(member: StaffMember, new: NewMember) -> bool:
    """Whether ``new`` asks for what this member is already."""
    return member.disabled_at is None and _place(new) == _place(member)


def find(connection: Connection, username: str) -> StaffMember | None:
    """The member of this name, one who was shut out too; None for nobody."""
    return staff.find(connection, _folded(username))


def require(connection: Connection, username: str) -> StaffMember:
    """The member of this name, whom nobody else changes until the transaction ends. Raises NotFound("unknown_staff")."""
    found = staff.lock(connection, _folded(username))
    if found is None:
        raise NotFound("unknown_staff", kind="staff", id=username)
    return found[0]


def listed(connection: Connection, library: str = "") -> tuple[StaffMember, ...]:
    """All there ever were, of one library or of all, by name."""
    return tuple(staff.every(connection, library))


def is_name(database: Database, told: str) -> bool:
    """Whether somebody on the staff is called so."""
    with database.read() as connection:
        return find(connection, told) is not None


def changed(member: StaffMember, told: Changes) -> StaffMember:
    """What the member would be."""
    return replace(
        member,
        library=member.library if told.library is None else told.library,
        branches=member.branches if told.branches is None else tuple(dict.fromkeys(told.branches)),
        roles=member.roles if told.roles is None else tuple(dict.fromkeys(told.roles)),
    )


def change(connection: Connection, clock: Clock, context: Context, username: str, told: Changes) -> StaffMember:
    """Gives a member another place or other roles from the next request on: what is open of them opens no more than they may now, and
    whoever is moved chooses a desk anew. What they were before stands in the journal.

    Who may do that is for the caller to know. Raises as :func:`require`, of the place as :func:`add`; Refused("staff_disabled").
    """
    member = require(connection, username)
    if member.disabled_at is not None:
        raise Refused("staff_disabled", id=member.username)
    now = changed(member, told)
    _demand_place(connection, now.library, now.branches, now.roles)
    if _place(now) == _place(member):
        return member
    staff.move(connection, now)
    if (now.library, set(now.branches)) != (member.library, set(member.branches)):
        sessions.leave_desks(connection, member.id)
    _tell(connection, clock, context, "staff.changed", now, {**_told(now), "before": _told(member)})
    return now


def disable(connection: Connection, clock: Clock, context: Context, username: str) -> StaffMember:
    """Shuts a member out from the next request on: sessions, tokens and password. What they did stays theirs. Raises as :func:`require`."""
    member = require(connection, username)
    if staff.disable(connection, member.id, instant_text(clock.now())):
        sessions.end_all(connection, "staff", member.id)
        _tell(connection, clock, context, "staff.disabled", member, {})
    return require(connection, username)


def unlock(connection: Connection, clock: Clock, context: Context, username: str) -> StaffMember:
    """Lets the password be tried again at once. Raises as :func:`require`."""
    member = require(connection, username)
    staff.count(connection, member.id, 0, None)
    _tell(connection, clock, context, "staff.unlocked", member, {})
    return require(connection, username)


def set_password(connection: Connection, clock: Clock, context: Context, username: str, password_hash: str) -> StaffMember:
    """Another password; whoever was signed in with the old one is signed out, and a lock is lifted. Raises as :func:`require`."""
    member = require(connection, username)
    staff.set_password(connection, member.id, password_hash)
    sessions.end_all(connection, "staff", member.id)
    _tell(connection, clock, context, "staff.password", member, {})
    return require(connection, username)


def hashed(password: str) -> str:
    """What is kept of a password; takes tens of milliseconds, so call it before the transaction. Raises InvalidInput("password_form")."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD or not password.isprintable():
        raise InvalidInput("password_form", name="password", least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
    return passwords.hashed(password)


def check(database: Database, clock: Clock, context: Context, username: str, password: str) -> StaffMember:
    """The member of staff whose name and password these are.

    Raises NotAuthenticated: "name_or_password_wrong", which does not say which of the two; "password_locked" with the instant ``until``
    after passwords.TRIES wrong ones, whatever the password.
    """
    now = clock.now()
    with database.write() as connection:
        found = _claim(connection, clock, context, _folded(username), now)
    if not passwords.matches(found[1] if found else "", password) or found is None:
        raise NotAuthenticated("name_or_password_wrong")
    member, kept = found
    with database.write() as connection:
        again = staff.lock(connection, member.username)
        if again is None or again[1] != kept or again[0].disabled_at is not None:
            raise NotAuthenticated("name_or_password_wrong")
        staff.count(connection, member.id, 0, None)
    return member


def _claim(connection: Connection, clock: Clock, context: Context, username: str, now: datetime) -> tuple[StaffMember, str] | None:
    """Counts a try at the password; None where there is nobody to try it of."""
    found = staff.lock(connection, username)
    if found is None or not found[1] or found[0].disabled_at is not None:
        return None
    member = found[0]
    if member.locked_until is not None and member.locked_until > now:
        raise NotAuthenticated("password_locked", until=instant_text(member.locked_until))
    failures = member.failures + 1
    until = passwords.locked_until(failures, now)
    staff.count(connection, member.id, failures, until)
    if until is not None:
        _tell(connection, clock, context, "staff.locked", member, {"failures": failures})
    return found


def _username(told: str) -> str:
    """As it is kept. Raises InvalidInput("bad_username"): a card's number has no letters, and must not be taken for a name."""
    name = _folded(told)
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or any(map(str.isspace, name)) or not any(map(str.isalpha, name)):
        raise InvalidInput("bad_username", name="name", most=LONGEST_NAME)
    return name


def _folded(told: str) -> str:
    return unicodedata.normalize("NFKC", told).strip().casefold()


def _place(member: StaffMember | NewMember) -> tuple[str, frozenset[str], frozenset[str]]:
    return member.library, frozenset(member.branches), frozenset(member.roles)


def _told(member: StaffMember) -> dict[str, object]:
    return {"library": member.library or None, "branches": list(member.branches), "roles": list(member.roles)}


def _demand_place(connection: Connection, library: str, branches: tuple[str, ...], roles: tuple[str, ...]) -> None:
    unknown = [role for role in roles if role not in ROLES]
    if not roles:
        raise InvalidInput("role_needed", name="role")
    if unknown:
        raise InvalidInput("unknown_role", name="role", id="、".join(unknown), known=ROLES)
    if not library:
        if "network" not in roles or branches:
            raise InvalidInput("staff_without_library", name="library")
        return
    network.require_library(connection, library)
    for branch in branches:
        of = network.library_of_branch(connection, branch)
        if of is None:
            raise NotFound("unknown_branch", kind="branch", id=branch)
        if of != library:
            raise InvalidInput("branch_of_other_library", name="branch", id=branch, library=of)


def _tell(connection: Connection, clock: Clock, context: Context, kind: str, member: StaffMember, data: dict[str, object]) -> None:
    told = Event(kind, f"staff:{member.id}", member.library or None, data)
    events.append(connection, context, [told], instant_text(clock.now()))
