"""A small real catalogue for journeys through the whole application: two libraries' records taken in, matched and indexed.

Titles, names, publishers and years are facts; holdings are examples.
"""

from pathlib import Path

from indexers.embedded.engine import EmbeddedEngine
from indexers.relay import Relay
from tests.api.collection import CLOCK, arrival, record, take_in
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.context import command_line
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.index_feed import IndexFeed
from union_catalog.services.network import apply_network
from union_catalog.services.prepared import prepare
from union_catalog.settings import Settings
from union_catalog.storage.database import Database

NETWORK = """
[[libraries]]
code = "JD"
name = "嘉定区图书馆"
name_en = "Jiading Library"

[[libraries]]
code = "JX"
name = "嘉兴市图书馆"
name_en = "Jiaxing Library"

[[branches]]
code = "JD-JY"
library = "JD"
name = "菊园我嘉书房"
name_en = "Juyuan Wojia Study"
lat = 31.395
lng = 121.240
local_codes = ["JY"]

[[branches]]
code = "JD-ZG"
library = "JD"
name = "总馆"
name_en = "Main Library"
lat = 31.374
lng = 121.250
local_codes = ["ZG"]

[[branches]]
code = "JX-ZG"
library = "JX"
name = "总馆"
name_en = "Main Library"
lat = 30.746
lng = 120.755
local_codes = ["ZG"]
"""
JUYUAN = (31.3951, 121.2412)
"""A place some hundred metres from JD-JY, a few kilometres from JD-ZG and far from JX-ZG."""

Held = tuple[tuple[str, str, str], ...]


def _book(title: str, author: str, publisher: str, year: int, clc: str, **more: object) -> BibliographicRecord:
    return record(title, author, publisher, year, "", clc=clc, **more)


BOOKS: tuple[tuple[str, BibliographicRecord, Held], ...] = (
    ("JX", _book("红楼梦", "曹雪芹", "岳麓书社", 1987, "I242.4"), (("ZG", "a1", "available"),)),
    ("JD", _book("红楼梦", "曹雪芹", "人民文学出版社", 1996, "I242.4"), (("JY", "a2", "available"), ("ZG", "a3", "on_loan"))),
    ("JD", _book("紅樓夢", "曹雪芹", "作家出版社", 1955, "I242.4"), (("ZG", "a4", "available"),)),
    ("JD", _book("红楼梦", "曹雪芹", "", 2019, "I242.4", format="audio"), ()),
    ("JX", _book("红楼梦魇", "张爱玲", "北京十月文艺出版社", 2009, "I207.411"), (("ZG", "a5", "available"),)),
    ("JD", _book("时间简史", "霍金", "湖南科学技术出版社", 2010, "P159"), (("ZG", "a6", "available"),)),
    ("JX", _book("时间简史 插图本", "霍金", "湖南科学技术出版社", 2002, "P159"), (("ZG", "a7", "available"),)),
    ("JD", _book("围城", "钱钟书", "人民文学出版社", 1991, "I246.5"), (("JY", "a8", "available"),)),
    *(
        ("JX", _book(f"鲁迅全集 第{number}卷", "鲁迅", "人民文学出版社", 1980 + number, "I210.1"), (("ZG", f"l{number}", "available"),))
        for number in range(1, 25)
    ),
)


def open_room(database: Database, home: Path) -> tuple[Settings, Catalogue]:
    """The catalogue of ``BOOKS`` over an empty ``database``, with its index in ``home``."""
    settings = Settings.from_environment({"UNION_CATALOG_HOME": str(home), "UNION_CATALOG_LOG_LEVEL": "error"})
    apply_network(database, CLOCK, command_line(CLOCK), NETWORK, lambda _: True)
    for library in ("JD", "JX"):
        told = [(f"r{number}", book, held) for number, (holder, book, held) in enumerate(BOOKS) if holder == library]
        take_in(database, library, [prepare(library, arrival(key, book, held)) for key, book, held in told])
    engine = EmbeddedEngine(settings.index_folder)
    engine.create()
    Relay(IndexFeed(database, CLOCK, 30.0), engine).step()
    return settings, Catalogue(database, engine)
