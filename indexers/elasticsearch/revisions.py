"""What the index knows of revisions, all of them in order, for ``verify``."""

from collections.abc import Iterator

from elasticsearch import NotFoundError

from indexers.elasticsearch.indices import Indices
from indexers.elasticsearch.server import Server
from indexers.elasticsearch.translate import LIVE

_PAGE = 10_000
_KEPT = "5m"


def ordered(server: Server, indices: Indices) -> Iterator[tuple[str, int]]:
    """(union_id, revision) of every live document by id: page after page of one point in time."""
    with server.client() as client:
        try:
            moment = client.open_point_in_time(index=indices.alias, keep_alive=_KEPT)["id"]
        except NotFoundError as error:
            raise indices.missing() from error
    try:
        after: str | None = None
        while True:
            page, moment = _page(server, moment, after)
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1][0]
    finally:
        with server.client() as client:
            client.close_point_in_time(id=moment)


def _page(server: Server, moment: str, after: str | None) -> tuple[list[tuple[str, int]], str]:
    with server.bulk_client() as client:
        answer = client.search(
            pit={"id": moment, "keep_alive": _KEPT},
            query={"constant_score": {"filter": LIVE}},
            size=_PAGE,
            sort={"union_id": "asc"},
            search_after=None if after is None else [after],
            track_total_hits=False,
            source=False,
            stored_fields="_none_",
            docvalue_fields=[{"field": "revision"}],
            filter_path="pit_id,hits.hits.sort,hits.hits.fields",
        ).body
    hits = answer.get("hits", {}).get("hits", ())
    return [(hit["sort"][0], hit["fields"]["revision"][0]) for hit in hits], answer["pit_id"]
