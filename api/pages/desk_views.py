"""What a desk is shown, in words: the log, the reader, the receipt, and the shape of an outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from api.auth import current_principal
from api.case_words import block_answers, instruction
from api.language import current_language
from api.pages import desk_words as words
from api.pages.desk_scans import Scan
from api.pages.desk_words import Look
from api.pages.wording import coded
from api.resources.editions import named, place_name
from api.resources.operation import office
from api.resources.standing import Libraries, libraries
from api.resources.telling import way_names
from api.schemas.circulation import HindranceAnswer
from union_catalog.circulation.cases import UNDOABLE
from union_catalog.clock import parse_instant
from union_catalog.services.circulation import deskside
from union_catalog.services.circulation.deskside import Logged, ReaderAtDesk
from union_catalog.services.titles import ItemTitle
from union_catalog.storage import reads


@dataclass(frozen=True, slots=True)
class BlockLine:
    """One thing that stands in the way. ``since`` and ``until`` are in words, "" where there is none."""

    message: str
    library: str
    since: str
    until: str
    lifted_by: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to what was asked back: the scan again with these fields, too."""

    words: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """What became of a scan. ``event`` can be taken back, "" where nothing can; ``about`` is the action that it tells of, of a second scan
    that of the first.

    ``line`` is the outcome in the log. ``holds_up``: who is served is open now, so that nothing scanned meanwhile may be done;
    ``card_needed``: nor after it, until there is a card. ``codes`` are what whoever stands here may go past; ``beyond``: somebody else may.
    ``logged``: it is written down; ``undone``: what was to be taken back stands no more.
    """

    look: Look
    kind: str
    instruction: str
    line: str
    at: str
    code: str = ""
    case: str = ""
    detail: str = ""
    title: ItemTitle | None = None
    library: str = ""
    barcode: str = ""
    notes: tuple[str, ...] = ()
    blocks: tuple[BlockLine, ...] = ()
    event: str = ""
    about: str = ""
    session: str = ""
    holds_up: bool = False
    card_needed: bool = False
    codes: tuple[str, ...] = ()
    beyond: bool = False
    choices: tuple[Choice, ...] = ()
    logged: bool = False
    undone: bool = False
    scan: Scan = field(default_factory=lambda: Scan(text=""))


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of what this desk did; ``event`` can be taken back, "" where nothing can."""

    event: str
    at: str
    look: Look
    line: str
    title: str
    barcode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderView:
    """The reader who is served; no name."""

    id: str
    session: str
    last_four: str
    category: str
    library: str
    expires: str
    lent: int
    left: int
    blocks: tuple[BlockLine, ...]
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """A reader's receipt; ``lines`` are titles with the day on which they are due."""

    library: str
    branch: str
    at: str
    last_four: str
    lines: tuple[tuple[str, str], ...]


def time_now() -> str:
    """By the clock on the wall."""
    return office().now().astimezone(office().timezone).strftime("%H:%M:%S")


def block_line(block: HindranceAnswer, among: Libraries) -> BlockLine:
    since = _local_day(block.since) if block.since else ""
    until = words.short_day(date.fromisoformat(block.until)) if block.until else ""
    return BlockLine(words.with_days(block.message), among.name(block.library), since, until, block.lifted_by)


def _local_day(instant: str) -> str:
    return words.short_day(parse_instant(instant).astimezone(office().timezone).date())


def log_lines(connection: Connection, branch: str) -> tuple[LogLine, ...]:
    """What whoever asks did last at this branch."""
    logged = deskside.log(connection, branch, str(current_principal().actor))
    names = way_names(connection, [one.action.told["told"] for one in logged], branch, current_language())
    return tuple([_log_line(one, names) for one in logged])


def _log_line(one: Logged, names: Mapping[str, str]) -> LogLine:
    action, language = one.action, current_language()
    told = dict(action.told["told"])
    if told.get("branch"):
        told["branch"] = names.get(str(told["branch"]), told["branch"])
    said = words.log_line(words.kind_of_action(action.action), instruction(action.case, told, language), refused=False)
    event = action.id if action.case in UNDOABLE else ""
    return LogLine(event, _when(action.recorded_at), words.look_of(action.case), said, one.title.title if one.title else "", action.barcode)


def _when(instant: datetime) -> str:
    """The time of what was done today, the day as well of anything before."""
    local = instant.astimezone(office().timezone)
    return f"{local:%H:%M:%S}" if local.date() == office().today() else f"{words.short_day(local.date())} {local:%H:%M}"


def branch_name(connection: Connection, code: str) -> str:
    """In the reader's language; the code itself for one that is not there."""
    row = reads.branch_of(connection, code)
    return code if row is None else named(row.name, row.name_en, current_language())


def place_at(connection: Connection, code: str) -> str:
    """A branch with its library before it; the code itself for one that is not there."""
    row, language = reads.branch_of(connection, code), current_language()
    if row is None:
        return code
    return place_name(named(row.library_name, row.library_name_en, language), named(row.name, row.name_en, language))


def reader_view(connection: Connection, reader: ReaderAtDesk, session: str) -> ReaderView:
    """The reader who is served."""
    libraries_of, patron = libraries(connection, current_language()), reader.patron
    return ReaderView(
        id=patron.id,
        session=session,
        last_four=reader.last_four,
        category=coded("patron_category", patron.category),
        library=libraries_of.name(patron.library),
        expires=words.long_month(patron.expires_on) if patron.expires_on else "",
        lent=reader.lent,
        left=reader.left,
        blocks=tuple([block_line(block, libraries_of) for block in block_answers(reader.blocks, current_language())]),
        kept=tuple((one.title, words.short_day(one.until) if one.until else "") for one in reader.kept),
    )


def receipt_view(connection: Connection, receipt: deskside.Receipt) -> ReceiptView:
    """What is printed."""
    row = reads.branch_of(connection, receipt.branch)
    return ReceiptView(
        library=named(row.library_name, row.library_name_en, current_language()) if row is not None else "",
        branch=branch_name(connection, receipt.branch),
        at=office().now().astimezone(office().timezone).strftime("%Y-%m-%d %H:%M"),
        last_four=receipt.last_four,
        lines=tuple((f"{title.title} {title.volume}".strip() or title.barcode, words.short_day(due)) for title, due in receipt.lines),
    )
