"""Every setting: an environment variable with the prefix ``UNION_CATALOG_``, its meaning and its default.

docs/operations.md lists them; a test compares. A field's metadata holds the line that stands there.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, time, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from union_catalog.clock import read_shift
from union_catalog.errors import ConfigurationError

PREFIX = "UNION_CATALOG_"
Network = IPv4Network | IPv6Network
_RATE = re.compile(r"([1-9][0-9]{0,8})/(second|minute|hour|day)")


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _timezone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(text) from error


def _positive(text: str) -> int:
    number = int(text)
    if number <= 0:
        raise ValueError(text)
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _urls(text: str) -> tuple[str, ...]:
    """Addresses with scheme and host; without a port the scheme's own is meant."""
    found = []
    for part in (part.strip().rstrip("/") for part in text.split(",") if part.strip()):
        url = urlsplit(part)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError(text)
        host = f"{url.netloc}:{443 if url.scheme == 'https' else 80}" if url.port is None else url.netloc
        found.append(f"{url.scheme}://{host}{url.path}")
    if not found:
        raise ValueError(text)
    return tuple(found)


def _file(text: str) -> str:
    if text and not Path(text).is_file():
        raise ValueError(text)
    return text


def _index_name(text: str) -> str:
    """Small letters, digits and dashes: what names an index and means nothing else to a search server."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,99}", text):
        raise ValueError(text)
    return text


def _networks(text: str) -> tuple[Network, ...]:
    """Networks as "192.0.2.0/24, 2001:db8::/32"; a single address is a network of one."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _rate_or(*words: str) -> Callable[[str], str]:
    """A number a time, as "300/minute"; or one of the words."""

    def parse(text: str) -> str:
        if text not in words and not _RATE.fullmatch(text):
            raise ValueError(text)
        return text

    return parse


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return parse


def _carrier(*schemes: str) -> Callable[[str], str]:
    """Nothing, or an address with a host under one of the schemes."""

    def parse(text: str) -> str:
        url = urlsplit(text)
        if text and (url.scheme not in schemes or not url.hostname or url.port == 0):
            raise ValueError(text)
        return text

    return parse


def _sender(text: str) -> str:
    """An e-mail address, alone or after a name: 图书馆 <notice@library.example>."""
    if text and not re.fullmatch(r"[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+", text):
        raise ValueError(text)
    return text


def _span(text: str) -> tuple[time, time] | None:
    """Two times of the day, as 21:00-8:00; or off."""
    if text == "off":
        return None
    first, last = (datetime.strptime(part.strip(), "%H:%M").replace(tzinfo=UTC).time() for part in text.split("-"))
    return first, last


def _days(text: str) -> tuple[int, ...]:
    """Numbers of days by commas; none at all, as off."""
    return () if text == "off" else tuple(_count(part) for part in text.split(","))


def _shift(text: str) -> timedelta | None:
    return read_shift(text) if text else None


