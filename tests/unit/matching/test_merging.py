"""Merged records: the best source a field, gathered fields once each, both scripts kept, the order of members without effect."""

from itertools import permutations

import msgspec

from tests.unit.matching.examples import described
from union_catalog.bibliographic.corrections import Correction, corrected, fields_written
from union_catalog.bibliographic.record import Agent, BibliographicRecord, Subject, Text, Title
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


def year_of(*records: BibliographicRecord, ranks: tuple[int, ...] = ()) -> tuple[int | None, int]:
    imprint = merged(*records, ranks=ranks).record.publications[0]
    return imprint.year, imprint.month


def test_the_fuller_imprint_wins_then_the_level_then_the_many_then_the_rank() -> None:
    assert year_of(described(publisher="", date="2007-5"), described(date="2008")) == (2008, 0)
    assert year_of(described(date="2008"), described(date="2008-7")) == (2008, 7)
    full, minimal = described(publisher="A社", level="full"), described(publisher="B社", level="minimal")
    assert merged(minimal, full).record.publications == full.publications
    assert merged(minimal, minimal, full).record.publications == full.publications
    a, b = described(publisher="A社"), described(publisher="B社")
    assert merged(a, b, b).record.publications == b.publications
    assert merged(a, b, ranks=(2, 1)).record.publications == b.publications
    assert merged(a, b).record.publications == a.publications


def test_three_that_agree_outweigh_one_with_more_detail_or_a_better_rank() -> None:
    many = [described(date=date) for date in ("2008", "2008", "2008-7")]
    assert year_of(described(date="2007-5"), *many) == (2008, 7)
    assert year_of(described(date="2007-5"), *many, ranks=(0, 3, 3, 3)) == (2008, 7)
    assert year_of(described(date="2007-5"), many[0]) == (2007, 5)


def test_ways_of_writing_one_house_agree() -> None:
    joint, short, other = (described(publisher=p, date="2008") for p in ("生活·读书·新知三联书店", "三联书店", "上海三联书店"))
    assert merged(other, short, joint).record.publications[0].publishers != other.publications[0].publishers


def test_what_is_noise_or_lost_is_no_fuller_than_silence() -> None:
    sound, noisy = described("红楼梦"), described("红搂夢??? \ufffd\ufffd 正版包邮", publisher="锟斤拷", pages="\ufffd页")
    found = merged(noisy, sound, ranks=(0, 5)).record
    assert found.titles == sound.titles
    assert found.publications == sound.publications
    assert merged(described(pages="一册"), described(pages="320页")).record.extents[0].text == "320页"


def test_a_record_made_before_publication_only_fills_gaps() -> None:
    announced = msgspec.structs.replace(
        described(date="2007-12", pages="400页", level="prepublication"), summaries=(Text(text="即将出版"),)
    )
    minimal = described("红楼梦", date="2008", level="minimal")
    found = merged(announced, announced, minimal, ranks=(0, 0, 9)).record
    assert (found.year, found.extents, found.level) == (2008, announced.extents, "minimal")


def test_names_come_with_the_statement_from_one_record_and_keep_their_other_spellings() -> None:
    simplified = msgspec.structs.replace(described(by="钱锺书著 ; 杨绛译", level="full"), responsibility=(Text(text="钱锺书著 ; 杨绛译"),))
    traditional = described(by="錢鍾書著")
    latin = msgspec.structs.replace(described(by=""), agents=(Agent(name="Qian, Zhongshu", other_forms=("钱钟书",)),))
    found = merged(traditional, simplified, latin)
    assert [(a.name, a.other_forms) for a in found.record.agents] == [("钱锺书", ("錢鍾書", "Qian, Zhongshu", "钱钟书")), ("杨绛", ())]
    assert found.record.responsibility == simplified.responsibility
    assert dict(found.provenance)["agents"] == ("B:1", "A:1", "C:1")


def test_the_carrier_that_was_read_wins_over_the_one_assumed() -> None:
    assumed, read = described(carrier="book"), msgspec.structs.replace(described(carrier="audio"), format_source="leader/06")
    found = merged(assumed, assumed, read)
    assert (found.record.format, found.record.format_source) == ("audio", "leader/06")


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


def test_who_tells_each_gathered_value_is_known() -> None:
    a = msgspec.structs.replace(described("红楼梦", isbn="9787020002207"), subjects=(Subject(heading="長篇小說"),))
    b = msgspec.structs.replace(described("紅樓夢", isbn="9787020002207"), subjects=(Subject(heading="长篇小说"), Subject(heading="清代")))
    told = dict(merged(a, b).told_by)
    assert told["subjects"] == (("A:1", "B:1"), ("B:1",))
    assert told["identifiers"] == (("A:1", "B:1"),)
    assert told["titles"] == (("A:1",), ("B:1",))


def with_corrections(place: int, record: BibliographicRecord, *made: Correction) -> MemberRecord:
    return MemberRecord(f"{'ABCDE'[place]}:1", place, corrected(record, made), fields_written(made), record if made else None)


def merged_all(*members: MemberRecord) -> MergedRecord:
    results = [merge(order) for order in permutations(members)]
    assert all(result == results[0] for result in results)
    return results[0]


def test_a_corrected_field_wins_over_more_full_and_better_ranked_records() -> None:
    full = msgspec.structs.replace(described(date="2008-7", level="full", pages="320页"), summaries=(Text(text="一部小说"),))
    light = described(publisher="", date="", level="prepublication")
    found = merged_all(
        with_corrections(0, full),
        with_corrections(1, full),
        with_corrections(2, light, Correction("date", "1996"), Correction("title", "石头记")),
    )
    assert (found.record.year, found.record.titles[0].text) == (1996, "石头记")
    assert found.corrected == (("titles", ("C:1",)), ("publications", ("C:1",)))
    assert dict(found.provenance)["publications"] == ("C:1",)
    assert merged(full, light).corrected == ()


def test_what_a_correction_took_away_no_other_record_brings_back() -> None:
    wrong = msgspec.structs.replace(
        described("红搂梦", isbn="9787108009821", edition="第9版"), subjects=(Subject(heading="诗歌"), Subject(heading="清代"))
    )
    made = (
        Correction("title", "红楼梦"),
        Correction("isbn", "9787020002207"),
        Correction("edition", ""),
        Correction("subject", "长篇小说 ; 清代"),
    )
    other = msgspec.structs.replace(
        wrong, titles=(*wrong.titles, Title(kind="parallel", text="紅樓夢")), subjects=(Subject(heading="詩歌"),)
    )
    found = merged_all(with_corrections(0, other), with_corrections(1, wrong, *made)).record
    assert [title.text for title in found.titles] == ["红楼梦", "紅樓夢"]
    assert [identifier.value for identifier in found.identifiers] == ["9787020002207"]
    assert [subject.heading for subject in found.subjects] == ["长篇小说", "清代"]
    assert found.editions == ()
    third = msgspec.structs.replace(other, editions=(Text(text="第3版"),))
    assert merged_all(with_corrections(0, third), with_corrections(1, wrong, *made)).record.editions == third.editions


def test_two_corrections_of_one_field_both_stand() -> None:
    one, two = described(isbn="9787108009821"), described(isbn="9787020002207")
    swapped = merged_all(
        with_corrections(0, one, Correction("isbn", "9787020002207")), with_corrections(1, two, Correction("isbn", "9787108009821"))
    )
    assert {identifier.value for identifier in swapped.record.identifiers} == {"9787020002207", "9787108009821"}
    assert dict(swapped.corrected)["identifiers"] == ("A:1", "B:1")
