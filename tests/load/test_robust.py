"""No input, however broken, gives a traceback."""

import re
import tempfile
from pathlib import Path

import pytest
from bad.form import ROSTER, TABLES, TOML, good_folder, write
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zoning.errors import DataError
from zoning.load import check_folder, read_district

CELLS = st.sampled_from(
    ["", "x", "-1", "1e9", "4.1E+17", "NaN", "是", "s1", "b1;b2", "=A1", "#N/A", '"', "\n", "，", "2026"]
)
FILES = st.sampled_from(sorted([*TABLES, "zoning.toml", "blocks.geojson"]))


def checked(folder: Path) -> None:
    """Assert that the folder is read exactly when its check found nothing that stops the reading."""
    stops = [p for p in check_folder(folder) if p.severity != "warning" and p.file != "roster.csv"]
    if stops:
        with pytest.raises(DataError, match=re.escape(stops[0].sentence())):
            read_district(folder)
    else:
        assert len(read_district(folder).block_frame) == 4


@given(FILES, st.floats(0, 1), st.binary(max_size=6), st.integers(0, 12))
@settings(max_examples=8, deadline=None)
@example("zoning.toml", 0.0, b"\xff\xfe", 0)
@example("births.csv", 0.0, b"\x00\x00\x00", 3)
@example("blocks.geojson", 0.5, b"", 12)
def test_broken_bytes(file: str, where: float, put: bytes, drop: int) -> None:
    """Bytes lost or added anywhere in any file end in a report, never in a traceback."""
    with tempfile.TemporaryDirectory() as work:
        folder = good_folder(Path(work))
        data = (folder / file).read_bytes()
        at = int(where * len(data))
        (folder / file).write_bytes(data[:at] + put + data[at + drop :])
        checked(folder)


@given(st.sampled_from(sorted([*TABLES, "roster.csv"])), st.integers(0, 5), st.integers(0, 12), CELLS)
@settings(max_examples=14, deadline=None)
def test_broken_cells(file: str, row: int, column: int, cell: str) -> None:
    """Any cell or header may hold anything."""
    with tempfile.TemporaryDirectory() as work:
        folder = good_folder(Path(work))
        lines = (TABLES | {"roster.csv": ROSTER})[file].splitlines()
        cells = lines[row % len(lines)].split(",")
        cells[column % len(cells)] = cell
        lines[row % len(lines)] = ",".join(cells)
        write(folder, file, "\n".join(lines) + "\n")
        checked(folder)


@given(
    st.sampled_from(
        ["place", "crs", "answers", "files", "policy", "thresholds", "policy.primary", "files.x"]
    ),
    st.sampled_from(
        ["name", "year", "input", "metric", "datum", "class_size", "radius_m", "mode", "hide_below", "odd"]
    ),
    st.sampled_from(["1", "-1", '""', '"x"', "[]", "{}", "true", "1.5", "2026-01-01", "{ city = 0 }"]),
)
@settings(max_examples=10, deadline=None)
def test_broken_project(section: str, key: str, value: str) -> None:
    """Any key of zoning.toml may hold any kind of value, in the right section or not."""
    with tempfile.TemporaryDirectory() as work:
        folder = good_folder(Path(work))
        text = TOML.replace(f"[{section}]", f"[{section}]\n{key} = {value}")
        if f"[{section}]" not in TOML:
            text += f"[{section}]\n{key} = {value}\n"
        write(folder, "zoning.toml", text)
        checked(folder)
