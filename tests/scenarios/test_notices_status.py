"""``union-catalog notices status``: what an operator sees of messages to readers."""

import json

from sqlalchemy import insert

from tests.scenarios.installations import Installation
from union_catalog.ids import new_id
from union_catalog.settings import Settings
from union_catalog.storage.database import Database
from union_catalog.storage.tables import branch, notice, patron

AT = "2026-01-01T00:00:00.000000Z"


def test_an_operator_sees_what_waits_and_what_was_given_up(installation: Installation) -> None:
    empty = json.loads(installation.done("notices", "status", "--json").out)
    assert (empty["waiting"], empty["oldest"], empty["dead"], empty["ways"], empty["last_run"]) == (0, None, {}, [], None)
    database = Database(Settings.from_environment(installation.environment()).database)
    with database.write() as connection:
        connection.execute(insert(branch).values(code="JD-1", library="JD", name="总馆"))
        reader = {"library": "JD", "home_branch": "JD-1", "category": "adult", "state": "active", "credit": 100, "created_at": AT}
        connection.execute(insert(patron).values(id="reader", **reader))
        for state, reason in (("pending", None), ("dead", "no_address"), ("dead", "no_address"), ("sent", None)):
            told = {"id": new_id(), "patron_id": "reader", "kind": "pin_reset", "data": {}}
            row = {**told, "about": told["id"], "state": state, "reason": reason, "not_before": AT, "created_at": AT}
            connection.execute(insert(notice).values(row))
    database.close()
    told = json.loads(installation.done("notices", "status", "--json").out)
    assert (told["waiting"], told["oldest"], told["dead"]) == (1, AT, {"no_address": 2})
    shown = installation.done("notices", "status").out
    assert "2" in next(line for line in shown.splitlines() if "no_address" in line)
    installation.done("jobs", "run", "send-notices")
    assert json.loads(installation.done("notices", "status", "--json").out)["last_run"] is not None
