"""What whoever stands at a desk sees beside the last answer: the reader who is served, what was done before, and what a receipt says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from union_catalog.context import Context
from union_catalog.errors import Datum, NotFound
from union_catalog.ids import ItemId, PatronId
from union_catalog.patrons.model import Patron
from union_catalog.services import blocks, policies
from union_catalog.services.circulation.deeds import facts
from union_catalog.services.patrons import lookup
from union_catalog.services.patrons import office as readers
from union_catalog.services.patrons.office import Office, demand_desk
from union_catalog.services.titles import ItemTitle, titles_of
from union_catalog.storage import credentials, desk_sessions, network
from union_catalog.storage.circulation import actions, loans, shelves
from union_catalog.storage.circulation.actions import Action
from union_catalog.storage.desk_sessions import DeskSession

LOGGED = 20
_LASTING = ("check_out", "renewal")  # what a reader takes a receipt of


@dataclass(frozen=True, slots=True)
class KeptItem:
    """``until`` is the last day on which it is kept, None where none was set."""

    title: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderAtDesk:
    """No name: ``last_four`` of the present card is what is compared. ``left`` is how many more may be lent in the whole network.

    ``blocks`` are all that stand in the way, as ``deeds.facts`` has them; ``kept`` lies on the shelf of this branch.
    """

    patron: Patron
    last_four: str
    lent: int
    left: int
    blocks: tuple[Mapping[str, Datum], ...]
    kept: tuple[KeptItem, ...]


@dataclass(frozen=True, slots=True)
class Logged:
    """``title`` of an item that the catalogue knows."""

    action: Action
    title: ItemTitle | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a reader takes home: each item with the day on which it is due, as it stands now."""

    branch: str
    last_four: str
    lines: tuple[tuple[ItemTitle, date], ...]


def reader_at_desk(connection: Connection, office: Office, session_id: str, branch: str) -> ReaderAtDesk:
    """Raises as ``lookup.by_session``."""
    session = lookup.by_session(connection, office, session_id, branch)
    patron = readers.require(connection, session.patron)
    lent = len(loans.open_of(connection, patron.id))
    kept = shelves.kept_for(connection, patron.id, branch)
    titles = titles_of(connection, [one.item for one in kept])
    allowed = policies.table(connection).allowance(patron.category, patron.credit)
    return ReaderAtDesk(
        patron=patron,
        last_four=last_four(connection, patron.id),
        lent=lent,
        left=max(allowed - lent, 0),
        blocks=facts(connection, blocks.standing_of(connection, office, patron.id)),
        kept=tuple(KeptItem(titles[one.item].title if one.item in titles else "", one.until) for one in kept),
    )


def last_four(connection: Connection, patron: PatronId) -> str:
    """Of the card that the reader has now, ours before another's; "" for a reader who is known by a hash alone."""
    cards = [one for one in credentials.of(connection, patron) if one.state == "valid" and one.kind != "social"]
    best = sorted(cards, key=lambda one: one.kind != "card")
    return best[0].number[-4:] if best else ""


def log(connection: Connection, branch: str, actor: str) -> tuple[Logged, ...]:
    """What somebody did last at a branch, the latest first, LOGGED at most."""
    done = actions.latest(connection, branch, actor, LOGGED)
    titles = titles_of(connection, _items(done))
    return tuple(Logged(one, titles.get(ItemId(one.item)) if one.item else None) for one in done)


def receipt(connection: Connection, context: Context, session_id: str) -> Receipt:
    """Of everything that was lent and renewed since the reader stepped up to the desk.

    Raises NotFound("unknown_session"), NotAllowed("other_desk").
    """
    session = desk_sessions.find(connection, session_id)
    if session is None:
        raise NotFound("unknown_session", kind="session", id="")
    demand_desk(context, network.library_of_branch(connection, session.branch) or "", session.branch)
    done = _lasting(connection, session)
    due = loans.due_dates(connection, done)
    titles = titles_of(connection, done)
    lines = tuple((titles[item], due[item]) for item in done if item in due and item in titles)
    return Receipt(branch=session.branch, last_four=last_four(connection, session.patron), lines=lines)


def _lasting(connection: Connection, session: DeskSession) -> list[ItemId]:
    done = actions.with_reader(connection, session.branch, session.patron, session.created_at)
    return list(dict.fromkeys(_items(one for one in done if one.action in _LASTING)))


def _items(done: Iterable[Action]) -> list[ItemId]:
    return [ItemId(one.item) for one in done if one.item]
