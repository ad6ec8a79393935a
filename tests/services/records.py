"""Small records for tests of the services: what a member's export could say, in one line."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from union_catalog.bibliographic.record import Agent, BibliographicRecord, Identifier, Publication, Text, Title
from union_catalog.holdings.model import ReportedItem
from union_catalog.services.prepared import Arrival
from union_catalog.storage.database import Database

P = ParamSpec("P")
R = TypeVar("R")


def done(database: Database, use_case: Callable[Concatenate[Connection, P], R], *told: P.args, **named: P.kwargs) -> R:
    """A use case in a transaction of its own."""
    with database.write() as connection:
        return use_case(connection, *told, **named)


def book(
    record_id: str,
    title: str = "红楼梦",
    *,
    author: str = "曹雪芹",
    publisher: str = "人民文学出版社",
    year: int = 2008,
    isbn: str = "",
    items: Sequence[ReportedItem] = (),
    version: str = "20260601000000.0",
    deleted: bool = False,
) -> Arrival:
    """A printed book; the digest follows from everything that is said of it."""
    record = BibliographicRecord(
        titles=(Title(kind="proper", text=title, source="200$a"),),
        agents=(Agent(name=author, roles=("author",), primary=True, source="200$f"),),
        responsibility=(Text(text=f"{author}著", source="200$f"),),
        publications=(Publication(publishers=(publisher,), date=str(year), year=year, source="210$cd"),),
        identifiers=(Identifier(scheme="isbn", value=isbn, source="010$a"),) if isbn else (),
        languages=("chi",),
    )
    raw = repr((record_id, record, tuple(items), deleted)).encode()
    digest = hashlib.sha256(raw).hexdigest()
    return Arrival(record_id, version, digest, deleted, raw, record, tuple(items))


def item(barcode: str, branch: str = "MAIN", *, status: str = "available", lending: str = "loan") -> ReportedItem:
    """One item as an export reports it."""
    return ReportedItem(barcode=barcode, branch_code=branch, status=status, lending=lending)  # type: ignore[arg-type]  # words of a test
