"""A union record as an index document, one line a field."""

from union_catalog.bibliographic.classes import tree_codes
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.search.document import Availability, IndexDocument
from union_catalog.search.names import distinct, people
from union_catalog.search.suggesting import LONGEST_TITLE
from union_catalog.search.text import class_prefixes
from union_catalog.services.index_feed import IndexedRecord
from union_catalog.storage.items import BranchHolding


def document(indexed: IndexedRecord) -> IndexDocument:
    """Pure. Libraries that hold only online access count as holding; a branch is listed when it has items that can be handed over."""
    record = indexed.merged.record
    numbers = [c.number for c in record.classifications if c.scheme == "clc" and c.number]
    held = indexed.holdings
    return IndexDocument(
        union_id=indexed.union_id,
        revision=indexed.revision,
        work_id=indexed.work_id,
        analysed=indexed.analysed,
        title=record.title_proper.text[:LONGEST_TITLE] if record.title_proper else "",
        format=record.format,
        languages=record.languages,
        year=_year(record),
        clc_tree=tuple(sorted({code for number in numbers for code in tree_codes(number)})),
        clc=tuple(sorted({prefix for number in numbers for prefix in class_prefixes(number)})),
        audience=record.audience,
        authors=people(agent.name for agent in record.agents),
        subjects=distinct(subject.heading for subject in record.subjects),
        series_titles=distinct(series.title for series in record.series),
        libraries=tuple(sorted({h.library for h in held})),
        availability=tuple(_branch(h) for h in held if h.items and h.branch),
        available_libraries=tuple(sorted({h.library for h in held if h.available})),
        holdings_count=len({h.library for h in held}),
    )


def _branch(held: BranchHolding) -> Availability:
    return Availability(branch=held.branch, library=held.library, items=held.items, available=held.available > 0)


def _year(record: BibliographicRecord) -> int | None:
    """Years that no calendar of a catalogue holds are left out of ranges and facets."""
    year = record.year
    return year if year is not None and 0 < year < 2200 else None
