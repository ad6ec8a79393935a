"""Settings from the environment: defaults, what follows from them, and what cannot be."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from union_catalog.errors import ConfigurationError
from union_catalog.settings import PREFIX, Settings, documented


def test_the_defaults_hold_together() -> None:
    settings = Settings.from_environment({})
    assert settings.home == Path("~/.local/share/union-catalog").expanduser()
    assert settings.database == f"sqlite:///{settings.home}/catalogue.sqlite3"
    assert settings.index_folder == settings.home / "index"
    assert settings.timezone == ZoneInfo("Asia/Shanghai")


def test_all_state_follows_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({"UNION_CATALOG_HOME": "here"})
    assert settings.home == tmp_path / "here"
    assert str(tmp_path / "here") in settings.database
    assert settings.index_folder == tmp_path / "here" / "index"


def test_database_and_index_may_lie_elsewhere(tmp_path: Path) -> None:
    told = {"UNION_CATALOG_DATABASE_URL": "postgresql://host/name", "UNION_CATALOG_INDEX_PATH": str(tmp_path)}
    settings = Settings.from_environment(told)
    assert (settings.database, settings.index_folder) == ("postgresql://host/name", tmp_path)


def test_several_search_servers_with_and_without_a_port() -> None:
    told = "http://one:9200, https://two/search/ ,http://three"
    settings = Settings.from_environment({"UNION_CATALOG_ELASTICSEARCH_URL": told})
    assert settings.elasticsearch_url == ("http://one:9200", "https://two:443/search", "http://three:80")
    assert Settings.from_environment({"UNION_CATALOG_ELASTICSEARCH_REPLICAS": "0"}).elasticsearch_replicas == 0


def test_an_empty_variable_is_the_default() -> None:
    assert Settings.from_environment({f"{PREFIX}LOAD_BATCH": ""}).load_batch == Settings.from_environment({}).load_batch


WRONG = [
    ("SEARCH_LIMIT", "many"),
    ("SEARCH_LIMIT_NETWORK", "off"),
    ("LOAD_BATCH", "0"),
    ("LOAD_BATCH", "-5"),
    ("LOAD_BATCH", "1e3"),
    ("BUSY_TIMEOUT", "soon"),
    ("TIMEZONE", "Shanghai"),
    ("TIMEZONE", "../../etc/passwd"),
    ("SEARCH_ENGINE", "oracle"),
    ("LOG_LEVEL", "INFO"),
    ("ELASTICSEARCH_URL", "localhost:9200"),
    ("ELASTICSEARCH_URL", "http://one:9200,ftp://two"),
    ("ELASTICSEARCH_URL", " , "),
    ("ELASTICSEARCH_CA_FILE", "/nowhere/ca.pem"),
    ("ELASTICSEARCH_PREFIX", "*"),
    ("ELASTICSEARCH_PREFIX", "Catalogue"),
    ("ELASTICSEARCH_SHARDS", "0"),
    ("ELASTICSEARCH_REPLICAS", "-1"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_value_that_cannot_be_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Settings.from_environment({f"{PREFIX}{name}": value})
    assert (refusal.value.code, refusal.value.data) == ("bad_setting", {"name": f"{PREFIX}{name}", "value": value})


def test_every_documented_default_is_in_force() -> None:
    assert Settings.from_environment({name: default for name, default, _ in documented()}) == Settings.from_environment({})
    assert all(about for *_, about in documented())
