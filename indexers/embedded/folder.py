"""The folder of the embedded index: generations side by side, and one small file that says which of them is live.

    current              the name of the live generation, replaced atomically
    rebuild.lock         held by the process that builds a new generation
    generation-…/        tantivy's files, and about.json: the versions that it was begun with

A generation that is not live and whose builder is gone is debris; the next rebuild removes it. Readers look at ``current`` before every
search, so a switch is noticed by all processes; a reader that still has the old files open may finish with them.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec
import tantivy

from indexers.embedded.schema import SCHEMA_VERSION
from indexers.embedded.translate import SCHEMA
from indexers.remedies import REBUILD_COMMAND
from union_catalog.errors import Busy, SearchUnavailable
from union_catalog.search.text import ANALYSIS_VERSION

_PREFIX = "generation-"


class About(msgspec.Struct, frozen=True):
    """The versions that a generation was begun with."""

    schema_version: int
    analysis_version: int


@contextmanager
def told(code: str) -> Iterator[None]:
    """Turns what tantivy and the disk raise into SearchUnavailable(code), with the reason as it was given."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        raise SearchUnavailable(code, reason=str(error), command=REBUILD_COMMAND) from error


class Folder:
    """``path`` need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pointer = path / "current"

    def current(self) -> Path | None:
        """The live generation, None where there is none."""
        try:
            name = self._pointer.read_text("ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return self.path / name

    def live(self) -> Path:
        """The live generation, fit to be opened. Raises SearchUnavailable where there is none or it is of another version."""
        generation = self.current()
        if generation is None:
            raise SearchUnavailable("index_missing", path=str(self.path), command=REBUILD_COMMAND)
        found = self.about(generation)
        if found is None or found.schema_version != SCHEMA_VERSION:
            version = found.schema_version if found else None
            raise SearchUnavailable("index_outdated", path=str(self.path), found=version, needed=SCHEMA_VERSION, command=REBUILD_COMMAND)
        return generation

    def about(self, generation: Path) -> About | None:
        """The versions of a generation, None where it does not say."""
        try:
            return msgspec.json.decode((generation / "about.json").read_bytes(), type=About)
        except (OSError, msgspec.MsgspecError):
            return None

    def new_generation(self) -> Path:
        """An empty generation with its schema, not live yet."""
        taken = [int(name.removeprefix(_PREFIX)) for name in self._generations() if name.removeprefix(_PREFIX).isdecimal()]
        generation = self.path / f"{_PREFIX}{max(taken, default=0) + 1:06d}"
        generation.mkdir(parents=True)
        tantivy.Index(SCHEMA, str(generation))
        about = About(SCHEMA_VERSION, ANALYSIS_VERSION)
        (generation / "about.json").write_bytes(msgspec.json.encode(about))
        return generation

    def switch(self, generation: Path) -> None:
        """Makes a generation live; durable when it returns."""
        draft = self._pointer.with_suffix(".new")
        with draft.open("w", encoding="ascii") as file:
            file.write(generation.name + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._pointer)
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def remove_debris(self) -> None:
        """Removes every generation that is not live. Only for the holder of the rebuild lock."""
        current = self.current()
        for name in self._generations():
            if current is None or name != current.name:
                shutil.rmtree(self.path / name)

    def lock_rebuild(self) -> IO[str]:
        """The rebuild lock, held until the file is closed or the process ends. Raises Busy where another process holds it."""
        self.path.mkdir(parents=True, exist_ok=True)
        file = (self.path / "rebuild.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise Busy("rebuild_running", path=str(self.path)) from error
        return file

    def size(self, generation: Path) -> int:
        """Bytes on disk of a generation; files that vanish while being looked at count nothing."""
        total = 0
        for entry in os.scandir(generation):
            try:
                total += entry.stat().st_size
            except FileNotFoundError:
                continue
        return total

    def _generations(self) -> list[str]:
        if not self.path.is_dir():
            return []
        return sorted(entry.name for entry in self.path.iterdir() if entry.name.startswith(_PREFIX) and entry.is_dir())
