"""On which terms an item would be lent to a reader at a branch, and why."""

from dataclasses import dataclass

from sqlalchemy import Connection

from union_catalog.circulation.policy import Question
from union_catalog.circulation.policy_reasons import Explanation, explain
from union_catalog.errors import InvalidInput, NotFound
from union_catalog.services import policies
from union_catalog.services.circulation.finding import ItemReference, wanted
from union_catalog.storage import policies as rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``patron`` or ``category``; ``item``, or ``item_library`` and ``item_type``. ``version`` None: that in force."""

    branch: str
    patron: str = ""
    category: str = ""
    item: ItemReference | None = None
    item_library: str = ""
    item_type: str = ""
    version: int | None = None


def explained(connection: Connection, asked: Asked) -> Explanation:
    """The row that wins, the terms, and the reason for every other row.

    Raises NotFound for a reader, item, branch or version that is not there, InvalidInput("unknown_code") for a category, type or
    library that is none, Refused("ambiguous_item") where several libraries have the barcode.
    """
    known = policies.known(connection)
    if asked.branch not in known.branches:
        raise NotFound("unknown_branch", kind="branch", id=asked.branch)
    library, item_type = _item(connection, asked)
    category = _category(connection, asked)
    for name, value, codes in (
        ("item_library", library, known.libraries),
        ("item_type", item_type, known.item_types),
        ("category", category, known.categories),
    ):
        if not value:
            raise InvalidInput("parameter.required", name=name)
        if value not in codes:
            raise InvalidInput("unknown_code", name=name, value=value)
    table = policies.table(connection) if asked.version is None else policies.by_version(connection, asked.version)
    return explain(table, Question(item_library=library, item_type=item_type, patron_category=category, branch=asked.branch))


def _item(connection: Connection, asked: Asked) -> tuple[str, str]:
    if asked.item is None:
        return asked.item_library, asked.item_type
    found = wanted(connection, asked.item)
    return found.library, rows.item_type_of(connection, found.id)


def _category(connection: Connection, asked: Asked) -> str:
    if not asked.patron:
        return asked.category
    category = rows.category_of(connection, asked.patron)
    if category is None:
        raise NotFound("unknown_patron", kind="patron", id=asked.patron)
    return category
