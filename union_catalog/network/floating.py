"""Where items stay when they are returned away from home: each library says it for its own.

"home": nowhere but at their home branch. "library": at every branch of their library. "group:NAME": at every branch of the libraries
that name the same group, so that none takes in what floats without letting its own float.
"""

LIBRARY = "library"
GROUP = "group:"
LONGEST = 48


def is_rule(told: str) -> bool:
    """Whether a network file may say this of a library."""
    name = told.removeprefix(GROUP)
    return told in ("home", LIBRARY) or (told.startswith(GROUP) and name.split() == [name] and len(told) <= LONGEST)
