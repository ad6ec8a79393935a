"""The plan that brings stored items to what an export reports, over generated shelves."""

from collections.abc import Mapping, Sequence
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from union_catalog.holdings.changes import ItemChanges, StoredItem, plan
from union_catalog.holdings.model import ReportedItem, ReportedStatus

Reported = Mapping[int, Sequence[tuple[str | None, ReportedItem]]]
BARCODES = ("", "", "1", "2", "3", "4")
STATUSES: tuple[ReportedStatus, ...] = ("available", "on_loan")

FACTS = st.builds(ReportedItem, barcode=st.sampled_from(BARCODES), status=st.sampled_from(STATUSES), volume=st.sampled_from(("", "上")))
SHELF = st.dictionaries(st.integers(1, 3), st.lists(st.tuples(st.sampled_from((None, "A", "B")), FACTS), max_size=5), max_size=3)


def unique(reported: Reported) -> Reported:
    """Each barcode once: what an export without faults says."""
    seen: set[str] = set()
    found: dict[int, list[tuple[str | None, ReportedItem]]] = {}
    for source_id, items in reported.items():
        found[source_id] = []
        for branch, facts in items:
            if facts.barcode and facts.barcode in seen:
                continue
            seen.add(facts.barcode)
            found[source_id].append((branch, facts))
    return found


def applied(stored: Sequence[StoredItem], changes: ItemChanges, numbers: "count[int]") -> list[StoredItem]:
    """The items after the plan, as a database would hold them."""
    after = {item.id: item for item in stored}
    for write in changes.writes:
        id_ = write.id or f"{next(numbers):05d}"
        assert (write.id is not None) == (id_ in after)
        after[id_] = StoredItem(id_, write.source_id, write.branch, False, write.facts)
    for id_, _ in changes.withdrawn:
        item = after[id_]
        after[id_] = StoredItem(item.id, item.source_id, item.branch, True, item.facts)
    return list(after.values())


def told(stored: Sequence[StoredItem], source_id: int) -> list[str]:
    return sorted(repr((item.branch, item.facts)) for item in stored if item.source_id == source_id and not item.withdrawn)


@given(st.lists(SHELF.map(unique), min_size=1, max_size=5))
def test_after_the_plan_the_shelf_is_what_was_reported(exports: list[Reported]) -> None:
    stored: list[StoredItem] = []
    numbers = count(1)
    for reported in exports:
        before = {item.id: item for item in stored}
        changes = plan(stored, reported)
        stored = applied(stored, changes, numbers)
        for source_id, items in reported.items():
            assert told(stored, source_id) == sorted(repr(item) for item in items)
        _check_others(before, stored, reported, changes)
        assert plan(stored, reported) == ItemChanges((), (), frozenset())


def _check_others(before: Mapping[str, StoredItem], stored: Sequence[StoredItem], reported: Reported, changes: ItemChanges) -> None:
    """Nothing is deleted, a barcode keeps its item, a record that was not reported loses only what another has reported."""
    after = {item.id: item for item in stored}
    assert before.keys() <= after.keys()
    barcodes = [item.facts.barcode for item in stored if item.facts.barcode]
    assert len(barcodes) == len(set(barcodes))
    for id_, item in before.items():
        assert after[id_].facts.barcode == item.facts.barcode
        if item.source_id not in reported and after[id_] != item:
            assert after[id_].source_id in reported
            assert item.source_id in changes.touched
    for source_id in {item.source_id for item in (*before.values(), *stored)} - changes.touched:
        assert told(list(before.values()), source_id) == told(stored, source_id)


@given(SHELF)
def test_a_barcode_told_twice_is_one_item(reported: Reported) -> None:
    stored = applied([], plan([], reported), count(1))
    barcodes = [item.facts.barcode for item in stored if item.facts.barcode]
    assert sorted(barcodes) == sorted({facts.barcode for items in reported.values() for _, facts in items if facts.barcode})
    assert plan(stored, reported).withdrawn == ()


def test_an_item_that_moves_and_returns_says_so() -> None:
    stored = [StoredItem("a", 1, "A", True, ReportedItem(barcode="1"))]
    (write,) = plan(stored, {2: [("B", ReportedItem(barcode="1"))]}).writes
    assert (write.id, write.source_id, write.moved_from, write.returned) == ("a", 2, 1, True)
