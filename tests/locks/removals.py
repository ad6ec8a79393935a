"""Locks that can be taken away."""


def take_away() -> None:
    """Nothing yet."""
