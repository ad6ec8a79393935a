"""The HTML twin of a problem: what went wrong, what to do, and the request's number, never a trace."""

from flask import Response, make_response, render_template, request

from api.errors import Problem
from api.pages.asking import read_words
from api.pages.shell import here


def problem_page(problem: Problem) -> Response:
    """The page of an error for a reader; the handler that asked for it sets the status."""
    if problem.status == 410:
        return make_response(render_template("gone.html", problem=problem, title=problem.data.get("title") or ""))
    retry = here() if problem.status in (429, 500, 502, 503, 504) and request.method == "GET" else ""
    typed, _ = read_words(request.args.get("q", ""))
    return make_response(render_template("error.html", problem=problem, retry_address=retry, query=typed))
