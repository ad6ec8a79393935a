"""The HTML twin of a problem: what went wrong, what to do, and the request's number, never a trace."""

from http import HTTPStatus

from flask import Response, make_response, render_template, request, url_for

from api.errors import Problem
from api.pages.asking import address, first_page, read_request, read_words
from api.pages.shell import here

# What the codes of SearchUnavailable begin with; those of StorageUnavailable do not.
_OF_THE_INDEX = ("search_", "index_")
_RETRY_SECONDS = 60


def problem_page(problem: Problem) -> Response:
    """The page of an error for a reader; the handler that asked for it sets the status."""
    if problem.status == 410:
        return make_response(render_template("gone.html", problem=problem, title=problem.data.get("title") or ""))
    retry = here() if problem.status in (429, 500, 502, 503, 504) and request.method == "GET" else ""
    typed, _ = read_words(request.args.get("q", ""))
    waits = problem.status == HTTPStatus.SERVICE_UNAVAILABLE and bool(retry)
    shown = {
        "problem": problem,
        "retry_address": retry,
        "first_address": _first_address(problem),
        "query": typed,
        "waits": _RETRY_SECONDS if waits else 0,
        "index_gone": problem.code.startswith(_OF_THE_INDEX),
    }
    response = make_response(render_template("error.html", **shown))
    if waits:
        response.headers["Retry-After"] = str(_RETRY_SECONDS)  # as the page tells, and does
    return response


def _first_address(problem: Problem) -> str:
    """The beginning of the search whose place in the list was not understood, "" for any other problem."""
    if problem.code != "bad_cursor" or request.endpoint != "pages.search":
        return ""
    asked, _ = read_request(request.args)
    return address(url_for("pages.search"), first_page(asked))
