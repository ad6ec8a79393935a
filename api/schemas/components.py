"""The schemas of the OpenAPI document: every answer and all it is made of."""

import msgspec

from api.schemas.accounts import AccountAnswer, CashSheetAnswer, ReceiptAnswer
from api.schemas.answers import (
    REFERENCE,
    ItemsAnswer,
    ProblemAnswer,
    RecordAnswer,
    SearchAnswer,
)
from api.schemas.calendar import CalendarAnswer
from api.schemas.circulation import CheckInAnswer, CheckOutAnswer, DeedAnswer, ItemStateAnswer, LoansAnswer, RenewalsAnswer
from api.schemas.network import BranchAnswer, BranchesAnswer, CouriersAnswer, LibrariesAnswer
from api.schemas.offline import LineVerdictAnswer, OfflineBatchAnswer, OfflineBatchesAnswer, OfflineKeyAnswer
from api.schemas.patrons import (
    CardIssuedAnswer,
    ClosedSessionAnswer,
    CodeAnswer,
    DeskSessionAnswer,
    EnrolledAnswer,
    FrozenAnswer,
    PatronAnswer,
    PatronEventsAnswer,
    PatronsAnswer,
    PinAnswer,
    UnmergedAnswer,
)
from api.schemas.policies import CheckAnswer, ExplanationAnswer, PolicyAnswer, PutAnswer
from api.schemas.privacy import ConsentAnswer, ConsentsAnswer, ErasedAnswer, NoticesAnswer, OwnDataAnswer
from api.schemas.reasons import PairAnswer, ReasonsAnswer
from api.schemas.sessions import SessionAnswer, SignedOutAnswer, StaffAnswer, StaffListAnswer
from api.schemas.standing import BlockAnswer, BlocksAnswer, CreditAnswer, EndedBlockAnswer, ObjectionAnswer, ObjectionsAnswer
from api.schemas.strays import ResolvedAnswer, StraysAnswer
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
    PatronAnswer,
    PatronsAnswer,
    EnrolledAnswer,
    CardIssuedAnswer,
    FrozenAnswer,
    PinAnswer,
    UnmergedAnswer,
    PatronEventsAnswer,
    CodeAnswer,
    DeskSessionAnswer,
    ClosedSessionAnswer,
    CouriersAnswer,
    CalendarAnswer,
    PolicyAnswer,
    CheckAnswer,
    PutAnswer,
    ExplanationAnswer,
    AccountAnswer,
    ReceiptAnswer,
    CashSheetAnswer,
    BlockAnswer,
    BlocksAnswer,
    EndedBlockAnswer,
    CreditAnswer,
    ObjectionAnswer,
    ObjectionsAnswer,
    CheckOutAnswer,
    CheckInAnswer,
    RenewalsAnswer,
    DeedAnswer,
    LoansAnswer,
    StraysAnswer,
    ResolvedAnswer,
    OfflineBatchAnswer,
    OfflineBatchesAnswer,
    OfflineKeyAnswer,
    LineVerdictAnswer,
    ItemStateAnswer,
    ConsentAnswer,
    ConsentsAnswer,
    NoticesAnswer,
    OwnDataAnswer,
    ErasedAnswer,
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
