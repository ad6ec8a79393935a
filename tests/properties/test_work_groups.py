"""Properties of grouping into works and of the ids that works keep, over small sets with many shared keys."""

from collections import Counter
from itertools import combinations
from random import Random

from hypothesis import event, given
from hypothesis import strategies as st

from union_catalog.matching.work_groups import assign_works, work_groups

holders = st.sampled_from([f"u{n}" for n in range(9)])
held = st.dictionaries(holders, st.sets(st.integers(0, 9), max_size=3), max_size=9)
works = st.sampled_from([f"w{n}" for n in range(4)])
ages = st.permutations(range(4)).map(lambda order: {f"w{n}": age for n, age in enumerate(order)})


@given(held, st.randoms())
def test_groups_are_the_finest_that_keep_sharers_together(keys: dict[str, set[int]], random: Random) -> None:
    groups = work_groups(keys)
    assert Counter(holder for group in groups for holder in group) == Counter(list(keys))
    place = {holder: number for number, group in enumerate(groups) for holder in group}
    for a, b in combinations(keys, 2):
        assert place[a] == place[b] or keys[a].isdisjoint(keys[b])
    for group in groups:
        reached, last = {group[0]}, 0
        while last != len(reached):
            last = len(reached)
            reached |= {b for a in set(reached) for b in group if keys[a] & keys[b]}
        assert reached == set(group)
    order = list(keys)
    random.shuffle(order)
    assert work_groups({holder: keys[holder] for holder in order}) == groups
    event(f"largest group {max(map(len, groups), default=0)}")


@given(held, st.dictionaries(holders, works, max_size=9), ages)
def test_every_former_work_stays_or_leads_on(keys: dict[str, set[int]], under: dict[str, str], born: dict[str, int]) -> None:
    groups = work_groups(keys)
    former = {holder: work for holder, work in under.items() if holder in keys}
    plan = assign_works(groups, former, born)
    owners = [owner for owner in plan.owners if owner]
    assert len(owners) == len(set(owners))
    assert sorted(owners + list(plan.redirects)) == sorted(set(former.values()))
    for owner, group in zip(plan.owners, groups, strict=True):
        assert owner is None or any(former.get(holder) == owner for holder in group)
    for old, new in plan.redirects.items():
        assert born[new] < born[old]
    for work in set(former.values()):
        stays = plan.redirects.get(work, work)
        counts = [sum(former.get(holder) == work for holder in group) for group in groups]
        assert counts[plan.owners.index(stays)] == max(counts)
    event(f"{len(plan.redirects)} redirects")


@given(held, ages)
def test_ids_stay_where_nothing_changes(keys: dict[str, set[int]], born: dict[str, int]) -> None:
    groups = work_groups(keys)[: len(born)]
    former = {holder: f"w{number}" for number, group in enumerate(groups) for holder in group}
    plan = assign_works(groups, former, born)
    assert plan.owners == tuple(f"w{number}" for number in range(len(groups)))
    assert plan.redirects == {}
