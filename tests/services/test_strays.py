"""What was handed in with a barcode that nobody knew, until somebody finds out what it is, on both databases."""

import pytest

from tests.services.desks import Town, town
from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, NotAllowed, NotFound, Refused
from union_catalog.ids import ItemId
from union_catalog.services.circulation import strays
from union_catalog.services.circulation.carrying import LineAsked
from union_catalog.services.circulation.finding import ItemReference
from union_catalog.services.circulation.offline import Correction, OfflineBatch, OfflineLine, Worker, settle, take
from union_catalog.services.circulation.quick import QuickItem
from union_catalog.services.circulation.strays import Belongs, Catalogued, Found, Removed, Resolved, SentOn
from union_catalog.storage.circulation.strays import Stray
from union_catalog.storage.database import Database
from union_catalog.storage.tables import desk_action, offline_line, stray_item


@pytest.fixture
def jd(database: Database, now: SteppingClock) -> Town:
    return town(database, now)


def waiting(jd: Town, at: str = "JD-1", after: str = "", limit: int = 10) -> list[Stray]:
    with jd.database.read() as connection:
        return list(strays.waiting(connection, jd.station(at).context, after, limit))


def resolved(jd: Town, stray: Stray, found: Found, at: str = "JD-1") -> Resolved:
    with jd.database.write() as connection:
        return strays.resolve(connection, jd.office, jd.station(at).context, stray.id, found)


def row(jd: Town, stray: Stray) -> dict[str, object]:
    return jd.rows(stray_item, id=stray.id)[0]


def test_a_library_sees_what_lies_at_its_branches_once_the_oldest_first(jd: Town) -> None:
    for barcode, at in (("S1", "JD-1"), ("S2", "JX-1"), ("S3", "JD-2"), ("S1", "JD-1"), ("S1", "JD-2")):
        assert jd.take(barcode, at).case == "CI-20"
        jd.wait(minutes=1)
    assert [(one.barcode, one.branch) for one in waiting(jd)] == [("S1", "JD-1"), ("S3", "JD-2"), ("S1", "JD-2")]
    first = waiting(jd, limit=1)
    assert [one.barcode for one in waiting(jd, after=first[0].id)] == ["S3", "S1"]
    assert [one.barcode for one in waiting(jd, "JX-1")] == ["S2"]


def test_what_turns_out_to_be_an_item_was_returned_when_it_was_handed_in(jd: Town) -> None:
    book, card = jd.item(home="JD-2"), jd.card()
    out = jd.lend(book, card)
    jd.wait(days=31)
    jd.take("TORN")
    jd.wait(days=10)
    [stray] = waiting(jd)
    done = resolved(jd, stray, Belongs(ItemReference(book)))
    assert done.deed is not None
    assert (done.deed.case, [note.code for note in done.deed.notes], jd.loan_state(out)) == ("CI-2", ["late"], "returned")
    told = row(jd, stray)
    assert (told["resolution"], told["item_id"], told["resolved_by"]) == ("item", jd.id_of(book), "staff:desk")
    assert jd.rows(desk_action, id=done.deed.event)[0]["occurred_at"] == told["taken_at"]
    assert waiting(jd) == []
    with pytest.raises(Refused, match="stray_resolved"):
        resolved(jd, stray, Removed("discarded"))


def test_it_lies_there_again_when_the_desk_takes_that_back(jd: Town) -> None:
    book = jd.item()
    out = jd.lend(book, jd.card())
    jd.take("TORN")
    [stray] = waiting(jd)
    done = resolved(jd, stray, Belongs(ItemReference(book)))
    assert done.deed is not None
    jd.undo(done.deed)
    assert (jd.loan_state(out), [one.id for one in waiting(jd)], row(jd, stray)["item_id"]) == ("open", [stray.id], None)
    done = resolved(jd, stray, Belongs(ItemReference(book)))
    jd.take("TORN")
    assert done.deed is not None
    jd.undo(done.deed)
    assert len(waiting(jd)) == 1


