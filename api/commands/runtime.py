"""What commands share: the settings, the database and the index, opened once a command."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import click

from api.wiring import open_clock, open_database, open_engine
from indexers.relay import Relay
from union_catalog.clock import Clock
from union_catalog.context import Context, command_line
from union_catalog.errors import ConfigurationError, StorageUnavailable
from union_catalog.search.engine import SearchEngine
from union_catalog.services.catalogue import Catalogue
from union_catalog.services.index_feed import IndexFeed
from union_catalog.settings import Settings
from union_catalog.storage import schema
from union_catalog.storage.database import Database


@dataclass
class Runtime:
    """One command's view of the installation; nothing is opened before it is used."""

    settings: Settings
    clock: Clock

    @classmethod
    def from_environment(cls) -> "Runtime":
        """For the command that runs, at whose end it is closed. Raises ConfigurationError for a setting that cannot be used."""
        settings = Settings.from_environment()
        runtime = cls(settings, open_clock(settings))
        click.get_current_context().call_on_close(runtime.close)
        return runtime

    def close(self) -> None:
        """Gives back what was opened."""
        opened = vars(self)
        if "engine" in opened:
            self.engine.close()
        if "unchecked_database" in opened:
            self.unchecked_database.close()

    @cached_property
    def unchecked_database(self) -> Database:
        """The database, whatever its schema."""
        return open_database(self.settings)

    @cached_property
    def database(self) -> Database:
        """The database. Raises StorageUnavailable("not_initialised") unless it has the schema of this version."""
        with self.unchecked_database.read() as connection:
            if schema.current(connection) != schema.newest():
                raise StorageUnavailable("not_initialised")
        return self.unchecked_database

    @cached_property
    def engine(self) -> SearchEngine:
        return open_engine(self.settings)

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.database, self.engine)

    @cached_property
    def feed(self) -> IndexFeed:
        return IndexFeed(self.database, self.clock, self.settings.lease_seconds)

    @cached_property
    def relay(self) -> Relay:
        return Relay(self.feed, self.engine)

    def context(self) -> Context:
        """Somebody at the command line, now."""
        return command_line(self.clock)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raises ConfigurationError("report_unwritable") where the path cannot be written; that the disk is full stays what it is."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise ConfigurationError("report_unwritable", path=str(path)) from error
