"""Rules of the house that a reader of one file cannot see broken."""

import ast
import re
import statistics

import pytest

from tests.architecture.sources import PACKAGES, PROGRAMS, ROOT, Function, files, length, modules, nodes

LONGEST_MODULE = 400
LONGEST_FUNCTION = 45
LONGEST_TEST = 60
MEDIAN_FUNCTION = 13

# The boundaries at which whatever happens is told and counted. Each handler there says in a comment why it is
# broad.
BROAD_HANDLERS = {
    "api/errors.py": "the web",
    "indexers/relay.py": "the relay's loop",
    "loaders/preparing.py": "a loader's record",
    "union_catalog/services/jobs.py": "background work",
}


def test_no_module_is_longer_than_a_reader_s_patience() -> None:
    sizes = {path: len((ROOT / path).read_text("utf-8").splitlines()) for path, _ in modules(*PROGRAMS, "tests")}
    assert {path: size for path, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_functions_are_short_and_none_is_long() -> None:
    lengths = {f"{path}:{node.lineno} {node.name}": length(node) for path, node in nodes(*PROGRAMS, "tests") if isinstance(node, Function)}
    longest = {name: LONGEST_TEST if name.startswith("tests/") else LONGEST_FUNCTION for name in lengths}
    assert {name: size for name, size in lengths.items() if size > longest[name]} == {}
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION


def test_only_the_clock_asks_what_time_it_is() -> None:
    asked = [
        f"{path}:{node.lineno}"
        for path, node in nodes(*PACKAGES)
        if path != "union_catalog/clock.py"
        and isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today", "fromtimestamp"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date", "dt"}
    ]
    assert asked == []


def test_imports_stand_at_the_top() -> None:
    inside = [
        f"{path}:{statement.lineno}"
        for path, node in nodes(*PROGRAMS)
        if isinstance(node, Function)
        for statement in ast.walk(node)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_broad_handlers_stand_at_the_boundaries_only() -> None:
    broad: dict[str, int] = {}
    for path, node in nodes(*PACKAGES):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}):
            broad[path] = broad.get(path, 0) + 1
    assert set(broad) <= set(BROAD_HANDLERS)
    assert max(broad.values(), default=1) == 1


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_says_what_it_knows(package: str) -> None:
    homes = {str(folder.relative_to(ROOT)) for folder in (ROOT / package).rglob("*") if any(folder.glob("*.py"))}
    documented = {path.removesuffix("/__init__.py"): ast.get_docstring(tree) for path, tree in modules(package)}
    silent = [home for home in homes if "versions" not in home and not documented.get(home)]
    assert silent == []


def test_every_module_says_what_it_is_for() -> None:
    assert [path for path, tree in modules(*PACKAGES) if not ast.get_docstring(tree)] == []


def test_no_docstring_merely_repeats_a_name() -> None:
    empty_words = {"a", "an", "and", "the", "of", "in", "for", "to", "get", "return", "returns", "this", "class"}
    idle = []
    for path, node in nodes(*PROGRAMS):
        if isinstance(node, Function | ast.ClassDef) and (told := ast.get_docstring(node)):
            name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name).lower()
            said = set(re.findall(r"\w+", told.lower())) - empty_words - set(name.split("_"))
            idle += [] if said else [f"{path}:{node.lineno} {node.name}"]
    assert idle == []


def test_no_room_for_everything() -> None:
    names = {path.rsplit("/", 1)[-1] for path, _ in modules(*PROGRAMS)}
    assert not names & {"utils.py", "util.py", "helpers.py", "common.py", "misc.py"}


def test_nothing_is_silenced_without_a_reason() -> None:
    bare = re.compile(r"#\s*(type: ignore|noqa)(\[[\w, -]+\]|:\s*[A-Z0-9, ]+)?\s*$")
    silenced = [
        f"{path}:{number}"
        for path, _ in modules(*PROGRAMS, "tests")
        for number, line in enumerate((ROOT / path).read_text("utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert silenced == []


def test_the_tree_names_no_machine_and_leaves_no_notes() -> None:
    telling = re.compile(r"(?<![\w.])/(work|root)/[\w.]|\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    found = []
    for path in files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in telling.finditer(text)]
    assert found == []
