"""A reader as staff are shown one: everything for the home library's, what stands in the way and own items for the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from sqlalchemy import Connection

from api.auth import current_context, current_principal
from api.language import current_language
from api.messages import sentence
from api.pages.desks import Desks, desks_of
from api.pages.wording import coded
from api.resources.blocks import block_answer
from api.resources.editions import named
from api.resources.operation import clock, office
from api.resources.standing import Libraries, libraries
from api.schemas.standing import BlockAnswer
from union_catalog.context import Language
from union_catalog.ids import LibraryCode, PatronId
from union_catalog.patrons.ages import years_after
from union_catalog.patrons.consents import Consent
from union_catalog.patrons.model import Patron
from union_catalog.services import accounts, blocks, consents, credit, sending
from union_catalog.services.accounts import Account
from union_catalog.services.circulation.showing import LoanView, open_loans
from union_catalog.services.patrons import office as readers
from union_catalog.services.patrons import profile
from union_catalog.services.patrons.enrol import CARD_YEARS
from union_catalog.services.patrons.profile import Profile
from union_catalog.services.privacy import sight
from union_catalog.storage import network, objections, patron_merges, reads
from union_catalog.storage import staff as staff_rows
from union_catalog.storage.credit import CreditEntry
from union_catalog.storage.events import StoredEvent
from union_catalog.storage.notices import Fate
from union_catalog.storage.objections import Objection

_EVENTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """What the home library's staff see beside the rest.

    ``actors``: who did it, as events and logs have it → what they are called. ``objected``: id of what was objected to → the objection.
    """

    credit: credit.Told
    consents: tuple[Consent, ...]
    objections: tuple[Objection, ...]
    notices: tuple[Fate, ...]
    events: tuple[StoredEvent, ...]
    actors: Mapping[str, str]

    @property
    def taken(self) -> tuple[CreditEntry, ...]:
        """Changes of the score but for the first, with which everybody begins; where records were merged, both, so that it adds up."""
        whole = any(entry.cause == "set_aside" and entry.id not in self.undone for entry in self.credit.log)
        return tuple(entry for entry in self.credit.log if whole or entry.cause != "enrolled")

    @property
    def undone(self) -> frozenset[str | None]:
        """Ids of the entries of the log that were taken back."""
        return frozenset(entry.reverses for entry in self.credit.log)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderView:
    """``private`` is None for staff of other libraries; ``untold``: loans of which they are told nothing but that there are some.

    ``liftable``: ids of the blocks that whoever asks may lift. ``renewal``: until when a card renewed today is good. ``family``: who
    stands for the reader, and for whom the reader stands, by id. ``parts``: (the record kept, the record merged into it) of each merge of
    this record that whoever asks may undo, the latest first.
    """

    profile: Profile
    family: Mapping[str, str]
    names: Libraries
    home_branch: str
    blocks: tuple[BlockAnswer, ...]
    liftable: frozenset[str]
    loans: tuple[LoanView, ...]
    untold: int
    account: Account
    desks: Desks
    renewal: str
    results: Mapping[str, str] = field(default_factory=dict)
    private: Private | None = None
    parts: tuple[tuple[PatronId, PatronId], ...] = ()

    @property
    def patron(self) -> Patron:
        return self.profile.patron


def reader_view(connection: Connection, patron_id: str) -> ReaderView:
    """As much of a reader as the present principal, one of the staff, may see. Raises NotFound("unknown_patron")."""
    patron = readers.require(connection, patron_id)
    context, language = current_context(clock()), current_language()
    names = libraries(connection, language)
    seen = sight(connection, context.library, patron.id, LibraryCode(patron.library))
    loans = open_loans(connection, patron.id, office().today(), seen)
    at_home = readers.is_at_home(context, patron)
    shown = loans if at_home else tuple(loan for loan in loans if loan.title is not None)
    standing = blocks.standing_of(connection, office(), patron.id) if patron.state in ("active", "pending") else ()
    told = tuple(block_answer(block, patron.id, names, language) for block in standing)
    shown_as = profile.show(connection, office(), context, patron)
    family = (*((patron.guardian,) if patron.guardian else ()), *shown_as.wards)
    return ReaderView(
        profile=shown_as,
        family={one: profile.read(connection, office(), context, one).name for one in family},
        names=names,
        home_branch=named(*network.branch_name(connection, patron.home_branch), language),
        blocks=told,
        liftable=frozenset(str(block.id) for block in told if block.id and _may_lift(block)),
        loans=shown,
        untold=len(loans) - len(shown),
        account=_account(connection, patron.id),
        desks=desks_of(connection),
        renewal=years_after(office().today(), CARD_YEARS).isoformat(),
        results=_results(language),
        private=_private(connection, patron) if at_home else None,
        parts=_parts(connection, patron),
    )


def _parts(connection: Connection, patron: Patron) -> tuple[tuple[PatronId, PatronId], ...]:
    """As services.patrons.merge.unmerge decides it: one of the two is of the library where who asks works."""
    merged = patron_merges.parts(connection, patron.id)
    pairs = [(patron.merged_into, patron.id)] if patron.merged_into else [(patron.id, gone) for gone in merged]
    others = [kept if gone == patron.id else gone for kept, gone in pairs]
    works_for = current_principal().works_for
    own = [works_for(patron.library) or works_for(readers.require(connection, other).library) for other in others]
    return tuple(pair for pair, may_part in zip(pairs, own, strict=True) if may_part)


def _may_lift(block: BlockAnswer) -> bool:
    """As services.blocks.lift decides it."""
    principal = current_principal()
    return principal.works_for(block.library) and (block.code == "staff_block" or principal.has("manager"))


def _account(connection: Connection, patron: PatronId) -> Account:
    """Everybody sees what is owed, each library the entries that are its own."""
    found = accounts.account_of(connection, patron)
    principal = current_principal()
    return Account(found.ledger, tuple(entry for entry in found.entries if principal.works_for(entry.library)))


def _private(connection: Connection, patron: Patron) -> Private:
    told = credit.told_of(connection, patron.id, office().timezone)
    events = tuple(profile.journal(connection, patron.id, None, _EVENTS))
    agreed = tuple(consents.all_of(connection, patron.id))
    actors = {one.actor for part in (told.log, events, agreed) for one in part}
    return Private(
        credit=told,
        consents=agreed,
        objections=tuple(objections.of_patron(connection, patron.id)),
        notices=tuple(sending.latest(connection, patron.id)),
        events=events,
        actors=actor_names(connection, actors),
    )


def actor_names(connection: Connection, actors: set[str]) -> Mapping[str, str]:
    """Who did something ("staff:…") → what they are called; programs, readers and the rules by what they are."""
    ids = {actor.partition(":")[2] for actor in actors if actor.startswith("staff:")}
    names = staff_rows.names(connection, ids)
    return {actor: names.get(actor.partition(":")[2]) or coded("actor", actor.partition(":")[0]) for actor in actors}


def _results(language: Language) -> Mapping[str, str]:
    """What became of each loan that was to be renewed, as the address of the page has it: the loan, then what stood in its way."""
    told = (part.partition("~") for part in request.args.getlist("renewed"))
    return {loan: _why(codes, language) for loan, _, codes in told}


def _why(codes: str, language: Language) -> str:
    said = [coded("block", code) for code in codes.split(",") if code]
    return sentence("renewal_refused", {"reasons": tuple(said)}, language) if said else ""


def branch_names(connection: Connection) -> Mapping[str, str]:
    """Code → the name of a branch with its library's before it."""
    language = current_language()
    found, branches = reads.names(connection)
    of = {row.code: named(row.name, row.name_en, language) for row in found}
    told = ((row.code, of.get(row.library, row.library), named(row.name, row.name_en, language)) for row in branches)
    return {code: name if name.startswith(library) else f"{library} {name}" for code, library, name in told}
