"""The network in the database, and the codes by which exports name branches."""

from collections import defaultdict
from collections.abc import Collection
from itertools import chain, count

import msgspec
from sqlalchemy import ColumnElement, Connection, FromClause, and_, delete, func, insert, or_, select, update

from union_catalog.errors import NotFound
from union_catalog.network.couriers import Route, Stop
from union_catalog.network.floating import GROUP, LIBRARY
from union_catalog.network.hours import OpeningHours
from union_catalog.network.model import Branch, Change, Library, Network, Region
from union_catalog.storage.events import Event
from union_catalog.storage.tables import branch, branch_local_code, courier_route, item, library, region, source_record


def read(connection: Connection) -> Network:
    """All of it, each kind ordered by code."""
    local: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(select(branch_local_code).order_by(branch_local_code.c.local_code)):
        local[row.branch].append(row.local_code)
    library_columns = [library.c[name] for name in Library.__dataclass_fields__]
    branch_columns = [branch.c[name] for name in Branch.__dataclass_fields__ if name != "local_codes"]
    return Network(
        tuple(Region(**row) for row in connection.execute(select(region).order_by(region.c.code)).mappings()),
        tuple(Library(**row) for row in connection.execute(select(*library_columns).order_by(library.c.code)).mappings()),
        tuple(
            Branch(**{**row, "local_codes": tuple(local.get(row["code"], ())), **_unpacked(row["offers"], row["hours"])})
            for row in connection.execute(select(*branch_columns).order_by(branch.c.code)).mappings()
        ),
        routes(connection),
    )


def routes(connection: Connection) -> tuple[Route, ...]:
    """Every courier route, by code."""
    rows = connection.execute(select(courier_route).order_by(courier_route.c.code))
    return tuple(
        Route(
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            weekdays=tuple(row.weekdays.split()),
            stops=msgspec.json.decode(row.stops, type=tuple[Stop, ...]),
        )
        for row in rows
    )


def write(connection: Connection, network: Network, changes: Collection[Change]) -> set[int]:
    """Carries the changes out, taking the new values from ``network``. Answers the source records whose items lie elsewhere now."""
    moved: set[int] = set()
    actions = {(change.kind, change.code): change.action for change in changes}
    for kind, table, entries in (
        ("region", region, network.regions),
        ("library", library, network.libraries),
        ("branch", branch, network.branches),
        ("route", courier_route, network.routes),
    ):
        for entry in entries:
            action = actions.get((kind, entry.code))
            if action is None:
                continue
            statement = insert(table) if action == "add" else update(table).where(table.c.code == entry.code)
            connection.execute(statement.values(_values(entry)))
            if isinstance(entry, Branch):
                moved |= _take_over_found(connection, entry)
                _write_local_codes(connection, entry)
    return moved


def _values(entry: Region | Library | Branch | Route) -> dict[str, object]:
    """The columns of its row. A branch of which no hours are told keeps those it has."""
    values = {name: getattr(entry, name) for name in entry.__dataclass_fields__ if name not in ("local_codes", "hours")}
    if isinstance(entry, Branch):
        values |= {"provisional": False, "offers": " ".join(entry.offers)}
        values |= {} if entry.hours is None else {"hours": _pack_hours(entry.hours)}
    if isinstance(entry, Route):
        values |= {"weekdays": " ".join(entry.weekdays), "stops": msgspec.json.encode(entry.stops).decode()}
    return values


def calendar(connection: Connection, branch_code: str, *, locked: bool = False) -> tuple[str, OpeningHours | None]:
    """The library of a branch and its calendar, ``locked`` until the transaction ends. Raises NotFound("unknown_branch")."""
    statement = select(branch.c.library, branch.c.hours).where(branch.c.code == branch_code)
    row = connection.execute(statement.with_for_update() if locked else statement).first()
    if row is None:
        raise NotFound("unknown_branch", kind="branch", id=branch_code)
    return row.library, unpack_hours(row.hours)


def set_calendar(connection: Connection, branch_code: str, hours: OpeningHours) -> None:
    """From this transaction's end on due dates, pages and answers go by it."""
    connection.execute(update(branch).where(branch.c.code == branch_code).values(hours=_pack_hours(hours)))


def floats(of: FromClause, at: FromClause) -> ColumnElement[bool]:
    """Whether items of the library ``of`` stay where they are when they are returned at a branch of the library ``at``."""
    within = and_(of.c.floating == LIBRARY, of.c.code == at.c.code)
    return or_(within, and_(of.c.floating.startswith(GROUP, autoescape=True), of.c.floating == at.c.floating))


def unpack_hours(stored: str) -> OpeningHours | None:
    """The hours of a branch from their column."""
    return msgspec.json.decode(stored, type=OpeningHours) if stored else None


def unpack_offers(stored: str) -> tuple[str, ...]:
    """What a branch offers from its column."""
    return tuple(stored.split())


def _pack_hours(hours: OpeningHours) -> str:
    return msgspec.json.encode(hours).decode()


def _unpacked(offers: str, hours: str) -> dict[str, object]:
    return {"offers": unpack_offers(offers), "hours": unpack_hours(hours)}


