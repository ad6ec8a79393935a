"""Answering searches from the newest committed state of the live generation, whoever wrote it."""

import threading
from dataclasses import dataclass
from pathlib import Path

import tantivy

from indexers.embedded.folder import Folder


@dataclass(frozen=True, slots=True)
class _Opened:
    generation: Path
    index: tantivy.Index


@dataclass(frozen=True, slots=True)
class Moment:
    """One committed state of the index; no other that this reader has told has the same ``number``."""

    index: tantivy.Index
    searcher: tantivy.Searcher
    number: int


class Reader:
    """Safe for threads; opened at the first use, so that it also works where the process forks later or the folder appears later."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._opened: _Opened | None = None
        self._seen: tuple[int, int, int] | None = None
        self._number = 0
        self._lock = threading.Lock()

    def index(self) -> tantivy.Index:
        """The live generation as of its last commit. Files are opened again only if one ``stat`` tells of anything new."""
        return self.moment().index

    def moment(self) -> Moment:
        """The same, with a searcher that stays with this state."""
        with self._lock:
            try:
                index = self._newest()
            except (OSError, ValueError):
                # A rebuild may have switched, and removed the old generation, between two of our looks; it does so once.
                self._opened = None
                index = self._newest()
            return Moment(index, index.searcher(), self._number)

    def _newest(self) -> tantivy.Index:
        generation = self._folder.current()
        if self._opened is None or self._opened.generation != generation:
            generation = self._folder.live()
            index = tantivy.Index.open(str(generation))
            index.config_reader("manual")
            self._opened, self._seen = _Opened(generation, index), None
        seen = _state(self._opened.generation)
        if seen != self._seen:
            self._opened.index.reload()
            self._seen = seen
            self._number += 1
        return self._opened.index

    def close(self) -> None:
        with self._lock:
            self._opened, self._seen = None, None


def _state(generation: Path) -> tuple[int, int, int]:
    """Changes with every commit: tantivy replaces meta.json."""
    found = (generation / "meta.json").stat()
    return found.st_ino, found.st_mtime_ns, found.st_size
