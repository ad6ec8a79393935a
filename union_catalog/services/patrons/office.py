"""What use cases on readers need of the installation, and whose desk may do what with which reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from union_catalog.clock import Clock, business_date, instant_text
from union_catalog.context import Context
from union_catalog.errors import NotAllowed, NotFound, Refused
from union_catalog.ids import PatronId
from union_catalog.patrons.keys import PersonKeys
from union_catalog.patrons.model import Patron
from union_catalog.services import notices
from union_catalog.storage import events, patrons
from union_catalog.storage.events import Event

_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Office:
    """``timezone`` is that of the network's calendar."""

    clock: Clock
    keys: PersonKeys
    timezone: ZoneInfo

    def now(self) -> datetime:
        """The present instant."""
        return self.clock.now()

    def today(self) -> date:
        """The present day of the network's calendar."""
        return business_date(self.clock.now(), self.timezone)


def is_at_home(context: Context, patron: Patron) -> bool:
    """Whether who acts may see what tells who the reader is: the reader, the home library's staff, and the network's."""
    if context.actor.kind == "patron":
        return context.actor.id == patron.id
    return context.actor.kind != "public" and context.library in ("", patron.library)


def demand_home(context: Context, patron: Patron) -> None:
    """Raises NotAllowed("other_librarys_patron") for whoever is not at home with this reader."""
    if not is_at_home(context, patron):
        raise NotAllowed("other_librarys_patron", right="patrons", library=patron.library)


def demand_desk(context: Context, library: str, branch: str) -> None:
    """Raises NotAllowed("other_desk") for whoever does not work at this branch of this library."""
    if context.library not in ("", library) or (context.branches and branch not in context.branches):
        raise NotAllowed("other_desk", right="desk", library=library, branch=branch)


def require(connection: Connection, patron_id: str) -> Patron:
    """The reader as it stands, merged ones too. Raises NotFound("unknown_patron"), for an erased one as well."""
    found = patrons.find(connection, patron_id)
    if found is None or found.state == "erased":
        raise NotFound("unknown_patron", kind="patron", id=patron_id)
    return found


def lock(connection: Connection, patron_id: str) -> Patron:
    """The reader, whom nobody else changes until the transaction ends.

    Raises NotFound("unknown_patron"), and Refused("patron_merged") with ``target`` for one that is part of another now.
    """
    found = patrons.lock(connection, [patron_id]).get(PatronId(patron_id))
    if found is None or found.state == "erased":
        raise NotFound("unknown_patron", kind="patron", id=patron_id)
    if found.merged_into is not None:
        raise Refused("patron_merged", id=patron_id, target=found.merged_into)
    return found


def tell(
    connection: Connection, office: Office, context: Context, kind: str, patron: Patron, data: Mapping[str, object] = _NOTHING
) -> None:
    """Writes one event of a reader into the journal: ids and codes only."""
    told = Event(kind, f"patron:{patron.id}", patron.library, dict(data))
    events.append(connection, context, [told], instant_text(office.now()))


def write(connection: Connection, office: Office, patron: Patron, kind: str) -> None:
    """Lets the reader hear of what was just done to card or PIN: it may have been somebody else."""
    notices.enqueue(connection, office.clock, patron.id, kind, f"{patron.id}:{instant_text(office.now())}", {})
