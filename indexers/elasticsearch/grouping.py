"""The editions of works among what a search finds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from indexers.elasticsearch.indices import Indices
from indexers.elasticsearch.pages import Pages
from indexers.elasticsearch.server import Server
from indexers.elasticsearch.several import answers
from union_catalog.search.engine import SearchRequest, WorkHits


def editions(server: Server, indices: Indices, request: SearchRequest, work_ids: Sequence[str], most: int) -> Mapping[str, WorkHits]:
    """The same search for each work, all in one request."""
    asked = [Pages(replace(request, filters=replace(request.filters, work=one), per_page=most, cursor=None, facets=())) for one in work_ids]
    found = answers(server, indices, [pages.body() for pages in asked])
    told = {work_id: pages.page(answer) for work_id, pages, answer in zip(work_ids, asked, found, strict=True)}
    return {work_id: WorkHits(page.total, page.hits) for work_id, page in told.items() if page.total}
