"""Ids: opaque, never twice, roughly in the order of time."""

import re
from concurrent.futures import ThreadPoolExecutor

from union_catalog.ids import new_id


def test_ids_are_sixteen_characters_that_nobody_confuses() -> None:
    assert all(re.fullmatch("[0-9a-hjkmnp-tv-z]{16}", new_id()) for _ in range(1000))


def test_ids_grow_and_never_repeat_across_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: [new_id() for _ in range(2000)], range(8)))
    assert all(ids == sorted(ids) for ids in found)
    assert len({id_ for ids in found for id_ in ids}) == 16_000
