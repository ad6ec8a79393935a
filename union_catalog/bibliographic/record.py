"""The format-neutral description of one edition: what every dialect is mapped to and every consumer reads.

Values are frozen ``msgspec`` structs (see docs/decisions/0002): they are built and decoded four to six times faster than
frozen dataclasses, and a load builds some forty of them a record. Every value says in ``source`` where in its record it stood, in the
notation ``TAG$codes`` ("200$a", "245$ac"), ``TAG/from-to`` for fixed fields ("008/35-37") or the heading of the column.
Collections keep the order of the source. Text is Unicode NFC, trimmed, with the dialect's ISBD punctuation taken off.
"""

from typing import Literal

import msgspec


class Value(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What all values have: where it stood in its source record."""

    source: str = ""


class Identifier(Value, frozen=True, omit_defaults=True):
    """``value`` is canonical when ``valid`` (ISBN: 13 digits without hyphens; ISSN: 8 characters without a hyphen), else as written.

    ``qualifier`` is what stood beside it ("pbk.", "全套", "v.1", "精装"), ``price`` the terms of availability as written.
    An ISBN whose qualifier says that it names a whole set has ``of_set``. ``cancelled``: the source marks it as wrong (020$z, 010$z).
    """

    scheme: Literal["isbn", "issn", "cubn", "lccn", "oclc", "nbn", "doi", "isrc", "ismn", "other"]
    value: str
    valid: bool = True
    raw: str = ""
    qualifier: str = ""
    price: str = ""
    of_set: bool = False
    cancelled: bool = False


class Title(Value, frozen=True, omit_defaults=True):
    """One title. ``text`` is the title alone; ``remainder`` other title information (副题名); volume number and title apart.

    The first of kind "proper" is the title proper. ``lang`` is a BCP 47 tag where the source tells or the script shows ("zh-Hant").
    ``pinyin`` is the romanisation that the source itself carries (200$9, 880 pair), never a computed one.
    """

    kind: Literal["proper", "parallel", "other", "uniform", "variant", "cover", "spine", "former", "analytic"]
    text: str
    remainder: str = ""
    volume_number: str = ""
    volume_title: str = ""
    lang: str = ""
    pinyin: str = ""


class Agent(Value, frozen=True, omit_defaults=True):
    """A person, body or meeting with what it did for this edition.

    ``roles`` are codes of union_catalog/bibliographic/data/roles.tsv ("author", "editor", "translator", "illustrator", …), empty where
    the source does not say. ``dynasty`` ("清") and ``country`` ("美") are taken out of brackets. ``other_forms`` are further forms of
    the same name that stand beside it ("Freud, Sigmund"). ``primary`` is the main entry or the first author.
    """

    name: str
    roles: tuple[str, ...] = ()
    kind: Literal["person", "body", "meeting"] = "person"
    primary: bool = False
    dynasty: str = ""
    country: str = ""
    dates: str = ""
    other_forms: tuple[str, ...] = ()


class Text(Value, frozen=True, omit_defaults=True):
    """A statement as the source words it."""

    text: str


class Publication(Value, frozen=True, omit_defaults=True):
    """One imprint. ``date`` as written; ``year`` the first year in it (Gregorian), None where none can be read; month 0 if unknown."""

    kind: Literal["publication", "printing", "distribution", "manufacture", "copyright"] = "publication"
    places: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    date: str = ""
    year: int | None = None
    month: int = 0
    year_to: int | None = None


class Series(Value, frozen=True, omit_defaults=True):
    title: str
    number: str = ""
    issn: str = ""


class Subject(Value, frozen=True, omit_defaults=True):
    """A heading with its subdivisions in order; ``scheme`` names the list where the source does ("ct" 汉语主题词表, "lcsh")."""

    heading: str
    subdivisions: tuple[str, ...] = ()
    scheme: str = ""


class Classification(Value, frozen=True, omit_defaults=True):
    """``scheme`` "clc" (中图法), "las" (科图法), "ddc", "lcc", …; ``number`` in canonical form without blanks."""

    scheme: str
    number: str
    edition: str = ""


class Link(Value, frozen=True, omit_defaults=True):
    url: str
    label: str = ""


class Relation(Value, frozen=True, omit_defaults=True):
    """A tie to another edition: the source's record id or ISBN if given, and the title as written."""

    kind: Literal["series", "set", "part", "translation_of", "reproduction_of", "other_edition", "supplement", "other"]
    title: str = ""
    identifier: str = ""


Format = Literal[
    "book", "e-book", "audio", "braille", "large-print", "video", "music", "score", "map", "periodical", "picture", "software", "kit",
    "other",
]  # fmt: skip
Audience = Literal["", "juvenile", "adolescent", "adult", "general"]


class BibliographicRecord(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One edition as one library describes it, without anything of its holdings.

    ``languages`` are ISO 639-2/B codes of the text ("chi"), ``original_languages`` those it was translated from. ``level`` is the
    cataloguing level of the source ("full", "core", "minimal", "prepublication", "" unknown). ``format_source`` tells where the
    format was read.
    """

    titles: tuple[Title, ...] = ()
    agents: tuple[Agent, ...] = ()
    responsibility: tuple[Text, ...] = ()
    editions: tuple[Text, ...] = ()
    publications: tuple[Publication, ...] = ()
    extents: tuple[Text, ...] = ()
    dimensions: tuple[Text, ...] = ()
    series: tuple[Series, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    languages: tuple[str, ...] = ()
    languages_source: str = ""
    original_languages: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    classifications: tuple[Classification, ...] = ()
    notes: tuple[Text, ...] = ()
    summaries: tuple[Text, ...] = ()
    contents: tuple[Text, ...] = ()
    links: tuple[Link, ...] = ()
    relations: tuple[Relation, ...] = ()
    format: Format = "book"
    format_source: str = ""
    audience: Audience = ""
    audience_source: str = ""
    country: str = ""
    level: str = ""

    @property
    def title_proper(self) -> Title | None:
        """The first title of kind "proper"; None for a record without one (such a record is kept, and shown by its id)."""
        return next((title for title in self.titles if title.kind == "proper"), None)

    @property
    def year(self) -> int | None:
        """The first year of publication that could be read, else of printing or copyright."""
        dated = [p for p in self.publications if p.year is not None]
        return next((p.year for p in dated if p.kind == "publication"), dated[0].year if dated else None)
