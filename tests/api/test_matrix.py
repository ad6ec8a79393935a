"""Own things and those of other libraries: each cell of the matrix, by calls about things of two libraries."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from api.app import create_app
from api.permissions import held, matrix
from tests.api.aims import AIMS, PAGES, World
from tests.api.callers import Caller
from tests.api.collection import CLOCK, LISTENING, NETWORK, arrival, fill, take_in
from union_catalog.context import command_line
from union_catalog.matching.keys import KEY_LIMIT
from union_catalog.services import access, blocks, corrections, objections, sessions, staff, verdicts
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.network import apply_network
from union_catalog.services.prepared import prepare
from union_catalog.services.staff import NewMember
from union_catalog.settings import Settings
from union_catalog.storage.database import Database
from union_catalog.storage.tables import credential, patron

LONG_AGO = "2026-01-01T00:00:00.000000Z"
BRANCHES = {"JD": "JD-1", "JX": "JX-1"}
JX_BRANCH = '\n[[branches]]\ncode = "JX-1"\nlibrary = "JX"\nname = "总馆"\n'
CELLS = [(endpoint, role, library) for endpoint in sorted(AIMS) for role in (*staff.ROLES, "reader") for library in BRANCHES]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Iterator[Catalogue]:
    """Of its own: these calls change it."""
    home = tmp_path_factory.mktemp("matrix")
    shutil.copy(_sqlite_template, home / "catalogue.sqlite3")
    filled = fill(Database(f"sqlite:///{home / 'catalogue.sqlite3'}", 5), home / "index")
    apply_network(filled.database, CLOCK, command_line(CLOCK), NETWORK + JX_BRANCH, lambda _: True)
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
        objected = {key: objection(connection, key, f"reader-of-{key}") for key in BRANCHES}
    return World(
        staff={library: f"staff-of-{library}" for library in BRANCHES},
        verdicts={library: given.verdict.id for library, given in said.items()},
        corrections={library: view.id for library, view in fixed.items()},
        patrons={library: f"reader-of-{library}" for library in BRANCHES},
        objections=objected,
    )


def objection(connection: Connection, library: str, reader: str) -> str:
    """Of a reader against a block that the library set."""
    context = command_line(CLOCK)
    made = blocks.enter(connection, CLOCK, context, ZoneInfo("Asia/Shanghai"), reader, blocks.Asked(reason="r", library=library))
    return objections.make(connection, CLOCK, context, reader, "block", made.block.id, "t").id


@pytest.fixture(scope="module")
def callers(catalogue: Catalogue, settings: Settings, world: World) -> Mapping[str, Caller]:
    """A member of JD's staff with each role alone, the network's administrator, and JD's reader."""
    client = create_app(settings, catalogue=catalogue).test_client()
    secrets = {"reader": "us_reader"}
    with catalogue.database.write() as connection:
        sessions.begin(connection, CLOCK, secrets["reader"], "patron", world.patrons["JD"])
        for role in staff.ROLES:
            new = NewMember(username=role, library="" if role == "network" else "JD", branches=(), roles=(role,))
            secrets[role] = access.issue_to(connection, CLOCK, staff.add(connection, CLOCK, command_line(CLOCK), new)).secret
    return {role: Caller(client, secret) for role, secret in secrets.items()}


def test_every_row_that_tells_own_from_other_is_tried() -> None:
    assert set(AIMS) | PAGES == {endpoint for endpoint, rule in matrix().items() if rule.own != rule.other}


@pytest.mark.parametrize(("endpoint", "role", "library"), CELLS)
def test_a_cell_lets_in_whom_it_names(callers: Mapping[str, Caller], world: World, endpoint: str, role: str, library: str) -> None:
    rule, call = matrix()[endpoint], AIMS[endpoint](world, library)
    is_own = library == "JD" or role == "network"
    let_in = bool(held([role]) & (rule.own if is_own else rule.other))
    answer = callers[role].send(call.method, call.path, call.body)
    assert (answer.status_code in (401, 403)) != let_in, answer.get_json()
    assert answer.status_code < 500, answer.get_json()
