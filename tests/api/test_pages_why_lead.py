"""The sentence on why records are one, as the word of staff and the findings of the rules make it."""

from zoneinfo import ZoneInfo

import pytest
from flask import Flask, render_template_string

from api.pages.presenting import _row
from api.pages.reasons import reasons_view
from tests.unit.matching.examples import features
from union_catalog.matching.clustering import Edge, Said
from union_catalog.matching.explanation import Pair, explain_cluster
from union_catalog.matching.features import Features
from union_catalog.services.explaining import Member, RecordExplanation

LEAD = "{% from 'reasons.html' import lead with context %}{{ lead(reasons) }}"
FIRST = features()
LATER = features(date="1998-1")  # a veto of the rules
UNSURE = features(by="", publisher="", date="")
SAID: dict[Pair, Said] = {("JD:1", "JX:1"): "same"}


def member(key: str) -> Member:
    library, _, record_id = key.partition(":")
    return Member(
        key=key, library=library, library_name=library, library_name_en="", record_id=record_id, title="红楼梦", title_language="",
        responsibility="", edition="", publisher="", date="", isbn=(), extent="", format="book",
    )  # fmt: skip


def lead(app: Flask, members: dict[str, Features], edges: list[Edge], said: dict[Pair, Said], language: str = "zh") -> str:
    found = RecordExplanation(
        union_id="u1",
        total=len(members),
        members=tuple(map(member, members)),
        differs={key: frozenset() for key in members},
        explanation=explain_cluster(members, edges, said),
        words=(),
        near=(),
        outdated=False,
    )
    with app.test_request_context(f"/?lang={language}"):
        return render_template_string(LEAD, reasons=reasons_view(found, ZoneInfo("Asia/Shanghai"), _row))


@pytest.mark.parametrize(
    ("other", "chinese", "english"),
    [
        (LATER, "。按规则应分开，馆员判定为同一版本。", " The rules would keep them apart; staff judged them one edition."),
        (UNSURE, "。按规则不能断定，馆员判定为同一版本。", " The rules cannot tell; staff judged them one edition."),
        (FIRST, "。其中有馆员的判定。", " Staff decided part of it."),
    ],
)
def test_a_word_of_staff_over_the_rules_is_said_to_be_one(app: Flask, other: Features, chinese: str, english: str) -> None:
    told = lead(app, {"JD:1": FIRST, "JX:1": other}, [], SAID)
    assert told.endswith(chinese)
    assert "不足以分开" not in told
    assert lead(app, {"JD:1": FIRST, "JX:1": other}, [], SAID, "en").endswith(english)


def test_what_staff_overruled_is_not_said_to_agree(app: Flask) -> None:
    members = {"JD:1": FIRST, "JX:1": LATER, "WZ:1": FIRST}
    told = lead(app, members, [Edge("JD:1", "WZ:1", 850)], SAID)
    assert "出版时间" not in told
    assert told.endswith("题名、责任者、出版者都相合。其中有的按规则应分开，馆员判定为同一版本。")


@pytest.mark.parametrize(("by", "told_as_translator"), [("曹雪芹，高鹗著", False), ("曹雪芹著；高鹗译", True)])
def test_only_a_translator_is_called_so(app: Flask, by: str, told_as_translator: bool) -> None:
    members = {"JD:1": features(by=by), "JX:1": features(by=by)}
    told = lead(app, members, [Edge("JD:1", "JX:1", 850)], {})
    assert "责任者" in told
    assert ("译者" in told) is told_as_translator
