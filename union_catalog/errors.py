"""The one tree of errors. Each carries a stable ``code`` and data; none carries a sentence or an HTTP number.

``api`` renders the code in the reader's language and maps the class to a status or exit code; a test demands that every class is mapped.
"""

from collections.abc import Mapping

Datum = str | int | float | bool | None | tuple[str, ...] | Mapping[str, int]


class UnionCatalogError(Exception):
    """``code`` is stable and documented; ``data`` fills the sentence that ``api`` makes of it, and holds no personal values."""

    default_code = "error"

    def __init__(self, code: str = "", /, **data: Datum) -> None:
        self.code = code or self.default_code
        self.data = data
        super().__init__(self.code, data)

    def __str__(self) -> str:
        told = ", ".join(f"{key}={value}" for key, value in self.data.items())
        return f"{self.code} ({told})" if told else self.code


class InvalidInput(UnionCatalogError):
    """What was asked cannot be understood. ``data["name"]`` names the field or parameter."""

    default_code = "invalid_input"


class CommandUnnamed(InvalidInput):
    """A command without a usable key, by which a repetition of it could be told from a second one."""

    default_code = "idempotency_key_missing"


class NotFound(UnionCatalogError):
    """No such thing. ``data["kind"]`` and ``data["id"]`` say what was looked for."""

    default_code = "not_found"


class Gone(UnionCatalogError):
    """It was there and is no more: a tombstone. ``data["id"]``."""

    default_code = "gone"


class Redirected(UnionCatalogError):
    """The thing asked for now stands under another id: ``data["id"]`` → ``data["target"]``."""

    default_code = "redirected"


class Refused(UnionCatalogError):
    """A rule says no. A guard that stopped a load is one."""

    default_code = "refused"


class Blocked(Refused):
    """Things stand in the way of what a desk or a reader wants. ``blocks`` are all of them, in codes and dates; ``data["case"]``."""

    default_code = "blocked"

    def __init__(self, blocks: tuple[Mapping[str, Datum], ...], /, **data: Datum) -> None:
        super().__init__("", **data, codes=tuple(str(block["code"]) for block in blocks))
        self.blocks = blocks


class Conflict(UnionCatalogError):
    """Somebody else changed or holds it; trying again can help."""

    default_code = "conflict"


class StaleVersion(Conflict):
    """A lower version than the one already stored."""

    default_code = "stale_version"


class Busy(Conflict):
    """The database or a lease is held by another process past the time waited."""

    default_code = "busy"


class Raced(Busy):
    """Another transaction did the same thing at the same moment, and this one was rolled back: all of it can be tried again at once.

    ``data["name"]`` says at what: a constraint, or "deadlock" or "serialization".
    """

    default_code = "raced"


class NotAuthenticated(UnionCatalogError):
    """Who asks cannot be told: no token where one is needed, or one that opens nothing."""

    default_code = "not_authenticated"


class NotAllowed(UnionCatalogError):
    """The actor may not do this. ``data["right"]`` names what is missing."""

    default_code = "not_allowed"


class SourceError(UnionCatalogError):
    """Something a member library sent cannot be used."""

    default_code = "source_error"


class SourceUnusable(SourceError):
    """The whole file cannot be used: not the format, the wrong encoding, empty, no columns. Nothing of it was stored."""

    default_code = "source_unusable"


class MalformedRecord(SourceError):
    """One record cannot be read; it goes to quarantine with its bytes. ``code`` is one of loaders.formats' list."""

    default_code = "malformed_record"


class SourceChanged(SourceError):
    """The file under a running or resumed load is no longer the one it began with."""

    default_code = "source_changed"


class SearchUnavailable(UnionCatalogError):
    """The index cannot be asked now: missing, outdated, or its server gone. Everything else goes on."""

    default_code = "search_unavailable"


class StorageUnavailable(UnionCatalogError):
    """The database, the index folder or the disk cannot be used."""

    default_code = "storage_unavailable"


class IllegalTransition(UnionCatalogError):
    """A state machine was asked for a step it does not have: our bug, never the user's."""

    default_code = "illegal_transition"


class ConfigurationError(UnionCatalogError):
    """A setting or a configuration file is wrong. ``data["name"]`` or ``data["line"]`` says where."""

    default_code = "configuration"
