"""Why a loan has the terms it has: the row that won, those it was taken before, and those that do not fit."""

from collections.abc import Mapping
from dataclasses import dataclass

from union_catalog.circulation.policy import PRECEDENCE, Choice, PolicyTable, Question, Rule, decided_by


@dataclass(frozen=True, slots=True)
class Beaten:
    """A row that matches too; ``by`` is the criterion that the winner names and it does not."""

    rule: Rule
    by: str


@dataclass(frozen=True, slots=True)
class Unfit:
    """A row that does not match: of ``criterion`` it wants ``wanted``, and here it is ``given`` ("" for none)."""

    rule: Rule
    criterion: str
    wanted: str
    given: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All rows of a version stand in it once. ``given``: criterion → what it is here, in the order of precedence, "" for no group.

    ``quota`` is the reader's in the whole network, ``cap`` the library's, None for none.
    """

    version: int
    given: Mapping[str, str]
    choice: Choice
    beaten: tuple[Beaten, ...]
    unfit: tuple[Unfit, ...]
    quota: int
    cap: int | None

    @property
    def rule(self) -> Rule:
        return self.choice.rule


def explain(table: PolicyTable, question: Question) -> Explanation:
    """The choice of ``table.choose`` with the reason for every row."""
    choice = table.choose(question)
    given = given_of(table, question)
    fitting = {choice.rule.id, *choice.beaten}
    misfits = ((rule, _misfit(rule, given)) for rule in table.rules if rule.id not in fitting)
    return Explanation(
        version=table.version,
        given=given,
        choice=choice,
        beaten=tuple(Beaten(table.rule(rule_id), decided_by(choice.rule, table.rule(rule_id))) for rule_id in choice.beaten),
        unfit=tuple(Unfit(rule, name, getattr(rule, name), given[name]) for rule, name in misfits),
        quota=table.quota_of(question.patron_category),
        cap=table.network.caps.get(question.item_library),
    )


def given_of(table: PolicyTable, question: Question) -> dict[str, str]:
    """Criterion → what it is under these circumstances, in the order of precedence."""
    group = table.groups.get(question.item_library, "")
    return {name: group if name == "item_group" else getattr(question, name) for name in PRECEDENCE}


def _misfit(rule: Rule, given: Mapping[str, str]) -> str:
    """The most significant criterion that does not match."""
    return next(name for name in PRECEDENCE if getattr(rule, name) not in ("", given[name]))
