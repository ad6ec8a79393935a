"""Words for codes: every code that the sources can raise has its sentences, in both languages, with the
same data."""

import ast
import re
from string import Formatter
from typing import get_args

import pytest

from api.labels import label, vocabularies
from api.messages import sentence, sentences
from api.permissions import ROLES
from loaders.formats import codes
from tests.architecture.sources import PACKAGES, nodes
from union_catalog import errors
from union_catalog.bibliographic.correctable import CORRECTABLE
from union_catalog.bibliographic.record import Audience, Format
from union_catalog.errors import UnionCatalogError
from union_catalog.network.model import BRANCH_KINDS, OFFERS
from union_catalog.patrons.accounts import CAUSES, ENTRY_KINDS, METHODS
from union_catalog.patrons.blocks import KINDS
from union_catalog.patrons.credit import DEEDS, RULE_CAUSES, Standing
from union_catalog.search.nodes import WarningCode
from union_catalog.search.ranking import Fits
from union_catalog.services.circulation.strays import REASONS, RESOLUTIONS
from union_catalog.services.views import ITEM_STATUSES
from union_catalog.storage.objections import State

CLASSES = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, UnionCatalogError)}


def raised() -> dict[str, str]:
    """Every code given as a literal to an error's constructor, or to ``told``, which makes one; and where."""
    found = {}
    makers = {*CLASSES, "told"}
    for path, node in nodes(*PACKAGES):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in makers and node.args:
            code = node.args[0]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                found[code.value] = f"{path}:{node.lineno}"
    return found


def test_every_code_that_is_raised_has_a_sentence() -> None:
    assert {code: place for code, place in raised().items() if code not in sentences()} == {}


def test_every_class_of_errors_has_a_sentence_of_its_own() -> None:
    assert {kind.default_code for kind in CLASSES.values()} <= set(sentences())


@pytest.mark.parametrize("listed", [codes.RECORD_CODES, codes.FILE_CODES, codes.MAPPING_CODES])
def test_every_code_of_the_loaders_has_a_sentence(listed: dict[str, str]) -> None:
    assert set(listed) <= set(sentences())


def test_every_warning_of_a_search_has_a_sentence() -> None:
    assert {f"warning.{code}" for code in get_args(WarningCode)} <= set(sentences())


def test_every_weight_has_a_sentence() -> None:
    assert {f"why.{fits}" for fits in get_args(Fits)} <= set(sentences())


@pytest.mark.parametrize("code", sentences())
def test_both_languages_say_it_with_the_same_data(code: str) -> None:
    told = sentences()[code]
    assert set(told) == {"zh", "en"}
    places = [{name for _, name, _, _ in Formatter().parse(text) if name is not None} for text in told.values()]
    assert places[0] == places[1]
    assert re.search(r"[\u4e00-\u9fff]", told["zh"])
    assert not re.search(r"[\u4e00-\u9fff]", told["en"])


def test_data_stands_in_the_sentence() -> None:
    told = sentence("unknown_library", {"id": "XX", "known": ("JD", "JX"), "kind": "library"}, "zh")
    assert "“XX”" in told
    assert "JD、JX" in told


def test_data_of_another_library_are_refused_in_words_that_fit_reading_too() -> None:
    told = (sentence("other_library", {"library": "KS"}, "zh"), sentence("other_library", {"library": "KS"}, "en"))
    assert not any(word in text for word in ("改", "change") for text in told)
    assert all("KS" in text for text in told)


def test_data_that_is_missing_or_looks_like_a_place_does_no_harm() -> None:
    assert "?" in sentence("unknown_library", {}, "en")
    assert "{id.__class__}" in sentence("unknown_library", {"id": "{id.__class__}", "known": ()}, "en")


def test_an_unknown_code_is_told_as_it_is() -> None:
    assert "never_heard_of" in sentence("never_heard_of", {"a": 1}, "en")


@pytest.mark.parametrize(
    ("vocabulary", "values"),
    [
        ("format", get_args(Format)),
        ("status", ITEM_STATUSES),
        ("kind", BRANCH_KINDS),
        ("offer", OFFERS),
        ("audience", get_args(Audience)[1:]),
        ("correctable", tuple(CORRECTABLE)),
        ("block", tuple(KINDS)),
        ("lifted_by", tuple(kind.lifted_by for kind in KINDS.values())),
        ("credit_cause", (*RULE_CAUSES, *DEEDS)),
        ("credit_standing", get_args(Standing)),
        ("account_entry", ENTRY_KINDS),
        ("charge_cause", CAUSES),
        ("pay_method", METHODS),
        ("objection_state", get_args(State)),
        ("stray_resolution", RESOLUTIONS),
        ("stray_reason", REASONS),
        ("staff_role", tuple(role for role in ROLES if role != "public")),
    ],
)
def test_every_coded_value_has_a_name(vocabulary: str, values: tuple[str, ...]) -> None:
    assert set(vocabularies()[vocabulary]) == set(values)


def test_names_are_told_in_both_languages() -> None:
    assert all(set(names) == {"zh", "en"} for table in vocabularies().values() for names in table.values())


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("chi", "中文", "Chinese"),
        ("eng", "英语", "English"),
        ("ger", "德语", "German"),
        ("fre", "法语", "French"),
        ("tib", "藏语", "Tibetan"),
        ("qqq", "qqq", "qqq"),
    ],
)
def test_languages_have_names_under_their_bibliographic_codes(code: str, zh: str, en: str) -> None:
    assert (label("language", code, "zh"), label("language", code, "en")) == (zh, en)
