"""The editions of works among what a search finds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from indexers.embedded.facets import Told
from indexers.embedded.memory import Memory
from indexers.embedded.pages import Pages
from indexers.embedded.reader import Moment
from union_catalog.search.engine import SearchRequest, WorkHits


def editions(moment: Moment, request: SearchRequest, work_ids: Sequence[str], most: int, facets: Memory[Told]) -> Mapping[str, WorkHits]:
    """The same search for each work: an index goes through the few editions of one, however much the search finds."""
    found: dict[str, WorkHits] = {}
    for work_id in work_ids:
        own = replace(request, filters=replace(request.filters, work=work_id), per_page=most, cursor=None, facets=())
        page = Pages(moment, own, facets).page()
        if page.total:
            found[work_id] = WorkHits(page.total, page.hits)
    return found
