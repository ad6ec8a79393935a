"""Changing the rules of lending: the file in a field, what it would change, and bringing it in force.

What takes effect was checked before: the form carries a sum of the text and of the version with which that was compared. Where either is
another by now, nothing takes effect; the page is shown again with the text as it is now, checked anew.
"""

import hmac
from dataclasses import dataclass

from flask import Blueprint, current_app, make_response, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api.idempotency import Acting
from api.language import current_language
from api.pages import shell
from api.pages.acting import Went, act_once
from api.pages.policy_views import CheckedView, FaultView, checked_view, fault_view
from api.pages.sent import NOTHING_SENT, SHOWN_BESIDE, Sent, refused, typed_in, typed_whole
from api.pages.staff_policies import asked_version
from api.resources.operation import catalogue
from api.schemas.policies import LONGEST_NOTE, LONGEST_TEXT
from api.translations import gettext
from union_catalog.circulation.policy_file import Fault
from union_catalog.errors import InvalidInput
from union_catalog.services import policies as use_cases

editing = Blueprint("policy_editing", __name__)
editing.after_request(shell.remember_language)
_FORM = "policy"


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that is being changed. ``based_on``: the version from which that began, or with which it was last compared."""

    text: str
    based_on: int
    note: str = ""


@editing.get("/staff/policies/edit")
def form() -> str:
    """The file in force, or an earlier one, to be changed."""
    with catalogue().database.read() as connection:
        now, found = use_cases.in_force(connection), use_cases.in_force(connection, asked_version("version"))
    return _page(Draft(found.text, now.version.version), NOTHING_SENT, now.version.version)


@editing.post("/staff/policies/edit")
def check() -> AnyResponse:
    """What is wrong with the text, line by line, or what it would change. It changes nothing."""
    return _checked(NOTHING_SENT)


@editing.get("/staff/policies/put")
def back() -> AnyResponse:
    """The address of a form that was shown again, loaded anew: in another language, say."""
    return redirect(shell.page_address("policy_editing.form"), 303)


@editing.post("/staff/policies/put")
def put() -> AnyResponse:
    """Brings in force what was checked, and nothing else."""
    draft = _typed()
    if not hmac.compare_digest(typed_in("checked"), _sum(draft)):
        changed = gettext("查过以后又改了，所以还没有生效。已经重新查过，请看过再生效。")
        return _checked(Sent(_FORM, changed, status=409))

    def work(acting: Acting) -> Went:
        use_cases.put_policy(acting.connection, acting.clock, acting.context, draft.text, draft.based_on, draft.note)
        return Went(shell.page_with("staff_policies.table", done="policy"))

    try:
        return act_once(work)
    except SHOWN_BESIDE as error:
        return _checked(refused(error, _FORM))


def _checked(sent: Sent) -> AnyResponse:
    """The page with the text as it was typed, checked; 422 where it has faults."""
    draft = _typed()
    with catalogue().database.read() as connection:
        now, view = use_cases.in_force(connection), _view(connection, draft)
    compared = Draft(draft.text, now.version.version, draft.note)
    worth_it = not view.faults and draft.text != now.text
    shown = {"since": draft.based_on, "view": view, "proof": _sum(compared) if worth_it else "", "same": draft.text == now.text}
    status = sent.status if sent.error else 422 if view.faults else 200
    return make_response(_page(compared, sent, now.version.version, **shown), status)


def _view(connection: Connection, draft: Draft) -> CheckedView:
    """What is no file of this kind at all has the one fault at which reading it ended."""
    if len(draft.text) > LONGEST_TEXT:
        too_long = gettext("太长了，最多%(most)s字。", most=LONGEST_TEXT)
        return CheckedView((FaultView(too_long, ()),))
    try:
        return checked_view(use_cases.check_policy(connection, draft.text), draft.text, current_language())
    except InvalidInput as error:
        fault = Fault(error.code, str(error.data["place"]))
        return CheckedView((fault_view(fault, draft.text, current_language()),))


def _page(draft: Draft, sent: Sent, now: int, **shown: object) -> str:
    """``now`` is the version in force. ``shown`` of what was checked: ``view``, and ``proof`` where it may take effect."""
    return render_template("staff/policy-edit.html", draft=draft, sent=sent, now=now, longest_note=LONGEST_NOTE, **shown)


def _typed() -> Draft:
    """Browsers end lines with two characters, where the file has one, and drop an empty line before the first."""
    text = request.form.get("text", "").replace("\r\n", "\n").lstrip("\n")
    return Draft(text, typed_whole("based_on"), typed_in("note")[:LONGEST_NOTE])


def _sum(draft: Draft) -> str:
    """Of what was checked, so that nothing else is brought in force; from our key alone."""
    told = f"policy\n{draft.based_on}\n{draft.text}".encode()
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), told, "sha256").hex()
