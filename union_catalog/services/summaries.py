"""From stored union records to the rows of a result list: two queries for a whole page, both live."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from union_catalog.bibliographic.record import BibliographicRecord, Publication, Title
from union_catalog.matching.merging import MergedRecord
from union_catalog.search.engine import Filters
from union_catalog.services.searching.choosing import is_chosen
from union_catalog.services.views import BranchCount, LibraryCount, RecordSummary
from union_catalog.storage import items, reads
from union_catalog.storage.items import BranchHolding
from union_catalog.storage.reads import UnionRow
from union_catalog.storage.values import unpack

Names = Mapping[str, tuple[str, str]]
"""code → (Chinese name, other-language name)"""
ANYWHERE = Filters()
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NetworkNames:
    """What libraries and branches are called, and whose each branch is."""

    libraries: Names
    branches: Names
    library_of: Mapping[str, str]


def network_names(connection: Connection) -> NetworkNames:
    """Read once a request: a network has thousands of branches at most."""
    libraries, branches = reads.names(connection)
    return NetworkNames(_named(libraries), _named(branches), {row.code: row.library for row in branches})


def _named(rows: Iterable[Any]) -> Names:
    return {row.code: (row.name, row.name_en or row.name) for row in rows}


def summaries(connection: Connection, ids: Sequence[str], names: NetworkNames, chosen: Filters = ANYWHERE) -> list[RecordSummary]:
    """Of the live ones among ``ids``, in their order. One that has gone since the index was asked is left out.

    Their status and place are those of the chosen libraries and branches, where anything is known of what is held there.
    """
    return [shown for shown, _ in described(connection, ids, names, chosen)]


def described(
    connection: Connection, ids: Sequence[str], names: NetworkNames, chosen: Filters = ANYWHERE
) -> list[tuple[RecordSummary, bytes]]:
    """The same, each with the packed MergedRecord that it sums up."""
    rows = reads.unions(connection, ids)
    held = items.holdings(connection, ids)
    live = [rows[union_id] for union_id in ids if union_id in rows and rows[union_id].state == "live"]
    return [(summary(row, held.get(row.id, ()), names, chosen), row.merged_z) for row in live]


def summary(row: UnionRow, held: Sequence[BranchHolding], names: NetworkNames, chosen: Filters = ANYWHERE) -> RecordSummary:
    """What a record says, kept from the last time; and what is held of it now."""
    status, branch = _best([holding for holding in held if is_chosen(chosen, holding.library, holding.branch)])
    if status == UNKNOWN:
        status, branch = _best(held)
    return replace(
        _described(row.merged_z),
        union_id=row.id,
        work_id=row.work_id or "",
        libraries=_libraries(held, names),
        branches=_branches(held, names),
        online=sum([h.online for h in held]),
        library_use=sum([h.library_use for h in held]),
        best_status=status,
        best_branch=branch,
    )


@lru_cache(maxsize=4096)  # some two kilobytes each
def _described(merged_z: bytes) -> RecordSummary:
    """What a packed MergedRecord says by itself; of nobody's holdings. Kept by its bytes, so that it can never be that of another state."""
    record = unpack(merged_z, MergedRecord).record
    title = record.title_proper or Title(kind="proper", text="")
    imprint = _imprint(record)
    return RecordSummary(
        title=title.text,
        remainder=title.remainder,
        volume=" ".join(part for part in (title.volume_number, title.volume_title) if part),
        title_language=title.lang,
        responsibility=_responsibility(record),
        author=next((agent.name for agent in record.agents), ""),
        publisher=next(iter(imprint.publishers), ""),
        year=record.year,
        edition=next((edition.text for edition in record.editions), ""),
        extent=next((extent.text for extent in record.extents), ""),
        format=record.format,
        language=next(iter(record.languages), ""),
        clc=next((c.number for c in record.classifications if c.scheme == "clc"), ""),
        isbn=tuple(i.value for i in record.identifiers if i.scheme == "isbn" and i.valid),
    )


def _imprint(record: BibliographicRecord) -> Publication:
    named = [publication for publication in record.publications if publication.publishers]
    first = next((p for p in named if p.kind == "publication"), None)
    return first or next(iter(named), Publication())


def _responsibility(record: BibliographicRecord) -> str:
    if record.responsibility:
        return record.responsibility[0].text
    return "; ".join(agent.name for agent in record.agents)


def _libraries(held: Iterable[BranchHolding], names: NetworkNames) -> tuple[LibraryCount, ...]:
    counts: dict[str, list[int]] = {}
    for holding in held:
        count = counts.setdefault(holding.library, [0, 0])
        count[0] += holding.items
        count[1] += holding.available
    return tuple(
        LibraryCount(code, *names.libraries.get(code, (code, code)), items_held, available)
        for code, (items_held, available) in counts.items()
    )


def _branches(held: Iterable[BranchHolding], names: NetworkNames) -> tuple[BranchCount, ...]:
    return tuple(
        BranchCount(h.branch, *names.branches.get(h.branch, (h.branch, h.branch)), h.library, h.items, h.available)
        for h in held
        if h.items and h.branch
    )


def _best(held: Sequence[BranchHolding]) -> tuple[str, str]:
    """One status, never a list: to be borrowed, coming back, in the library only, online, else not to be had now."""
    for status, field in _STATUSES:
        count = attrgetter(field)
        found = max(held, key=count, default=None)
        if found is not None and count(found):
            return status, "" if status == "online" else found.branch
    return UNKNOWN, ""


_STATUSES = (("available", "available"), ("on_loan", "in_circulation"), ("library_use", "library_use"), ("online", "online"))
