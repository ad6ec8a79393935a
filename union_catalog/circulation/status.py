"""What an item's status is: derived, and stored nowhere."""

from union_catalog.circulation.situation import ItemSituation


def status_of(item: ItemSituation, reported: str, *, touched: bool) -> str:
    """One word for what can be done with it. Its library's ``reported`` word counts until circulation has ``touched`` it, and always for an
    item that another system lends. union_catalog.storage.item_status says the same of many items in a statement."""
    if item.lending == "online":
        return "online"
    if item.remote:
        return _on_shelf(item, reported)
    binding = (
        (item.loan is not None, "on_loan"),
        (item.condition != "good", item.condition),
        (item.transit is not None, "in_transit"),
        (item.hold is not None, "on_hold_shelf"),
    )
    bound = next((status for holds, status in binding if holds), None)
    return bound or _on_shelf(item, "available" if touched else reported)


def _on_shelf(item: ItemSituation, status: str) -> str:
    """An item for use in the library is that only while it is in the library."""
    return "library_use" if item.lending == "library_use" and status == "available" else status
