"""The real catalogues: what is typed in one script or variant finds what is typed in the other, record by record and in the same order."""

import csv
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders.formats.cnmarc import CNMARC
from loaders.formats.dialect import Dialect, describe
from loaders.formats.iso2709 import frames
from loaders.formats.marc import parse_iso2709
from loaders.formats.marc21 import MARC21
from tests.contracts.search_engines import ENGINES, engine_home, page
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.search.characters import prepare
from union_catalog.search.document import IndexDocument
from union_catalog.search.engine import SearchEngine
from union_catalog.search.text import analyse, keys

pytestmark = pytest.mark.shared_data

FILES = (
    ("jiading.cnmarc.gb18030.iso", "gb18030", CNMARC),
    ("jiaxing.marc21.utf8.mrc", "utf-8", MARC21),
    ("wenzhou.cnmarc.utf8.iso", "utf-8", CNMARC),
)
KNOWN = (("红楼梦", "曹雪芹"), ("活着", "余华"), ("围城", "钱锺书"), ("边城", "沈从文"))


def records(path: Path, encoding: str, dialect: Dialect, sought: list[str]) -> Iterator[BibliographicRecord]:
    """Every tenth record, and all in which anything stands that a test looks for: what is compared is whole, the rest is the crowd."""
    mentions = re.compile(b"|".join(re.escape(text.encode(encoding)) for text in sought)).search
    with path.open("rb") as file:
        for i, raw in enumerate(frames(file)):
            if i % 10 == 0 or mentions(raw.data):
                yield describe(dialect, parse_iso2709(raw.data, encoding))[0]


@pytest.fixture(scope="module")
def pairs(shared_data: Path) -> list[tuple[str, str]]:
    """Traditional and simplified queries."""
    with (shared_data / "search" / "script_pairs.csv").open(encoding="utf-8", newline="") as file:
        return [(row["traditional"], row["simplified"]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def described(shared_data: Path, pairs: list[tuple[str, str]]) -> dict[str, BibliographicRecord]:
    sought = [*itertools.chain(*KNOWN), *{query.replace(" ", "") for pair in pairs for query in pair if len(query) > 1}]
    folder = shared_data / "libraries"
    every = (record for name, encoding, dialect in FILES for record in records(folder / name, encoding, dialect, sought))
    return {f"r{i:06d}": record for i, record in enumerate(every)}


@pytest.fixture(scope="module")
def catalogues(described: dict[str, BibliographicRecord]) -> list[IndexDocument]:
    return [IndexDocument(union_id=union_id, revision=1, analysed=analyse(record)) for union_id, record in described.items()]


@pytest.fixture(scope="module", params=ENGINES)
def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, catalogues: list[IndexDocument]
) -> Iterator[SearchEngine]:
    with engine_home(request.param, tmp_path_factory.mktemp("real")) as made:
        engine = made.open()
        rebuild = engine.start_rebuild()
        rebuild.add(catalogues)
        rebuild.switch()
        yield engine


def answer(engine: SearchEngine, query: str) -> tuple[int, list[str]]:
    found = page(engine, query, per_page=100)
    return found.total, [hit.union_id for hit in found.hits]


def test_script_pairs_find_the_same(real: SearchEngine, pairs: list[tuple[str, str]]) -> None:
    differing = [pair for pair in pairs if answer(real, pair[0]) != answer(real, pair[1])]
    assert len(pairs) == 24
    assert not differing
    assert sum(answer(real, simplified)[0] > 0 for _, simplified in pairs) >= 10


@pytest.mark.parametrize(("query", "author"), KNOWN)
def test_a_known_title_comes_first_in_every_way_of_typing_it(
    real: SearchEngine, catalogues: list[IndexDocument], query: str, author: str
) -> None:
    exact = {document.union_id for document in catalogues if query in document.analysed.title_exact.split()}
    assert exact
    by_title = answer(real, query)[1]
    assert set(by_title[: min(len(exact), 100)]) <= exact
    # One record has its author in the title ("活着 余华"): that is then the exact title.
    both = {document.union_id for document in catalogues if query + prepare(author) in document.analysed.title_exact.split()}
    with_author = answer(real, f"{query} {author}")[1]
    assert with_author
    assert with_author[0] in exact | both


def test_every_title_is_found_by_itself(
    real: SearchEngine, described: dict[str, BibliographicRecord], catalogues: list[IndexDocument]
) -> None:
    """Known items: for the whole title of every 20th record, nothing stands before the record that has not the very same title."""
    exact = {document.union_id: document.analysed.title_exact.split() for document in catalogues}
    missed: list[str] = []
    for union_id in list(described)[::20]:
        title = described[union_id].title_proper
        if title is None or len(title.text) > 200:
            continue
        found = [hit.union_id for hit in page(real, title.text, per_page=100).hits]
        before = found[: found.index(union_id)] if union_id in found else found
        key = keys(prepare(title.text))[0]
        if not found or any(key not in exact[one] for one in before):
            missed.append(title.text)
    assert not missed
