"""A book without a record that somebody wants to borrow: the least that can be said of it, so that it can be lent now."""

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Literal

import msgspec
from sqlalchemy import Connection

from union_catalog.bibliographic.record import Agent, BibliographicRecord, Identifier, Text, Title
from union_catalog.circulation.cases import ItemCase
from union_catalog.circulation.plan import Plan
from union_catalog.errors import InvalidInput, Refused
from union_catalog.holdings.model import ReportedItem
from union_catalog.holdings.prices import fen_of
from union_catalog.identifiers import parse_isbn
from union_catalog.ids import ItemId, new_id
from union_catalog.services.circulation.deeds import About, Deed, do
from union_catalog.services.circulation.scanning import new_label
from union_catalog.services.circulation.station import Station
from union_catalog.services.ingest.batch import take_one
from union_catalog.services.prepared import Arrival, prepare
from union_catalog.storage import sources
from union_catalog.storage.circulation import barcodes, resolving
from union_catalog.storage.loads import LoadState

FEED_DESK = "desk"
FORMAT = "desk"
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickItem:
    """``lending`` "loan" or "library_use". Its branch is the desk's, its library the branch's, and ``library`` that again, or empty.

    Its library's next export may bring the whole record.
    """

    barcode: str
    title: str
    author: str = ""
    isbn: str = ""
    item_type: str = "book"
    lending: Literal["loan", "library_use"] = "loan"
    price: str = ""
    call_number: str = ""
    library: str = ""


def add_quick_item(connection: Connection, station: Station, quick: QuickItem, key_limit: int) -> Deed:
    """Makes a record and an item of the desk's library. It is matched with the catalogue as any other record.

    Raises Refused("barcode_taken"), InvalidInput for a missing title, a wrong ISBN, a price that is none, another library and as
    ``scanning.new_label``, NotAllowed("other_desk"), NotFound("unknown_branch"), and Busy while the matching is not ready to be changed.
    """
    library = station.find_library(connection)
    if quick.library not in ("", library):
        raise InvalidInput("branch_of_other_library", name="library", id=station.branch, library=library)
    moment = station.moment()
    barcode = new_label(connection, station.office, quick.barcode)
    if barcodes.is_taken(connection, library, barcode):
        raise Refused("barcode_taken", case=ItemCase.BARCODE_TAKEN, barcode=barcode)
    arrival = _arrival(quick, barcode, station.branch)
    state = LoadState(
        id=new_id(),
        library=library,
        feed_id=sources.feed_id(connection, library, FEED_DESK),
        file="",
        file_sha256="",
        format=FORMAT,
        encoding="utf-8",
        is_full=False,
    )
    take_one(connection, station.office.clock, station.context, state, prepare(library, arrival), key_limit)
    made = next(one for one in resolving.candidates(connection, barcode) if one.library == library)
    about = About(action="quick_item", command_id=station.context.command_id, item=ItemId(made.id), barcode=barcode)
    return do(connection, Plan(case=ItemCase.QUICK, told={"library": library, "barcode": barcode}), moment, about)


def _arrival(quick: QuickItem, barcode: str, branch: str) -> Arrival:
    record = _record(quick)
    item = ReportedItem(
        barcode=barcode,
        branch_code=branch,
        call_number=_plain(quick.call_number),
        item_type=quick.item_type,
        lending=quick.lending,
        price=_price(quick.price),
    )
    raw = msgspec.json.encode((record, (item,)))
    return Arrival(f"desk-{new_id()}", "", hashlib.sha256(raw).hexdigest(), deleted=False, raw=raw, record=record, items=(item,))


def _record(quick: QuickItem) -> BibliographicRecord:
    title, author = _plain(quick.title), _plain(quick.author)
    if not 0 < len(title) <= LONGEST_TITLE:
        raise InvalidInput("quick_title", name="title", most=LONGEST_TITLE)
    return BibliographicRecord(
        titles=(Title(kind="proper", text=title, source="title"),),
        agents=(Agent(name=author, roles=("author",), primary=True, source="author"),) if author else (),
        responsibility=(Text(text=author, source="author"),) if author else (),
        identifiers=_isbn(quick.isbn),
    )


def _isbn(told: str) -> tuple[Identifier, ...]:
    if not told.strip():
        return ()
    read = parse_isbn(told)
    if not read.valid:
        raise InvalidInput("quick_isbn", name="isbn", value=told[:40])
    return (Identifier(scheme="isbn", value=read.value, raw=told.strip(), source="isbn"),)


def _price(told: str) -> str:
    """As it was typed. One by which nobody could tell what a loss costs is refused while the book is at hand."""
    plain = _plain(told)
    if plain and fen_of(plain) is None:
        raise InvalidInput("quick_price", name="price", value=plain[:40])
    return plain


def _plain(told: str) -> str:
    return " ".join(unicodedata.normalize("NFC", told).split())
