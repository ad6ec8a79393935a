"""What a call must be about for the second half of the matrix: for every route that tells own things from those of another library, one
call about a thing of JD and one about a thing of JX.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

READERS = "/staff/patrons"
VERDICTS, CORRECTIONS = "/api/v1/matches/verdicts", "/api/v1/corrections"


@dataclass(frozen=True, slots=True)
class World:
    """Ids of things by library. ``verdicts`` are on two records of the library, ``patrons`` enrolled there,
    ``objections`` for it to decide, ``offline`` batches of a desk of it, ``strays`` what lies at a desk of it under an unknown barcode."""

    staff: Mapping[str, str]
    verdicts: Mapping[str, str]
    corrections: Mapping[str, str]
    patrons: Mapping[str, str]
    objections: Mapping[str, str]
    offline: Mapping[str, str]
    strays: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """One request; ``body`` None for none."""

    method: str
    path: str
    body: Mapping[str, object] | None = None


Aim = Callable[[World, str], Call]


def _pair(library: str) -> dict[str, object]:
    first, second = {"JD": ("JD:JD2", "JD:JD3"), "JX": ("JX:JX1", "JX:JX2")}[library]
    return {"first": first, "second": second, "verdict": "same", "reason": "r"}


def _said(what: str, **more: object) -> Aim:
    """Of the item b1 of a library, at that library's desk."""
    return lambda _, library: Call("POST", f"/api/v1/items/{library}/b1/{what}", {"branch": f"{library}-1", **more})


def _item(library: str) -> dict[str, object]:
    return {"item": {"library": library, "barcode": "b1"}, "branch": f"{library}-1"}


