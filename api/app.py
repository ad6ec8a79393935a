"""The web application: JSON API, pages and probes over one catalogue."""

from flask import Flask

from api.addresses import believe_proxies
from api.auth import guard_routes
from api.caching import keep_answers
from api.classes import install_classes
from api.compression import compress_answers
from api.csrf import guard_forms
from api.errors import handle_errors
from api.explorer import install_explorer
from api.health import install_probes
from api.limits import limit_addresses
from api.logging import configure_logging
from api.metrics.engines import measured
from api.metrics.requests import count_requests
from api.metrics.route import install_metrics
from api.pages.desk import install_desk
from api.pages.join import install_join
from api.pages.my_card import install_my_card
from api.pages.my_choices import install_my_choices
from api.pages.my_data import install_my_data
from api.pages.my_messages import install_my_messages
from api.pages.my_standing import install_my_standing
from api.pages.offline_desk import install_offline_desk
from api.pages.places import Places
from api.pages.presenting import UnionPages
from api.pages.problems import problem_page
from api.pages.routes import install_pages
from api.pages.signing import install_sign_in
from api.pages.staff import install_staff_pages
from api.pages.tills import install_tills
from api.pages.trying import install_trying
from api.request_ids import log_requests
from api.resources import (
    blocks,
    calendar,
    corrections,
    credit,
    desk_sessions,
    items,
    loans,
    me,
    network,
    objections,
    offline,
    patrons,
    payments,
    policies,
    privacy,
    reasons,
    records,
    search,
    sessions,
    staff,
    strays,
    suggestions,
    verdicts,
)
from api.resources.document import install_operations
from api.resources.operation import CLOCK, EXTENSION, OFFICE
from api.security import guard_answers, guard_paths, signing_key
from api.wiring import open_clock, open_database, open_engine, open_office
from union_catalog.clock import Clock
from union_catalog.services import access
from union_catalog.services.branches import Branches
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings

LARGEST_BODY = 64 * 1024  # forms of ours are a few fields
# What the API answers, by subject, in the order of its documentation.
OPERATIONS = (
    search,
    suggestions,
    records,
    reasons,
    verdicts,
    corrections,
    network,
    sessions,
    staff,
    policies,
    calendar,
    blocks,
    credit,
    payments,
    objections,
    privacy,
    patrons,
    me,
    desk_sessions,
    loans,
    items,
    strays,
    offline,
)


def create_app(settings: Settings | None = None, *, catalogue: Catalogue | None = None, clock: Clock | None = None) -> Flask:
    """The application for ``settings``, by default those of the environment.

    Connects to nothing, so that it can be made before a server forks. ``catalogue`` takes the place of the one that the settings describe,
    and ``clock`` that of the machine. Raises ConfigurationError for settings that cannot work.
    """
    settings = settings or Settings.from_environment()
    configure_logging(settings)
    catalogue = catalogue or Catalogue(open_database(settings), measured(open_engine(settings), settings.search_engine))
    app = Flask("api")
    secret = signing_key(settings)
    app.config.update(SECRET_KEY=secret, MAX_CONTENT_LENGTH=LARGEST_BODY, MATCH_KEY_LIMIT=settings.match_key_limit)
    clock = clock or open_clock(settings)
    app.extensions.update({EXTENSION: catalogue, CLOCK: clock, OFFICE: open_office(settings, clock)})
    branches = Branches(catalogue.database, clock, settings.timezone)
    app.extensions[network.EXTENSION] = branches
    install_classes(app, settings.clc_file)
    believe_proxies(app, settings.trusted_proxies)
    log_requests(app)
    count_requests(app)
    compress_answers(app)
    guard_answers(app)
    keep_answers(app)
    guard_paths(app)
    offline.allow_long_uploads(app)
    guard_routes(app, lambda shown: access.known(catalogue.database, clock, shown), settings)
    guard_forms(app)
    document = install_operations(app, [module.group for module in OPERATIONS])
    handle_errors(app, problem_page)  # after flask-smorest, which brings a handler of its own
    install_explorer(app, document)
    install_probes(app, catalogue)
    install_metrics(app, catalogue, clock, settings)
    install_pages(app, UnionPages(catalogue, clock, settings.timezone), Places(branches, clock, settings.timezone))
    install_sign_in(app)
    install_trying(app, settings)
    install_tills(app)
    install_desk(app)
    install_offline_desk(app)
    for install in (install_my_card, install_my_standing, install_my_choices, install_my_messages, install_my_data, install_join):
        install(app)
    install_staff_pages(app)
    limit_addresses(app, settings)
    return app
