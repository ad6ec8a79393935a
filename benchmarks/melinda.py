"""The cases of the Finnish national union catalogue's matcher: how often ours comes to the same decision, and why it does not elsewhere.

Only cases with two whole bibliographic records can be judged. The others of its 330 test single features, queries or the service itself.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import iso2709
from benchmarks.exports import SHARED
from benchmarks.figures import Figure
from loaders.formats.model import RawRecord
from loaders.formats.reader import Reader
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.matching.features import features_of
from union_catalog.matching.rules import Verdict, compare

CASES = SHARED / "matching" / "melinda" / "test-fixtures"
_READER = Reader("marc21", "utf-8")
_BY_IDS = frozenset({"sid", "melindaId", "allSourceIds"})


@dataclass(frozen=True, slots=True)
class Case:
    """Two records and whether Melinda matches them. ``features`` are those that its test lets it look at."""

    name: str
    features: frozenset[str]
    first: BibliographicRecord
    second: BibliographicRecord
    match: bool
    probability: float


def _body(field: Mapping[str, Any]) -> str:
    if "subfields" not in field:
        return str(field.get("value", ""))
    parts = "".join(f"{iso2709.SUBFIELD}{part['code']}{part.get('value') or ''}" for part in field["subfields"])
    return f"{field.get('ind1') or ' '}{field.get('ind2') or ' '}{parts}"


def read_record(told: Mapping[str, Any]) -> BibliographicRecord:
    """The record of a case, read by the real reader of MARC 21."""
    leader = str(told.get("leader") or "").ljust(24)
    data = iso2709.record(f"{leader[:9]}a22{leader[12:17]}{leader[17:20]}4500", [(field["tag"], _body(field)) for field in told["fields"]])
    return _READER.read(RawRecord(0, 0, data)).record


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8")) if path.is_file() else []


def _pairs(folder: Path) -> Iterator[tuple[Any, Any, bool, float]]:
    """(first, second, match, probability) of the decisions that a folder holds; one record may be held against several."""
    told = _read(folder / "metadata.json")
    if folder.parent.parent.name == "match-detection":
        second, expected = _read(folder / "recordB.json"), told["expectedResults"]
        seconds, results = (second, expected) if isinstance(second, list) else ([second], [expected])
        for record, result in zip(seconds, results, strict=True):
            yield _read(folder / "recordA.json"), record, result["match"], result["probability"]
        return
    for name, match in (("expectedMatches.json", True), ("expectedNonMatches.json", False)):
        for found in _read(folder / name):
            if "record" in found.get("candidate", {}):
                yield _read(folder / "inputRecord.json"), found["candidate"]["record"], match, found["probability"]


def read_cases() -> list[Case]:
    """Every decision on two bibliographic records, those of the whole service too."""
    cases = []
    for folder in sorted((CASES / "match-detection" / "index").iterdir()) + sorted((CASES / "index").iterdir()):
        options = _read(folder / "metadata.json")["options"]
        strategy = options.get("detection", options)["strategy"]
        if strategy["type"] != "bib":
            continue
        for first, second, match, probability in _pairs(folder):
            name = f"{folder.parent.parent.name}/{folder.parent.name}/{folder.name}"
            cases.append(Case(name, frozenset(strategy["features"]), read_record(first), read_record(second), match, probability))
    return cases


def judge(case: Case) -> Verdict:
    """Ours, on all that the records say."""
    return compare(features_of(case.first), features_of(case.second))


def agrees(case: Case, verdict: Verdict) -> bool:
    """Whether both match, or neither does; ours leaves apart what it is not sure of."""
    return (verdict.verdict == "same") is case.match


def reason(case: Case, verdict: Verdict) -> str:
    """Why a decision differs, in words for the report."""
    found = {evidence.field: evidence.code for evidence in verdict.evidence}
    if case.features & _BY_IDS and not case.match:
        return "Melinda goes by record ids (SID, its own number) that contradict; ours reads no record ids"
    if len(case.features) == 1:
        return "Melinda's test looks at one feature alone; ours reads the whole record, which agrees"
    if not case.match:
        return "Melinda goes by the coded year, which is years off; ours by the imprint, which is one off, and by the shared ISBN"
    if "publisherNumber" in case.features:
        return "Melinda goes by a music publisher's number (028), which ours does not read"
    if found["isbn"] == "other_carrier":
        return "the shared ISBN is one of another carrier (PDF) in one record, and nothing but a title of one word speaks beside it"
    return "both records are coded as books and their ISBN as that of a PDF, so that it says nothing, and nothing else but a title is there"


def measure() -> Iterator[Figure]:
    """Agreement, and one figure a reason for what differs."""
    judged = [(case, judge(case)) for case in read_cases()]
    differing = Counter(reason(case, verdict) for case, verdict in judged if not agrees(case, verdict))
    agreed = len(judged) - differing.total()
    others = sum(1 for _ in CASES.rglob("metadata.json")) - len({case.name for case, _ in judged})
    pairs = len({(case.first, case.second, case.match) for case, _ in judged})
    told = f"decisions on {pairs} different pairs of records; the other {others} cases test single features, queries or authorities;"
    yield Figure("melinda: the same decision", f"{agreed} of {len(judged)}", detail=told)
    for why, count in differing.most_common():
        yield Figure(f"melinda: differs, {why}", count, f"of {differing.total()}")
