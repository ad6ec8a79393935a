"""Pages that are drawn often and of the same: a page is a function of what it is told and of what the request says, so that a page drawn of
the very same is kept and told again.

What a page is told is read before, each time: nothing here can be older than that. A page that holds something of one reader's own is not
kept.
"""

import threading
from collections import OrderedDict
from hashlib import blake2b

import msgspec
from flask import Flask, current_app, g, render_template, request

from api.auth import ANYBODY, current_principal
from api.pages import shell

MOST = 256  # pages a process keeps, of a hundred kilobytes each at most
_KEY = "union_catalog_drawn"


class Drawn:
    """The pages drawn last, by all that they depend on. Safe to share between threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._pages: OrderedDict[bytes, bytes] = OrderedDict()

    def get(self, key: bytes) -> bytes | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
        return page

    def keep(self, key: bytes, page: bytes) -> None:
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)


def install_drawing(app: Flask) -> None:
    """Gives ``app`` its pages drawn last."""
    app.extensions[_KEY] = Drawn()


def draw(template: str, **told: object) -> bytes:
    """The page as UTF-8. ``told`` is made of frozen values, of which any that differs makes another page."""
    if current_principal() is not ANYBODY:
        return render_template(template, **told).encode()
    drawn: Drawn = current_app.extensions[_KEY]
    key = _key(template, told)
    page = drawn.get(key)
    if page is None:
        page = render_template(template, **told).encode()
        if not g.get("personal", False):
            drawn.keep(key, page)
    return page


def _key(template: str, told: dict[str, object]) -> bytes:
    asked = (template, request.script_root, request.full_path, request.endpoint, tuple(shell.wishes().values()))
    return blake2b(msgspec.msgpack.encode((asked, told)), digest_size=20).digest()
