"""What only an engine on a server can suffer: the server itself, the way to it, and others who touch its index."""

import os
import socket
import time
from pathlib import Path

import pytest

from indexers.elasticsearch.mapping import SCHEMA_VERSION
from tests.contracts.elasticsearch_proxy import Answer, Asked, make_certificate, proxied
from tests.contracts.elasticsearch_site import Site
from tests.contracts.search_engines import CATALOGUE, edition, found, page
from union_catalog.errors import SearchUnavailable
from union_catalog.search.document import IndexDocument
from union_catalog.search.engine import SearchEngine


def refused(engine: SearchEngine) -> SearchUnavailable:
    with pytest.raises(SearchUnavailable) as refusal:
        page(engine)
    with pytest.raises(SearchUnavailable) as again:
        engine.apply([edition("a", "甲")], ())
    assert again.value.code == refusal.value.code
    return refusal.value


# The way to the server


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_a_server_that_is_gone_is_told_at_once(site: Site) -> None:
    begun = time.monotonic()
    port = free_port()
    refusal = refused(site.engine(f"http://127.0.0.1:{port}"))
    assert refusal.code == "search_server_gone"
    assert refusal.data == {"location": f"127.0.0.1:{port}", "reason": "Connection refused"}
    assert time.monotonic() - begun < 2


def test_a_server_that_does_not_answer_is_told_after_the_time_set(site: Site) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        engine = site.engine(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.3)
        begun = time.monotonic()
        with pytest.raises(SearchUnavailable) as refusal:
            page(engine)
        assert (refusal.value.code, refusal.value.data["reason"]) == ("search_server_gone", "timed out")
        assert time.monotonic() - begun < 2


def test_a_node_that_is_gone_is_passed_over(site: Site) -> None:
    site.filled()
    engine = site.engine(f"http://127.0.0.1:{free_port()}", *site.urls)
    assert [page(engine, "红楼梦").total for _ in range(6)] == [6] * 6
    engine.close()


def test_a_server_that_comes_back_is_used_again(site: Site) -> None:
    site.filled()
    down = True
    with proxied(site.urls[0]) as proxy:
        proxy.instead = lambda asked: Answer(503, {"error": {"type": "unavailable"}, "status": 503}) if down else None
        engine = site.engine(proxy.url)
        assert refused(engine).code == "search_server_busy"
        down = False
        assert page(engine, "红楼梦").total == 6
        engine.close()


def test_another_major_version_is_refused_by_name(site: Site) -> None:
    with proxied(site.urls[0]) as proxy:
        proxy.instead = lambda asked: Answer(200, {"version": {"number": "8.19.21"}}) if asked.path == "/" else None
        refusal = refused(site.engine(proxy.url))
    assert refusal.code == "search_server_version"
    assert (refusal.data["found"], refusal.data["needed"]) == ("8.19.21", 9)


def test_what_is_no_search_server_is_told(site: Site) -> None:
    with proxied(site.urls[0]) as proxy:
        proxy.instead = lambda asked: Answer(200, ["a web server"])
        assert refused(site.engine(proxy.url)).code == "search_server_version"


def test_key_and_certificate_are_used(site: Site, tmp_path: Path) -> None:
    site.filled()

    def guard(asked: Asked) -> Answer | None:
        return None if asked.authorization == "ApiKey c2VjcmV0" else Answer(401, {"error": {"type": "security_exception"}, "status": 401})

    with proxied(site.urls[0], make_certificate(tmp_path)) as proxy:
        proxy.instead = guard
        ca_file = str(tmp_path / "ca.pem")
        assert page(site.engine(proxy.url, api_key="c2VjcmV0", ca_file=ca_file), "红楼梦").total == 6
        assert refused(site.engine(proxy.url, api_key="d3Jvbmc", ca_file=ca_file)).code == "search_server_refused"
        unknown = refused(site.engine(proxy.url, api_key="c2VjcmV0"))
        assert unknown.code == "search_server_gone"
        assert str(unknown.data["reason"]).startswith("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
        assert "c2VjcmV0" not in str(unknown)


def test_an_engine_used_before_a_fork_works_in_the_child(site: Site) -> None:
    """Both search at the same time: on one connection they would get each other's answers."""
    engine = site.filled()
    assert page(engine, "红楼梦").total == 6
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, repr({page(engine, "红楼梦").total for _ in range(50)}).encode())
        finally:
            os._exit(0)
    os.close(writing)
    assert {page(engine, "活").total for _ in range(50)} == {3}
    with os.fdopen(reading) as answer:
        assert answer.read() == "{6}"
    os.waitpid(child, 0)
    engine.close()


