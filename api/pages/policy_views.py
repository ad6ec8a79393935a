"""Policies as the pages of staff show them: what changes, line by line, and where a file has its faults."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import unified_diff

from api.labels import label
from api.messages import sentence
from api.policy_words import check_words, difference_words
from api.translations import gettext, ngettext
from union_catalog.circulation.policy_check import Check, Difference, Moved
from union_catalog.circulation.policy_file import Fault
from union_catalog.circulation.policy_lines import line_of
from union_catalog.context import Language
from union_catalog.services.policies import Checked


@dataclass(frozen=True, slots=True)
class FaultView:
    """What is wrong, and (number, text) of the lines on which it stands; none where it stands on none."""

    told: str
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A rule, or what holds for all, with what is otherwise."""

    name: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckedView:
    """``faults``, or what would be otherwise. ``effects``: on open loans and readers, a sentence each; ``moved``: the loans by rule."""

    faults: tuple[FaultView, ...]
    effects: tuple[str, ...] = ()
    changes: tuple[ChangeView, ...] = ()
    moved: tuple[ChangeView, ...] = ()


@dataclass(frozen=True, slots=True)
class TextLine:
    """``kind`` is "+", "-", " " for a line of both, or "@" where lines were left out."""

    kind: str
    text: str


def checked_view(found: Checked, text: str, language: Language) -> CheckedView:
    """What a check has found."""
    check = found.check
    return CheckedView(
        faults=tuple(fault_view(fault, text, language) for fault in found.faults),
        effects=check_words(check, found.based_on, language) if check else (),
        changes=change_views(check, language) if check else (),
        moved=tuple(_moved(one, language) for one in check.moved) if check else (),
    )


def fault_view(fault: Fault, text: str, language: Language) -> FaultView:
    """A fault with its lines: of two rows that cannot stand beside each other, both."""
    places = (fault.place, str(fault.data.get("other", "")))
    numbers = sorted({number for place in places if (number := line_of(text, place))})
    written = text.splitlines()
    told = sentence(fault.code, fault.error().data, language)
    return FaultView(told, tuple((number, written[number - 1].strip()) for number in numbers if number <= len(written)))


def change_views(check: Check, language: Language) -> tuple[ChangeView, ...]:
    """What is otherwise: rule by rule, then what holds for every loan."""
    rules = (
        ChangeView(f"{label('rule_action', one.action, language)} {one.rule}", _words(one.differences, language)) for one in check.rules
    )
    others = ((gettext("全网都一样的"), check.network), (gettext("馆组"), check.groups))
    return (*rules, *(ChangeView(name, _words(differences, language)) for name, differences in others if differences))


def text_lines(before: str, after: str) -> Iterator[TextLine]:
    """Two files line by line, with three lines around what is otherwise."""
    for number, line in enumerate(unified_diff(before.splitlines(), after.splitlines(), lineterm="")):
        if number > 1:  # the names of the files
            yield TextLine("@", "") if line.startswith("@@") else TextLine(line[:1], line[1:])


def _moved(one: Moved, language: Language) -> ChangeView:
    loans = ngettext("%(num)s册在借", "%(num)s册在借", one.loans, num=one.loans)
    rules = one.before if one.before == one.after else f"{one.before} → {one.after}"
    return ChangeView(f"{rules} · {loans}", _words(one.differences, language))


def _words(differences: Iterable[Difference], language: Language) -> tuple[str, ...]:
    return tuple(difference_words(one, language) for one in differences)
