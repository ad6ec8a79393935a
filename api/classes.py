"""The table of classes that this installation names things by: the shipped one, and what its own file adds."""

from pathlib import Path

from flask import Flask, current_app, has_app_context

from union_catalog.bibliographic.classes import ClassTable, shipped
from union_catalog.context import Language

_EXTENSION = "union_catalog_classes"


def install_classes(app: Flask, path: str) -> None:
    """Takes deeper names from the file at ``path``, "" for none. Raises ConfigurationError for one that cannot be read."""
    app.extensions[_EXTENSION] = shipped().with_deeper(Path(path)) if path else shipped()


def class_table() -> ClassTable:
    """The table of the running application; the shipped one outside of any."""
    found: ClassTable = current_app.extensions.get(_EXTENSION, shipped()) if has_app_context() else shipped()
    return found


def class_name(number: str, language: Language) -> str:
    """The name of a class, of a number below the known ones that of the class it belongs to; "" for what begins with none."""
    table = class_table()
    return table.name(table.nearest(number), language)


def parent_class(number: str) -> str:
    """The class above a class or above any number; "" where there is none."""
    table = class_table()
    return table.parent(number) if table.is_known(number) else table.nearest(number)
