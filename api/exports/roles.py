"""What an agent did, in the words of the formats: role code → (MARC relator code, the word of Chinese
statements)."""

from collections.abc import Iterable

from union_catalog.bibliographic.record import Agent

RELATORS = {
    "author": ("aut", "著"),
    "editor": ("edt", "编"),
    "compiler": ("com", "辑"),
    "translator": ("trl", "译"),
    "illustrator": ("ill", "绘"),
    "artist": ("art", "篆刻"),
    "photographer": ("pht", "摄"),
    "annotator": ("ann", "注"),
    "commentator": ("cwt", "评"),
    "adapter": ("adp", "改编"),
    "composer": ("cmp", "作曲"),
    "lyricist": ("lyr", "作词"),
    "arranger": ("arr", "编曲"),
    "performer": ("prf", "演唱"),
    "narrator": ("nrt", "讲述"),
    "director": ("drt", "导演"),
    "producer": ("pro", "制片"),
    "scriptwriter": ("aus", "编剧"),
    "preface": ("aui", "序"),
    "calligrapher": ("cll", "书法"),
    "interviewer": ("ivr", "采访"),
    "reviewer": ("rev", "审"),
    "proofreader": ("pfr", "校"),
    "designer": ("bkd", "设计"),
    "recorder": ("rce", "记录"),
    "planner": ("", "策划"),
    "supervisor": ("", "监制"),
}
PRIMARY = frozenset({"author", "editor", "compiler", "artist", "photographer", "calligrapher", "composer"})

# Of a work without any of those, the first of these roles that somebody has answers for it: a film is cited by its director.
LEADING = ("director", "scriptwriter", "lyricist", "arranger", "performer", "narrator", "interviewer", "recorder", "producer")


def is_secondary(agent: Agent) -> bool:
    """Whether all it did is to help a work of others along: translate, annotate, illustrate …"""
    return bool(agent.roles) and PRIMARY.isdisjoint(agent.roles)


def responsible(agents: tuple[Agent, ...]) -> tuple[Agent, ...]:
    """Those whom a citation puts before the title, in the order of the record; none where all only helped along."""
    primary = tuple(agent for agent in agents if not is_secondary(agent))
    leading = next((role for role in LEADING if any(role in agent.roles for agent in agents)), "")
    return primary or tuple(agent for agent in agents if leading in agent.roles)


def relators(agent: Agent) -> list[str]:
    """MARC relator codes, those that have one, each once."""
    return _each_once(RELATORS[role][0] for role in agent.roles if role in RELATORS)


def chinese_words(agent: Agent) -> list[str]:
    """著, 译 … as 700 $4 of CNMARC holds them."""
    return _each_once(RELATORS[role][1] for role in agent.roles if role in RELATORS)


def _each_once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word))