# What somebody else does to the index


def test_a_closed_index_is_told_and_nothing_is_lost(site: Site) -> None:
    engine = site.filled()
    (name,) = site.indices()
    site.client.indices.close(index=name)
    with pytest.raises(SearchUnavailable, match="closed"):
        page(engine)
    with pytest.raises(SearchUnavailable, match="closed"):
        engine.apply([edition("late", "晚")], ())
    site.client.indices.open(index=name, wait_for_active_shards=1)
    engine.apply([edition("late", "晚")], ())
    assert found(engine, "晚") == ["late"]


def test_a_deleted_index_is_told_and_not_made_by_accident(site: Site) -> None:
    engine = site.filled()
    site.client.indices.delete(index=site.indices())
    assert refused(engine).code == "index_missing"
    assert site.indices() == []
    rebuild = engine.start_rebuild()
    rebuild.add(CATALOGUE)
    rebuild.switch()
    assert page(engine, "红楼梦").total == 6


def test_a_read_only_index_is_told_and_no_document_is_blamed(site: Site) -> None:
    engine = site.filled()
    site.client.indices.put_settings(index=site.indices(), settings={"index.blocks.write": True})
    with pytest.raises(SearchUnavailable, match="index_unwritable"):
        engine.apply([edition("late", "晚")], ())
    assert page(engine, "红楼梦").total == 6


def test_an_index_of_another_version_is_refused_and_a_rebuild_replaces_it(site: Site) -> None:
    older = f"{site.shape.prefix}-v{SCHEMA_VERSION - 1}"
    site.client.indices.create(index=f"{older}-000004", aliases={older: {}})
    engine = site.engine()
    refusal = refused(engine)
    assert refusal.code == "index_outdated"
    assert (refusal.data["found"], refusal.data["needed"]) == (SCHEMA_VERSION - 1, SCHEMA_VERSION)
    assert not engine.create()
    rebuild = engine.start_rebuild()
    rebuild.add(CATALOGUE)
    rebuild.switch()
    assert page(engine).total == len(CATALOGUE)
    assert site.indices() == [f"{site.shape.prefix}-v{SCHEMA_VERSION}-000005"]


def test_indices_of_a_neighbour_are_left_alone(site: Site) -> None:
    theirs = f"{site.shape.prefix}-v1-of-others-000001"
    site.client.indices.create(index=theirs)
    engine = site.filled()
    engine.start_rebuild().switch()
    assert theirs in site.indices()
    assert len(site.indices()) == 2


# What the server does with documents


def test_a_document_that_cannot_be_taken_is_answered_and_the_others_are_written(site: Site) -> None:
    engine = site.filled()
    fine = edition("fine", "甲")
    wrong = edition("wrong", "乙", revision=7)
    wrong = IndexDocument(**{name: getattr(wrong, name) for name in wrong.__struct_fields__} | {"clc": ("x" * 40_000,)})
    (rejected,) = engine.apply([wrong, fine], ())
    assert (rejected.union_id, rejected.revision) == ("wrong", 7)
    assert "[clc]" in rejected.reason
    assert "immense" in rejected.reason
    assert len(rejected.reason) < 400
    assert dict(engine.revisions()).keys() - {one.union_id for one in CATALOGUE} == {"fine"}


