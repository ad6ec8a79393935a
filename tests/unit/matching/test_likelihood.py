"""The fitted chance that a pair is one edition, and the table it comes from."""

import pytest

from benchmarks.fitting import Cell, calibration, fit, foretell, table
from tests.unit.matching.examples import features
from union_catalog.matching.comparisons import outcomes
from union_catalog.matching.evidence import FIELDS, REMARKS
from union_catalog.matching.likelihood import PRIOR, doubt, likelihood, read_weights


def test_the_table_names_findings_that_exist() -> None:
    known = {(name, code) for name, field in FIELDS.items() for code in field.codes.values()}
    assert set(read_weights()) - known == {(PRIOR, "")}


def test_every_field_that_is_evidence_has_a_weight() -> None:
    assert set(FIELDS) - {field for field, _ in read_weights()} == REMARKS


def test_no_finding_weighs_to_the_other_side() -> None:
    outcome_of = {(name, code): outcome for name, field in FIELDS.items() for outcome, code in field.codes.items()}
    wrong = {row: weight for row, weight in read_weights().items() if row in outcome_of and weight * outcome_of[row] < 0}
    assert wrong == {}


def test_what_agrees_is_likely_and_what_differs_is_not() -> None:
    equal = outcomes(features(), features())
    other = outcomes(features(), features(title="时间简史", by="霍金", date="2001"))
    assert likelihood(equal) > 950
    assert likelihood(other) < 50
    assert doubt(equal) < 200
    assert doubt(other) < 200


def test_doubt_is_greatest_in_the_middle() -> None:
    """Each step from a plain difference to a plain agreement makes the pair likelier; doubt rises and falls."""
    book = features(publisher="")
    steps = [
        features(publisher="", date=date, by=by) for date, by in (("1987-1", "高鹗"), ("2009-1", "高鹗"), ("2008-9", ""), ("2008-7", ""))
    ]
    chances = [likelihood(outcomes(book, step)) for step in steps]
    assert chances == sorted(chances)
    assert len(set(chances)) == len(chances)
    assert all(doubt(outcomes(book, step)) == round(4 * p * (1000 - p) / 1000) for step, p in zip(steps, chances, strict=True))


def test_a_finding_the_table_does_not_know_counts_nothing() -> None:
    equal = outcomes(features(), features())
    assert likelihood(equal._replace(title=77)) == likelihood(equal._replace(title=0))


def test_the_fit_follows_the_pairs_and_keeps_what_is_expected_where_there_are_none() -> None:
    """Column 1 is a finding against, the last one for; the first is on pairs that are never one edition, the last on nobody."""
    cells = [Cell((0,), 50, 100), Cell((0, 1), 0, 400)]
    weights = fit(cells)
    assert weights[0] == pytest.approx(0, abs=0.2)
    assert weights[1] < -3
    assert weights[-1] == pytest.approx(1, abs=1e-6)
    assert fit(cells) == weights


def test_the_fit_never_turns_a_finding_round() -> None:
    assert fit([Cell((0,), 50, 500), Cell((0, 1), 300, 300)])[1] == 0


def test_chances_are_foretold_by_folds_that_did_not_see_the_pair() -> None:
    """The pairs of the one fold say the contrary of the other's."""
    told = foretell([[Cell((0,), 90, 90)], [Cell((0,), 0, 90)]])
    assert [round(chance) for chance, _ in told] == [0, 1]
    assert [(round(d.foretold), d.true, d.pairs) for d in calibration(told)] == [(0, 1.0, 90), (1, 0.0, 90)]


def test_the_table_counts_the_pairs_of_a_finding() -> None:
    cells = [Cell((0,), 1, 2), Cell((0, 1), 0, 3)]
    rows = [line.split("\t") for line in table(fit(cells), cells).splitlines() if not line.startswith("#")]
    assert rows[0][0] == PRIOR
    assert [int(row[3]) for row in rows[:2]] == [5, 3]
