"""The rules of lending as staff read them: the table in force or an earlier one, and why a loan would have its terms."""

from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api.language import current_language
from api.pages import shell
from api.pages.desks import desks_of
from api.pages.policy_views import change_views, text_lines
from api.pages.reader_views import actor_names, branch_names
from api.pages.sent import NOTHING_SENT, SHOWN_BESIDE, Sent, refused, typed_in
from api.policy_words import beaten_words, criteria_words, explanation_words, term_name, terms_words
from api.resources.operation import catalogue, office
from api.resources.standing import libraries
from union_catalog.circulation.policy import PolicyTable
from union_catalog.circulation.policy_text import table_data
from union_catalog.context import Language
from union_catalog.holdings.words import item_types
from union_catalog.patrons.model import CATEGORIES
from union_catalog.services import lending_terms
from union_catalog.services import policies as use_cases
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.patrons import lookup
from union_catalog.services.policies import InForce

policies = Blueprint("staff_policies", __name__)
policies.after_request(shell.remember_language)
_CIRCUMSTANCES = ("branch", "category", "barcode", "library", "item_type")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in words: what it is for, and what it grants."""

    id: str
    criteria: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Won:
    """Why a rule won, and why each other did not."""

    rule: str
    because: tuple[str, ...]
    others: tuple[tuple[str, str], ...]


@policies.get("/staff/policies")
def table() -> AnyResponse:
    """The table, and the answer where circumstances are told."""
    return _table(NOTHING_SENT)


@policies.get("/staff/policies/explain")
def back() -> AnyResponse:
    """The address of a question that was shown again, loaded anew."""
    return redirect(shell.page_address("staff_policies.table"), 303)


@policies.post("/staff/policies/explain")
def explain() -> AnyResponse:
    """Goes on to the answer. The number of a card tells who somebody is, so it stands in no address: the reader's id does."""
    told = {name: value for name in (*_CIRCUMSTANCES, "version") if (value := typed_in(name))}
    try:
        with catalogue().database.read() as connection:
            holders = lookup.holder(connection, office(), typed_in("card")) if typed_in("card") else ()
    except SHOWN_BESIDE as error:
        return _table(refused(error, "explain"))
    reader = {"patron": holders[0].id, "category": holders[0].category} if holders else {}
    return redirect(f"{shell.page_with('staff_policies.table', **{**told, **reader})}#h-why", 303)


@policies.get("/staff/policies/compare")
def compare() -> str:
    """What is otherwise in one version than in another, in words and in the lines of the file."""
    with catalogue().database.read() as connection:
        after = use_cases.in_force(connection, asked_version("after"))
        told = asked_version("before")
        before = use_cases.in_force(connection, max(after.version.version - 1, 1) if told is None else told)
        changes = change_views(use_cases.compared(connection, before.version.version, after.version.version), current_language())
    lines = list(text_lines(before.text, after.text))
    return render_template("staff/policy-compare.html", before=before.version, after=after, changes=changes, lines=lines)


def _table(sent: Sent) -> AnyResponse:
    language, won, version = current_language(), None, asked_version("version")
    with catalogue().database.read() as connection:
        found = use_cases.in_force(connection, version)
        try:
            won = _won(connection, version, language) if request.args.get("branch") else None
        except SHOWN_BESIDE as error:
            sent = refused(error, "explain")
        shown = {"desks": desks_of(connection), "names": libraries(connection, language), "branches": branch_names(connection)}
        shown["actors"] = actor_names(connection, {one.actor for one in found.versions})
    return make_response(_page(found, sent, won, shown), sent.status)


def _page(found: InForce, sent: Sent, won: Won | None, shown: dict[str, object]) -> str:
    language = current_language()
    rules = [RuleLine(rule.id, criteria_words(rule, language), terms_words(rule.terms, language)) for rule in found.table.rules]
    choices = {"categories": CATEGORIES, "types": sorted(item_types()), "asked": request.args, "done": request.args.get("done", "")}
    terms = _network(found.table, language)
    return render_template("staff/policies.html", found=found, rules=rules, terms=terms, sent=sent, won=won, **shown, **choices)


def _won(connection: Connection, version: int | None, language: Language) -> Won:
    """Raises as ``lending_terms.explained``."""
    told = {name: request.args.get(name, "").strip() for name in _CIRCUMSTANCES}
    asked = lending_terms.Asked(
        branch=told["branch"],
        patron=request.args.get("patron", ""),
        category=told["category"],
        item=ItemReference(told["barcode"], told["library"]) if told["barcode"] else None,
        item_library=told["library"],
        item_type=told["item_type"],
        version=version,
    )
    found = lending_terms.explained(connection, asked)
    return Won(found.rule.id, explanation_words(found, language), tuple(beaten_words(found, language).items()))


def asked_version(name: str) -> int | None:
    """The version named in the address; None for none, or for what is no number."""
    asked = request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else None


def _network(table: PolicyTable, language: Language) -> tuple[tuple[str, str], ...]:
    """What holds for every loan: (name, value)."""
    data = table_data(table)
    told = {name: value for name, value in data["network"].items() if not isinstance(value, dict)}
    for kind in ("quota", "caps"):
        told |= {f"{kind}.{whose}": value for whose, value in data["network"][kind].items()}
    told |= {f"credit.{name}": value for name, value in data["credit"].items()}
    return tuple((term_name(name, language), str(value)) for name, value in told.items())
