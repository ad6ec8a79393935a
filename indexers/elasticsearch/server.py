"""The connection to the server: made at the first use, checked once, and what goes wrong on it told as SearchUnavailable."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import urllib3
from elastic_transport import ConnectionTimeout, NodeConfig, Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, TransportError, __version__

from indexers.elasticsearch.breaker import Breaker, Full, Patience, Question, Shut
from indexers.remedies import REBUILD_COMMAND
from union_catalog.errors import SearchUnavailable

MAJOR = __version__[0]
_CONNECT_SECONDS = 2.0
_BULK_SECONDS = 60.0
_BUSY = frozenset({429, 502, 503, 504})
_NOT_LET_IN = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is and how it lets us in. ``timeout`` is in seconds, for one answer to a search; ``at_once`` bounds how many
    searches of a process wait for theirs at the same time.
    """

    urls: tuple[str, ...]
    api_key: str = ""
    ca_file: str = ""
    timeout: float = 10.0
    at_once: int = 16


class _Node(Urllib3HttpNode):
    """Gives up a host that does not take the connection long before one that thinks about its answer."""

    def __init__(self, config: NodeConfig) -> None:
        super().__init__(config)
        self.pool.timeout = urllib3.Timeout(connect=_CONNECT_SECONDS, read=config.request_timeout)


class Server:
    """One client a process, safe for threads. A process that was forked gets its own, as sockets cannot be shared."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._client: Elasticsearch | None = None
        self._process = 0
        self._breaker = Breaker(Patience(address.at_once))

    @property
    def location(self) -> str:
        """The addresses without anything secret in them."""
        return ", ".join(url.rpartition("@")[2].removeprefix("http://").removeprefix("https://") for url in self._address.urls)

    @contextmanager
    def client(self) -> Iterator[Elasticsearch]:
        """The client, for one question. Whatever fails on the way comes out as SearchUnavailable, except what the caller catches inside."""
        with self._told():
            yield self._connected()

    @contextmanager
    def searching(self) -> Iterator[Elasticsearch]:
        """The client for a question that a reader waits for: raises SearchUnavailable at once while the server lets such questions hang."""
        with self.spared(), self.client() as client:
            yield client

    @contextmanager
    def spared(self) -> Iterator[None]:
        """What is asked within counts as one such question."""
        try:
            question = self._breaker.enter()
        except Shut as shut:
            raise SearchUnavailable("search_server_gone", location=self.location, reason=str(shut)) from shut
        except Full as full:
            raise SearchUnavailable("search_server_busy", location=self.location, reason=f"{full} requests wait for an answer") from full
        cause: BaseException | None = None
        try:
            yield
        except SearchUnavailable as error:
            cause = error.__cause__
            raise
        finally:
            self._end(question, cause)

    def _end(self, question: Question, cause: BaseException | None) -> None:
        if isinstance(cause, ConnectionTimeout):
            self._breaker.hung(question, _short(cause))
        else:
            self._breaker.answered(question)

    @contextmanager
    def bulk_client(self) -> Iterator[Elasticsearch]:
        """The same for work that may take its time."""
        with self._told():
            yield self._connected().options(request_timeout=_BULK_SECONDS)

    def close(self) -> None:
        with self._lock:
            if self._client is not None and self._process == os.getpid():
                self._client.close()
            self._client = None

    def _connected(self) -> Elasticsearch:
        with self._lock:
            if self._client is not None and self._process == os.getpid():
                return self._client
        client = self._made()
        self._check(client)  # not under the lock: the others would wait for a server that hangs, one after the other
        with self._lock:
            if self._client is None or self._process != os.getpid():
                self._client, self._process = client, os.getpid()
                return client
            other = self._client
        client.close()
        return other

    def _made(self) -> Elasticsearch:
        logging.getLogger("elastic_transport").setLevel(logging.WARNING)  # it tells of every request
        address = self._address
        return Elasticsearch(
            list(address.urls),
            node_class=_Node,
            api_key=address.api_key or None,
            request_timeout=address.timeout,
            # A node that is gone is passed over at once; a single one is asked twice, as it may have closed a connection that was idle.
            max_retries=max(1, len(address.urls) - 1),
            retry_on_timeout=False,
            retry_on_status=(502, 503, 504),
            ca_certs=address.ca_file or DEFAULT,
        )

    def _check(self, client: Elasticsearch) -> None:
        """Raises SearchUnavailable("search_server_version") for a server of another major version.

        Asked without the client's own content type, which such a server would refuse before it says what it is.
        """
        answer = client.perform_request("GET", "/", headers={"accept": "*/*"}).body
        found = str(answer["version"]["number"]) if isinstance(answer, dict) and "version" in answer else "?"
        if found.partition(".")[0] != str(MAJOR):
            raise SearchUnavailable("search_server_version", location=self.location, found=found, needed=MAJOR)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except ApiError as error:
            raise self._refusal(error) from error
        except TransportError as error:
            raise SearchUnavailable("search_server_gone", location=self.location, reason=_short(error)) from error

    def _refusal(self, error: ApiError) -> SearchUnavailable:
        """What the server said, in our terms."""
        status = error.meta.status
        if status in _BUSY:
            return SearchUnavailable("search_server_busy", location=self.location, reason=_short(error))
        if status in _NOT_LET_IN:
            return SearchUnavailable("search_server_refused", location=self.location, reason=_short(error))
        return SearchUnavailable("index_unusable", reason=_short(error), command=REBUILD_COMMAND)


def _short(error: Exception) -> str:
    """Why, in the words of whoever noticed it first: "Connection refused" without the three errors that the client packs it in."""
    first = _first(error) if isinstance(error, TransportError) else error
    return str((first.strerror if isinstance(first, OSError) else None) or first)[:300]


def _first(error: BaseException) -> BaseException:
    """What an error comes from; a client that tried several times tells the last one."""
    tried = error.errors[-1:] if isinstance(error, TransportError) else ()
    before = tried[0] if tried else error.__cause__ or error.__context__
    return error if before is None else _first(before)
