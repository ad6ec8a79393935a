"""The sources as the architecture's tests see them: files of the tree and their syntax."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("union_catalog", "loaders", "indexers", "api")
PROGRAMS = (*PACKAGES, "benchmarks", "demo", "tools")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules(*roots: str) -> tuple[tuple[str, ast.Module], ...]:
    """(path relative to the root, syntax tree) of every module under ``roots``; migrations are left out, they
    never change."""
    found = sorted(path for root in roots for path in (ROOT / root).rglob("*.py"))
    kept = [path for path in found if "versions" not in path.parts]
    return tuple((str(path.relative_to(ROOT)), ast.parse(path.read_bytes())) for path in kept)


def nodes(*roots: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node of every module, with the module's path."""
    for path, tree in modules(*roots):
        for node in ast.walk(tree):
            yield path, node


def length(node: Function | ast.ClassDef) -> int:
    """Lines from the name to the end, without the docstring."""
    body = node.body
    first = body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    skipped = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - skipped


def files() -> list[Path]:
    """Every text file that belongs to the project: not ignored, not generated, not somebody else's."""
    skipped = {".git", ".venv", "var", "build", "dist", "vendor", "node_modules", "__pycache__"}
    found = []
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        hidden = any(part in skipped or part.endswith(("_cache", ".egg-info", ".hypothesis")) for part in parts)
        if not hidden and path.is_file() and path.suffix != ".lock":
            found.append(path)
    return found
