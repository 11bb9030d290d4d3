"""Our modules and what they import, read from the syntax trees: nothing is run."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOP = {"bot", "handlers", "storage", "locales"}


def modules():
    for top in sorted(TOP):
        yield from sorted(p for p in (ROOT / top).rglob("*.py"))


@cache
def parsed(path):
    return ast.parse(path.read_text())


def imports(path):
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield from (
                [f"bot.{alias.name}" for alias in node.names] if module == "bot" else [module]
            )
