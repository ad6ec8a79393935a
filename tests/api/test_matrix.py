"""Own things and those of other libraries: each cell of the matrix, by calls about things of two libraries."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from api.app import create_app
from api.auth import SESSION_COOKIE
from api.permissions import held, matrix
from tests.api.aims import AIMS, Call, World
from tests.api.callers import Caller
from tests.api.collection import CLOCK, LISTENING, NETWORK, arrival, fill, take_in
from tests.api.test_pages import parsed
from union_catalog.context import command_line
from union_catalog.ids import new_id
from union_catalog.matching.keys import KEY_LIMIT
from union_catalog.services import blocks, corrections, objections, sessions, staff, verdicts
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.network import apply_network
from union_catalog.services.prepared import prepare
from union_catalog.services.staff import NewMember
from union_catalog.settings import Settings
from union_catalog.storage.circulation import offline, strays
from union_catalog.storage.database import Database
from union_catalog.storage.tables import credential, patron

LONG_AGO = "2026-01-01T00:00:00.000000Z"
BRANCHES = {"JD": "JD-1", "JX": "JX-1"}
MORE_BRANCHES = "".join(f'\n[[branches]]\ncode = "{code}"\nlibrary = "{code[:2]}"\nname = "总馆"\n' for code in ("JX-1", "JD-2"))


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Iterator[Catalogue]:
    """Of its own: these calls change it."""
    home = tmp_path_factory.mktemp("matrix")
    shutil.copy(_sqlite_template, home / "catalogue.sqlite3")
    filled = fill(Database(f"sqlite:///{home / 'catalogue.sqlite3'}", 5), home / "index")
    apply_network(filled.database, CLOCK, command_line(CLOCK), NETWORK + MORE_BRANCHES, lambda _: True)
    take_in(filled.database, "JX", [prepare("JX", arrival(key, LISTENING, ())) for key in ("JX2", "JX3")])
    yield filled
    filled.engine.close()
    filled.database.close()


@pytest.fixture(scope="module")
def world(catalogue: Catalogue) -> World:
    """One thing of each kind in both libraries."""
    context = command_line(CLOCK)
    with catalogue.database.write() as connection:
        for library, branch in BRANCHES.items():
            new = NewMember(username=f"staff-of-{library}", library=library, branches=(), roles=("circulation",))
            staff.add(connection, CLOCK, context, new)
            row = {"library": library, "home_branch": branch, "category": "adult", "state": "active", "credit": 0, "created_at": LONG_AGO}
            connection.execute(patron.insert().values(id=f"reader-of-{library}", **row))
            # A child, so that nobody erases the reader while the other cells are tried.
            connection.execute(patron.insert().values(id=f"ward-of-{library}", guardian_id=f"reader-of-{library}", **row))
            card = {"issuer": library, "number": f"C{library}", "kind": "member_card", "state": "valid", "issued_at": LONG_AGO}
            connection.execute(credential.insert().values(patron_id=f"reader-of-{library}", **card))
        said = {key: verdicts.give(connection, CLOCK, context, f"{key}:{key}1", f"{key}:{key}2", "different") for key in BRANCHES}
        fixed = {
            key: corrections.correct(connection, CLOCK, context, f"{key}:{key}2", "publisher", "v", "r", KEY_LIMIT) for key in BRANCHES
        }
        handed_in = {key: offline.add_batch(connection, f"{key}-1", "d", "staff:s", CLOCK.now()) for key in BRANCHES}
        for branch in BRANCHES.values():
            strays.take(connection, "4711", branch, "staff:s", CLOCK.now())
        lying = {key: strays.waiting(connection, key, (), "", 1)[0].id for key in BRANCHES}
        objected = {key: objection(connection, key, f"reader-of-{key}") for key in BRANCHES}
    return World(
        staff={library: f"staff-of-{library}" for library in BRANCHES},
        verdicts={library: given.verdict.id for library, given in said.items()},
        corrections={library: view.id for library, view in fixed.items()},
        patrons={library: f"reader-of-{library}" for library in BRANCHES},
        objections=objected,
        offline=handed_in,
        strays=lying,
    )


def objection(connection: Connection, library: str, reader: str) -> str:
    """Of a reader against a block that the library set."""
    context = command_line(CLOCK)
    made = blocks.enter(connection, CLOCK, context, ZoneInfo("Asia/Shanghai"), reader, blocks.Asked(reason="r", library=library))
    return objections.make(connection, CLOCK, context, reader, "block", made.block.id, "t").id


@pytest.fixture(scope="module")
def app(catalogue: Catalogue, settings: Settings) -> Flask:
    return create_app(settings, catalogue=catalogue)


@pytest.fixture(scope="module")
def signed_in(catalogue: Catalogue, world: World) -> Sequence[str]:
    """A member of JD's staff with each role alone, the network's administrator, and JD's reader: all with the session us_ROLE."""
    with catalogue.database.write() as connection:
        sessions.begin(connection, CLOCK, "us_reader", "patron", world.patrons["JD"])
        for role in staff.ROLES:
            new = NewMember(username=role, library="" if role == "network" else "JD", branches=(), roles=(role,))
            member = staff.add(connection, CLOCK, command_line(CLOCK), new)
            sessions.begin(connection, CLOCK, f"us_{role}", "staff", member.id)
    return "reader", *staff.ROLES