def busy_items(times: int, asked: list[Asked]) -> object:
    """Turns every second item of the first answers to a bulk request into a rejection, after the server has written it."""

    def after(question: Asked, answer: object) -> object:
        if "_bulk" not in question.path or not isinstance(answer, dict):
            return answer
        asked.append(question)
        if len(asked) > times:
            return answer
        for item in answer["items"][::2]:
            item["index"] = {"status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "full"}}
        return {"errors": True, "items": answer["items"]}

    return after


def test_what_is_refused_for_the_moment_is_sent_again_and_only_that(site: Site) -> None:
    site.filled()
    sent: list[Asked] = []
    with proxied(site.urls[0]) as proxy:
        proxy.after = busy_items(2, sent)  # type: ignore[assignment]  # a function of the same shape
        engine = site.engine(proxy.url)
        assert engine.apply([edition(f"n{i}", "新") for i in range(8)], ()) == ()
        engine.close()
    assert [question.body.count(b'"index":') for question in sent] == [8, 4, 2]
    assert page(site.engine(), "新", per_page=50).total >= 8


def test_a_server_that_stays_busy_is_told_in_the_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexers.elasticsearch.bulk._PAUSES", (0.01, 0.01))
    site.filled()
    sent: list[Asked] = []
    with proxied(site.urls[0]) as proxy:
        proxy.after = busy_items(100, sent)  # type: ignore[assignment]  # a function of the same shape
        engine = site.engine(proxy.url)
        with pytest.raises(SearchUnavailable, match="search_server_busy"):
            engine.apply([edition("one", "一")], ())
        engine.close()
    assert len(sent) == 3


# The alias and the mapping


def test_an_alias_that_somebody_moved_is_told_and_taken_back_by_a_rebuild(site: Site) -> None:
    engine = site.filled()
    alias, (mine,) = f"{site.shape.prefix}-v{SCHEMA_VERSION}", site.indices()
    foreign = f"{site.shape.prefix}-elsewhere"
    site.client.indices.create(index=foreign)
    try:
        site.client.indices.update_aliases(
            actions=[{"remove": {"index": mine, "alias": alias}}, {"add": {"index": foreign, "alias": alias}}]
        )
        for use in (lambda: engine.apply([edition("late", "晚")], ()), engine.status):
            with pytest.raises(SearchUnavailable) as refusal:
                use()
            assert (refusal.value.code, refusal.value.data["found"]) == ("index_alias_moved", foreign)
        assert site.client.count(index=foreign)["count"] == 0
        rebuild = engine.start_rebuild()
        rebuild.add(CATALOGUE)
        rebuild.switch()
        assert page(engine).total == len(CATALOGUE)
        assert site.client.indices.exists(index=foreign)  # theirs stays
        assert len([name for name in site.indices() if name != foreign]) == 1
    finally:
        site.client.indices.delete(index=foreign, ignore_unavailable=True)


def test_an_alias_that_leads_to_two_indices_is_told(site: Site) -> None:
    engine = site.filled()
    alias = f"{site.shape.prefix}-v{SCHEMA_VERSION}"
    site.client.indices.create(index=f"{alias}-000077", aliases={alias: {}})
    with pytest.raises(SearchUnavailable, match="index_alias_moved"):
        engine.apply([edition("late", "晚")], ())
    engine.start_rebuild().switch()
    engine.apply([edition("late", "晚")], ())
    assert found(engine, "晚") == ["late"]


def test_an_index_with_another_mapping_is_told_and_no_document_is_blamed(site: Site) -> None:
    engine = site.filled()
    alias = f"{site.shape.prefix}-v{SCHEMA_VERSION}"
    site.client.indices.delete(index=site.indices())
    site.client.indices.create(
        index=f"{alias}-000007", aliases={alias: {}}, mappings={"dynamic": "strict", "properties": {"union_id": {"type": "keyword"}}}
    )
    with pytest.raises(SearchUnavailable, match=r"index_unwritable.*strict"):
        engine.apply([edition("late", "晚")], ())


def test_a_field_of_another_type_blames_the_document_with_the_reason(site: Site) -> None:
    """As an index whose mapping somebody made has it: each such document is answered, none is passed over."""
    engine = site.filled()
    alias = f"{site.shape.prefix}-v{SCHEMA_VERSION}"
    site.client.indices.delete(index=site.indices())
    site.client.indices.create(index=f"{alias}-000007", aliases={alias: {}}, mappings={"properties": {"format": {"type": "long"}}})
    rejected = engine.apply([edition("one", "一"), edition("two", "二")], ())
    assert {one.union_id for one in rejected} == {"one", "two"}
    assert all("[format]" in one.reason for one in rejected)


def test_a_disk_that_is_full_is_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the server does to its indices by itself when the disk runs full."""
    monkeypatch.setattr("indexers.elasticsearch.bulk._PAUSES", (0.01,))
    engine = site.filled()
    site.client.indices.put_settings(index=site.indices(), settings={"index.blocks.read_only_allow_delete": True})
    with pytest.raises(SearchUnavailable, match=r"search_server_busy.*read-only"):
        engine.apply([edition("late", "晚")], ())
    site.client.indices.put_settings(index=site.indices(), settings={"index.blocks.read_only_allow_delete": None})
    assert engine.apply([edition("late", "晚")], ()) == ()
    assert found(engine, "晚") == ["late"]