def test_the_right_label_was_scanned_just_after_the_wrong_one(jd: Town) -> None:
    book = jd.item()
    jd.take("INSIDE")
    jd.take(book)
    [stray] = waiting(jd)
    done = resolved(jd, stray, Belongs(ItemReference(book)))
    assert done.deed is not None
    assert (done.deed.case, waiting(jd)) == ("CI-19", [])


def test_months_later_it_counts_as_long_ago_as_a_desk_may_tell(jd: Town) -> None:
    book = jd.item()
    out = jd.lend(book, jd.card())
    jd.take("TORN")
    jd.wait(days=90)
    resolved(jd, waiting(jd)[0], Belongs(ItemReference(book)))
    assert jd.loan_state(out) == "returned"


def test_a_book_without_a_record_is_put_on_record_under_its_barcode(jd: Town) -> None:
    jd.take("NEW1")
    [stray] = waiting(jd)
    done = resolved(jd, stray, Catalogued(QuickItem(barcode="", title="乡土中国"), 200))
    assert done.deed is not None
    assert (done.deed.case, row(jd, stray)["resolution"], row(jd, stray)["item_id"]) == ("IT-13", "catalogued", jd.id_of("NEW1"))
    assert ItemId(done.deed.item) == jd.id_of("NEW1")
    assert jd.lend("NEW1", jd.card()).case == "CO-1"


def test_it_is_sent_on_or_removed_for_a_reason_that_names_nobody(jd: Town) -> None:
    jd.take("S1"), jd.take("S2")
    first, second = waiting(jd)
    for wrong, error, code in (
        (SentOn("JD-1"), InvalidInput, "stray_lies_here"),
        (SentOn("XX-1"), NotFound, "unknown_branch"),
        (Removed("王小明取走"), InvalidInput, "not_among"),
        (Belongs(ItemReference("no-such")), NotFound, "unknown_item"),
    ):
        with pytest.raises(error, match=code):
            resolved(jd, first, wrong)
    assert len(waiting(jd)) == 2
    resolved(jd, first, SentOn("JX-1"))
    resolved(jd, second, Removed("readers_own"))
    assert [(row(jd, one)["resolution"], row(jd, one)["to_branch"], row(jd, one)["reason"]) for one in (first, second)] == [
        ("sent_on", "JX-1", ""),
        ("removed", None, "readers_own"),
    ]


def test_another_library_does_not_resolve_it(jd: Town) -> None:
    jd.take("S1")
    [stray] = waiting(jd)
    with pytest.raises(NotAllowed, match="other_desk"):
        resolved(jd, stray, Removed("discarded"), "JX-1")
    with jd.database.write() as connection, pytest.raises(NotFound, match="unknown_stray"):
        strays.resolve(connection, jd.office, jd.station().context, "nothing", Removed("discarded"))


def handed_in(jd: Town, barcode: str) -> str:
    """The id of a line in which a desk without a line took a barcode in."""
    asked = LineAsked(action="check_in", item=ItemReference(barcode))
    lines = [OfflineLine(id=barcode, asked=asked, occurred_at=jd.clock.now())]
    return take(worker(jd), OfflineBatch(branch=jd.station().branch, device="d", lines=lines)).lines[0].id


def worker(jd: Town) -> Worker:
    return Worker(database=jd.database, office=jd.office, context=jd.station().context)


def test_what_came_from_a_desk_without_a_line_is_looked_into_once(jd: Town) -> None:
    first, second, book = handed_in(jd, "TORN"), handed_in(jd, "WET"), jd.item()
    resolved(jd, waiting(jd)[0], Removed("discarded"))
    settled = {line["id"]: bool(line["settled_at"]) for line in jd.rows(offline_line)}
    assert settled == {first: True, second: False}
    with jd.database.write() as connection, pytest.raises(NotFound, match="unknown_item"):
        settle(connection, worker(jd), second, Correction(barcode="no-such"))
    assert [one.barcode for one in waiting(jd)] == ["WET"]
    with jd.database.write() as connection:
        settle(connection, worker(jd), second, Correction(barcode=book))
    assert waiting(jd) == []
    assert [(one["resolution"], one["item_id"]) for one in jd.rows(stray_item, barcode="WET")] == [("item", jd.id_of(book))]
