"""What a reader was told, on a page without script: what went out, what waits and what did not arrive, and nothing of anybody else."""

from datetime import timedelta

from sqlalchemy import update

from tests.api.my_library import Reader, after, give_back, lend, office_of, signed_in, take_on
from tests.api.signing_in import Library
from tests.api.test_pages import Page, text
from union_catalog.ids import PatronId
from union_catalog.notices.message import Delivery, Message
from union_catalog.notices.quiet import QuietHours
from union_catalog.notices.stages import stages
from union_catalog.services import notices, sending
from union_catalog.services.sending import Sending
from union_catalog.storage.tables import person

PHONE_ONLY = {"phone": True}


def tell_due(library: Library) -> None:
    office = office_of(library)
    notices.make_due(library.database, office.today(), office.now(), office.timezone, stages((3,), (1,)))


def claimed(library: Library, channels: dict[str, bool]) -> list[Message]:
    office = office_of(library)
    quiet: QuietHours | None = None
    asked = Sending(channels=channels, quiet=quiet, timezone=office.timezone)  # type: ignore[arg-type]  # "phone" is a channel
    return sending.claim(library.database, asked, office.now())


def send(library: Library, outcome: Delivery) -> None:
    for message in claimed(library, PHONE_ONLY):
        sending.conclude(library.database, message, outcome, office_of(library).now())


def with_two_books_due(library: Library) -> Reader:
    """Nobody has been told yet."""
    enrolled = take_on(library)
    for barcode in ("b1", "b3"):
        lend(library, enrolled.card, barcode)
    after(library, 27)
    return signed_in(library, enrolled)


def shown(page: Page) -> list[str]:
    return [text(one) for one in page.cssselect("li.notified")]


def test_who_was_never_told_anything_reads_when_that_will_be(reader: Reader) -> None:
    assert reader.page("/me").cssselect('a[href="/me/messages"]')
    page = reader.page("/me/messages")
    assert text(page.cssselect(".empty")[0]).startswith("还没有发过消息。")
    assert not shown(page)


def test_several_books_are_the_one_message_that_they_were(library: Library) -> None:
    reader = with_two_books_due(library)
    tell_due(library)
    waiting = shown(reader.page("/me/messages"))
    assert len(waiting) == 1
    assert waiting[0].startswith("2本书将到期 等待发送 12月28日")
    send(library, Delivery("sent"))
    [told] = reader.page("/me/messages").cssselect("li.notified")
    assert text(told).startswith("2本书将到期 已发出 12月28日")
    assert "发到手机" in text(told)
    letter = told.cssselect("details .letter")[0].text_content()
    assert all(said in letter for said in ("陈晓雨，您好", "· 红楼梦", "· 围城", "到期"))


def test_a_book_that_came_back_before_the_letter_was_tried_again_is_told_apart(library: Library) -> None:
    reader = with_two_books_due(library)
    tell_due(library)
    send(library, Delivery("later", "421"))
    assert "最早12月28日" in shown(reader.page("/me/messages"))[0]
    give_back(library, "b3")
    library.clock.advance(timedelta(minutes=5))
    send(library, Delivery("sent"))
    dropped, sent = sorted(shown(reader.page("/me/messages")))
    assert ("已发出" in sent, "围城" in sent) == (True, False)
    assert ("不必再发" in dropped, "书已还、已续借" in dropped, "红楼梦" in dropped) == (True, True, False)


def test_what_could_not_be_sent_says_why_to_the_reader_and_what_mends_it(library: Library) -> None:
    reader = with_two_books_due(library)
    with library.database.write() as connection:
        connection.execute(update(person).where(person.c.patron_id == reader.id).values(phone=""))
    tell_due(library)
    assert claimed(library, PHONE_ONLY) == []
    page = reader.page("/me/messages")
    assert [("没有送到" in one, "你没有留邮箱或电话" in one) for one in shown(page)] == [(True, True)]
    assert page.cssselect('li.notified a[href="/me/details"]')


def test_another_readers_messages_are_not_shown(library: Library) -> None:
    with_two_books_due(library)
    other = signed_in(library, take_on(library, "王立", birth_date=None, confirmed_new=True))
    with library.database.write() as connection:
        office = office_of(library)
        notices.enqueue(connection, office.clock, PatronId(other.id), "pin_reset", "1", {})
    tell_due(library)
    [told] = shown(other.page("/me/messages"))
    assert told.startswith("您的密码已重置")


def test_in_english_the_words_are_english(library: Library) -> None:
    reader = with_two_books_due(library)
    tell_due(library)
    page = reader.page("/me/messages?lang=en")
    assert text(page.cssselect("h1")[0]) == "Messages to me"
    assert "Dear 陈晓雨" in page.cssselect(".letter")[0].text_content()
    assert "Waiting 28 Dec" in shown(page)[0]
