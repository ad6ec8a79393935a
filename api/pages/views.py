"""What the templates are given: frozen values, already in the reader's language where data holds words, codes everywhere else."""

from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from api.covers.drawing import digest, draw
from api.covers.palette import mark_of


@dataclass(frozen=True, slots=True)
class CoverView:
    """The five inputs of a drawn cover. ``format`` is a record's format, ``year`` four digits or ""."""

    title: str
    author: str = ""
    clc: str = ""
    format: str = "book"
    year: str = ""

    @property
    def digest(self) -> str:
        """What stands in the address of the drawing."""
        return digest(self.title, self.author, self.clc, mark_of(self.format), self.year)

    def svg(self) -> str:
        """The drawing."""
        return draw(self.title, self.author, self.clc, mark_of(self.format), self.year)


@dataclass(frozen=True, slots=True)
class StatusView:
    """One of ``wording.STATUSES`` with its date: due back, expected or kept until."""

    code: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One edition in a list. ``imprint`` are the parts of one line in order; ``place`` is the branch that ``status`` speaks of, and
    ``branch`` its code.

    ``marks`` are the found stretches of ``title`` as (start, end), ascending and apart. ``metres`` is how far ``place`` is, None unless
    a place was told. ``editions`` are others of its work, where results are grouped, and ``more`` those beyond them. ``why`` are reasons
    in words, what counts most first.
    """

    union_id: str
    title: str
    cover: CoverView
    status: StatusView
    title_language: str = ""
    responsibility: str = ""
    imprint: tuple[str, ...] = ()
    format: str = "book"
    place: str = ""
    branch: str = ""
    libraries: int = 0
    items: int = 0
    available: int = 0
    marks: tuple[tuple[int, int], ...] = ()
    metres: int | None = None
    editions: tuple["ResultRow", ...] = ()
    more: int = 0
    why: tuple[str, ...] = ()


class FacetValue(msgspec.Struct, frozen=True):
    """One choice with the number of titles it would leave. ``name`` is the parameter that it is sent as.

    ``children`` narrow it further: branches of a library, classes below a class.
    """

    name: str
    value: str
    label: str
    count: int
    selected: bool = False
    children: tuple["FacetValue", ...] = ()

    @property
    def partly(self) -> bool:
        """Whether only some of what is below it is chosen."""
        return not self.selected and bool(self.children) and any(child.chosen for child in self.children)

    @property
    def chosen(self) -> bool:
        """Whether it, or something below it, is chosen."""
        return self.selected or (bool(self.children) and any(child.chosen for child in self.children))


@dataclass(frozen=True, slots=True)
class FacetView:
    """A group of choices under one of ``wording.FACETS``, in the order in which they are shown: chosen ones first."""

    name: str
    values: tuple[FacetValue, ...]

    @property
    def chosen(self) -> bool:
        """Whether anything in it is chosen."""
        return any(value.chosen for value in self.values)


@dataclass(frozen=True, slots=True)
class BarView:
    """A bar: titles of some years and the address of the list narrowed to them. ``height`` is 1 to 56 pixels, 0 for no title.

    ``open_below``: the titles of all years before are in it, too.
    """

    first: int
    last: int
    count: int
    height: int
    selected: bool
    address: str
    open_below: bool = False


@dataclass(frozen=True, slots=True)
class WarningView:
    """What in a query was read otherwise than it was written; codes of ``union_catalog.search.nodes.WarningCode``."""

    code: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the catalogue answers to one search. ``years`` are (year, titles); ``next_cursor`` is None at the end.

    ``corrected`` is the query that was answered in the place of the one asked, and how many titles the one asked finds. ``offered`` is
    one that may have been meant, but was not answered. ``other_form`` is a word of the query as a title writes it in other characters.
    ``origin`` is the branch from which distances are counted, "" where that is the reader's own place or none is known. Years after
    ``this_year`` are slips of a pen.
    """

    total: int
    rows: tuple[ResultRow, ...]
    facets: tuple[FacetView, ...] = ()
    years: tuple[tuple[int, int], ...] = ()
    available: int = 0
    next_cursor: str | None = None
    warnings: tuple[WarningView, ...] = ()
    corrected: tuple[str, int] | None = None
    offered: str = ""
    other_form: str = ""
    origin: str = ""
    this_year: int = 9999


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in words and the address of the same search without it. ``total`` is what that finds, None if not counted."""

    label: str
    address: str
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to do something among several, as a link; ``name`` is its code."""

    label: str
    address: str
    current: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class PagerView:
    """Where this page stands (counted from 1) and its neighbours' addresses, "" where there is none.

    ``works``: each result stands for a work, so that ``total``, of editions, says nothing of how many there are.
    """

    first: int
    last: int
    total: int
    works: bool = False
    previous_address: str = ""
    first_address: str = ""
    next_address: str = ""
    cut_off: bool = False


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; ``code`` is one of ``wording.FIELD_ERRORS``."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """Items of one branch that share call number, volume and status, counted."""

    branch: str
    branch_code: str
    status: StatusView
    call_number: str = ""
    volume: str = ""
    items: int = 1
    url: str = ""


@dataclass(frozen=True, slots=True)
class HoldingsGroup:
    """One library's items of an edition."""

    library: str
    library_code: str
    items: int
    available: int
    lines: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class HoldingsView:
    """All items of an edition, read at ``checked_at`` (an aware instant in the business time zone)."""

    groups: tuple[HoldingsGroup, ...]
    checked_at: datetime

    @property
    def items(self) -> int:
        """Items in all libraries."""
        return sum(group.items for group in self.groups)

    @property
    def available(self) -> int:
        """How many of them can be had now."""
        return sum(group.available for group in self.groups)

    def call_number(self, branch: str, status: str) -> str:
        """Where the first item of this status stands in the branch of that code, "" where none says."""
        held = (line for group in self.groups for line in group.lines if line.branch_code == branch)
        lines = (line for line in held if line.status.code == status)
        return next((line.call_number for line in lines if line.call_number), "")


@dataclass(frozen=True, slots=True)
class FactValue:
    """One value of a fact. ``query`` searches for it, "" for no link; ``language`` is a BCP 47 tag, "" unknown."""

    text: str
    query: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the description under one of ``wording.FACTS``; ``sources`` name the libraries whose records say so."""

    name: str
    values: tuple[FactValue, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One member record behind the description. ``corrected``: lines, named as facts are, that a cataloguer wrote over."""

    library: str
    record_id: str
    received_on: date
    corrected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordView:
    """One edition. ``agents`` are names to search for; ``exports`` are forms of ``wording.EXPORTS``."""

    row: ResultRow
    work_id: str
    holdings: HoldingsView
    agents: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    sources: tuple[SourceLine, ...] = ()
    editions: tuple[ResultRow, ...] = ()
    exports: tuple[str, ...] = ()
    online_url: str = ""

    @property
    def contributors(self) -> int:
        """How many libraries its records are from."""
        return len({source.library for source in self.sources})


@dataclass(frozen=True, slots=True)
class BranchView:
    """A place. ``kind`` is one of ``wording.KINDS``; ``lat`` and ``lng`` are WGS-84; ``provisional`` before the network knows it."""

    code: str
    name: str
    library: str
    library_code: str
    kind: str = ""
    address: str = ""
    lat: float | None = None
    lng: float | None = None
    offers_pickup: bool = False
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class LibraryView:
    """A member library with what it holds."""

    code: str
    name: str
    region: str = ""
    branches: int = 0
    records: int = 0
    items: int = 0
