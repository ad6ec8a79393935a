"""Runs tests in a process and a database of their own, with one lock taken away or with all of them."""

import os
import subprocess
import sys
from collections.abc import Sequence

from tests.architecture.sources import ROOT
from tests.locks.removals import VARIABLE, Removal
from tests.scenarios.servers import own_database

_FAILED = 1  # pytest's exit code for tests that failed; any other says that they were not run


def whole(server: str, removals: Sequence[Removal]) -> bool:
    """Whether all their tests pass."""
    return _run(server, sorted({removal.test for removal in removals}), "") == 0


def without(server: str, removal: Removal) -> bool:
    """Whether its test fails."""
    code = _run(server, [removal.test], removal.name)
    if code not in (0, _FAILED):
        raise RuntimeError(removal.test)
    return code == _FAILED


def _run(server: str, tests: Sequence[str], name: str) -> int:
    with own_database(server) as url:
        environment = os.environ | {"UNION_CATALOG_TEST_POSTGRES_URL": url.replace("+psycopg", ""), VARIABLE: name, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "pytest", "-p", "tests.locks.without", "-p", "no:cacheprovider", "-q", *tests]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=600).returncode
