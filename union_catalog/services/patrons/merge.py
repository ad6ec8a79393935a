"""Two records of one person made one, and parted again."""

from collections.abc import Sequence

from sqlalchemy import Connection

from union_catalog.clock import instant_text
from union_catalog.context import Context
from union_catalog.errors import NotAllowed, NotFound, Refused
from union_catalog.ids import PatronId, new_id
from union_catalog.patrons.merging import MergePlan, Side, decide_merge
from union_catalog.patrons.model import Credential, Patron
from union_catalog.services import credit
from union_catalog.services.patrons.office import Office, tell
from union_catalog.storage import credentials, patron_merges, patrons
from union_catalog.storage.patron_merges import Before, CredentialBefore, StoredMerge


def merge(connection: Connection, office: Office, context: Context, kept_id: str, gone_id: str) -> Patron:
    """From now on ``gone`` is part of ``kept``, which has the loans, holds, blocks, debts and deposits of both; answers ``kept``.

    The old card of the one that goes still leads to the reader, as one that was replaced; cards of member libraries and social security
    cards go on working. What tells who it is stays with each record, so that the two can be parted. Raises NotFound("unknown_patron"),
    NotAllowed("other_librarys_patron") where neither is of the actor's library, and as :func:`merging.decide_merge`.
    """
    both = patrons.lock(connection, {kept_id, gone_id})
    kept, gone = _known(both, kept_id), _known(both, gone_id)
    _demand_one_at_home(context, (kept, gone))
    cards = credentials.of(connection, gone.id)
    plan = decide_merge(_side(connection, kept, credentials.of(connection, kept.id)), _side(connection, gone, cards))
    before = _carry_out(connection, office, context, kept, gone, cards, plan)
    patron_merges.add(connection, StoredMerge(new_id(), kept.id, gone.id, before), str(context.actor), office.now())
    tell(connection, office, context, "patron.merged", kept, {"gone": gone.id})
    return _known(patrons.lock(connection, [kept.id]), kept.id)


def preview(connection: Connection, context: Context, kept_id: str, gone_id: str) -> MergePlan:
    """What :func:`merge` would do with scores and cards. It changes nothing, and raises what that raises."""
    known = {one.id: one for one in (patrons.find(connection, kept_id), patrons.find(connection, gone_id)) if one is not None}
    kept, gone = _known(known, kept_id), _known(known, gone_id)
    _demand_one_at_home(context, (kept, gone))
    sides = [_side(connection, one, credentials.of(connection, one.id)) for one in (kept, gone)]
    return decide_merge(*sides)


def unmerge(connection: Connection, office: Office, context: Context, patron_id: str, other: str = "") -> tuple[Patron, Patron]:
    """Parts what was merged last, or ``other`` from ``patron_id``: each has again what it had. Answers the one kept, and the one restored.

    ``patron_id`` may be either of the two. What was lent or charged since the merge stays with the one that was kept. Raises
    NotFound("unknown_patron"), NotFound("not_merged"), NotAllowed as :func:`merge`, and Refused("patron_merged") with ``target`` where
    the one that was kept is itself part of another now, from which it has to be parted first.
    """
    found = patrons.find(connection, patron_id)
    kept_id, gone_id = (found.merged_into, patron_id) if found and found.merged_into else (patron_id, other)
    stored = patron_merges.in_force(connection, PatronId(kept_id), gone_id)
    if stored is None:
        raise NotFound("not_merged", kind="merge", id=patron_id)
    both = patrons.lock(connection, {stored.kept, stored.gone})
    kept, gone = _known(both, stored.kept), _known(both, stored.gone)
    _demand_one_at_home(context, (kept, gone))
    if kept.merged_into is not None:
        raise Refused("patron_merged", id=kept.id, target=kept.merged_into)
    _give_back(connection, office, context, kept, gone, stored)
    patron_merges.undo(connection, stored.id, office.now())
    tell(connection, office, context, "patron.unmerged", kept, {"restored": gone.id})
    both = patrons.lock(connection, {stored.kept, stored.gone})
    return both[stored.kept], both[stored.gone]


def _known(found: dict[PatronId, Patron], patron_id: str) -> Patron:
    patron = found.get(PatronId(patron_id))
    if patron is None or patron.state == "erased":
        raise NotFound("unknown_patron", kind="patron", id=patron_id)
    return patron


def _demand_one_at_home(context: Context, both: Sequence[Patron]) -> None:
    if context.library and context.library not in {patron.library for patron in both}:
        raise NotAllowed("other_librarys_patron", right="patrons", library=both[0].library)


def _side(connection: Connection, patron: Patron, cards: Sequence[Credential]) -> Side:
    person = patrons.person_of(connection, patron.id)
    return Side(
        id=patron.id,
        state=patron.state,
        credit=patron.credit,
        has_card=any(card.kind == "card" and card.state == "valid" for card in cards),
        guardian=patron.guardian,
        document_type=person.document_type if person else None,
        document_hash=person.document_hash if person else None,
    )


def _carry_out(
    connection: Connection, office: Office, context: Context, kept: Patron, gone: Patron, cards: Sequence[Credential], plan: MergePlan
) -> Before:
    now = instant_text(office.now())
    aside = credit.set_aside(connection, office.clock, context, gone)
    lowered = credit.lower(connection, office.clock, context, kept, plan.credit_change)
    moved = patron_merges.move_all(connection, gone.id, kept.id)
    for card in cards:
        retired = plan.retire_card and card.kind == "card" and card.state == "valid"
        state, ended = ("replaced", now) if retired else (card.state, _text(card))
        credentials.hand_over(connection, card.issuer, card.number, kept.id, state, ended)
    wards = patron_merges.take_wards(connection, gone.id, kept.id)
    patron_merges.sign_out(connection, gone.id)
    history = kept.keeps_history and gone.keeps_history  # who wanted it forgotten on either card wants it forgotten
    patrons.change(connection, kept.id, {"keeps_history": history})
    patrons.change(connection, gone.id, {"state": "merged", "merged_into": kept.id})
    before = [CredentialBefore(card.issuer, card.number, card.state, _text(card)) for card in cards]
    return Before(moved, before, wards, aside, lowered, gone.state, kept.keeps_history)


def _give_back(connection: Connection, office: Office, context: Context, kept: Patron, gone: Patron, stored: StoredMerge) -> None:
    before = stored.before
    patron_merges.sign_out(connection, kept.id)  # who signed in with the other's card
    patron_merges.give_back(connection, before.moved, kept.id, gone.id)
    for reader, entry in ((gone, before.set_aside), (kept, before.lowered)):
        credit.give_back(connection, office.clock, context, reader, entry)
    _give_back_cards(connection, kept, gone, before)
    patron_merges.give_back_wards(connection, before.wards, kept.id, gone.id)
    history = before.kept_history or kept.keeps_history
    patrons.change(connection, kept.id, {"keeps_history": history})
    patrons.change(connection, gone.id, {"state": before.gone_state, "merged_into": None})


def _give_back_cards(connection: Connection, kept: Patron, gone: Patron, before: Before) -> None:
    """As they were before the merge; one that was reported lost since stays lost."""
    present = {(card.issuer, card.number): card for card in credentials.of(connection, kept.id)}
    for was in before.credentials:
        card = present.get((was.issuer, was.number))
        if card is None:
            continue
        frozen = card.state in ("lost", "damaged")
        state, ended = (card.state, _text(card)) if frozen else (was.state, was.ended_at)
        credentials.hand_over(connection, was.issuer, was.number, gone.id, state, ended)


def _text(card: Credential) -> str | None:
    return instant_text(card.ended_at) if card.ended_at else None
