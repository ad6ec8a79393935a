"""Fixtures of the contract suites: every engine in turn."""

from collections.abc import Iterator

import pytest

from tests.contracts.elasticsearch_site import Site, elasticsearch_site
from tests.contracts.search_engines import ENGINES, MANY, EngineHome, engine_home, filled
from union_catalog.search.engine import SearchEngine


@pytest.fixture(params=ENGINES)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineHome]:
    """An index of its own that does not exist yet."""
    with engine_home(request.param, tmp_path_factory.mktemp("engine")) as made:
        yield made


@pytest.fixture(scope="session", params=ENGINES)
def catalogue(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """The small catalogue, shared by the tests that only read."""
    with engine_home(request.param, tmp_path_factory.mktemp("catalogue")) as made:
        engine = filled(made)
        yield engine
        engine.close()


@pytest.fixture(scope="session", params=ENGINES)
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """Some hundred editions that nothing but years and libraries tells apart."""
    with engine_home(request.param, tmp_path_factory.mktemp("many")) as made:
        engine = filled(made, MANY)
        yield engine
        engine.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """A prefix of its own on the search server."""
    with elasticsearch_site() as made:
        yield made
