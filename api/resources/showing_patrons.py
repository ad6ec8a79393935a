"""A reader's record as it is answered."""

from api.labels import label
from api.schemas.patrons import CardAnswer, PatronAnswer
from union_catalog.clock import instant_text
from union_catalog.context import Language
from union_catalog.patrons.model import Credential
from union_catalog.services.patrons.profile import Profile


def patron_answer(shown: Profile, language: Language) -> PatronAnswer:
    """What of it may be seen by whoever asks."""
    patron, person = shown.patron, shown.person
    return PatronAnswer(
        id=patron.id,
        name=shown.name,
        library=patron.library,
        home_branch=patron.home_branch,
        category=patron.category,
        category_label=label("patron_category", patron.category, language),
        age_band=shown.age_band,
        state=patron.state,
        language=patron.language,
        expires_on=patron.expires_on.isoformat() if patron.expires_on else None,
        guardian=patron.guardian,
        guardian_missing=shown.guardian_missing,
        consent_missing=shown.consent_missing,
        wards=shown.wards,
        merged_into=patron.merged_into,
        cards=tuple([_card(card, language) for card in shown.cards]),
        birth_date=person.birth_date.isoformat() if person and person.birth_date else None,
        phone=person.phone if person else None,
        email=person.email if person else None,
        document_type=person.document_type if person else None,
        keeps_history=patron.keeps_history if person else None,
    )


def _card(card: Credential, language: Language) -> CardAnswer:
    return CardAnswer(
        issuer=card.issuer,
        number=card.number,
        kind=card.kind,
        state=card.state,
        label=label("credential_state", card.state, language),
        issued_at=instant_text(card.issued_at),
        ended_at=instant_text(card.ended_at) if card.ended_at else None,
    )
