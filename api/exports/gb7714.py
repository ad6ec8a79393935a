"""A reference by GB/T 7714-2015, sequential form, without the number in the list:

author. title: subtitle[type/carrier]. other responsibility. edition. place: publisher, year.
"""

import re

from api.exports.citation import Citation, cite
from union_catalog.bibliographic.record import Agent
from union_catalog.services.views import RecordDetail
from union_catalog.text import has_han

_TYPES = {"periodical": "J", "map": "CM", "software": "CP"} | dict.fromkeys(("other", "kit", "audio", "video", "music", "picture"), "Z")
_HELPED = {
    "translator": ("译", "trans"),
    "annotator": ("注", "annot"),
    "illustrator": ("绘", "illus"),
    "adapter": ("改编", "adapt"),
    "reviewer": ("审", "rev"),
    "proofreader": ("校", "rev"),
}
MOST_AUTHORS = 3
_FIRST_EDITION = re.compile(r"^(?:第?\s*(?:1|一|初)\s*版|1st ed\.?|first edition)$", re.IGNORECASE)


def write(detail: RecordDetail) -> bytes:
    """One line, ended by a line feed."""
    cited = cite(detail)
    carrier = "/OL" if cited.format == "e-book" or cited.url else ""
    title = ": ".join(part for part in (cited.title, cited.volume, cited.subtitle) if part)
    parts = [
        _names(cited.authors),
        f"{title}[{_TYPES.get(cited.format, 'M')}{carrier}]",
        _helpers(cited.helpers),
        _edition(cited.edition),
        _imprint(cited),
        cited.url,
    ]
    line = ". ".join(part.rstrip(".") for part in parts if part)
    return f"{' '.join(line.split())}.\n".encode()


def _names(agents: tuple[Agent, ...]) -> str:
    """At most three, then 等 or "et al"."""
    if not agents:
        return ""
    told = ", ".join(_name(agent) for agent in agents[:MOST_AUTHORS])
    if len(agents) <= MOST_AUTHORS:
        return told
    return told + (", 等" if has_han(agents[0].name) else ", et al")


def _name(agent: Agent) -> str:
    """A Western person by surname in capitals and initials without points; everybody else as written."""
    surname, comma, given = agent.name.partition(",")
    if not comma or agent.kind != "person" or has_han(agent.name):
        return agent.name
    initials = " ".join(word[0].upper() for word in re.split(r"[\s.-]+", given) if word)
    return f"{surname.strip().upper()} {initials}".strip()


def _helpers(agents: tuple[Agent, ...]) -> str:
    by_role: dict[str, list[Agent]] = {}
    for agent in agents:
        role = next((role for role in agent.roles if role in _HELPED), "")
        if role:
            by_role.setdefault(role, []).append(agent)
    return ". ".join(f"{_names(tuple(group))}, {_HELPED[role][0 if has_han(group[0].name) else 1]}" for role, group in by_role.items())


def _edition(edition: str) -> str:
    """The first edition is not told; 第3版 is told as 3版."""
    if _FIRST_EDITION.match(edition.strip()):
        return ""
    return re.sub(r"^第\s*(?=\d+\s*版)", "", edition.strip())


def _imprint(cited: Citation) -> str:
    """What is missing is said, as the standard wants it."""
    han = has_han(cited.title)
    place = cited.place or ("[出版地不详]" if han else "[S.l.]")
    publisher = cited.publisher or ("[出版者不详]" if han else "[s.n.]")
    return f"{place}: {publisher}" + (f", {cited.year}" if cited.year else "")
