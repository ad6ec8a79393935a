"""Precision and recall of matching on the exports of Jiading and Jiaxing against what is known to be the same edition.

Pairs that nobody can tell apart from what the records say are left out of both. Beside the rules stand baselines of one exact key, and
the rules again on spoiled records: without ISBNs, without years, one side in traditional characters, a wrong character in every twentieth
title.

``python -m benchmarks.matching`` prints the table and, as its last line, the same as JSON.
"""

import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import asdict

import msgspec
import opencc

from benchmarks.figures import Figure
from benchmarks.partitions import candidate_pairs, cluster
from benchmarks.truth import Score, Truth, across, read_exports, read_truth
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.matching.features import Features, features_of
from union_catalog.matching.keys import keys_of
from union_catalog.matching.rules import decide

Records = Mapping[str, BibliographicRecord]
_COMMON = "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多"


def baseline(what: str, members: Mapping[str, Features], key: Callable[[Features], Hashable], truth: Truth) -> Score:
    """What one exact key would put together; a key of None holds nobody."""
    parts: dict[Hashable, list[str]] = defaultdict(list)
    for record_key, found in members.items():
        value = key(found)
        if value is not None:
            parts[value].append(record_key)
    return truth.score(what, across(parts.values()))


def _without_isbns(_key: str, record: BibliographicRecord) -> BibliographicRecord:
    return msgspec.structs.replace(record, identifiers=tuple(i for i in record.identifiers if i.scheme != "isbn"))


def _without_years(_key: str, record: BibliographicRecord) -> BibliographicRecord:
    imprints = tuple(msgspec.structs.replace(p, date="", year=None, month=0, year_to=None) for p in record.publications)
    return msgspec.structs.replace(record, publications=imprints)


def _in_traditional(key: str, record: BibliographicRecord) -> BibliographicRecord:
    if key < "JX":
        return record
    return msgspec.convert(json.loads(_TRADITIONAL.convert(msgspec.json.encode(record).decode())), BibliographicRecord)


_TRADITIONAL = opencc.OpenCC("s2t")


def _with_slips(_key: str, record: BibliographicRecord) -> BibliographicRecord:
    if _CHANCE.random() >= 0.05 or not record.titles:
        return record
    text = record.titles[0].text
    place = _CHANCE.randrange(len(text))
    wrong = text[:place] + _CHANCE.choice(_COMMON) + text[place + 1 :]
    return msgspec.structs.replace(record, titles=(msgspec.structs.replace(record.titles[0], text=wrong), *record.titles[1:]))


_CHANCE = random.Random(20260601)

_SPOILED = (
    ("no ISBNs", _without_isbns),
    ("no years", _without_years),
    ("Jiaxing in traditional characters", _in_traditional),
    ("a wrong character in 5 % of titles", _with_slips),
)


def by_rules(what: str, members: Mapping[str, Features], truth: Truth) -> Score:
    """What the rules and the partition put together."""
    return truth.score(what, across(cluster(members, candidate_pairs(members))))


def scores(records: Records, truth: Truth) -> Iterator[Score]:
    """The rules, the baselines, the rules on spoiled records and on five random halves."""
    members = {key: features_of(record) for key, record in records.items()}
    yield by_rules("rules", members, truth)
    yield baseline("title + year", members, lambda f: (f.title, f.year) if f.title and f.year else None, truth)
    yield baseline("title + publisher + year", members, lambda f: (f.title, f.publishers, f.year) if f.title and f.year else None, truth)
    yield baseline("ISBN", members, lambda f: f.isbns[:1] or None, truth)
    yield baseline("title", members, lambda f: f.title or None, truth)
    for what, spoil in _SPOILED:
        yield by_rules(f"rules, {what}", {key: features_of(spoil(key, record)) for key, record in records.items()}, truth)
    for number in range(1, 6):
        half = set(random.Random(number).sample(sorted(truth.same), len(truth.same) // 2))
        left = {key for pair in truth.same - half for key in pair}
        kept = {key: found for key, found in members.items() if key not in left}
        yield by_rules(f"rules, random half {number}", kept, Truth(frozenset(half), truth.unclear))


def _rate(count: int, work: Callable[[], object]) -> int:
    begun = time.process_time()
    work()
    return round(count / (time.process_time() - begun))


def speeds(records: Records) -> dict[str, float]:
    """How fast each step is, by processor time of one process, with caches as warm as a load makes them."""
    members = {key: features_of(record) for key, record in records.items()}
    pairs = candidate_pairs(members)
    return {
        "features/s": _rate(len(records), lambda: [features_of(record) for record in records.values()]),
        "keys/s": _rate(len(records), lambda: [keys_of(found) for found in members.values()]),
        "pairs/s": _rate(len(pairs), lambda: [decide(members[a], members[b]) for a, b in pairs]),
        "records partitioned/s": _rate(len(records), lambda: cluster(members, pairs)),
        "candidate pairs a record": round(len(pairs) / len(records), 2),
    }


def candidate_recall(records: Records, truth: Truth) -> float:
    """The share of true pairs that meet by a key: what no rule can exceed."""
    pairs = candidate_pairs({key: features_of(record) for key, record in records.items()})
    return len(truth.same & pairs) / len(truth.same)


def measure() -> Iterator[Figure]:
    """The figures of the report."""
    records, truth = read_exports({"JD", "JX"}), read_truth()
    for score in scores(records, truth):
        required = ("0.980 / 0.940", "0.990 / 0.970") if score.what == "rules" else ("", "")
        told = f"F1 {score.f1:.4f}, {score.false} false and {score.missed} missed of {len(truth.same):,} pairs;"
        yield Figure(
            f"matching JD × JX, {score.what}: precision / recall", f"{score.precision:.4f} / {score.recall:.4f}", "", *required, told
        )
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
