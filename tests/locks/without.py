"""A plugin of pytest (``-p tests.locks.without``): the lock that the environment names is not there."""

from tests.locks.removals import take_away


def pytest_configure() -> None:
    """Before anything is collected."""
    take_away()
