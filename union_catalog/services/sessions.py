"""Sessions: what somebody holds who has signed in, for a while. Of its secret only the sum is kept."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from union_catalog.clock import Clock, instant_text
from union_catalog.context import Context
from union_catalog.errors import NotAllowed, NotFound
from union_catalog.services.access import sum_of
from union_catalog.services.patrons.office import demand_desk
from union_catalog.storage import network, sessions
from union_catalog.storage.database import Database
from union_catalog.storage.sessions import SessionKind, StoredSession
from union_catalog.storage.staff import StaffMember

LASTS: dict[SessionKind, timedelta] = {"staff": timedelta(hours=12), "patron": timedelta(hours=2)}


def begin(connection: Connection, clock: Clock, secret: str, kind: SessionKind, subject: str, branch: str = "") -> datetime:
    """From now on ``secret``, which begins with access.SESSION_PREFIX and cannot be guessed, is known as somebody's. Answers until when."""
    now = clock.now()
    stored = StoredSession(kind, subject, branch, now + LASTS[kind])
    sessions.add(connection, sum_of(secret), stored, instant_text(now))
    return stored.expires_at


def desk_of(connection: Connection, member: StaffMember, branch: str) -> str:
    """The branch at which a member of staff works: the one named, else their only one, else "".

    Raises NotAllowed("other_desk") for one at which they do not work, unknown ones too.
    """
    if not branch:
        return member.branches[0] if len(member.branches) == 1 else ""
    library = network.library_of_branch(connection, branch)
    if library is None or member.library not in ("", library) or (member.branches and branch not in member.branches):
        raise NotAllowed("other_desk", right="desk", branch=branch)
    return branch


def stand_at(connection: Connection, context: Context, session: str, branch: str) -> None:
    """The member of staff whose session this is works at this branch from now on.

    Raises NotFound("unknown_branch"), NotAllowed("other_desk") for one at which they do not work.
    """
    library = network.library_of_branch(connection, branch)
    if library is None:
        raise NotFound("unknown_branch", kind="branch", id=branch)
    demand_desk(context, library, branch)
    sessions.stand_at(connection, session, branch)


def end(connection: Connection, session: str) -> bool:
    """Ends the session of which this is the sum; False where there was none."""
    return sessions.end(connection, session)


def end_all(connection: Connection, kind: SessionKind, subject: str) -> int:
    """Ends every session of somebody whose PIN was changed or who is no more, and says how many there were."""
    return sessions.end_all(connection, kind, subject)


def prune(database: Database, now: datetime) -> int:
    """Forgets sessions that have ended by themselves, and says how many."""
    with database.write() as connection:
        return sessions.remove_expired(connection, instant_text(now))
