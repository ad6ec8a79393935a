"""Records spoiled on purpose lose what they should lose and nothing else."""

from benchmarks.spoiling import in_traditional, with_slips, without_isbns, without_years
from tests.unit.matching.examples import described
from union_catalog.matching.features import features_of

ISBN = "9787020002207"


def test_without_isbns_the_price_stays_silent_and_the_rest_is_told() -> None:
    spoiled = without_isbns({"JD:1": described(isbn=ISBN)})["JD:1"]
    assert spoiled == described()


def test_without_years_no_date_is_left() -> None:
    record = without_years({"JD:1": described(isbn=ISBN)})["JD:1"]
    assert features_of(record).year == 0
    assert record.publications[0].publishers == ("人民文学出版社",)
    assert record.identifiers == described(isbn=ISBN).identifiers


def test_one_side_alone_is_written_in_traditional_characters() -> None:
    spoiled = in_traditional({"JD:1": described(), "JX:1": described()})
    assert spoiled["JD:1"] == described()
    assert spoiled["JX:1"].titles[0].text == "紅樓夢"
    assert features_of(spoiled["JX:1"]) != features_of(described())  # the sums of the wording
    assert features_of(spoiled["JX:1"]).title == features_of(described()).title


def test_a_twentieth_of_the_titles_have_one_wrong_character() -> None:
    records = {f"JD:{number}": described("中国古代建筑史") for number in range(2000)}
    slipped = with_slips(records)
    changed = [key for key in records if slipped[key] != records[key]]
    assert 60 < len(changed) < 140
    titles = [slipped[key].titles[0].text for key in changed]
    assert all(sum(a != b for a, b in zip(title, "中国古代建筑史", strict=True)) == 1 for title in titles)
    assert with_slips(records) == slipped


def test_a_record_without_a_title_is_left() -> None:
    assert with_slips({str(number): described("") for number in range(200)})["0"] == described("")
