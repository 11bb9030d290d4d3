"""The mutants as mutmut writes them into `mutants/`, which line each changes, and the type checker's word."""

import ast
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER = Path("mutants")
RULES = ("bot/domain", "bot/services")


@dataclass(frozen=True)
class Mutant:
    name: str  # as mutmut's switch takes it
    source: str
    function: str
    span: tuple[int, int]  # its lines in the changed file
    line: int  # what it changes, in the source
    body: tuple[int, int]  # lines of its function in the source
    was: str
    is_: str
    refused: str | None = None


def make() -> list[Mutant]:
    """Write all mutants of the rules and read back what they are."""
    script = (
        "import mutmut.__main__ as m, os; m.set_mutant_under_test('mutant_generation');"
        "os.makedirs('mutants', exist_ok=True); m.copy_src_dir(); m.copy_also_copy_files();"
        "m.setup_source_paths(); m.store_lines_covered_by_tests(); m.create_mutants(2)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.DEVNULL)
    found = []
    for spans in sorted(path for rules in RULES for path in (FOLDER / rules).rglob("*.spans")):
        found += mutants_of(spans.relative_to(FOLDER).with_suffix("").as_posix())
    return found


def mutants_of(source: str) -> list[Mutant]:
    spans = json.loads((FOLDER / f"{source}.spans").read_text())["spans"]
    names = json.loads((FOLDER / f"{source}.meta").read_text())["exit_code_by_key"]
    lines = (FOLDER / source).read_text().split("\n")
    functions = _functions(Path(source).read_text())
    ends = {span.rpartition(".")[2]: where for span, where in spans.items()}
    found = []
    for name in names:
        mangled = name.rpartition(".")[2]
        original = re.sub(r"_\d+$", "_orig", mangled)
        node = functions[mangled.split("__mutmut_")[0]]
        (a, b), (c, d) = ends[original], ends[mangled]
        was, is_ = lines[a - 1 : b], lines[c - 1 : d]
        plain = [line.replace(mangled, original) for line in is_]
        pairs = enumerate(zip(was, plain, strict=False))
        at = next((n for n, (old, new) in pairs if old != new), min(len(was), len(is_)) - 1)
        head = next(n for n, line in enumerate(was) if re.match(r"\s*(async )?def ", line))
        body = (_first_line(node), node.end_lineno or node.lineno)
        text = was[at].strip(), plain[at].strip()
        found.append(Mutant(name, source, mangled, (c, d), node.lineno + at - head, body, *text))
    return found


def _functions(text: str) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(text)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = {f"x_{it.name}": it for it in tree.body if isinstance(it, kinds)}
    for owner in (it for it in ast.walk(tree) if isinstance(it, ast.ClassDef)):
        own = (it for it in owner.body if isinstance(it, kinds))
        found |= {f"xǁ{owner.name}ǁ{it.name}": it for it in own}
    return found


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Of its body, past the docstring."""
    documented = ast.get_docstring(node) is not None and len(node.body) > 1
    return node.body[1 if documented else 0].lineno


def checked(found: list[Mutant]) -> list[Mutant]:
    """With the type checker's refusals: what it refuses would never have been merged."""
    command = [sys.executable, "-m", "mypy", "--no-warn-unused-ignores", "--output", "json", *RULES]
    said = subprocess.run(
        command, cwd=FOLDER, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    errors: dict[str, dict[int, str]] = {}
    for row in map(json.loads, filter(str.strip, said.stdout.splitlines())):
        # That a class sets its fields in each copy of a function is the copies' own.
        if row["severity"] == "error" and "already defined on line" not in row["message"]:
            errors.setdefault(row["file"], {})[row["line"]] = row["message"]
    if not errors:
        raise SystemExit(f"the type checker did not run: {said.stderr or said.stdout}")
    return [
        replace(it, refused=next(_within(errors.get(it.source, {}), it.span), None)) for it in found
    ]


def _within(errors: dict[int, str], span: tuple[int, int]):
    return (text for line, text in errors.items() if span[0] <= line <= span[1])
