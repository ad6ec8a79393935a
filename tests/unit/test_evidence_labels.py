"""Everything that the matcher can find has words in both languages."""

import re
from typing import get_args

import pytest

from api.labels import vocabularies
from union_catalog.matching.evidence import FIELDS
from union_catalog.matching.explanation import Apart
from union_catalog.matching.rules import RULES


def test_every_field_and_finding_has_its_words() -> None:
    labels = vocabularies()
    assert set(labels["evidence_field"]) == set(FIELDS)
    assert set(labels["finding"]) == {code for field in FIELDS.values() for code in field.codes.values()}
    assert set(labels["verdict"]) == {"same", "different", "unsure"}
    assert all(set(words) == {"zh", "en"} and all(words.values()) for words in labels["finding"].values())


def test_every_rule_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert set(vocabularies()["rule"]) == {rule.code for rule in RULES}


def test_what_keeps_apart_without_a_rule_has_a_sentence() -> None:
    assert set(vocabularies()["apart"]) == set(get_args(Apart)) - {"rule"}


@pytest.mark.parametrize("vocabulary", ["rule", "apart"])
def test_a_cataloguer_understands_the_sentences(vocabulary: str) -> None:
    """They are words of the trade, not of the program: no codes, no signs of comparison, and each says something of its own."""
    told = vocabularies()[vocabulary]
    for language in ("zh", "en"):
        sentences = [words[language] for words in told.values()]
        assert len(set(sentences)) == len(sentences)
        assert not [sentence for sentence in sentences if re.search(r"[_=<>]|\.$|。$", sentence)]
    assert all(re.search(r"[\u4e00-\u9fff]", words["zh"]) and not re.search(r"[\u4e00-\u9fff]", words["en"]) for words in told.values())
