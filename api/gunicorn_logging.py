"""What gunicorn itself logs, in the form of our own lines and without what a reader typed.

It tells a request that it cannot read with its line, and that holds query words and places; and one that failed with its address.
"""

import sys

from gunicorn.config import Config
from gunicorn.glogging import Logger

from api.logging import configure_logging
from union_catalog.settings import Settings

_UNREADABLE = "Invalid request"


class Quiet(Logger):  # type: ignore[misc]  # gunicorn's logger has no types
    """The logger class of gunicorn_settings."""

    def setup(self, cfg: Config) -> None:
        """Gives the lines to our handler, which is there before the application is."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        configure_logging(Settings.from_environment())

    def warning(self, msg: str, *args: object, **kwargs: object) -> None:
        """A request that cannot be read is told by the kind of its fault alone, without address and line."""
        if msg.startswith(_UNREADABLE):
            fault = sys.exc_info()[0]
            self.error_log.warning("invalid request: %s", fault.__name__ if fault else "")
        else:
            super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *_: object, **kwargs: object) -> None:
        """The trace tells what failed; the arguments are the request's method and address."""
        super().exception(msg.partition(" %s")[0], **kwargs)
