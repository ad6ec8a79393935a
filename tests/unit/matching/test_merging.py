"""Merged records: the best source a field, gathered fields once each, both scripts kept, the order of members without effect."""

from itertools import permutations

import msgspec

from tests.unit.matching.examples import described
from union_catalog.bibliographic.record import BibliographicRecord, Subject, Text
from union_catalog.matching.merging import MemberRecord, MergedRecord, merge


def merged(*records: BibliographicRecord, ranks: tuple[int, ...] = ()) -> MergedRecord:
    """The merged record of members A:1, B:1 …; the same for every order."""
    members = [MemberRecord(f"{'ABCDE'[place]}:1", ranks[place] if ranks else 0, record) for place, record in enumerate(records)]
    results = [merge(order) for order in permutations(members)]
    assert all(result == results[0] for result in results)
    return results[0]


def test_a_single_member_is_the_record_itself() -> None:
    record = described()
    found = merge([MemberRecord("JD:1", 0, record)])
    assert found.record is record
    assert dict(found.provenance)["titles"] == ("JD:1",)
    assert "subjects" not in dict(found.provenance)


def test_a_light_record_never_swallows_a_full_one() -> None:
    full = msgspec.structs.replace(described(price="32.00元", pages="320页"), summaries=(Text(text="一部小说"),))
    light = described("紅樓夢", publisher="", date="", clc="I242.4")
    found = merged(light, full, ranks=(0, 5))
    assert found.record.publications == full.publications
    assert found.record.extents == full.extents
    assert found.record.summaries == full.summaries
    assert found.record.classifications == light.classifications
    sources = dict(found.provenance)
    assert (sources["publications"], sources["classifications"]) == (("B:1",), ("A:1",))


def test_both_scripts_stay_as_titles() -> None:
    found = merged(described("红楼梦"), described("紅樓夢"), described("《红楼梦》"))
    assert [(title.kind, title.text) for title in found.record.titles] == [("proper", "红楼梦"), ("variant", "紅樓夢")]


def test_the_fuller_imprint_wins_then_the_level_then_the_many_then_the_rank() -> None:
    year, month = described(date="2008"), described(date="2008-7")
    assert merged(year, month).record.year == 2008
    assert merged(year, month).record.publications[0].month == 7
    full, minimal = described(publisher="A社", level="full"), described(publisher="B社", level="minimal")
    assert merged(minimal, full).record.publications == full.publications
    a, b = described(publisher="A社"), described(publisher="B社")
    assert merged(a, b, b).record.publications == b.publications
    assert merged(a, b, ranks=(2, 1)).record.publications == b.publications
    assert merged(a, b).record.publications == a.publications


def test_identifiers_and_subjects_are_gathered_once() -> None:
    a = msgspec.structs.replace(described(isbn="9787020002207"), subjects=(Subject(heading="長篇小說"),))
    b = msgspec.structs.replace(described(isbn="9787020002207"), subjects=(Subject(heading="长篇小说"), Subject(heading="清代")))
    found = merged(a, b).record
    assert [i.value for i in found.identifiers] == ["9787020002207"]
    assert [s.heading for s in found.subjects] == ["長篇小說", "清代"]
    assert dict(merged(a, b).provenance)["subjects"] == ("A:1", "B:1")


def test_every_told_field_has_its_provenance() -> None:
    found = merged(described(isbn="9787020002207", pages="320页"), described(clc="I242.4", edition="第3版"))
    told = {field for field in found.record.__struct_fields__ if getattr(found.record, field) and not field.endswith("_source")}
    assert told == {field for field, _ in found.provenance}
