"""Failures over HTTP: every class of the domain's tree has its status here, every answer its code,
sentence and request id.

Under ``/api`` (and for the probes) an error is RFC 9457 problem+json; elsewhere it is a page, by the
renderer that the
application was given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

import msgspec
import structlog
from flask import Flask, Response, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from api.case_words import block_answers, instruction
from api.labels import label, roles_named
from api.language import current_language
from api.messages import sentence, sentences
from api.request_ids import current_request_id
from api.schemas.answers import Fault, ProblemAnswer
from api.schemas.circulation import HindranceAnswer, ItemKey
from api.schemas.parser import ArgumentFault, BadArgumentsError
from union_catalog import errors
from union_catalog.context import Language
from union_catalog.errors import Datum, UnionCatalogError
from union_catalog.services.commands import Outcome

PROBLEM_JSON = "application/problem+json"
CHALLENGE = 'Bearer realm="union-catalog"'
RETRY_AFTER_SECONDS = 5
MACHINE_PATHS = ("/api/", "/healthz", "/readyz", "/metrics")
_log = structlog.stdlib.get_logger("api.errors")

STATUSES: Mapping[type[UnionCatalogError], HTTPStatus] = {
    UnionCatalogError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.CommandUnnamed: HTTPStatus.BAD_REQUEST,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Gone: HTTPStatus.GONE,
    errors.Redirected: HTTPStatus.PERMANENT_REDIRECT,
    errors.Refused: HTTPStatus.CONFLICT,
    errors.Blocked: HTTPStatus.CONFLICT,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.StaleVersion: HTTPStatus.CONFLICT,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.Raced: HTTPStatus.CONFLICT,
    errors.NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.SourceError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SourceUnusable: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.MalformedRecord: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SourceChanged: HTTPStatus.CONFLICT,
    errors.SearchUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.StorageUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.IllegalTransition: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.ConfigurationError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
_HTTP_CODES = {
    400: "bad_request",
    404: "no_such_address",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "request_too_large",
    414: "request_too_large",
    415: "media_type_not_taken",
    429: "too_many_requests",
    431: "request_too_large",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error ready to be shown. ``data`` is the code's, for a page that shows more than the sentence."""

    status: int
    code: str
    title: str
    detail: str
    language: Language
    request_id: str
    faults: tuple[Fault, ...] = ()
    data: Mapping[str, Datum] = field(default_factory=dict)
    blocks: tuple[HindranceAnswer, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


ProblemPage = Callable[[Problem], Response]


def handle_errors(app: Flask, page: ProblemPage) -> None:
    """Registers the only handlers of the application; ``page`` draws the HTML twin of a problem."""

    def answer(problem: Problem) -> Response:
        response = _as_json(problem) if request.path.startswith(MACHINE_PATHS) else page(problem)
        response.status_code = problem.status
        for name, value in problem.headers.items():
            response.headers.setdefault(name, value)  # a page may have promised another
        response.headers["Cache-Control"] = "no-store"
        return response

    def on_domain_error(error: UnionCatalogError) -> WerkzeugResponse:
        if isinstance(error, errors.Redirected) and "union_id" in (request.view_args or {}):
            return _moved(error)
        return answer(_of_domain_error(error))

    def on_http_error(error: HTTPException) -> WerkzeugResponse | HTTPException:
        return error if error.code is None or error.code < 400 else answer(_of_http_error(error))

    def on_bad_arguments(error: BadArgumentsError) -> Response:
        return answer(_of_faults(error.faults))

    def on_surprise(error: Exception) -> Response:
        _log.exception("unexpected", error=type(error).__name__, exc_info=error)
        return answer(_problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal"))

    app.register_error_handler(UnionCatalogError, on_domain_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(BadArgumentsError, on_bad_arguments)
    app.register_error_handler(Exception, on_surprise)


def refusal_of(error: UnionCatalogError) -> Outcome | None:
    """The answer to a command that was refused, as it is kept for whoever repeats it; None for what went wrong on our side.

    ``data["patron"]`` of the error names the reader of whom it speaks.
    """
    if not 400 <= STATUSES[type(error)] < 500:
        return None
    problem = _of_domain_error(error)
    return Outcome(problem.status, _as_json(problem).get_data(), PROBLEM_JSON, str(error.data.get("patron") or ""))


def _problem(
    status: int,
    code: str,
    data: Mapping[str, Datum] | None = None,
    *,
    faults: tuple[Fault, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Problem:
    language = current_language()
    return Problem(
        status=int(status),
        code=code,
        title=_title(int(status), language),
        detail=sentence(code, roles_named(data or {}, language), language),
        language=language,
        request_id=current_request_id(),
        faults=faults,
        data=data or {},
        headers=headers or {},
    )


def _title(status: int, language: Language) -> str:
    """The kind of problem; a rare status goes by its class."""
    code = f"status.{status}"
    return sentence(code if code in sentences() else f"status.{status // 100}00", {}, language)


def _of_domain_error(error: UnionCatalogError) -> Problem:
    status = STATUSES[type(error)]
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("fault", code=error.code, exc_info=error)
        return _problem(status, "internal")
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        _log.warning("unavailable", code=error.code, **error.data)
        return _unavailable(error)
    headers = {"WWW-Authenticate": _challenge(error)} if status is HTTPStatus.UNAUTHORIZED else {}
    problem = _problem(status, error.code, error.data, faults=_named_fault(error), headers=headers)
    return _with_blocks(problem, error) if isinstance(error, errors.Blocked) else problem


def _with_blocks(problem: Problem, error: errors.Blocked) -> Problem:
    """With everything that stands in the way: by name in the sentence, each with all that is known of it beside it."""
    named = tuple(label("block", str(block["code"]), problem.language) for block in error.blocks)
    detail = sentence(problem.code, {**error.data, "codes": named}, problem.language)
    return replace(problem, detail=detail, blocks=block_answers(error.blocks, problem.language))


def _challenge(error: UnionCatalogError) -> str:
    """RFC 6750, 3: a reason only where a token was shown."""
    return CHALLENGE if error.code == errors.NotAuthenticated.default_code else f'{CHALLENGE}, error="invalid_token"'


def _unavailable(error: UnionCatalogError) -> Problem:
    """In general words: folders and commands are for the operators, who find them in the log."""
    problem = _problem(HTTPStatus.SERVICE_UNAVAILABLE, type(error).default_code)
    return replace(problem, code=error.code, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def _named_fault(error: UnionCatalogError) -> tuple[Fault, ...]:
    """The parameter that a use case could not take, where it names one."""
    if not isinstance(error, errors.InvalidInput):
        return ()
    name = str(error.data.get("name", ""))
    return (Fault(_place_of(name), name, sentence(error.code, error.data, current_language())),)


def _place_of(name: str) -> str:
    if name == "Idempotency-Key":
        return "header"
    return "path" if name in (request.view_args or {}) else "query" if request.method == "GET" else "body"


def _of_faults(faults: tuple[ArgumentFault, ...]) -> Problem:
    language = current_language()
    told = tuple(Fault(fault.place, fault.name, sentence(fault.code, fault.data, language)) for fault in faults)
    names = tuple(dict.fromkeys(fault.name for fault in faults))
    return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_parameters", {"names": names}, faults=told)


def _of_http_error(error: HTTPException) -> Problem:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    if status >= 500:
        _log.error("fault", code=str(status), exc_info=error)
        return _problem(status, "internal", headers=headers)
    said = error.description or ""  # a code of ours, where whoever refused says why: a limit, or what is wrong with a body
    code = said if said in sentences() else _HTTP_CODES.get(status, "bad_request")
    return _problem(status, code, {"path": request.path}, headers=headers)


def _as_json(problem: Problem) -> Response:
    answer = ProblemAnswer(
        type="about:blank",  # RFC 9457, 4.2.1: the status says the kind, `code` says which
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        code=problem.code,
        errors=problem.faults,
        request_id=problem.request_id,
        chain=_several(problem, "chain"),
        id=_one(problem, "patron"),
        target=_one(problem, "target"),
        until=_one(problem, "until"),
        candidates=_items(problem) or _several(problem, "candidates"),
        loans=_several(problem, "loans"),
        holds=_several(problem, "holds"),
        wards=_several(problem, "wards"),
        owed_fen=_fen(problem, "owed_fen"),
        deposit_fen=_fen(problem, "deposit_fen"),
        issuers=_several(problem, "issuers"),
        libraries=_several(problem, "libraries"),
        case=_one(problem, "case"),
        instruction=_instruction(problem),
        blocks=problem.blocks,
    )
    return Response(msgspec.json.encode(answer), content_type=PROBLEM_JSON)


def _instruction(problem: Problem) -> str:
    """Of a refusal that is a case of its own."""
    case = _one(problem, "case")
    return instruction(case, {}, problem.language) if case else ""


def _items(problem: Problem) -> tuple[ItemKey, ...]:
    """The items that a barcode may be."""
    barcode = _one(problem, "barcode")
    return tuple([ItemKey(library, barcode) for library in _several(problem, "libraries")]) if barcode else ()


def _one(problem: Problem, name: str) -> str:
    told = problem.data.get(name)
    return told if isinstance(told, str) else ""


def _fen(problem: Problem, name: str) -> int:
    told = problem.data.get(name)
    return told if isinstance(told, int) else 0


def _several(problem: Problem, name: str) -> tuple[str, ...]:
    told = problem.data.get(name)
    return told if isinstance(told, tuple) else ()


def _moved(error: errors.Redirected) -> WerkzeugResponse:
    """The same address with the id that survives, its query string kept."""
    values = {
        **(request.view_args or {}),
        **request.args.to_dict(flat=False),
        "union_id": str(error.data["target"]),
    }
    return redirect(url_for(str(request.endpoint), **values), HTTPStatus.PERMANENT_REDIRECT)
