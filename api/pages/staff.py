"""All pages of staff but the desk itself."""

from flask import Flask

from api.pages import staff_words
from api.pages.desks import may, owns
from api.pages.policy_editing import editing
from api.pages.staff_consents import agreeing
from api.pages.staff_enrolling import enrolling
from api.pages.staff_items import items
from api.pages.staff_merging import merging
from api.pages.staff_money import money
from api.pages.staff_policies import policies
from api.pages.staff_readers import readers
from api.pages.staff_start import staff_start
from api.pages.staff_strays import shelf

_BLUEPRINTS = (staff_start, readers, agreeing, merging, enrolling, money, items, shelf, policies, editing)


def install_staff_pages(app: Flask) -> None:
    """Puts the pages into ``app``; their templates say ``staff`` for the words of staff_words, and ask ``may`` and ``owns``."""
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(staff=staff_words, may=may, owns=owns)
