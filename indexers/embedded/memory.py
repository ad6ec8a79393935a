"""The memory of what was just answered: readers go back and forth, and many ask the same."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Generic, TypeVar

from union_catalog.search.engine import SearchRequest

Told = TypeVar("Told")
_REMEMBERED = 128


class Memory(Generic[Told]):
    """What was told of requests in the newest moment, which no other has the number of; with the next it is forgotten. Safe for threads."""

    def __init__(self) -> None:
        self._moment = -1
        self._told: OrderedDict[SearchRequest, Told] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, moment: int, asked: SearchRequest, tell: Callable[[], Told]) -> Told:
        """What was told of a request in this moment, else what ``tell`` says now."""
        with self._lock:
            if moment != self._moment:
                self._moment = moment
                self._told.clear()
            found = self._told.get(asked)
        if found is not None:
            return found
        told = tell()
        with self._lock:
            if moment == self._moment:
                self._told[asked] = told
                if len(self._told) > _REMEMBERED:
                    self._told.popitem(last=False)
        return told


def of_facets(request: SearchRequest) -> SearchRequest:
    """What pages, orders and readers that ask for the same facets have in common."""
    return replace(request, sort="relevance", per_page=0, cursor=None)