def _setting(default: str, parse: Callable[[str], object], about: str) -> Any:
    return field(metadata={"default": default, "parse": parse, "about": about})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an installation may decide. Build it with :meth:`from_environment`."""

    home: Path = _setting("~/.local/share/union-catalog", _path, "folder of all state of the embedded default: database, index, jobs")
    database_url: str = _setting("", str, "SQLAlchemy URL; empty: SQLite in the home folder")
    search_engine: str = _setting("embedded", _one_of("embedded", "elasticsearch"), "search engine: `embedded` or `elasticsearch`")
    index_path: str = _setting("", str, "folder of the embedded index; empty: `index` in the home folder")
    elasticsearch_url: tuple[str, ...] = _setting("http://127.0.0.1:9200", _urls, "address of Elasticsearch; several by commas")
    elasticsearch_api_key: str = _setting("", str, "API key for Elasticsearch, as it gives it out (base64)")
    elasticsearch_ca_file: str = _setting("", _file, "certificates that the server's is checked against; empty: those of the system")
    elasticsearch_prefix: str = _setting("union-catalog", _index_name, "what the names of our indices begin with")
    elasticsearch_shards: int = _setting("1", _positive, "shards of an index; in force after `index rebuild`")
    elasticsearch_replicas: int = _setting("1", _count, "copies of every shard on other nodes; in force after `index rebuild`")
    elasticsearch_timeout: int = _setting("10", _positive, "seconds to wait for the answer to a search")
    clc_file: str = _setting(
        "", _file, "deeper names of classes, below those of two levels: tab-separated code, name, level, parent; may be gzipped"
    )
    timezone: ZoneInfo = _setting("Asia/Shanghai", _timezone, "time zone of business dates")
    environment: str = _setting("production", _one_of("production", "development", "test"), "kind of installation")
    clock: timedelta | None = _setting(
        "",
        _shift,
        "instant with its zone to which the clock is set, and goes on from there: `2026-12-01T09:00:00+08:00`; not in production",
    )
    sign_in_guide: str = _setting(
        "",
        _file,
        "file that says as whom one can sign in, shown on the first page; for a demo (`python -m demo.people`), not in production",
    )
    secret_key: str = _setting("", str, "key for signing cookies; empty: one is made and kept in the home folder")
    person_key: str = _setting(
        "",
        str,
        "key of what is kept of documents, social security cards and PINs; readers are found by it, so it must stay for good; "
        "empty: the secret key",
    )
    load_batch: int = _setting("1000", _positive, "records a transaction of a load or a rebuild of the matching")
    load_workers: int = _setting("2", _positive, "processes that parse records beside the one that stores them")
    record_limit: int = _setting("5000000", _positive, "largest record in bytes; a larger one is quarantined")
    match_key_limit: int = _setting("1000", _positive, "a match key held by more records than this is not used")
    busy_timeout: int = _setting("30", _positive, "seconds to wait for a locked database")
    lease_seconds: int = _setting("15", _positive, "how long a lease lasts without being renewed")
    relay_interval_ms: int = _setting("200", _positive, "pause of the relay when the outbox is empty")
    outbox_keep_days: int = _setting("7", _positive, "days for which delivered messages are kept")
    job_keep_days: int = _setting("30", _positive, "days for which finished jobs are kept")
    web_workers: int = _setting("2", _positive, "processes of the web server")
    web_threads: int = _setting("4", _positive, "threads in each of them")
    trusted_proxies: int = _setting("0", _count, "web servers before this one that set X-Forwarded-For and -Proto; 0: none is believed")
    metrics_networks: tuple[Network, ...] = _setting(
        "127.0.0.0/8,::1", _networks, "who may read `/metrics` without a token: networks by commas"
    )
    search_limit: str = _setting(
        "auto",
        _rate_or("auto", "off"),
        "searches of one address, as `300/minute`; or `off`; auto: that with Elasticsearch, off with the embedded engine",
    )
    search_limit_networks: tuple[Network, ...] = _setting(
        "", _networks, "networks by commas whose readers share an address, such as reading rooms"
    )
    search_limit_network: str = _setting("6000/minute", _rate_or(), "searches of one such network")
    search_limit_storage: str = _setting(
        "memory://", str, "where searches, sign-ins and enrolments are counted: in each process, or for all together in `redis://host:6379`"
    )
    sign_in_limit: str = _setting(
        "auto",
        _rate_or("auto", "off"),
        "tries of one address to sign in, as `30/minute`; or `off`; auto: that with Elasticsearch, off with the embedded engine",
    )
    sign_in_limit_network: str = _setting("600/minute", _rate_or(), "tries of one network of `UNION_CATALOG_SEARCH_LIMIT_NETWORKS`")
    enrol_limit: str = _setting(
        "auto",
        _rate_or("auto", "off"),
        "readers whom one address enrols online, as `10/hour`; or `off`; auto: that with Elasticsearch, off with the embedded engine",
    )
    enrol_limit_network: str = _setting("200/hour", _rate_or(), "readers enrolled online from one of those networks")
    smtp_url: str = _setting(
        "",
        _carrier("smtp", "smtps"),
        "server for messages to readers by e-mail, `smtp://user:password@host:25` or `smtps://…`; empty: none are sent",
    )
    smtp_from: str = _setting("", _sender, "address from which they come; needed with `UNION_CATALOG_SMTP_URL`")
    notice_url: str = _setting(
        "", _carrier("http", "https"), "address of a gateway for short messages or WeChat, called for readers without e-mail; empty: none"
    )
    notice_secret: str = _setting("", str, "secret with which its calls are signed; needed with `UNION_CATALOG_NOTICE_URL`")
    quiet_hours: tuple[time, time] | None = _setting("21:00-8:00", _span, "when no message goes out; or `off`")
    notice_before_days: tuple[int, ...] = _setting("3,0", _days, "days before a due date on which its reader is told, 0 that day; or `off`")
    notice_after_days: tuple[int, ...] = _setting("1,7,14", _days, "days after it; or `off`")
    card_expiry_days: int = _setting("30", _count, "days before a card runs out on which its reader is told; 0: that day")
    notice_keep_days: int = _setting("90", _positive, "days for which is known what readers were told")
    log_format: str = _setting("auto", _one_of("auto", "json", "text"), "log lines; auto: text on a terminal, else JSON")
    log_level: str = _setting("info", _one_of("debug", "info", "warning", "error"), "least severe level that is logged")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Reads and checks every setting. Raises ConfigurationError naming the variable that is wrong."""
        values: dict[str, object] = {}
        for item in fields(cls):
            name = PREFIX + item.name.upper()
            text = environment.get(name) or item.metadata["default"]
            try:
                values[item.name] = item.metadata["parse"](text)
            except ValueError as error:
                raise ConfigurationError("bad_setting", name=name, value=text) from error
        settings = cls(**cast(dict[str, Any], values))
        settings._demand_pairs()
        if settings.sign_in_guide and settings.environment == "production":
            raise ConfigurationError("not_in_production", name=PREFIX + "SIGN_IN_GUIDE")
        return settings

    def _demand_pairs(self) -> None:
        """A carrier of messages is of no use without its other half."""
        for carrier, half, name in ((self.smtp_url, self.smtp_from, "SMTP_FROM"), (self.notice_url, self.notice_secret, "NOTICE_SECRET")):
            if carrier and not half:
                raise ConfigurationError("bad_setting", name=PREFIX + name, value="")

    @property
    def database(self) -> str:
        """The URL in force."""
        return self.database_url or f"sqlite:///{self.home / 'catalogue.sqlite3'}"

    @property
    def index_folder(self) -> Path:
        """Where the embedded index lies."""
        return _path(self.index_path) if self.index_path else self.home / "index"


def documented() -> list[tuple[str, str, str]]:
    """(variable, default, meaning) of every setting, in order, for the docs and their test."""
    return [(PREFIX + f.name.upper(), f.metadata["default"], f.metadata["about"]) for f in fields(Settings)]
