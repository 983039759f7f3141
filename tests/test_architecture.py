"""The budgets of the code, held by tests: size, arrows, documented errors, one sentence a test."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "zoning").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
MODULE_LINES = 300
BODY_LINES = 40


def name_of(path: Path) -> str:
    """Return a path as the test report shows it."""
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a module, methods included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its signature and docstring."""
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    return 0 if not body else (body[-1].end_lineno or 0) - body[0].lineno + 1


def raised_names(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Return the exceptions that a function raises by name itself."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            target = node.exc.func
            found.add(target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", ""))
    return found - {""}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_modules_are_short(path: Path) -> None:
    """A module that a reader can hold in mind has at most 300 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_function_bodies_are_short(path: Path) -> None:
    """A function body has at most 40 lines, its docstring not counted."""
    long = {f.name: body_lines(f) for f in functions(path) if body_lines(f) > BODY_LINES}
    assert long == {}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_public_functions_document_what_they_raise(path: Path) -> None:
    """Whoever calls a public function that raises can read which error comes when."""
    silent = [
        f.name
        for f in functions(path)
        if not f.name.startswith("_") and raised_names(f) and "Raises" not in (ast.get_docstring(f) or "")
    ]
    assert silent == []


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_every_test_says_what_it_protects(path: Path) -> None:
    """A failing test tells in one sentence which promise broke."""
    mute = [f.name for f in functions(path) if f.name.startswith("test_") and not ast.get_docstring(f)]
    assert mute == []


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_error_tests_match_the_message(path: Path) -> None:
    """An error test that accepts any message would pass for the wrong error."""
    loose = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "raises"
        and "match" not in {keyword.arg for keyword in node.keywords}
    ]
    assert loose == []


def test_imports_point_downwards() -> None:
    """What a good plan is never depends on how one is found or shown."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("package", "home"),
    [
        ("osmnx", "travel/streets"),
        ("folium", "publish/atlas"),
        ("ortools", "zones/assign"),
        ("numba", "compiled"),
        ("py_arkworks_bls12381", "lottery/beacon"),
    ],
)
def test_big_libraries_have_one_home(package: str, home: str) -> None:
    """A library that may have to be replaced is imported in one place only."""
    users = [
        name_of(path)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and any(a.name.split(".")[0] == package for a in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == package)
    ]
    assert all(user.startswith(f"src/zoning/{home}") for user in users), users


def test_help_needs_no_heavy_library() -> None:
    """`zoning --help` answers at once because nothing heavy is imported before a command runs."""
    code = (
        "import sys, zoning.cli as c; c.build_app('en');"
        "print(sorted({'numpy','pandas','geopandas','shapely','scipy','ortools','numba','folium','matplotlib','osmnx'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_the_package_costs_nothing() -> None:
    """`import zoning` loads no dependency at all, so that a script starts at once."""
    code = "import sys, zoning; print(sorted({'numpy', 'pandas', 'pyproj', 'typer'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