# Endpoint → the call about a thing of a library. A row with `own` in permissions.toml needs one here.
AIMS: Mapping[str, Aim] = {
    "loans.lend": lambda world, library: Call("POST", "/api/v1/check-outs", {"card": f"C{library}", **_item(library)}),
    "loans.take_in": lambda _, library: Call("POST", "/api/v1/check-ins", _item(library)),
    "loans.loans": lambda world, library: Call("GET", f"/api/v1/patrons/{world.patrons[library]}/loans"),
    "offline.upload": lambda _, library: Call("POST", "/api/v1/offline-batches", {"branch": f"{library}-1", "device": "d", "lines": []}),
    "offline.batch": lambda world, library: Call("GET", f"/api/v1/offline-batches/{world.offline[library]}"),
    "offline_desk.batch": lambda world, library: Call("GET", f"/desk/offline/{world.offline[library]}"),
    "items.add": lambda _, library: Call("POST", "/api/v1/items", {"branch": f"{library}-1", "barcode": "b1", "title": "t"}),
    "items.lost": _said("lost"),
    "items.found": _said("found"),
    "items.claimed_returned": _said("claimed-returned"),
    "items.damaged": _said("damaged"),
    "items.withdraw": _said("withdraw"),
    "items.barcode": _said("barcode", barcode="b1"),
    "strays.resolve": lambda world, library: Call(
        "POST", f"/api/v1/stray-items/{world.strays[library]}/resolve", {"how": "removed", "reason": "discarded"}
    ),
    "staff_strays.resolve": lambda world, library: Call(
        "POST", f"/staff/strays/{world.strays[library]}", {"how": "removed", "reason": "discarded"}
    ),
    "verdicts.give": lambda _, library: Call("POST", VERDICTS, _pair(library)),
    "verdicts.undo": lambda world, library: Call("DELETE", f"{VERDICTS}/{world.verdicts[library]}"),
    "corrections.correct": lambda _, library: Call(
        "POST", CORRECTIONS, {"key": f"{library}:{library}1", "field": "publisher", "value": "v", "reason": "r"}
    ),
    "corrections.undo": lambda world, library: Call("DELETE", f"{CORRECTIONS}/{world.corrections[library]}"),
    "staff.change": lambda world, library: Call("PATCH", f"/api/v1/staff/{world.staff[library]}", {"branches": [f"{library}-1"]}),
    "staff.unlock": lambda world, library: Call("POST", f"/api/v1/staff/{world.staff[library]}/unlock"),
    "calendar.set_calendar": lambda _, library: Call("PUT", f"/api/v1/branches/{library}-1/calendar", {"hours": {"mon-sun": []}}),
    "blocks.blocks": lambda world, library: Call("GET", f"/api/v1/patrons/{world.patrons[library]}/blocks"),
    "credit.credit": lambda world, library: Call("GET", f"/api/v1/patrons/{world.patrons[library]}/credit"),
    "credit.deed": lambda world, library: Call(
        "POST", f"/api/v1/patrons/{world.patrons[library]}/credit", {"cause": "donation", "points": 1, "reason": "r"}
    ),
    "patrons.patron": lambda world, library: Call("GET", f"/api/v1/patrons/{world.patrons[library]}"),
    "patrons.change": lambda world, library: Call("PATCH", f"/api/v1/patrons/{world.patrons[library]}", {"language": "en"}),
    "patrons.events": lambda world, library: Call("GET", f"/api/v1/patrons/{world.patrons[library]}/events"),
    "patrons.merge_records": lambda world, library: Call(
        "POST", f"/api/v1/patrons/{world.patrons[library]}/merge", {"other": f"ward-of-{library}"}
    ),
    "patrons.part_records": lambda world, library: Call("POST", f"/api/v1/patrons/{world.patrons[library]}/unmerge", {}),
    "privacy.consents": lambda world, library: Call("GET", f"/api/v1/patrons/{world.patrons[library]}/consents"),
    "privacy.give_consent": lambda world, library: Call(
        "POST", f"/api/v1/patrons/{world.patrons[library]}/consents", {"purpose": "card", "notice": "1", "date": "2026-11-01"}
    ),
    "privacy.withdraw_consent": lambda world, library: Call("DELETE", f"/api/v1/patrons/{world.patrons[library]}/consents/none"),
    "privacy.notices": lambda world, library: Call("GET", f"/api/v1/patrons/{world.patrons[library]}/notices"),
    "privacy.export": lambda world, library: Call("GET", f"/api/v1/patrons/{world.patrons[library]}/export"),
    "privacy.erase": lambda world, library: Call("POST", f"/api/v1/patrons/{world.patrons[library]}/erase"),
    "payments.account": lambda world, library: Call("GET", f"/api/v1/patrons/{world.patrons[library]}/account"),
    "payments.cash_sheet": lambda _, library: Call("GET", f"/api/v1/branches/{library}-1/cash-sheet"),
    "tills.cash_sheet": lambda _, library: Call("GET", f"/branches/{library}-1/cash-sheet"),
    "objections.of_reader": lambda world, library: Call("GET", f"/api/v1/patrons/{world.patrons[library]}/objections"),
    "objections.decide": lambda world, library: Call(
        "POST", f"/api/v1/objections/{world.objections[library]}/decision", {"decision": "rejected", "answer": "r"}
    ),
    "staff_start.decide": lambda world, library: Call(
        "POST", f"/staff/objections/{world.objections[library]}", {"decision": "rejected", "answer": "r"}
    ),
    "staff_start.member": lambda world, library: Call("GET", f"/staff/people/{world.staff[library]}"),
    "staff_start.change": lambda world, library: Call("POST", f"/staff/people/{world.staff[library]}", {"role": "circulation"}),
    "staff_start.unlock": lambda world, library: Call("POST", f"/staff/people/{world.staff[library]}/unlock"),
    "staff_start.disable": lambda world, library: Call("POST", f"/staff/people/{world.staff[library]}/disable"),
    "readers.change": lambda world, library: Call("POST", f"{READERS}/{world.patrons[library]}", {"language": "en"}),
    "readers.enter_credit": lambda world, library: Call(
        "POST", f"{READERS}/{world.patrons[library]}/credit", {"cause": "donation", "points": "1", "reason": "r"}
    ),
    "agreeing.record": lambda world, library: Call(
        "POST", f"{READERS}/{world.patrons[library]}/consents", {"purpose": "card", "notice": "1", "given_on": "2026-11-01"}
    ),
    "agreeing.withdraw": lambda world, library: Call("POST", f"{READERS}/{world.patrons[library]}/consents/none/withdraw"),
    "agreeing.stand_for": lambda world, library: Call("POST", f"{READERS}/{world.patrons[library]}/guardian", {"card": "none"}),
    "merging.merge_records": lambda world, library: Call(
        "POST", f"{READERS}/{world.patrons[library]}/merge", {"other": f"ward-of-{library}"}
    ),
    "merging.part_records": lambda world, library: Call(
        "POST", f"{READERS}/{world.patrons[library]}/unmerge", {"other": f"ward-of-{library}"}
    ),
    "merging.erasing_page": lambda world, library: Call("GET", f"{READERS}/{world.patrons[library]}/erase"),
    "merging.erase": lambda world, library: Call("POST", f"{READERS}/{world.patrons[library]}/erase"),
    "money.receipt": lambda _, library: Call("GET", f"/branches/{library}-1/receipts/none"),
}
