"""Volumes of the real catalogues: 第二卷, 上册, 3. Who types a title as it stands in the catalogue is taken at their word."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders.formats.cnmarc import CNMARC
from loaders.formats.dialect import describe
from loaders.formats.iso2709 import frames
from loaders.formats.marc import parse_iso2709
from tests.contracts.search_engines import ENGINES, engine_home
from tests.contracts.searchable import searchable
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.search.characters import prepare
from union_catalog.search.corrections.numbering import numbering
from union_catalog.search.engine import SearchRequest
from union_catalog.search.query import parse
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.prepared import Arrival
from union_catalog.services.searching.asked import Asked

pytestmark = pytest.mark.shared_data

ASKED, SEED = 600, 7


def typed(record: BibliographicRecord) -> str:
    """The title with the number of its volume; "" for one without."""
    title = record.title_proper
    if title is None:
        return ""
    if title.volume_number:
        return f"{title.text} {title.volume_number}"
    return title.text if numbering(prepare(title.text)) else ""


@pytest.fixture(scope="module")
def records(shared_data: Path) -> list[BibliographicRecord]:
    """All volumes of Jiading, the other volumes of each set among them, and every tenth record for a crowd."""
    with (shared_data / "libraries" / "jiading.cnmarc.gb18030.iso").open("rb") as file:
        described = [describe(CNMARC, parse_iso2709(raw.data, "gb18030"))[0] for raw in frames(file)]
    return [record for at, record in enumerate(described) if at % 10 == 0 or typed(record)]


@pytest.fixture(scope="module", params=ENGINES)
def catalogue(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, records: list[BibliographicRecord]
) -> Iterator[Catalogue]:
    arrivals = [Arrival(f"r{at:05d}", "1", "", False, b"", record, ()) for at, record in enumerate(records)]
    with engine_home(request.param, tmp_path_factory.mktemp("engine")) as home:
        made = searchable(home, tmp_path_factory.mktemp("database"), arrivals)
        yield made
        made.engine.close()
        made.database.close()


def test_a_title_with_the_number_of_its_volume_is_never_corrected(catalogue: Catalogue, records: list[BibliographicRecord]) -> None:
    """Nor is another one offered: 600 titles, every one of which finds something."""
    queries = random.Random(SEED).sample([query for record in records if (query := typed(record))], ASKED)
    wrong: list[tuple[str, object]] = []
    for query in queries:
        result = catalogue.search(Asked(SearchRequest(parse(query), per_page=3, facets=())))
        if result.corrected or result.offered or not result.page.total:
            wrong.append((query, result.corrected or result.offered))
    assert wrong == []
