"""Forms of pages that do something: what one of them asks takes effect once, however often its button is pressed.

``act_fields()`` inside a form writes the form's token and a key that was made with the page. The key and what was filled in are together
the key of the command: sent again, the same form leads to where it led the first time; filled in otherwise, it is another command. What
is refused is rolled back and not kept: the form is shown again with the reason.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app, redirect, request
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api import csrf
from api.auth import current_context, current_principal
from api.idempotency import Acting
from api.metrics.desks import count_cases, count_refusal
from api.resources.operation import catalogue, clock
from union_catalog.context import CommandId
from union_catalog.errors import CommandUnnamed, UnionCatalogError
from union_catalog.ids import new_id
from union_catalog.services import commands
from union_catalog.services.commands import Command, Outcome

FIELD = "key"
_KEY = re.compile(r"[0-9a-z]{8,40}")
_SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class Went:
    """The address of ours to which the browser is sent after what was done. ``patron_id``: the reader of whom it speaks, "" for none.

    ``cases`` and ``refused``: of what a desk did with items, to be counted.
    """

    address: str
    patron_id: str = ""
    cases: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def act_fields() -> Markup:
    """The hidden fields of a form that does something."""
    return csrf.csrf_field() + Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, new_id())


def act_once(work: Callable[[Acting], Went]) -> AnyResponse:
    """Carries out what the form of the present request asks, in one transaction, and answers with the way to go on.

    ``work`` may be called again where a race was lost, so whatever it does it does through the connection that it is given. A domain error
    that it raises rolls everything back and is raised here. Raises CommandUnnamed for a form without its key, Conflict("busy") while the
    same form is being answered.
    """
    now, principal = clock(), current_principal()
    form_key, told = form_told()
    context = current_context(now, CommandId(form_key))
    went = Went("")

    def acted(connection: Connection) -> Outcome:
        nonlocal went
        went = work(Acting(connection, now, context, principal))
        return Outcome(_SEE_OTHER, went.address.encode(), "text/plain", went.patron_id)

    asked = Command(str(principal.actor), f"form-{form_key}-{told[:32]}", told)
    try:
        answered = commands.run(catalogue().database, now, asked, acted, _not_kept)
    except UnionCatalogError as error:
        count_refusal(error)
        raise
    if not answered.replayed:
        count_cases(went.cases, "done")
        count_cases(went.refused, "refused")
    return redirect(answered.body.decode(), _SEE_OTHER)


def _not_kept(_: UnionCatalogError) -> Outcome | None:
    """The reason is shown beside the form, which needs what was typed; trying again does no harm."""
    return None


def form_told() -> tuple[str, str]:
    """The key of the form, and a sum of what was filled in, from which nothing can be guessed without our key.

    Raises CommandUnnamed for a form without one.
    """
    key = request.form.get(FIELD, "")
    if not _KEY.fullmatch(key):
        raise CommandUnnamed("form_without_key", name=FIELD)
    filled = sorted((name, value) for name, value in request.form.items(multi=True) if name not in (FIELD, csrf.FIELD))
    told = f"form\n{request.path}\n{urlencode(filled)}".encode()
    return key, hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), told, "sha256").hex()
