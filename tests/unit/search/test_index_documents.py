"""What of a record is counted and chosen by."""

from indexers.documents import document
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Classification, Series, Subject, Title
from union_catalog.matching.merging import MergedRecord
from union_catalog.search.document import AnalysedText, IndexDocument
from union_catalog.services.index_feed import IndexedRecord
from union_catalog.storage.items import BranchHolding

RECORD = BibliographicRecord(
    titles=(Title(kind="proper", text="三體"),),
    agents=(Agent(name="劉慈欣"), Agent(name="刘慈欣"), Agent(name="Liu, Cixin, 1963-"), Agent(name="百年珍藏版"), Agent(name="H")),
    subjects=(Subject(heading="長篇小說", subdivisions=("中国", "当代")), Subject(heading="长篇小说")),
    series=(Series(title="中國科幻基石叢書", number="3"),),
    classifications=(
        Classification(scheme="clc", number="I247.55"),
        Classification(scheme="clc", number="B848"),
        Classification(scheme="clc", number="D351.2"),
        Classification(scheme="ddc", number="895.1"),
        Classification(scheme="clc", number="？"),
    ),
    audience="juvenile",
)


def held(library: str, branch: str, *, items: int, available: int, online: int = 0) -> BranchHolding:
    return BranchHolding(library, branch, items, available, 0, online, 0)


def made(record: BibliographicRecord, *holdings: BranchHolding) -> IndexDocument:
    return document(IndexedRecord("01", 7, "w1", MergedRecord(record=record, provenance=()), AnalysedText(), holdings))


def test_names_have_one_spelling_each() -> None:
    found = made(RECORD)
    assert found.authors == ("刘慈欣", "Liu, Cixin")
    assert found.subjects == ("长篇小说",)
    assert found.series_titles == ("中国科幻基石丛书",)
    assert found.audience == "juvenile"


def test_classes_stand_in_the_tree_of_two_levels() -> None:
    found = made(RECORD)
    assert found.clc_tree == ("B", "B84", "D", "D33/37", "I", "I2")
    assert {"I247.55", "I247.5", "I2", "B848", "D351"} <= set(found.clc)
    assert "895.1" not in found.clc


def test_places_are_told_by_what_they_can_hand_over() -> None:
    found = made(
        RECORD,
        held("JD", "JD-1", items=2, available=0),
        held("JD", "JD-2", items=1, available=1),
        held("JX", "", items=0, available=0, online=1),
    )
    assert found.libraries == ("JD", "JX")
    assert found.holdings_count == 2
    assert [(one.branch, one.library, one.available) for one in found.availability] == [("JD-1", "JD", False), ("JD-2", "JD", True)]
    assert found.available_libraries == ("JD",)
