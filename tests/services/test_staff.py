"""Staff and sessions: taken on, shut out, let in by a password that is guessed at a few times only."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.services.records import done
from union_catalog.clock import SteppingClock
from union_catalog.context import Context
from union_catalog.errors import InvalidInput, NotAllowed, NotAuthenticated, NotFound, Refused, UnionCatalogError
from union_catalog.services import access, passwords, sessions, staff
from union_catalog.services.network import apply_network
from union_catalog.services.staff import Changes, NewMember
from union_catalog.storage.database import Database
from union_catalog.storage.staff import StaffMember
from union_catalog.storage.tables import event, session
from union_catalog.storage.tables import staff as staff_table

PASSWORD = "晨昏忧乐每相亲 42"
NETWORK = """
[[libraries]]
code = "JD"
name = "嘉定区图书馆"
[[libraries]]
code = "JX"
name = "嘉兴市图书馆"
[[branches]]
code = "JD-MAIN"
library = "JD"
name = "总馆"
[[branches]]
code = "JD-2"
library = "JD"
name = "二馆"
[[branches]]
code = "JX-MAIN"
library = "JX"
name = "总馆"
"""
Hire = Callable[..., StaffMember]


@pytest.fixture
def network(database: Database, now: SteppingClock, context: Context) -> Database:
    apply_network(database, now, context, NETWORK, lambda _: True)
    return database


@pytest.fixture
def hire(network: Database, now: SteppingClock, context: Context) -> Hire:
    """``hire("zhang", "JD", ("JD-MAIN",), ("circulation",), password=PASSWORD)``"""

    def run(
        username: str, library: str = "JD", branches: tuple[str, ...] = (), roles: tuple[str, ...] = ("circulation",), password: str = ""
    ) -> StaffMember:
        new = NewMember(username=username, library=library, branches=branches, roles=roles)
        return done(network, staff.add, now, context, new, staff.hashed(password) if password else "")

    return run


def check(database: Database, clock: SteppingClock, context: Context, password: str = PASSWORD, username: str = "zhang") -> str:
    """The id of who comes in, or the code of the refusal."""
    try:
        return staff.check(database, clock, context, username, password).id
    except NotAuthenticated as refused:
        return refused.code


def events(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(event.c.kind).where(event.c.kind.like("staff.%")).order_by(event.c.id)).scalars())


def test_who_is_taken_on_comes_in_by_name_and_password(network: Database, now: SteppingClock, context: Context, hire: Hire) -> None:
    member = hire("Zhang", "JD", ("JD-MAIN",), ("circulation", "manager"), PASSWORD)
    assert (member.username, member.name, member.branches, member.roles) == ("zhang", "zhang", ("JD-MAIN",), ("circulation", "manager"))
    assert check(network, now, context) == member.id
    assert check(network, now, context, username=" ＺＨＡＮＧ ") == member.id
    assert events(network) == ["staff.added"]
    with network.read() as connection:
        row = connection.execute(select(staff_table)).one()
    assert row.password_hash.startswith("$argon2id$")
    assert PASSWORD not in "".join(map(str, row))


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"username": ""}, "bad_username"),
        ({"username": "two words"}, "bad_username"),
        ({"username": "10023456"}, "bad_username"),
        ({"username": "x" * 81}, "bad_username"),
        ({"username": "a\x00b"}, "bad_username"),
        ({"library": "XX"}, "unknown_library"),
        ({"library": ""}, "staff_without_library"),
        ({"library": "", "roles": ("network",), "branches": ("JD-2",)}, "staff_without_library"),
        ({"branches": ("NONE",)}, "unknown_branch"),
        ({"branches": ("JX-MAIN",)}, "branch_of_other_library"),
        ({"roles": ()}, "role_needed"),
        ({"roles": ("reader",)}, "unknown_role"),
    ],
)
def test_who_cannot_be_taken_on(network: Database, hire: Hire, told: dict[str, object], code: str) -> None:
    with pytest.raises(UnionCatalogError) as refused:
        hire(**{"username": "li", **told})
    assert refused.value.code == code
    assert events(network) == []


def test_a_name_is_given_once_and_the_network_s_administrator_needs_no_library(hire: Hire) -> None:
    hire("zhang")
    with pytest.raises(Refused, match="staff_exists"):
        hire("ZHANG", "JX")
    assert hire("root", "", (), ("network",)).library == ""


@pytest.mark.parametrize("password", ["short", "x" * 201, "no\ncontrol here"])
def test_a_password_has_a_form(password: str) -> None:
    with pytest.raises(InvalidInput, match="password_form"):
        staff.hashed(password)


def test_a_wrong_password_and_a_wrong_name_are_answered_alike(network: Database, now: SteppingClock, context: Context, hire: Hire) -> None:
    hire("zhang", password=PASSWORD)
    hire("token-only")
    for username, password in (("zhang", "another one"), ("nobody", PASSWORD), ("token-only", ""), ("token-only", PASSWORD), ("", "")):
        assert check(network, now, context, password, username) == "name_or_password_wrong"


def test_too_many_tries_lock_whatever_the_password_for_longer_each_time(
    network: Database, now: SteppingClock, context: Context, hire: Hire
) -> None:
    member = hire("zhang", password=PASSWORD)
    for _ in range(passwords.TRIES):
        assert check(network, now, context, "another one") == "name_or_password_wrong"
    assert check(network, now, context) == "password_locked"
    now.advance(timedelta(minutes=14, seconds=59))
    assert check(network, now, context) == "password_locked"
    now.advance(timedelta(seconds=1))
    assert check(network, now, context, "another one") == "name_or_password_wrong"
    now.advance(timedelta(minutes=29))
    assert check(network, now, context) == "password_locked"
    now.advance(timedelta(minutes=1))
    assert check(network, now, context) == member.id
    assert check(network, now, context, "another one") == "name_or_password_wrong"
    assert events(network) == ["staff.added", "staff.locked", "staff.locked", "staff.locked"]


def test_the_lock_says_until_when_and_is_lifted_at_once(network: Database, now: SteppingClock, context: Context, hire: Hire) -> None:
    member = hire("zhang", password=PASSWORD)
    for _ in range(passwords.TRIES):
        check(network, now, context, "another one")
    with pytest.raises(NotAuthenticated) as locked:
        staff.check(network, now, context, "zhang", PASSWORD)
    assert locked.value.data == {"until": "2026-11-22T08:15:00.000000Z"}
    done(network, staff.unlock, now, context, "zhang")
    assert check(network, now, context) == member.id


def test_another_password_ends_sessions_and_a_lock(network: Database, now: SteppingClock, context: Context, hire: Hire) -> None:
    member = hire("zhang", password=PASSWORD)
    done(network, sessions.begin, now, "us_one", "staff", member.id)
    for _ in range(passwords.TRIES):
        check(network, now, context, "another one")
    done(network, staff.set_password, now, context, "zhang", staff.hashed("quite another one"))
    assert access.known(network, now, "us_one") is None
    assert check(network, now, context) == "name_or_password_wrong"
    assert check(network, now, context, "quite another one") == member.id


def test_who_is_shut_out_comes_in_by_nothing(network: Database, now: SteppingClock, context: Context, hire: Hire) -> None:
    member = hire("zhang", password=PASSWORD)
    token = done(network, access.issue_to, now, member)
    done(network, sessions.begin, now, "us_one", "staff", member.id)
    assert access.known(network, now, token.secret) is not None
    done(network, staff.disable, now, context, "zhang")
    assert [access.known(network, now, shown) for shown in (token.secret, "us_one")] == [None, None]
    assert check(network, now, context) == "name_or_password_wrong"
    done(network, staff.disable, now, context, "zhang")
    assert events(network) == ["staff.added", "staff.disabled"]
    with network.read() as connection:
        assert [one.disabled_at is not None for one in staff.listed(connection, "JD")] == [True]
        assert staff.listed(connection, "JX") == ()


def test_a_token_opens_what_its_holder_may_now(network: Database, now: SteppingClock, context: Context, hire: Hire) -> None:
    member = hire("zhang", "JD", ("JD-MAIN",), ("circulation",))
    known = access.known(network, now, done(network, access.issue_to, now, member).secret)
    assert known is not None
    assert (known.kind, known.id, known.library, known.branches, known.roles) == ("staff", member.id, "JD", ("JD-MAIN",), ("circulation",))
    with network.write() as connection:
        connection.execute(staff_table.update().values(roles=["cataloguing"], branches=[]))
    later = access.known(network, now, done(network, access.issue_to, now, member).secret)
    assert later is not None
    assert (later.roles, later.branches) == (("cataloguing",), ())


def test_who_is_changed_may_at_once_what_they_may_now_and_no_more(
    network: Database, now: SteppingClock, context: Context, hire: Hire
) -> None:
    member = hire("zhang", "JD", ("JD-MAIN",), ("circulation", "manager"))
    secrets = ("us_one", done(network, access.issue_to, now, member).secret)
    done(network, sessions.begin, now, "us_one", "staff", member.id, "JD-MAIN")
    moved = done(network, staff.change, now, context, "Zhang", Changes(branches=("JD-2", "JD-2"), roles=("cataloguing",)))
    assert (moved.library, moved.branches, moved.roles) == ("JD", ("JD-2",), ("cataloguing",))
    for secret in secrets:
        known = access.known(network, now, secret)
        assert known is not None
        assert (known.library, known.branches, known.roles, known.branch) == ("JD", ("JD-2",), ("cataloguing",), "")
    with network.read() as connection:
        told = connection.execute(select(event.c.data).where(event.c.kind == "staff.changed")).scalar_one()
    assert told["before"] == {"library": "JD", "branches": ["JD-MAIN"], "roles": ["circulation", "manager"]}
    assert (told["library"], told["branches"], told["roles"]) == ("JD", ["JD-2"], ["cataloguing"])


def test_what_is_not_named_stays_and_so_does_the_desk_of_who_is_not_moved(
    network: Database, now: SteppingClock, context: Context, hire: Hire
) -> None:
    member = hire("zhang", "JD", ("JD-MAIN", "JD-2"), ("circulation", "cataloguing"))
    done(network, sessions.begin, now, "us_one", "staff", member.id, "JD-MAIN")
    same = Changes(library="JD", branches=("JD-2", "JD-MAIN"), roles=("cataloguing", "circulation"))
    done(network, staff.change, now, context, "zhang", same)
    assert events(network) == ["staff.added"]
    moved = done(network, staff.change, now, context, "zhang", Changes(roles=("manager",)))
    assert (moved.branches, moved.roles) == (("JD-MAIN", "JD-2"), ("manager",))
    known = access.known(network, now, "us_one")
    assert known is not None
    assert known.branch == "JD-MAIN"
    assert done(network, staff.change, now, context, "zhang", Changes(library="JX", branches=())).library == "JX"
    known = access.known(network, now, "us_one")
    assert known is not None
    assert (known.library, known.branch) == ("JX", "")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Changes(library="JX"), "branch_of_other_library"),
        (Changes(library=""), "staff_without_library"),
        (Changes(library="XX"), "unknown_library"),
        (Changes(branches=("NONE",)), "unknown_branch"),
        (Changes(roles=()), "role_needed"),
        (Changes(roles=("reader",)), "unknown_role"),
    ],
)
def test_to_what_nobody_can_be_changed(
    network: Database, now: SteppingClock, context: Context, hire: Hire, told: Changes, code: str
) -> None:
    hire("zhang", "JD", ("JD-MAIN",))
    with pytest.raises(UnionCatalogError) as refused:
        done(network, staff.change, now, context, "zhang", told)
    assert refused.value.code == code
    assert events(network) == ["staff.added"]


def test_who_is_shut_out_is_not_changed(network: Database, now: SteppingClock, context: Context, hire: Hire) -> None:
    hire("zhang")
    done(network, staff.disable, now, context, "zhang")
    with pytest.raises(Refused, match="staff_disabled"):
        done(network, staff.change, now, context, "zhang", Changes(roles=("manager",)))


@pytest.mark.parametrize("use_case", [staff.unlock, staff.disable])
def test_whom_nobody_knows_is_told(network: Database, now: SteppingClock, context: Context, use_case: Callable[..., StaffMember]) -> None:
    with pytest.raises(NotFound, match="unknown_staff"):
        done(network, use_case, now, context, "nobody")


def test_a_session_lasts_a_while_and_is_kept_by_its_sum_alone(network: Database, now: SteppingClock, hire: Hire) -> None:
    member = hire("zhang")
    expires = done(network, sessions.begin, now, "us_secret", "staff", member.id, "JD-MAIN")
    assert expires - now.now() == timedelta(hours=12)
    known = access.known(network, now, "us_secret")
    assert known is not None
    assert (known.id, known.branch, known.session) == (member.id, "JD-MAIN", access.sum_of("us_secret"))
    with network.read() as connection:
        assert "us_secret" not in str(connection.execute(select(session)).one())
    now.advance(timedelta(hours=12))
    assert access.known(network, now, "us_secret") is None
    assert sessions.prune(network, now.now()) == 1
    assert sessions.prune(network, now.now()) == 0


@pytest.mark.parametrize("shown", ["", "us_", "us_other", "us_" + "x" * 5000, "us_\udcff", "uc_secret", "secret"])
def test_what_is_no_session_opens_nothing(network: Database, now: SteppingClock, hire: Hire, shown: str) -> None:
    done(network, sessions.begin, now, "us_secret", "staff", hire("zhang").id)
    assert access.known(network, now, shown) is None


def test_a_session_that_has_ended_opens_nothing_and_others_go_on(network: Database, now: SteppingClock, hire: Hire) -> None:
    member = hire("zhang")
    for secret in ("us_one", "us_two"):
        done(network, sessions.begin, now, secret, "staff", member.id)
    assert done(network, sessions.end, access.sum_of("us_one"))
    assert not done(network, sessions.end, access.sum_of("us_one"))
    assert access.known(network, now, "us_one") is None
    assert access.known(network, now, "us_two") is not None


def test_a_desk_is_one_of_theirs(network: Database, hire: Hire) -> None:
    one, all_of_jd, everywhere = hire("one", "JD", ("JD-MAIN",)), hire("all"), hire("root", "", (), ("network",))
    assert done(network, sessions.desk_of, one, "") == "JD-MAIN"
    assert done(network, sessions.desk_of, all_of_jd, "") == ""
    assert done(network, sessions.desk_of, all_of_jd, "JD-2") == "JD-2"
    assert done(network, sessions.desk_of, everywhere, "JX-MAIN") == "JX-MAIN"
    for member, branch in ((one, "JD-2"), (one, "JX-MAIN"), (all_of_jd, "JX-MAIN"), (everywhere, "NONE")):
        with pytest.raises(NotAllowed, match="other_desk"):
            done(network, sessions.desk_of, member, branch)
