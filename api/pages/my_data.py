"""Own data: taken along as a file, or erased with the reader."""

from flask import Blueprint, Flask, make_response, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from api.auth import SESSION_COOKIE, current_context
from api.language import current_language
from api.money import yuan
from api.pages import shell
from api.pages.my_card import me
from api.pages.my_forms import Checks, Filled, shown_again
from api.pages.my_views import StandsInTheWay
from api.resources.operation import catalogue, clock, office
from api.translations import gettext
from union_catalog.errors import Refused
from union_catalog.services import erasing
from union_catalog.services.patrons import pins

my_data = Blueprint("my_data", __name__)
my_data.after_request(shell.remember_language)


def install_my_data(app: Flask) -> None:
    """Puts the pages into ``app``."""
    app.register_blueprint(my_data)


@my_data.get("/me/data")
def data() -> str:
    """Take everything along, or go."""
    return render_template("my-data.html")


@my_data.get("/me/erase")
def erase() -> str:
    """What erasing does, what stands in its way, and one button that wants the PIN."""
    with catalogue().database.read() as connection:
        stands = _in_the_way(connection)
    return render_template("my-erase.html", form=Filled(), stands=stands)


@my_data.post("/me/erase")
def erase_me() -> AnyResponse:
    """For good. 409 with what stands in the way, 422 where the PIN is wrong."""
    context, checks = current_context(clock()), Checks()
    checks.attempt("pin", lambda: pins.check_own(catalogue().database, office(), context, me(), request.form.get("pin", "")))
    with catalogue().database.read() as connection:
        stands = _in_the_way(connection)
    if checks.errors:
        return shown_again("my-erase.html", checks.errors, {"stands": stands})
    try:
        with catalogue().database.write() as connection:
            erasing.erase(connection, clock(), context, me())
    except Refused:
        return shown_again("my-erase.html", {"": gettext("还有事情没有了结，现在不能注销。")}, {"stands": stands}, 409)
    answer = make_response(render_template("my-erased.html"))
    answer.delete_cookie(SESSION_COOKIE, path="/")
    return answer


def _in_the_way(connection: Connection) -> StandsInTheWay:
    found, language = erasing.in_the_way(connection, me()), current_language()
    return StandsInTheWay(
        loans=len(found.loans),
        holds=len(found.holds),
        wards=len(found.wards),
        owed=yuan(found.owed_fen, language) if found.owed_fen else "",
        deposit=yuan(found.deposit_fen, language) if found.deposit_fen else "",
    )
