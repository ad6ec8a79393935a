"""Merged clusters drawn at random for people to read, so that the share of false ones is known where there is no truth.

``python -m benchmarks.sampling --library KS --count 200 --seed 1`` prints them. They are drawn by strata: the rule of the weakest link that
holds a cluster together, in proportion to how many clusters it holds, and a few of each rare one. The same records, rules and seed give
the same sample. What a reader finds goes into ``benchmarks/readings.tsv`` (see ``benchmarks.readings``).
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from benchmarks.exports import EXPORTS
from benchmarks.partitions import candidate_pairs, cluster
from benchmarks.truth import read_exports
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.matching.features import Features, features_of
from union_catalog.matching.rules import compare

FEWEST = 5  # clusters of a rule that are drawn at least, if it holds as many
TOGETHER = "verdicts of others"  # the stratum of a cluster in which no chain of links reaches everybody


class Link(NamedTuple):
    """Two members that a rule judges to be one edition."""

    strength: int
    rule: str
    first: str
    second: str


class Cluster(NamedTuple):
    """Two records or more. ``name`` changes whenever a member comes or leaves; ``links`` hold it together, the weakest last."""

    name: str
    members: tuple[str, ...]
    links: tuple[Link, ...]

    @property
    def rule(self) -> str:
        """The rule of the weakest link."""
        return self.links[-1].rule if len(self.links) == len(self.members) - 1 else TOGETHER


def name_of(members: Iterable[str]) -> str:
    """The lowest record key and a sum of all keys: "JD:JD000000001#3f2a91"."""
    ordered = sorted(members)
    return f"{ordered[0]}#{blake2b(' '.join(ordered).encode(), digest_size=3).hexdigest()}"


def _holding(members: Sequence[str], features: Mapping[str, Features]) -> tuple[Link, ...]:
    """The strongest links that tie all members together: one fewer than there are members."""
    verdicts = ((a, b, compare(features[a], features[b])) for a, b in combinations(members, 2))
    found = sorted((Link(v.strength, v.rule, a, b) for a, b, v in verdicts if v.verdict == "same"), key=lambda link: (-link[0], link[2:]))
    group = {key: {key} for key in members}
    links = []
    for link in found:
        if group[link.first] is not group[link.second]:
            links.append(link)
            merged = group[link.first] | group[link.second]
            group |= dict.fromkeys(merged, merged)
    return tuple(links)


def merged_clusters(parts: Iterable[Iterable[str]], features: Mapping[str, Features], library: str = "") -> list[Cluster]:
    """The clusters of two records and more, of which at least one is the library's, in order of their lowest record."""
    held = sorted(sorted(part) for part in parts)
    wanted = (tuple(part) for part in held if len(part) > 1 and any(key.startswith(f"{library}:" if library else "") for key in part))
    return [Cluster(name_of(members), members, _holding(members, features)) for members in wanted]


def sample(clusters: Iterable[Cluster], count: int, seed: int) -> list[Cluster]:
    """About ``count`` clusters, exactly so many unless rare rules take more: by their rule, those that most clusters hang on first."""
    strata: dict[str, list[Cluster]] = defaultdict(list)
    for one in clusters:
        strata[one.rule].append(one)
    order = sorted(strata, key=lambda rule: (-len(strata[rule]), rule))
    drawn = []
    for rule, size in zip(order, _shares([len(strata[rule]) for rule in order], count), strict=True):
        chosen = random.Random(f"{seed} {rule}").sample(sorted(strata[rule]), size)
        drawn += sorted(chosen)
    return drawn


def _shares(sizes: Sequence[int], count: int) -> list[int]:
    """How many to draw of each: ``FEWEST`` or all of the small, the rest of ``count`` in proportion, by largest remainders."""
    least = [min(FEWEST, size) for size in sizes]
    left, spare = max(count - sum(least), 0), [size - few for size, few in zip(sizes, least, strict=True)]
    total = sum(spare)
    if left >= total:
        return list(sizes)
    exact = [left * more / total for more in spare]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(sizes)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_remainder[: left - sum(shares)]:
        shares[place] += 1
    return [few + more for few, more in zip(least, shares, strict=True)]


def _line(key: str, record: BibliographicRecord) -> str:
    """One record on one line, as it is written: what a reader compares."""
    title = record.title_proper
    words = [title.text, title.remainder, title.volume_number, title.volume_title] if title else []
    imprint = [" ".join((*p.places, *p.publishers, p.date)) for p in record.publications]
    numbers = [f"{i.scheme} {i.value}{' (set)' if i.of_set else ''}{f' {i.price}' if i.price else ''}" for i in record.identifiers]
    fields = (
        " : ".join(filter(None, words)),
        " ; ".join(text.text for text in record.responsibility) or " ; ".join(agent.name for agent in record.agents),
        " ".join(text.text for text in record.editions),
        " / ".join(imprint),
        " ".join(numbers),
        " ".join(text.text for text in record.extents),
        " ".join(f"({series.title} {series.number})" for series in record.series),
        " ".join(number.number for number in record.classifications),
        "" if record.format == "book" else record.format,
    )
    return f"  {key:16} " + " | ".join(field.strip() or "–" for field in fields)


def told(clusters: Iterable[Cluster], records: Mapping[str, BibliographicRecord]) -> Iterator[str]:
    """A record a line: title | responsibility | edition | imprint | numbers, price | extent | series | class, form."""
    for number, one in enumerate(clusters, 1):
        links = ", ".join(f"{link.rule} {link.strength}" for link in one.links)
        yield f"\n[{number}] {one.name}  {links}"
        yield from (_line(key, records[key]) for key in one.members)


def _rows(library: str, seed: int, drawn: Iterable[Cluster], every: Iterable[Cluster]) -> Iterator[str]:
    """What was drawn of each rule, as rows of the readings."""
    counts, held = Counter(one.rule for one in drawn), Counter(one.rule for one in every)
    for rule, count in counts.items():
        yield f"{library}\t{seed}\t{rule}\tread\t{count} of {held[rule]}"


def clusters_of_all(library: str = "") -> tuple[list[Cluster], dict[str, BibliographicRecord]]:
    """The merged clusters of the four exports in which the library has a part, and all records."""
    records = read_exports({export.library for export in EXPORTS})
    features = {key: features_of(record) for key, record in records.items()}
    return merged_clusters(cluster(features, candidate_pairs(features)), features, library), records


def main() -> None:
    """Prints or writes a sample."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sampling", description=__doc__)
    parser.add_argument("--library", required=True, choices=[export.library for export in EXPORTS])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, help="a file instead of standard output")
    options = parser.parse_args()
    clusters, records = clusters_of_all(options.library)
    drawn = sample(clusters, options.count, options.seed)
    head = f"{len(drawn)} of {len(clusters):,} merged clusters with a record of {options.library}, seed {options.seed}"
    text = "\n".join([head, *told(drawn, records), "", *_rows(options.library, options.seed, drawn, clusters)]) + "\n"
    if options.output:
        options.output.write_text(text, "utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
