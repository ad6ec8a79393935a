"""Agents of one record: the names of the statements and those of the headings brought together, each once."""

from collections.abc import Sequence
from dataclasses import dataclass

from union_catalog.bibliographic.normalise.person import NameReading, name_keys
from union_catalog.bibliographic.normalise.statements import Style, parse_statement
from union_catalog.bibliographic.record import Agent, Text
from union_catalog.text import has_cjk


@dataclass(slots=True)
class _Person:
    agent: Agent
    keys: frozenset[str]


def assemble_agents(statements: Sequence[Text], headings: Sequence[Agent], style: Style) -> tuple[Agent, ...]:
    """Statement names first, in their order, joined with the headings that mean the same; then the other headings.

    A Chinese name keeps the form of the item in hand, a Latin one that of the heading; the other stays in ``other_forms``. Where there are
    headings, a Latin statement only adds roles to them: it is prose ("with contributions from …") as often as a list of names.
    """
    people: list[_Person] = []
    for heading in headings:
        _add(people, heading)
    named = [(name, s.source) for s in statements for name in parse_statement(s.text, style).names]
    order: list[_Person] = []
    for name, source in named:
        person = _find(people, _keys(name.name, name.other_forms))
        if person:
            person.agent = _joined(person.agent, name, source)
        elif not headings or has_cjk(name.name):
            person = _Person(_agent(name, source), _keys(name.name, name.other_forms))
            people.append(person)
        if person and person not in order:
            order.append(person)
    order += [person for person in people if person not in order]
    agents = [person.agent for person in order]
    return tuple(agents) if any(agent.primary for agent in agents) else _first_is_primary(agents)


def _first_is_primary(agents: list[Agent]) -> tuple[Agent, ...]:
    if not agents:
        return ()
    first = agents[0]
    return (_replace(first, roles=first.roles, source=first.source, primary=True), *agents[1:])


def _add(people: list[_Person], heading: Agent) -> None:
    """A heading; the same name twice (as author and as translator) is one agent with both roles."""
    keys = _keys(heading.name, heading.other_forms)
    if person := _find(people, keys):
        known = person.agent
        roles = tuple(dict.fromkeys((*known.roles, *heading.roles)))
        primary = known.primary or heading.primary
        person.agent = _replace(known, roles=roles, source=known.source, primary=primary)
    else:
        people.append(_Person(heading, keys))


def _keys(name: str, others: Sequence[str]) -> frozenset[str]:
    keys = name_keys(name)
    return keys.union(*map(name_keys, others)) if others else keys


def _find(people: list[_Person], keys: frozenset[str]) -> _Person | None:
    return next((person for person in people if not keys.isdisjoint(person.keys)), None)


def _agent(name: NameReading, source: str) -> Agent:
    return Agent(
        name=name.name, roles=name.roles, kind=name.kind, dynasty=name.dynasty, country=name.country, dates=name.dates,
        other_forms=name.other_forms, source=source,
    )  # fmt: skip


def _joined(agent: Agent, name: NameReading, source: str) -> Agent:
    as_in_hand = has_cjk(name.name)
    shown, other = (name.name, agent.name) if as_in_hand else (agent.name, name.name)
    others = dict.fromkeys((*agent.other_forms, *name.other_forms, other))
    others.pop(shown, None)
    return Agent(
        name=shown,
        roles=tuple(dict.fromkeys((*agent.roles, *name.roles))),
        kind=agent.kind,
        primary=agent.primary,
        dynasty=agent.dynasty or name.dynasty,
        country=agent.country or name.country,
        dates=agent.dates or name.dates,
        other_forms=tuple(others),
        source=f"{source} {agent.source}",
    )


def _replace(agent: Agent, *, roles: tuple[str, ...], source: str, primary: bool) -> Agent:
    return Agent(
        name=agent.name, roles=roles, kind=agent.kind, primary=primary, dynasty=agent.dynasty, country=agent.country,
        dates=agent.dates, other_forms=agent.other_forms, source=source,
    )  # fmt: skip


def names_in_heading(heading: Agent) -> list[Agent]:
    """A heading that is a list of names as somebody typed it ("吴春玲，江滨", "[英] 托尼・德・索雷斯", "傅敏 编注") as its agents.

    Only the first of them can be the main entry.
    """
    if not has_cjk(heading.name) and "/" not in heading.name:
        return [heading]
    names = parse_statement(heading.name, "list").names
    return [
        Agent(
            name=name.name, roles=heading.roles or name.roles, kind=heading.kind if not place else name.kind,
            primary=heading.primary and not place, dynasty=name.dynasty, country=name.country,
            dates=heading.dates or name.dates, other_forms=(*name.other_forms, *(heading.other_forms if not place else ())),
            source=heading.source,
        )
        for place, name in enumerate(names)
    ]  # fmt: skip
