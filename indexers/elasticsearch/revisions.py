"""What the index knows of revisions, all of them in order, for ``verify``."""

from collections.abc import Collection, Iterator

from elasticsearch import NotFoundError

from indexers.elasticsearch.indices import Indices
from indexers.elasticsearch.server import Server
from indexers.elasticsearch.translate import LIVE, Query
from union_catalog.search.digests import BUCKETS, Digest

_PAGE = 10_000
_KEPT = "5m"


def by_bucket(server: Server, indices: Indices) -> dict[int, Digest]:
    """The digests of the live documents; a tombstone has no bucket."""
    asked = {"buckets": {"terms": {"field": "bucket", "size": BUCKETS}, "aggs": {"checks": {"sum": {"field": "check"}}}}}
    with server.bulk_client() as client:
        try:
            answer = client.search(index=indices.alias, size=0, aggs=asked, allow_partial_search_results=False, request_cache=False)
        except NotFoundError as error:
            raise indices.missing() from error
    found = answer["aggregations"]["buckets"]["buckets"]
    return {one["key"]: Digest(one["doc_count"], int(one["checks"]["value"])) for one in found}


def ordered(server: Server, indices: Indices, buckets: Collection[int] | None = None) -> Iterator[tuple[str, int]]:
    """(union_id, revision) of every live document, or those of these buckets, by id: page after page of one point in time."""
    wanted: Query = LIVE if buckets is None else {"terms": {"bucket": list(buckets)}}
    with server.client() as client:
        try:
            moment = client.open_point_in_time(index=indices.alias, keep_alive=_KEPT)["id"]
        except NotFoundError as error:
            raise indices.missing() from error
    try:
        after: str | None = None
        while True:
            page, moment = _page(server, moment, wanted, after)
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1][0]
    finally:
        with server.client() as client:
            client.close_point_in_time(id=moment)


def _page(server: Server, moment: str, wanted: Query, after: str | None) -> tuple[list[tuple[str, int]], str]:
    with server.bulk_client() as client:
        answer = client.search(
            pit={"id": moment, "keep_alive": _KEPT},
            query={"constant_score": {"filter": wanted}},
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
