"""Tokens: given out once, known by their sum alone, revoked for good."""

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, NotFound
from union_catalog.services import access
from union_catalog.storage.database import Database
from union_catalog.storage.tables import access_token

ROLES = ("cataloguing",)


def test_a_token_is_known_by_its_holder_and_kept_by_its_sum_alone(catalogue_database: Database, now: SteppingClock) -> None:
    issued = access.issue(catalogue_database, now, "  编目部 ", ROLES, "JD")
    held = access.holder(catalogue_database, issued.secret)
    assert held is not None
    assert (held.id, held.name, held.library, held.roles, held.revoked_at) == (issued.id, "编目部", "JD", ROLES, None)
    with catalogue_database.read() as connection:
        row = connection.execute(select(access_token)).one()
    assert row.token_sha256 == sha256(issued.secret.encode()).hexdigest()
    assert issued.secret not in "".join(map(str, row))
    assert issued.secret.startswith("uc_")
    assert len(issued.secret) >= 40


def test_no_two_tokens_are_alike(catalogue_database: Database, now: SteppingClock) -> None:
    secrets = {access.issue(catalogue_database, now, "same", ROLES).secret for _ in range(5)}
    assert len(secrets) == 5
    assert len(access.tokens(catalogue_database)) == 5


@pytest.mark.parametrize("shown", ["", "uc_", "uc_mistyped", "Bearer uc_", "uc_" + "x" * 5000, "uc_\udcff", "' OR 1=1 --"])
def test_what_was_never_given_out_opens_nothing(catalogue_database: Database, now: SteppingClock, shown: str) -> None:
    access.issue(catalogue_database, now, "one", ROLES)
    assert access.holder(catalogue_database, shown) is None


def test_the_sum_itself_opens_nothing(catalogue_database: Database, now: SteppingClock) -> None:
    issued = access.issue(catalogue_database, now, "one", ROLES)
    known = sha256(issued.secret.encode()).hexdigest()
    assert access.holder(catalogue_database, known) is None
    assert access.holder(catalogue_database, "uc_" + known) is None


def test_a_revoked_token_opens_nothing_and_others_still_do(catalogue_database: Database, now: SteppingClock) -> None:
    lost, kept = (access.issue(catalogue_database, now, name, ROLES) for name in ("lost", "kept"))
    now.advance(timedelta(hours=1))
    access.revoke(catalogue_database, now, lost.id)
    assert access.holder(catalogue_database, lost.secret) is None
    assert access.holder(catalogue_database, kept.secret) is not None
    listed = {token.id: token.revoked_at for token in access.tokens(catalogue_database)}
    assert listed == {lost.id: "2026-11-22T09:00:00.000000Z", kept.id: None}


def test_revoking_twice_or_what_is_not_there_is_told(catalogue_database: Database, now: SteppingClock) -> None:
    issued = access.issue(catalogue_database, now, "one", ROLES)
    access.revoke(catalogue_database, now, issued.id)
    for token_id in (issued.id, "nobody"):
        with pytest.raises(NotFound, match="unknown_token"):
            access.revoke(catalogue_database, now, token_id)


def test_a_token_needs_a_name_and_a_library_that_is_there(catalogue_database: Database, now: SteppingClock) -> None:
    for name in ("", " \n ", "x" * 81):
        with pytest.raises(InvalidInput, match="bad_token_name"):
            access.issue(catalogue_database, now, name, ROLES)
    with pytest.raises(NotFound, match="unknown_library"):
        access.issue(catalogue_database, now, "one", ROLES, "XX")
    assert access.tokens(catalogue_database) == ()