def send(app: Flask, role: str, call: Call) -> TestResponse:
    """With the session as it is shown there: to the API by hand, to a page as a cookie."""
    client = app.test_client()
    if call.path.startswith("/api/"):
        return Caller(client, f"us_{role}").send(call.method, call.path, call.body)
    client.set_cookie(SESSION_COOKIE, f"us_{role}")
    if call.method == "GET":
        return client.get(call.path)
    [token] = {str(field.get("value")) for field in parsed(client.get("/about").text).cssselect('input[name="csrf_token"]')}
    return client.open(call.path, method=call.method, data={"csrf_token": token, "key": new_id(), **(call.body or {})})


def test_every_row_that_tells_own_from_other_is_tried() -> None:
    assert set(AIMS) == {endpoint for endpoint, rule in matrix().items() if rule.own != rule.other}


@pytest.mark.parametrize("endpoint", sorted(AIMS))
def test_a_cell_lets_in_whom_it_names(app: Flask, world: World, signed_in: Sequence[str], endpoint: str) -> None:
    """Who is refused asks first: what the others do may leave nothing to refuse."""
    rule, wrong = matrix()[endpoint], {}
    own = {(role, library): library == "JD" or role == "network" for role in signed_in for library in BRANCHES}
    let_in = {cell: bool(held(cell[:1]) & (rule.own if is_own else rule.other)) for cell, is_own in own.items()}
    for (role, library), expected in sorted(let_in.items(), key=lambda cell: cell[1]):
        answer = send(app, role, AIMS[endpoint](world, library))
        if (answer.status_code not in (401, 403)) != expected or answer.status_code >= 500:
            wrong[role, library] = answer.status_code, answer.text
    assert wrong == {}


@pytest.mark.parametrize(
    ("roles", "branch", "refused"),
    [
        (("circulation",), "JD-1", ""),
        (("circulation",), "JD-2", "other_desk"),
        (("circulation", "manager"), "JD-2", ""),
        (("circulation",), "JX-1", "other_desk"),
    ],
)
def test_whoever_belongs_to_a_branch_acts_there_alone(
    app: Flask, catalogue: Catalogue, world: World, roles: tuple[str, ...], branch: str, refused: str
) -> None:
    name = new_id()
    with catalogue.database.write() as connection:
        member = staff.add(connection, CLOCK, command_line(CLOCK), NewMember(username=name, library="JD", branches=("JD-1",), roles=roles))
        sessions.begin(connection, CLOCK, f"us_{name}", "staff", member.id)
    call = Call("POST", "/api/v1/check-ins", {"item": {"library": "JD", "barcode": "b1"}, "branch": branch})
    answer = send(app, name, call)
    assert (answer.status_code == 403) == bool(refused), answer.text
    assert not refused or answer.get_json()["code"] == refused
