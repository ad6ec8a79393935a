"""What an engine indexes: one document a union record, its text already analysed (see ``text.analyse``)."""

import msgspec


class Availability(msgspec.Struct, frozen=True, array_like=True):
    """How many items one branch holds of an edition, and whether at least one of them can be had now."""

    branch: str
    library: str
    items: int
    available: bool


class AnalysedText(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Everything of a record that is searched as text, as space-separated tokens; what the tokens are is told in docs/search.md.

    It is stored in the database beside ``ANALYSIS_VERSION``, so that a rebuild never analyses twice, and handed as it stands to
    ``whitespace`` fields of the same names in every engine. ``sort_title`` alone is not tokens: it orders titles as a whole string.
    """

    title: str = ""
    title_words: str = ""
    title_exact: str = ""
    author: str = ""
    author_exact: str = ""
    series: str = ""
    subject: str = ""
    publisher: str = ""
    other: str = ""
    pinyin: str = ""
    author_pinyin: str = ""
    pinyin_exact: str = ""
    initials: str = ""
    author_initials: str = ""
    identifiers: str = ""
    call_numbers: str = ""
    sort_title: str = ""


class IndexDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One union record as the index knows it.

    ``revision`` is the union record's own: a document with a lower one never replaces it. ``clc`` holds every class number with all
    its prefixes ("I", "I2", … "I247.5"), ``clc_tree`` those of them that are classes of the first two levels (I and I2; T and TP).
    ``libraries`` are the codes that hold the edition, ``available_libraries`` those that have an item to lend now, ``holdings_count``
    how many libraries hold it (it ranks equals). ``authors``, ``subjects`` and ``series_titles`` are names as they are counted and
    suggested: one spelling of each. ``title`` is the title proper as it is suggested.
    """

    union_id: str
    revision: int
    analysed: AnalysedText
    work_id: str = ""
    title: str = ""
    format: str = "book"
    languages: tuple[str, ...] = ()
    year: int | None = None
    clc_tree: tuple[str, ...] = ()
    clc: tuple[str, ...] = ()
    audience: str = ""
    authors: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    series_titles: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    availability: tuple[Availability, ...] = ()
    available_libraries: tuple[str, ...] = ()
    holdings_count: int = 0