def _take_over_found(connection: Connection, entry: Branch) -> set[int]:
    """A provisional branch that an export made for a local code gives its items to the branch which the network file says it is."""
    meant = branch_local_code.c.local_code.in_(entry.local_codes)
    by_code = select(branch_local_code.c.branch).where(branch_local_code.c.library == entry.library, meant)
    found = select(branch.c.code).where(branch.c.library == entry.library, branch.c.provisional, branch.c.code != entry.code)
    codes = list(connection.execute(found.where(or_(branch.c.code.in_(entry.local_codes), branch.c.code.in_(by_code)))).scalars())
    if not codes:
        return set()
    moved = set(connection.execute(select(item.c.source_id).where(item.c.branch.in_(codes)).distinct()).scalars())
    connection.execute(update(item).where(item.c.branch.in_(codes)).values(branch=entry.code))
    connection.execute(delete(branch_local_code).where(branch_local_code.c.branch.in_(codes)))
    connection.execute(delete(branch).where(branch.c.code.in_(codes)))
    return moved


def _write_local_codes(connection: Connection, entry: Branch) -> None:
    connection.execute(delete(branch_local_code).where(branch_local_code.c.branch == entry.code))
    taken_over = (branch_local_code.c.library == entry.library, branch_local_code.c.local_code.in_(entry.local_codes))
    connection.execute(delete(branch_local_code).where(*taken_over))
    rows = [{"library": entry.library, "local_code": code, "branch": entry.code} for code in entry.local_codes]
    if rows:
        connection.execute(insert(branch_local_code), rows)


def add_library(connection: Connection, entry: Library) -> bool:
    """True if it was not there; one that is there stays as it is."""
    if connection.execute(select(library.c.code).where(library.c.code == entry.code)).first():
        return False
    connection.execute(insert(library).values(code=entry.code, name=entry.name, circulation=entry.circulation))
    return True


def require_library(connection: Connection, code: str) -> None:
    """Raises NotFound("unknown_library") naming those there are."""
    known = list(connection.execute(select(library.c.code).order_by(library.c.code)).scalars())
    if code not in known:
        raise NotFound("unknown_library", kind="library", id=code, known=tuple(known))


def branch_name(connection: Connection, code: str) -> tuple[str, str]:
    """Its name, and its name in English ("" where there is none). Raises NotFound("unknown_branch")."""
    row = connection.execute(select(branch.c.name, branch.c.name_en).where(branch.c.code == code)).first()
    if row is None:
        raise NotFound("unknown_branch", kind="branch", id=code)
    return row.name, row.name_en


def library_names(connection: Connection) -> dict[str, tuple[str, str]]:
    """Code → name, and name in English ("" where there is none)."""
    return {row.code: (row.name, row.name_en) for row in connection.execute(select(library.c.code, library.c.name, library.c.name_en))}


def library_of_branch(connection: Connection, code: str) -> str | None:
    """Whose branch it is; None where there is none of this code."""
    return connection.execute(select(branch.c.library).where(branch.c.code == code)).scalar()


def counts(connection: Connection) -> dict[str, tuple[int, int]]:
    """By library: live records, items that are not withdrawn."""
    records = select(source_record.c.library, func.count()).where(source_record.c.deleted_at.is_(None)).group_by(source_record.c.library)
    items = select(item.c.library, func.count()).where(item.c.withdrawn_at.is_(None)).group_by(item.c.library)
    held = {row[0]: row[1] for row in connection.execute(items)}
    described = {row[0]: row[1] for row in connection.execute(records)}
    return {code: (described.get(code, 0), held.get(code, 0)) for code in described.keys() | held.keys()}


def provisional(connection: Connection, library_code: str) -> list[str]:
    """Codes of the library's branches that exports have named and no network file has described yet."""
    statement = select(branch.c.code).where(branch.c.library == library_code, branch.c.provisional).order_by(branch.c.code)
    return list(connection.execute(statement).scalars())


class BranchDirectory:
    """The branches of one library by every code an export may use for them. Read once a transaction."""

    def __init__(self, connection: Connection, library_code: str) -> None:
        self.connection = connection
        self.library = library_code
        own = select(branch.c.code, branch.c.code).where(branch.c.library == library_code)
        local = select(branch_local_code.c.local_code, branch_local_code.c.branch).where(branch_local_code.c.library == library_code)
        self.codes: dict[str, str] = {row[0]: row[1] for row in connection.execute(own)}
        self.codes |= {row[0]: row[1] for row in connection.execute(local)}

    def code(self, local_code: str) -> str | None:
        """The branch that the export means, None where it names none; ``add_unknown`` must have seen the code."""
        return self.codes[local_code.strip()] if local_code.strip() else None

    def add_unknown(self, local_codes: Collection[str]) -> list[Event]:
        """Makes a provisional branch, with its code as its name, for each code that nobody has described yet, and says so."""
        found = []
        for local_code in sorted({code.strip() for code in local_codes} - self.codes.keys() - {""}):
            code = self._free_code(local_code)
            values = {"code": code, "library": self.library, "name": local_code, "provisional": True}
            self.connection.execute(insert(branch).values(values))
            if code != local_code:
                row = {"library": self.library, "local_code": local_code, "branch": code}
                self.connection.execute(insert(branch_local_code).values(row))
            self.codes[local_code] = code
            found.append(Event("branch.found", f"branch:{code}", self.library, {"local_code": local_code}))
        return found

    def _free_code(self, local_code: str) -> str:
        """Codes are unique in the network; two libraries may well use the same one, and long ones may begin alike."""
        wanted = (local_code[:40], f"{self.library}-{local_code}"[:40])
        numbered = (f"{local_code[:34]}-{number}" for number in count(2))
        return next(code for code in chain(wanted, numbered) if not self._is_taken(code))

    def _is_taken(self, code: str) -> bool:
        return self.connection.execute(select(branch.c.code).where(branch.c.code == code)).first() is not None
