"""What the reader was told and will be: drawn again from the data of each notice, for no message is kept."""

from collections.abc import Mapping

from flask import Blueprint, Flask, render_template

from api.auth import current_context
from api.labels import label
from api.language import current_language
from api.notifiers.wording import in_words
from api.pages import shell
from api.pages.my_card import me
from api.pages.my_views import MessageLine
from api.pages.my_words import Look, near_time
from api.pages.wording import named
from api.resources.operation import catalogue, clock, office
from api.translations import LazyText, gettext, lazy_gettext
from union_catalog.services import sending
from union_catalog.services.patrons import profile
from union_catalog.services.sending import LookedAt
from union_catalog.storage.notices import Fate

my_messages = Blueprint("my_messages", __name__)
my_messages.after_request(shell.remember_language)
_TONES: Mapping[str, tuple[str, str]] = {
    "pending": ("wait", "wait"),
    "sending": ("move", "move"),
    "sent": ("ok", "ok"),
    "dead": ("stop", "stop"),
    "dropped": ("still", "info"),
}
_WAYS: Mapping[str, LazyText] = {"email": lazy_gettext("发到邮箱"), "phone": lazy_gettext("发到手机")}
# Where a desk is told of a reader, the reader is told of "you".
_TO_THE_READER: Mapping[str, LazyText] = {
    "no_address": lazy_gettext("你没有留邮箱或电话"),
    "no_channel": lazy_gettext("你留的联系方式，现在还发不到"),
}
_MENDABLE = ("no_address", "no_channel", "refused", "gave_up")


def install_my_messages(app: Flask) -> None:
    """Puts the page into ``app``."""
    app.register_blueprint(my_messages)


@my_messages.get("/me/messages")
def messages() -> str:
    """What went out, what waits, and what did not arrive, the newest first."""
    with catalogue().database.read() as connection:
        name = profile.read(connection, office(), current_context(clock()), me()).name
        found = sending.messages_of(connection, me())
    return render_template("my-messages.html", lines=[_line(one, name) for one in found])


def _line(one: LookedAt, name: str) -> MessageLine:
    language, fate = current_language(), one.fate
    subject, text = in_words(one.told, name, language)
    return MessageLine(
        subject=subject,
        text=text,
        look=Look(*_TONES[fate.state], label("notice_state", fate.state, language)),
        when=_when(fate),
        way=named(_WAYS, fate.channel) if fate.channel else "",
        why=_why(fate.reason) if fate.reason else "",
        mendable=fate.state == "dead" and fate.reason in _MENDABLE,
    )


def _when(fate: Fate) -> str:
    if fate.sent_at is not None:
        return near_time(fate.sent_at)
    if fate.state == "pending" and fate.not_before > office().now():
        return gettext("最早%(time)s", time=near_time(fate.not_before))
    return near_time(fate.notice.created_at)


def _why(reason: str) -> str:
    return named(_TO_THE_READER, reason) if reason in _TO_THE_READER else label("notice_reason", reason, current_language())
