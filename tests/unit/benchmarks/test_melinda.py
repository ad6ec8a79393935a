"""Records of Melinda's cases as our reader sees them."""

from benchmarks.melinda import Case, agrees, judge, read_record, reason


def told(title: str, *fields: tuple[str, str, str]) -> dict[str, object]:
    """A record in MARC-in-JSON: leader, title and further fields of one subfield."""
    every = (("245", "a", title), *fields)
    return {
        "leader": "02518cam a2200745zi 4500",
        "fields": [
            {"tag": "001", "value": "000019643"},
            *({"tag": tag, "ind1": " ", "ind2": " ", "subfields": [{"code": code, "value": value}]} for tag, code, value in every),
        ],
    }


def case(first: dict[str, object], second: dict[str, object], *features: str, match: bool) -> Case:
    return Case("case", frozenset(features), read_record(first), read_record(second), match, float(match))


def test_the_reader_of_marc_21_reads_them() -> None:
    record = read_record(told("Elämänlanka", ("020", "a", "978-951-1-33251-0"), ("260", "c", "2019")))
    assert record.titles[0].text == "Elämänlanka"
    assert [i.value for i in record.identifiers if i.scheme == "isbn"] == ["9789511332510"]
    assert record.year == 2019


def test_a_subfield_without_a_value_is_empty() -> None:
    field = {"tag": "020", "ind1": "", "ind2": "", "subfields": [{"code": "a"}]}
    record = read_record({"leader": "", "fields": [field, {"tag": "245", "subfields": [{"code": "a", "value": "Foo"}]}]})
    assert record.titles[0].text == "Foo"


def test_what_is_unsure_is_no_match() -> None:
    poor = case(told("Foo"), told("Foo"), "title", match=False)
    assert judge(poor).verdict != "same"
    assert agrees(poor, judge(poor))


def test_a_difference_is_told_by_what_the_case_looked_at() -> None:
    book = told("Elämänlanka", ("020", "a", "978-951-1-33251-0"), ("100", "a", "Nuotio, Eppu"), ("260", "b", "Otava"), ("260", "c", "2019"))
    looked_at = (("title", "sid"), ("isbn",), ("title", "publicationTime"))
    by_ids, by_one, by_year = (case(book, book, *features, match=False) for features in looked_at)
    assert judge(by_ids).verdict == "same"
    assert "record ids" in reason(by_ids, judge(by_ids))
    assert "one feature" in reason(by_one, judge(by_one))
    assert "year" in reason(by_year, judge(by_year))
    music = case(told("Title"), told("Title"), "publisherNumber", "title", match=True)
    assert "028" in reason(music, judge(music))
