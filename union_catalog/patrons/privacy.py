"""Which library may see what of a reader (公共图书馆法, article 43: what somebody reads is nobody else's)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sight:
    """What a desk of the library ``viewer`` is shown of one reader; ``viewer`` "" is the network, which lends no books itself.

    Blocks, counts and due dates everybody sees who may see the reader at all. What a loan is *of*, only the library whose item it is, the
    reader's own, and one to which the reader lets data be passed on (``shared_with``).
    """

    viewer: str
    patron_library: str
    shared_with: frozenset[str] = frozenset()

    def shows_titles(self, item_library: str) -> bool:
        """Whether the title and barcode of a loan of this library's item may be told."""
        return may_see_titles(self.viewer, self.patron_library, item_library, self.shared_with)


def may_see_titles(viewer: str, patron_library: str, item_library: str, shared_with: frozenset[str] = frozenset()) -> bool:
    """Whether a desk of ``viewer`` may be told what a reader of ``patron_library`` has of ``item_library``."""
    return bool(viewer) and (viewer in {patron_library, item_library} or viewer in shared_with)
