"""Families of works as the benchmark reads and counts them."""

from benchmarks.works import read_as_cnmarc, record_of
from tests.unit.matching.families import read_families
from union_catalog.matching.features import features_of

ROW = {
    "title": "丰饶之海 : 四部曲",
    "responsibility": "(日)三岛由纪夫著 ; 唐月梅译",
    "publisher": "上海译文出版社",
    "date": "2011-8",
    "volume": "第一卷",
    "edition": "第2版",
    "original": "豊饒の海",
    "isbn": "9787532752737",
}


def test_a_row_is_read_as_a_library_would_send_it() -> None:
    record = record_of(ROW)
    found = features_of(record)
    assert (record.titles[0].text, record.titles[0].remainder) == ("丰饶之海", "四部曲")
    assert (found.volume, found.edition, found.year, found.month) == ("1", 2, 2011, 8)
    assert [agent.name for agent in record.agents] == ["三岛由纪夫", "唐月梅"]
    assert [relation.title for relation in record.relations if relation.kind == "translation_of"] == ["豊饒の海"]


def test_what_a_row_does_not_tell_is_not_in_the_record() -> None:
    record = record_of(dict.fromkeys(ROW, "") | {"title": "论语"})
    assert (record.agents, record.relations, record.identifiers, record.editions) == ((), (), (), ())


def test_both_ways_read_all_rows_with_the_same_expectation() -> None:
    assert [member.work for member in read_as_cnmarc()] == [member.work for member in read_families()]
    assert len({member.family for member in read_families()}) >= 50
