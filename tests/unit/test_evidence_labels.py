"""Everything that the matcher can find has words in both languages."""

from api.labels import vocabularies
from union_catalog.matching.evidence import FIELDS


def test_every_field_and_finding_has_its_words() -> None:
    labels = vocabularies()
    assert set(labels["evidence_field"]) == set(FIELDS)
    assert set(labels["finding"]) == {code for field in FIELDS.values() for code in field.codes.values()}
    assert set(labels["verdict"]) == {"same", "different", "unsure"}
    assert all(set(words) == {"zh", "en"} and all(words.values()) for words in labels["finding"].values())
