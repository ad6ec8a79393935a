"""Where something is done and by whom, and what may be done there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from union_catalog.circulation.situation import Desk, OpenLoan
from union_catalog.clock import business_date
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotFound
from union_catalog.ids import BranchCode, LibraryCode
from union_catalog.services import policies
from union_catalog.services.patrons.office import Office, demand_desk
from union_catalog.storage import network
from union_catalog.storage.circulation.snapshot import Handled, Hours
from union_catalog.storage.circulation.writer import Moment

AHEAD = timedelta(minutes=2)  # clocks of machines differ by so much; it then happened now
BEHIND = timedelta(days=30)  # what a branch without a line hands in later than that is for a person to look at

_STILL_IN_TIME = timedelta(minutes=1)  # what was brought to the oldest moment that is taken must not be too old a moment later


def in_time(told: datetime, now: datetime) -> datetime:
    """When something happened, or the oldest moment that a desk can still put on record."""
    return max(told, now - BEHIND + _STILL_IN_TIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A desk of ``branch``. ``rights`` are the roles of whoever stands there; ``occurred_at``: when it happened, None for now.

    ``happened``: the item has changed hands already, so nothing is refused.
    """

    office: Office
    context: Context
    branch: BranchCode
    rights: frozenset[str] = frozenset()
    occurred_at: datetime | None = None
    happened: bool = False

    def moment(self) -> Moment:
        """Raises InvalidInput: occurred_in_future, occurred_too_long_ago."""
        now = self.office.now()
        at = self.occurred_at or now
        if at > now + AHEAD:
            raise InvalidInput("occurred_in_future", name="occurred_at")
        if at < now - BEHIND:
            raise InvalidInput("occurred_too_long_ago", name="occurred_at", days=BEHIND.days)
        return Moment(branch=self.branch, actor=str(self.context.actor), occurred_at=min(at, now), now=now)

    def demand_here(self, library: str) -> None:
        """Raises NotAllowed("other_desk") where the actor does not belong to this branch; ``library`` is the branch's."""
        demand_desk(self.context, library, self.branch)

    def find_library(self, connection: Connection) -> LibraryCode:
        """Whose branch it is, where no item says so. Raises NotFound("unknown_branch") and as :meth:`demand_here`."""
        library = network.library_of_branch(connection, self.branch)
        if library is None:
            raise NotFound("unknown_branch", kind="branch", id=self.branch)
        self.demand_here(library)
        return LibraryCode(library)

    def desk(self, connection: Connection, handled: Handled, moment: Moment, hours: Hours, loans: Iterable[OpenLoan] = ()) -> Desk:
        """The desk as decisions see it. ``hours``: further calendars than the item's; ``loans``: further loans whose terms count."""
        item = handled.item
        known = [loan for loan in (item.loan, item.lost_loan, *loans) if loan is not None]
        versions = {loan.policy_version: policies.by_version(connection, loan.policy_version) for loan in known}
        return Desk(
            branch=self.branch,
            library=handled.desk_library,
            now=moment.occurred_at,
            today=business_date(moment.occurred_at, self.office.timezone),
            policies=policies.by_version(connection, handled.policy_version),
            hours={**hours, **handled.hours},
            versions=versions,
            rights=self.rights,
        )
