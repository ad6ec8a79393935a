"""Deeper names of classes, from the file that an installation names."""

import pathlib

import pytest

from api.app import create_app
from union_catalog.errors import ConfigurationError
from union_catalog.services.catalogue import Catalogue
from union_catalog.settings import Settings


def labels(settings: Settings, catalogue: Catalogue) -> dict[str, str]:
    """What the API calls the classes of a search for one of them."""
    client = create_app(settings, catalogue=catalogue).test_client()
    facets = client.get("/api/v1/search?clc=I242.4&lang=zh").get_json()["facets"]
    return {value["value"]: value["label"] for value in facets["clc"]}


def with_file(settings: Settings, path: pathlib.Path) -> Settings:
    return Settings.from_environment({"UNION_CATALOG_HOME": str(settings.home), "UNION_CATALOG_CLC_FILE": str(path)})


def test_without_a_file_a_deep_number_goes_by_the_class_it_belongs_to(settings: Settings, catalogue: Catalogue) -> None:
    found = labels(settings, catalogue)
    assert (found["I"], found["I2"], found["I242.4"]) == ("文学", "中国文学", "中国文学")


def test_a_file_names_deeper_classes(settings: Settings, catalogue: Catalogue, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "classes.tsv"
    path.write_text("code\tname\tlevel\tparent\nI2\t华文\t2\tI\nI242\t古代到近代\t4\tI2\nI242.4\t章回\t5\tI242\n", "utf-8")
    found = labels(with_file(settings, path), catalogue)
    assert (found["I2"], found["I242.4"]) == ("中国文学", "章回")


def test_a_faulty_file_stops_the_start(settings: Settings, catalogue: Catalogue, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "classes.tsv"
    path.write_text("code\tname\tlevel\tparent\nI242.4\t章回\n", "utf-8")
    with pytest.raises(ConfigurationError, match="class_file_bad_line"):
        create_app(with_file(settings, path), catalogue=catalogue)


@pytest.mark.shared_data
def test_the_real_table_is_read(settings: Settings, catalogue: Catalogue, shared_data: pathlib.Path) -> None:
    found = labels(with_file(settings, shared_data / "clc.tsv.gz"), catalogue)
    assert found["I242.4"] not in ("", "中国文学", "I242.4")
