"""A dialect as a table: which extractor reads which field into which part of the record. One line a field, and nothing else in the
table.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from loaders.formats.marc import Field, MarcRecord
from union_catalog.bibliographic.record import (
    Agent,
    Classification,
    Identifier,
    Link,
    Publication,
    Relation,
    Series,
    Subject,
    Text,
    Title,
)
from union_catalog.holdings.model import ReportedItem


@dataclass(slots=True)
class Draft:
    """What the rules have gathered of one record; the names are those of BibliographicRecord, and some more.

    ``statements`` are those statements of responsibility that bibliographic.normalise.agents takes apart; ``hints`` say something
    about the format, as (code or words, source); ``items`` are what the library holds.
    """

    titles: list[Title] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    responsibility: list[Text] = field(default_factory=list)
    statements: list[Text] = field(default_factory=list)
    editions: list[Text] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)
    extents: list[Text] = field(default_factory=list)
    dimensions: list[Text] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    original_languages: list[str] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    classifications: list[Classification] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    summaries: list[Text] = field(default_factory=list)
    contents: list[Text] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    hints: list[tuple[str, str]] = field(default_factory=list)
    items: list[ReportedItem] = field(default_factory=list)


Extractor = Callable[[Field], Iterable[object]]


@dataclass(frozen=True, slots=True)
class Rule:
    """``target`` (an attribute of Draft) is extended by what ``extract`` finds in each field with ``tag``."""

    target: str
    tag: str
    extract: Extractor


Table = Mapping[str, tuple[tuple[str, Extractor], ...]]


def table(*rules: Rule) -> Table:
    """Rules by tag, in the order written."""
    by_tag: dict[str, list[tuple[str, Extractor]]] = {}
    for rule in rules:
        by_tag.setdefault(rule.tag, []).append((rule.target, rule.extract))
    return {tag: tuple(found) for tag, found in by_tag.items()}


def rules(target: str, tags: str, extract: Extractor) -> tuple[Rule, ...]:
    """The same rule for several tags, written with blanks between them."""
    return tuple(Rule(target, tag, extract) for tag in tags.split())


def apply(dialect: Table, record: MarcRecord, pairs: Mapping[int, Field]) -> Draft:
    """Every field of the record through its rules. ``pairs`` holds fields that were made beforehand, by their place in the record."""
    draft = Draft()
    for place, (tag, text) in enumerate(record.fields):
        made = pairs.get(place)
        extractors = dialect.get(made.tag if made else tag)
        if extractors is None:
            continue
        found = made or Field(tag, text)
        for target, extract in extractors:
            getattr(draft, target).extend(extract(found))
    return draft
