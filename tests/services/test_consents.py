"""What readers agreed to: recorded once, proved for ever, withdrawn where that may be, and what a library may see because of it."""

from datetime import date, timedelta

import pytest

from tests.services.reading_public import NOTICE, ReadingPublic, reading_public
from tests.services.records import done
from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, NotFound, Refused
from union_catalog.ids import LibraryCode
from union_catalog.patrons.consents import CARD, SHARING
from union_catalog.patrons.privacy import may_see_titles
from union_catalog.services import consents, privacy
from union_catalog.services.patrons import profile
from union_catalog.storage.database import Database

DAY = date(2026, 11, 20)
JD, JX = LibraryCode("JD"), LibraryCode("JX")


@pytest.fixture
def public(catalogue_database: Database, now: SteppingClock) -> ReadingPublic:
    return reading_public(catalogue_database, now)


def test_the_same_consent_is_recorded_once_and_a_newer_text_beside_it(public: ReadingPublic) -> None:
    reader, database = public.enrol().patron, public.database
    first = done(database, consents.record, public.desk(), reader.id, SHARING, "2026-1", DAY, JX)
    again = done(database, consents.record, public.desk(), reader.id, SHARING, "2026-1", DAY + timedelta(days=1), JX)
    public.clock.advance(timedelta(hours=1))
    newer = done(database, consents.record, public.desk(), reader.id, SHARING, "2027-1", DAY, JX)
    assert (again.id, again.given_on) == (first.id, DAY)
    with database.read() as connection:
        kept = [(one.purpose, one.notice) for one in consents.all_of(connection, reader.id)]
        assert kept == [(CARD, NOTICE), (SHARING, "2026-1"), (SHARING, "2027-1")]
        assert consents.in_force(connection, reader.id, SHARING, JX) == newer
        assert consents.in_force(connection, reader.id, SHARING, JD) is None


@pytest.mark.parametrize(
    ("purpose", "notice", "day", "library", "name"),
    [
        ("marketing", "2026-1", DAY, None, "purpose"),
        (CARD, "", DAY, None, "notice"),
        (CARD, "x" * 41, DAY, None, "notice"),
        (CARD, "a\nb", DAY, None, "notice"),
        (CARD, "2026-1", DAY, JX, "library"),
        (SHARING, "2026-1", DAY, None, "library"),
        (CARD, "2026-1", date(2026, 11, 24), None, "given_on"),
    ],
)
def test_what_is_no_consent_is_named(
    public: ReadingPublic, purpose: str, notice: str, day: date, library: LibraryCode | None, name: str
) -> None:
    reader = public.enrol().patron
    with pytest.raises(InvalidInput) as caught:
        done(public.database, consents.record, public.desk(), reader.id, purpose, notice, day, library)
    assert (caught.value.code, caught.value.data["name"]) == ("bad_consent", name)


def test_sharing_ends_when_it_is_withdrawn_and_the_consent_of_the_card_only_with_the_card(public: ReadingPublic) -> None:
    reader, other, database = public.enrol().patron, public.enrol().patron, public.database
    given = done(database, consents.record, public.desk(), reader.id, SHARING, "2026-1", DAY, JX)
    with database.read() as connection:
        assert privacy.sight(connection, "JX", reader.id, JD).shows_titles("WZ")
        assert not privacy.sight(connection, "WZ", reader.id, JD).shows_titles("JX")
        card = consents.in_force(connection, reader.id, CARD)
    assert card is not None
    with pytest.raises(NotFound, match="unknown_consent"):
        done(database, consents.withdraw, public.desk(), other.id, given.id)
    with pytest.raises(Refused, match="consent_of_card"):
        done(database, consents.withdraw, public.desk(), reader.id, card.id)
    ended = done(database, consents.withdraw, public.reader(reader), reader.id, given.id)
    assert ended.withdrawn_at == public.clock.now()
    public.clock.advance(timedelta(days=1))
    assert done(database, consents.withdraw, public.reader(reader), reader.id, given.id).withdrawn_at == ended.withdrawn_at
    with database.read() as connection:
        assert not privacy.sight(connection, "JX", reader.id, JD).shows_titles("WZ")
        kinds = [told.kind for told in profile.journal(connection, reader.id, None, 10)]
    assert kinds.count("consent.withdrawn") == 1


@pytest.mark.parametrize(
    ("viewer", "item", "shared", "seen"),
    [
        ("JD", "WZ", (), True),  # the reader's own library
        ("WZ", "WZ", (), True),  # the library whose item it is
        ("JX", "WZ", (), False),
        ("JX", "WZ", ("JX",), True),
        ("JX", "WZ", ("WZ",), False),
        ("", "JD", (), False),  # the network lends nothing itself
    ],
)
def test_who_may_be_told_what_somebody_reads(viewer: str, item: str, shared: tuple[str, ...], seen: bool) -> None:
    assert may_see_titles(viewer, "JD", item, frozenset(shared)) is seen
