"""Precision and recall of matching on the exports of Jiading and Jiaxing against what is known to be the same edition.

Pairs that nobody can tell apart from what the records say are left out of both. Beside the rules stand the matchers of other union
catalogues and single exact keys on the same records, and the rules again on records spoiled on purpose and on random halves of what is
known.

``python -m benchmarks.matching`` prints the table and, as its last line, the same as JSON.
"""

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

from benchmarks.bcubed import b_cubed
from benchmarks.exports import EXPORTS
from benchmarks.figures import Figure
from benchmarks.partitions import candidate_pairs, cluster, cluster_all
from benchmarks.peers import judged_by_keys, judged_by_peers
from benchmarks.spoiling import SPOILED, Records
from benchmarks.truth import Score, Truth, across, read_editions, read_exports, read_truth
from union_catalog.matching.features import Features, features_of
from union_catalog.matching.keys import keys_of
from union_catalog.matching.rules import decide

RULES = "rules"
HALVES = 5
_REQUIRED = {RULES: ("0.990 / 0.965", "0.995 / 0.980")}
_PRECISE = ("precision 0.985", "")  # in every variation


def features_of_all(records: Records) -> dict[str, Features]:
    """The features of each record, in the order of the records."""
    return {key: features_of(record) for key, record in records.items()}


def by_rules(what: str, members: Mapping[str, Features], truth: Truth) -> Score:
    """What the rules and the partition put together."""
    return truth.score(what, across(cluster(members, candidate_pairs(members))))


def by_others(records: Records, members: Mapping[str, Features], truth: Truth) -> Iterator[Score]:
    """What single exact keys and the peers put together."""
    for what, pairs in judged_by_keys(members):
        yield truth.score(what, pairs)
    for what, pairs in judged_by_peers(records, candidate_pairs(members)):
        yield truth.score(what, pairs)


def varied(records: Records, members: Mapping[str, Features], truth: Truth) -> Iterator[Score]:
    """The rules on spoiled records and on random halves."""
    for what, spoil in SPOILED.items():
        yield by_rules(f"{RULES}, {what}", features_of_all(spoil(records)), truth)
    for number in range(1, HALVES + 1):
        half = set(random.Random(number).sample(sorted(truth.same), len(truth.same) // 2))
        left = {key for pair in truth.same - half for key in pair}
        kept = {key: found for key, found in members.items() if key not in left}
        yield by_rules(f"{RULES}, random half {number}", kept, Truth(frozenset(half), truth.unclear))


def scores(records: Records, truth: Truth) -> Iterator[Score]:
    """The rules first, then what they are held against, then their variations."""
    members = features_of_all(records)
    yield by_rules(RULES, members, truth)
    yield from by_others(records, members, truth)
    yield from varied(records, members, truth)


def _rate(count: int, work: Callable[[], object]) -> int:
    begun = time.process_time()
    work()
    return round(count / (time.process_time() - begun))


def speeds(records: Records) -> dict[str, float]:
    """How fast each step is, by processor time of one process, with caches as warm as a load makes them."""
    members = features_of_all(records)
    pairs = candidate_pairs(members)
    return {
        "features/s": _rate(len(records), lambda: features_of_all(records)),
        "keys/s": _rate(len(records), lambda: [keys_of(found) for found in members.values()]),
        "pairs/s": _rate(len(pairs), lambda: [decide(members[a], members[b]) for a, b in pairs]),
        "records partitioned/s": _rate(len(records), lambda: cluster(members, pairs)),
        "candidate pairs a record": round(len(pairs) / len(records), 2),
    }


def candidate_recall(records: Records, truth: Truth) -> float:
    """The share of true pairs that meet by a key: what no rule can exceed."""
    return len(truth.same & candidate_pairs(features_of_all(records))) / len(truth.same)


def _figures(found: list[Score], known: int) -> Iterator[Figure]:
    ours = found[0].f1
    for score in found:
        must, goal = _REQUIRED.get(score.what, _PRECISE if score.what.startswith(RULES) else ("", ""))
        if not score.what.startswith(RULES):
            must = f"F1 under {ours:.4f}"
        told = f"F1 {score.f1:.4f}, {score.false} false and {score.missed} missed of {known:,} pairs;"
        measured = f"{score.precision:.4f} / {score.recall:.4f}"
        yield Figure(f"matching JD × JX, {score.what}: precision / recall", measured, "", must, goal, told)


def measure_b_cubed() -> Figure:
    """Of the clusters of all four libraries, where only the records of Jiading and Jiaxing count."""
    parts = cluster_all(read_exports({export.library for export in EXPORTS}))
    found = b_cubed(parts, read_editions(), read_truth().unclear)
    told = f"F1 {found.f1:.4f} over {found.records:,} records in {len(parts):,} clusters, unclear pairs left out;"
    return Figure("matching, four libraries: B-cubed precision / recall", f"{found.precision:.4f} / {found.recall:.4f}", detail=told)


def measure() -> Iterator[Figure]:
    """The figures of the report."""
    records, truth = read_exports({"JD", "JX"}), read_truth()
    yield from _figures(list(scores(records, truth)), len(truth.same))
    yield measure_b_cubed()
    yield Figure("matching: true pairs among the candidates", round(candidate_recall(records, truth), 4))
    for what, value in speeds(records).items():
        yield Figure(f"matching: {what}", value, detail="by processor time of one process;")


def main() -> None:
    """Prints the table, then everything as one line of JSON."""
    records, truth = read_exports({"JD", "JX"}), read_truth()
    print(f"{'':44}{'precision':>10}{'recall':>9}{'F1':>9}{'false':>7}{'missed':>8}")
    told = []
    for score in scores(records, truth):
        print(f"{score.what:44}{score.precision:10.4f}{score.recall:9.4f}{score.f1:9.4f}{score.false:7}{score.missed:8}", flush=True)
        told.append(asdict(score) | {"f1": score.f1})
    rates = {"candidate recall": candidate_recall(records, truth), **speeds(records)}
    for what, value in rates.items():
        print(f"{what:44}{value:>14,.4f}" if what == "candidate recall" else f"{what:44}{value:>14,}")
    print(json.dumps({"scores": told, **rates}, ensure_ascii=False))


if __name__ == "__main__":
    main()
