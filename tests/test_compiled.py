"""Compiled loops follow their sources."""

import subprocess
import sys
from pathlib import Path

INNER = """from zoning.compiled import inlined

@inlined
def step(value):
    return value + {more}
"""
OUTER = """from zoning.compiled import compiled
from inner import step

@compiled
def walk(value):
    return step(value)
"""


def test_a_change_in_a_module_beside_a_kernel_reaches_it(tmp_path: Path) -> None:
    """Who updates the package runs the new code, not what was compiled from the old."""
    (tmp_path / "outer.py").write_text(OUTER, encoding="utf-8")
    found = []
    for more in (1, 1, 20):
        (tmp_path / "inner.py").write_text(INNER.format(more=more), encoding="utf-8")
        command = [sys.executable, "-c", "from outer import walk; print(walk(1))"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        found.append(int(done.stdout))
    assert found == [2, 2, 21]
