"""The schemas of the OpenAPI document: every answer and all it is made of."""

import msgspec

from api.schemas.answers import (
    REFERENCE,
    ItemsAnswer,
    ProblemAnswer,
    RecordAnswer,
    SearchAnswer,
)
from api.schemas.network import BranchAnswer, BranchesAnswer, LibrariesAnswer
from api.schemas.reasons import PairAnswer, ReasonsAnswer
from api.schemas.sessions import SessionAnswer, SignedOutAnswer, StaffAnswer, StaffListAnswer
from api.schemas.suggestions import SuggestionsAnswer
from api.schemas.verdicts import CorrectionAnswer, CorrectionsAnswer, GivenAnswer, QueueAnswer, VerdictsAnswer
from union_catalog.bibliographic.record import BibliographicRecord

ANSWERS = (
    SearchAnswer,
    SuggestionsAnswer,
    RecordAnswer,
    ReasonsAnswer,
    PairAnswer,
    QueueAnswer,
    VerdictsAnswer,
    GivenAnswer,
    CorrectionsAnswer,
    CorrectionAnswer,
    ItemsAnswer,
    LibrariesAnswer,
    BranchesAnswer,
    BranchAnswer,
    SessionAnswer,
    SignedOutAnswer,
    StaffAnswer,
    StaffListAnswer,
    ProblemAnswer,
    BibliographicRecord,
)


def components() -> dict[str, dict[str, object]]:
    """JSON Schema (2020-12, as OpenAPI 3.1 has it) of every answer and all it is made of, by name."""
    _, schemas = msgspec.json.schema_components(ANSWERS, ref_template=REFERENCE)
    return schemas


def reference(answer: type[msgspec.Struct]) -> dict[str, str]:
    """How the document refers to ``answer``."""
    return {"$ref": REFERENCE.format(name=answer.__name__)}
