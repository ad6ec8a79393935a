"""A small real catalogue for tests of the web: two libraries' records taken in, matched, merged,
indexed and served.

Titles, names, publishers and ISBNs are facts; holdings are examples.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from indexers.embedded.engine import EmbeddedEngine
from indexers.relay import Relay
from union_catalog.bibliographic.record import (
    Agent,
    BibliographicRecord,
    Classification,
    Identifier,
    Publication,
    Subject,
    Text,
    Title,
)
from union_catalog.clock import SystemClock
from union_catalog.context import command_line
from union_catalog.holdings.model import ReportedItem
from union_catalog.matching.keys import KEY_LIMIT
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.index_feed import IndexFeed
from union_catalog.services.ingest.batch import Batch
from union_catalog.services.loads import LoadRequest, finish, loading
from union_catalog.services.network import apply_network
from union_catalog.services.prepared import Arrival, Prepared, prepare
from union_catalog.storage.database import Database

NETWORK = """
[[regions]]
code = "310114"
name = "上海市嘉定区"
name_en = "Jiading, Shanghai"

[[libraries]]
code = "JD"
name = "嘉定区图书馆"
name_en = "Jiading Library"
region = "310114"

[[libraries]]
code = "JX"
name = "嘉兴市图书馆"

[[branches]]
code = "JD-1"
library = "JD"
name = "菊园我嘉书房"
name_en = "Juyuan Wojia Study"
kind = "wojia_study"
lat = 31.395
lng = 121.24
local_codes = ["JY"]
telephone = "021-00000000"
transport = "地铁11号线嘉定北站"
transport_en = "Line 11, Jiading North"
offers = ["return_box"]
hours = { mon = [], tue-sun = ["9:00-11:30", "13:00-20:30"] }
exceptions = [{ date = 2027-02-06, until = 2027-02-08, note = "春节闭馆", note_en = "Spring Festival" }]
"""
CLOCK = SystemClock()


def record(title: str, author: str, publisher: str, year: int, isbn: str, *, clc: str = "I242.4", **more: object) -> BibliographicRecord:
    """A plain book."""
    book = BibliographicRecord(
        titles=(Title(kind="proper", text=title, source="200$a"),),
        agents=(Agent(name=author, roles=("author",), primary=True, source="701$a"),),
        responsibility=(Text(text=f"{author}著", source="200$f"),),
        publications=(Publication(places=("北京",), publishers=(publisher,), date=str(year), year=year, source="210"),),
        identifiers=(Identifier(scheme="isbn", value=isbn, source="010$a"),) if isbn else (),
        languages=("chi",),
        classifications=(Classification(scheme="clc", number=clc, source="690$a"),),
        subjects=(Subject(heading="章回小说", subdivisions=("中国", "清代"), source="606"),),
        extents=(Text(text="3册", source="215$a"),),
    )
    return msgspec.structs.replace(book, **more)


DREAM = record("红楼梦", "曹雪芹", "人民文学出版社", 1982, "9787020002207")
DREAM_TRADITIONAL = record("紅樓夢", "曹雪芹", "人民文學出版社", 1982, "9787020002207")
FORTRESS = record("围城", "钱钟书", "人民文学出版社", 1991, "9787020024759", clc="I246.5")
LISTENING = record("红楼梦", "曹雪芹", "", 2019, "", format="audio")
HOLDINGS: dict[str, dict[str, tuple[BibliographicRecord, tuple[tuple[str, str, str], ...]]]] = {
    "JD": {
        "JD1": (DREAM, (("JY", "b1", "available"), ("JY", "b2", "on_loan"))),
        "JD2": (FORTRESS, (("JY", "b3", "available"),)),
        "JD3": (LISTENING, ()),
    },
    "JX": {"JX1": (DREAM_TRADITIONAL, (("ZG", "b1", "available"),))},
}


def arrival(record_id: str, described: BibliographicRecord, held: Sequence[tuple[str, str, str]]) -> Arrival:
    """The record as a reader of files hands it on."""
    items = tuple(
        ReportedItem(barcode=barcode, branch_code=branch, call_number="I242.4/5542", status=status)  # type: ignore[arg-type]  # words of the list
        for branch, barcode, status in held
    )
    raw = msgspec.json.encode((described, items))
    digest = hashlib.sha256(raw).hexdigest()
    return Arrival(record_id, "", digest, deleted=False, raw=raw, record=described, items=items)


def take_in(database: Database, library: str, prepared: Sequence[Prepared]) -> None:
    """One load of one batch."""
    request = LoadRequest(
        library=library,
        file="test",
        sha256=hashlib.sha256(library.encode()).hexdigest(),
        format="test",
        encoding="utf-8",
    )
    with loading(database, CLOCK, command_line(CLOCK), request, KEY_LIMIT) as load:
        state = load.ingest.take(load.state, Batch(prepared, range(len(prepared))), 0.0)
        finish(database, CLOCK, command_line(CLOCK), load, state, request)


def fill(database: Database, index: Path) -> Catalogue:
    """The catalogue of ``HOLDINGS``, indexed in ``index``."""
    apply_network(database, CLOCK, command_line(CLOCK), NETWORK, lambda _: True)
    for library, records in HOLDINGS.items():
        take_in(database, library, [prepare(library, arrival(key, *told)) for key, told in records.items()])
    engine = EmbeddedEngine(index)
    engine.create()
    Relay(IndexFeed(database, CLOCK, 30.0), engine).step()
    return Catalogue(database, engine)
