"""Where processes keep what they have counted: a folder of each ``serve``, held by a lock for as long as it runs.

The web server answers for all of them, the relay included, so they lie together below the home folder. Knows nothing of the library that
writes there; that decides on its way when it is loaded, by a variable of the environment.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from union_catalog.errors import ConfigurationError
from union_catalog.ids import new_id
from union_catalog.settings import Settings

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_LOCK = "lock"


def all_folders(settings: Settings) -> Path:
    """The folder of the folders."""
    return settings.home / "metrics"


@contextmanager
def counting_folder(settings: Settings) -> Iterator[None]:
    """A folder for the processes started meanwhile, by their environment; what servers that are gone have left is removed first.

    Raises ConfigurationError for a home folder that cannot be written.
    """
    mine = all_folders(settings) / new_id()
    try:
        _clean(all_folders(settings))
        mine.mkdir(parents=True)
        held = os.open(mine / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise ConfigurationError("home_not_writable", name="UNION_CATALOG_HOME", path=str(settings.home)) from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        os.environ[VARIABLE] = str(mine)
        yield
    finally:
        os.environ.pop(VARIABLE, None)
        os.close(held)
        shutil.rmtree(mine, ignore_errors=True)


def _clean(folder: Path) -> None:
    for left in folder.glob("*/"):
        if _is_abandoned(left / _LOCK):
            shutil.rmtree(left, ignore_errors=True)


def _is_abandoned(lock: Path) -> bool:
    """Whether nobody holds it. One without a lock is being made at this moment, or is no folder of ours."""
    try:
        with lock.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
