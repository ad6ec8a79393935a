"""The addresses of the pages. A handler reads the request, asks the catalogue, and hands one view to one template."""

from typing import cast

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from api.limits import counted
from api.pages import shell
from api.pages.acting import act_fields
from api.pages.asking import read_request
from api.pages.catalogue import Catalogue
from api.pages.choice_list import choice_list
from api.pages.drawing import draw, install_drawing
from api.pages.histogram import histogram
from api.pages.nearness import forget_near, keep_near, near_of, read_near
from api.pages.pieces import PIECES
from api.pages.places import Places
from api.pages.result_list import result_list
from api.pages.results import results_view
from api.pages.views import BranchView
from api.pages.wording import FIELD_ERRORS, named, number
from api.translations import speak
from union_catalog.errors import Redirected

_KEY = "union_catalog_pages"
_PLACES = "union_catalog_places"
_FOR_EVER = "public, max-age=31536000, immutable"

pages = Blueprint("pages", __name__)
pages.after_request(shell.remember_language)


def install_pages(app: Flask, catalogue: Catalogue, places: Places) -> None:
    """Puts the pages into ``app``, whose folder of templates and static files must be those of ``api``."""
    app.extensions[_KEY] = catalogue
    app.extensions[_PLACES] = places
    install_drawing(app)
    speak(app)
    app.jinja_env.filters["numberformat"] = number
    pieces = {**PIECES, "choices": choice_list, "histogram": histogram, "result_list": result_list, "act_fields": act_fields}
    app.jinja_env.globals.update(shell.WORDS, **pieces)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(shell.wishes)
    app.register_blueprint(pages)


def _catalogue() -> Catalogue:
    return cast(Catalogue, current_app.extensions[_KEY])


def _places() -> Places:
    return cast(Places, current_app.extensions[_PLACES])


@pages.get("/")
def home() -> str:
    """Begin a search."""
    catalogue = _catalogue()
    libraries = catalogue.libraries()
    return render_template("home.html", libraries=libraries, recent=catalogue.recent())


@pages.get("/search")
@counted("searches")
def search() -> AnyResponse:
    """Choose one, see whether it can be had. 422 where a field could not be understood; what could be is searched all the same."""
    asked, errors = read_request(request.args, near_of(request))
    told = {error.name: named(FIELD_ERRORS, error.code) for error in errors}
    view = results_view(_catalogue(), shell.page_address("pages.search"), asked, told)
    status = 422 if any(error.code == "not_a_year" for error in errors) else 200
    return make_response(draw("results.html", view=view, typed=request.args.to_dict()), status)


@pages.get("/near")
def near() -> str:
    """From where distances are counted: the reader's place, asked of the browser, or a branch."""
    places: dict[str, list[BranchView]] = {}
    for branch in _catalogue().branches():
        if branch.lat is not None and branch.lng is not None:
            places.setdefault(branch.library, []).append(branch)
    return render_template("near.html", places=places, near=near_of(request), back=request.args.get("back", ""))


@pages.post("/near")
def choose_near() -> AnyResponse:
    """Keeps a place or a branch in the reader's own browser, or forgets it, and goes back to where the reader was."""
    answer = cast(Response, redirect(shell.safe_return(request.form.get("back", "")), 303))
    told = read_near(request.form.get("near", ""))
    if told is None:
        forget_near(answer)
    else:
        keep_near(answer, told, always=request.form.get("always", "") == "true", secure=request.is_secure)
    return answer


@pages.get("/how-to-search")
def how_to_search() -> str:
    """What can be typed, and what it finds."""
    return render_template("how-to-search.html")


@pages.get("/records/<union_id>")
def record(union_id: str) -> AnyResponse:
    """Decide, and see where it is. 308 for an id that was merged, 410 for a record that is gone."""
    try:
        found = _catalogue().record(union_id, near_of(request))
    except Redirected as moved:
        return redirect(url_for("pages.record", union_id=moved.data["target"], merged="1"), 308)
    back = shell.results_before(request)
    return make_response(draw("record.html", record=found, back=back, query=shell.query_of(back)))


@pages.get("/records/<union_id>/reasons")
def reasons(union_id: str) -> str:
    """Why its records are one; the page of the record takes this into its own place. 308 and 410 as for the record."""
    catalogue = _catalogue()
    return render_template("why.html", row=catalogue.row(union_id), reasons=catalogue.reasons(union_id))


@pages.get("/libraries")
def libraries() -> str:
    """Who takes part."""
    return render_template("libraries.html", libraries=_catalogue().libraries())


@pages.get("/branches")
def branches() -> str:
    """All places by region and library, with a map of each region."""
    return render_template("branches.html", regions=_places().regions(near_of(request)))


@pages.get("/branches/<code>")
def branch(code: str) -> str:
    """One place: open or not, how to get there, what lies next to it."""
    return render_template("branch.html", view=_places().place(code, near_of(request)))


@pages.get("/statuses")
def statuses() -> str:
    """What the words about an item mean."""
    return render_template("statuses.html")


@pages.get("/about")
def about() -> str:
    """What this is, whom it serves and how accessible it is."""
    return render_template("about.html")


@pages.get("/display")
def display() -> str:
    """Type, theme and language, chosen without script."""
    return render_template("display.html", back=request.args.get("back", ""))


@pages.post("/display")
def choose_display() -> AnyResponse:
    """Keeps the wishes that the form carries and goes back to where the reader was."""
    answer = redirect(shell.safe_return(request.form.get("back", "")), 303)
    for name, choices in (("type", shell.TYPES), ("theme", shell.THEMES)):
        chosen = request.form.get(name, "")
        if chosen in choices:
            shell.remember(cast(Response, answer), name, chosen)
    return answer


@pages.get("/favicon.ico")
def favicon() -> AnyResponse:
    """What browsers ask for by themselves where no page has told them of another."""
    return redirect(url_for("static", filename="mark.svg"), 301)


@pages.get("/covers/<union_id>-<digest>.svg")
def cover(union_id: str, digest: str) -> AnyResponse:
    """The drawn cover, kept by browsers for ever; an outdated digest leads to the one in force."""
    inputs = _catalogue().cover(union_id)
    if digest != inputs.digest:
        return redirect(url_for("pages.cover", union_id=union_id, digest=inputs.digest), 302)
    return Response(inputs.svg(), mimetype="image/svg+xml", headers={"Cache-Control": _FOR_EVER})
