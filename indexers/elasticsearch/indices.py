"""Versioned indices behind two aliases: the one that is searched, and the one that is being built.

    PREFIX-v1            alias of the live index; its name carries the version of the schema, so that no other is ever asked
    PREFIX-v1-building   alias of the index that a rebuild fills; whoever writes meanwhile writes to both
    PREFIX-v1-000001     an index. Its mapping says who builds it and until when that holds without being renewed

An index that is not live and whose builder is gone is debris. Whoever notices it next, writing or rebuilding, removes it, a rebuild after
it has taken a name above all others: so a builder that was only thought dead finds its own index gone, and not somebody else's in its
place. Nobody but us may hold the alias: one that leads elsewhere, or to two indices, is told and not written
to, until a rebuild takes it back.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from indexers.elasticsearch.mapping import LIVE_SETTINGS, SCHEMA_VERSION, mapping, settings
from indexers.elasticsearch.server import Server
from indexers.remedies import REBUILD_COMMAND
from union_catalog.clock import Clock, instant_text
from union_catalog.errors import Busy, SearchUnavailable
from union_catalog.search.text import ANALYSIS_VERSION
from union_catalog.storage.leases import is_surely_gone

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Index:
    """One index of ours as the server tells of it. ``builder`` and ``until`` are "" once it is live; ``building``: by its alias."""

    name: str
    schema_version: int
    number: int
    live: bool
    building: bool
    analysis_version: int
    builder: str
    until: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """Our indices, and the names of all that the live alias leads to, whoever made them."""

    every: list[Index]
    holders: list[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """``prefix`` keeps installations that share a server apart."""

    prefix: str
    shards: int
    replicas: int


class Indices:
    """What lies on the server under one prefix."""

    def __init__(self, server: Server, shape: Shape, clock: Clock) -> None:
        self._server = server
        self._shape = shape
        self._clock = clock
        self.alias = f"{shape.prefix}-v{SCHEMA_VERSION}"
        self.building = f"{self.alias}-building"
        self._name = re.compile(rf"{re.escape(shape.prefix)}-v(\d+)-(\d{{6,}})")

    def every(self) -> list[Index]:
        """All indices of this prefix, of any version, closed ones too."""
        return self._look().every

    def live(self) -> Index:
        """The live index. Raises SearchUnavailable where there is none, it is of another version, or the alias leads elsewhere."""
        return self._live(self._look())

    def destinations(self) -> tuple[str, ...]:
        """The aliases that whoever writes has to write to: of the live index, and of one that is being built. Removes debris.

        Raises SearchUnavailable as ``live``.
        """
        seen = self._look()
        self._live(seen)
        building = False
        for index in seen.every:
            if self._is_being_built(index):
                building = building or index.building
            elif not index.live:
                self._remove(index)
        return (self.alias, self.building) if building else (self.alias,)

    def _look(self) -> _Seen:
        with self._server.client() as client:
            found = client.indices.get(
                index=f"{self._shape.prefix}-v*",  # aliases that begin so are followed as well
                features=["aliases", "mappings", "settings"],
                filter_path="*.aliases,*.mappings._meta,*.settings.index.uuid",
                expand_wildcards="all",
            ).body
        every = [self._index(name, found[name], ours) for name in sorted(found) if (ours := self._name.fullmatch(name))]
        return _Seen(every, sorted(name for name in found if self.alias in found[name].get("aliases", {})))

    def _live(self, seen: _Seen) -> Index:
        if not seen.holders:
            raise self._missing(seen.every)
        for index in seen.every:
            if [index.name] == seen.holders:
                return index
        where = f"{self._server.location}/{self.alias}"
        raise SearchUnavailable("index_alias_moved", path=where, found=", ".join(seen.holders), command=REBUILD_COMMAND)

    def missing(self) -> SearchUnavailable:
        """Why the alias leads nowhere: there is no index, or only one of another version."""
        return self._missing(self.every())

    def _missing(self, every: Sequence[Index]) -> SearchUnavailable:
        where = f"{self._server.location}/{self.alias}"
        others = [index.schema_version for index in every if index.live]
        if others:
            return SearchUnavailable("index_outdated", path=where, found=others[0], needed=SCHEMA_VERSION, command=REBUILD_COMMAND)
        return SearchUnavailable("index_missing", path=where, command=REBUILD_COMMAND)

    def begin(self, builder: str) -> str:
        """A new empty index for ``builder``; answers its name. Raises Busy while another builder lives."""
        every = self.every()
        if any(self._is_being_built(index) for index in every):
            raise Busy("rebuild_running", path=f"{self._server.location}/{self.alias}")
        name = f"{self.alias}-{max((index.number for index in every), default=0) + 1:06d}"
        with self._server.bulk_client() as client:
            self._make(client, name, builder)
        for index in every:
            if not index.live:
                self._remove(index)
        with self._server.bulk_client() as client:
            client.indices.put_alias(index=name, name=self.building)
        return name

    def _remove(self, debris: Index) -> None:
        """Takes the alias away first, without which its builder cannot switch: had it switched since we looked, nothing is removed."""
        with self._server.bulk_client() as client:
            if debris.building and not self._claim(client, debris.name):
                return
            client.indices.delete(index=debris.name, ignore_unavailable=True)
        log.warning("index.debris_removed", index=debris.name)

    def _claim(self, client: Elasticsearch, name: str) -> bool:
        """Takes an index out of building, which only one can do: its builder by making it live, or whoever removes it."""
        try:
            client.indices.update_aliases(actions=[{"remove": {"index": name, "alias": self.building, "must_exist": True}}])
        except NotFoundError:
            return False
        return True

    def _retire(self, names: Sequence[str]) -> None:
        """Removes indices that are not searched any more. Where that fails they are debris: the new index is live all the same."""
        try:
            with self._server.bulk_client() as client:
                client.indices.delete(index=names, ignore_unavailable=True)
        except SearchUnavailable as error:
            log.warning("index.debris_left", indices=names, code=error.code)

    def renew(self, name: str, builder: str) -> None:
        """Tells others that the builder lives."""
        with self._server.bulk_client() as client:
            client.indices.put_mapping(index=name, meta=self._about(builder))

    def switch(self, name: str, builder: str) -> None:
        """Makes an index live in one step, and then removes those before it. Raises Busy where it has been taken from its builder.

        Not in the same step: a server takes the shards of an index away before it forgets where the alias led, and what is asked meanwhile
        would have no answer.
        """
        seen = self._look()
        if not any(index.name == name and index.builder == builder for index in seen.every):
            raise Busy("rebuild_running", path=f"{self._server.location}/{self.alias}")
        actions: list[dict[str, object]] = [
            {"add": {"index": name, "alias": self.alias}},
            {"remove": {"index": name, "alias": self.building, "must_exist": True}},
        ]
        actions += [{"remove": {"index": other, "alias": self.alias}} for other in seen.holders if other != name]
        with self._server.bulk_client() as client:
            client.indices.put_settings(index=name, settings=LIVE_SETTINGS)
            client.indices.refresh(index=name)
            client.indices.update_aliases(actions=actions)
            client.indices.put_mapping(index=name, meta=self._about(""))  # not before: without a builder it would be debris
        before = [index.name for index in seen.every if index.name != name]
        if before:
            self._retire(before)

    def discard(self, name: str) -> None:
        """Removes an index that is being built; nothing where it is not any more, be it live or gone."""
        with self._server.bulk_client() as client:
            if self._claim(client, name):
                client.indices.delete(index=name, ignore_unavailable=True)

    def size(self, name: str) -> int:
        """Bytes on disk, those of replicas too."""
        with self._server.client() as client:
            told = client.indices.stats(index=name, metric="store", filter_path="_all.total.store.size_in_bytes").body
        return int(told["_all"]["total"]["store"]["size_in_bytes"])

    def documents(self) -> int:
        """How many live documents the live index holds."""
        with self._server.client() as client:
            try:
                return int(client.count(index=self.alias, query={"term": {"live": True}})["count"])
            except NotFoundError as error:
                raise self.missing() from error

    def _make(self, client: Elasticsearch, name: str, builder: str) -> None:
        shape = self._shape
        try:
            client.indices.create(index=name, settings=settings(shape.shards, shape.replicas), mappings=mapping(self._about(builder)))
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
            raise Busy("rebuild_running", path=f"{self._server.location}/{self.alias}") from error

    def _about(self, builder: str) -> dict[str, object]:
        until = instant_text(self._clock.now() + LEASE) if builder else ""
        return {"analysis_version": ANALYSIS_VERSION, "builder": builder, "until": until}

    def _is_being_built(self, index: Index) -> bool:
        return not index.live and index.until > instant_text(self._clock.now()) and not is_surely_gone(index.builder)

    def _index(self, name: str, told: Mapping[str, Any], numbers: re.Match[str]) -> Index:
        meta = told.get("mappings", {}).get("_meta", {})
        aliases = told.get("aliases", {})
        live = any(re.fullmatch(rf"{re.escape(self._shape.prefix)}-v\d+", alias) for alias in aliases)
        version, builder, until = (meta.get(key, "") for key in ("analysis_version", "builder", "until"))
        return Index(name, int(numbers[1]), int(numbers[2]), live, self.building in aliases, int(version or 0), builder, until)
