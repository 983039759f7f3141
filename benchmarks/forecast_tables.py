"""The tables of ``docs/benchmarks.md`` for two real panels, by ``benchmarks/forecast.py --reproduce FOLDER``.

FOLDER holds ``nyc/enrolment.csv``, ``ecasd/enrolment.csv`` and ``ecasd/births.csv``. Errors are of targets up
to 2019, coverage of all later targets too; 2020 was counted in another way in ``ecasd`` and is left out.
AutoETS is fitted to every cell by itself; where it refuses (fewer than seven years in a row) last value
stands in.
"""

import importlib.util
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecast import HORIZON, back_test, with_entries
from panels import BadPanelError, read_births, read_panel
from zoning.forecast import Panel, RollingOriginSplit
from zoning.forecast.scored import Level, masks_of, summed

ETS = "AutoETS"
SCRIPT = Path(__file__).with_name("autoets.py")
COLUMNS: tuple[tuple[Level, str], ...] = (
    ("cell", "wape"),
    ("school", "mape"),
    ("district", "mape"),
    ("district_total", "mape"),
)
TITLES = {
    "last_value": "last value",
    "ratio3": "3-year ratio",
    "shrunk": "shrunk ratio",
    "no births": "without births",
    "model": "forecast",
    ETS: ETS,
}


@dataclass(frozen=True)
class Place:
    """A real panel, what is scored of it and what is to be reached."""

    name: str
    births: bool
    first: int
    last_origin: int
    steps: int
    missing: tuple[int, ...]
    wanted: dict[str, tuple[float, ...]]


LAST_TARGET = 2019
PLACES = (
    Place(
        "nyc", False, 2015, 2018, 4, (), {"cell": (6.7, 9.8, 12.8, 15.2), "district": (1.1, 1.7, 3.0, 4.9)}
    ),
    Place(
        "ecasd",
        True,
        2006,
        2018,
        5,
        (2020,),
        {"cell": (7.2, 9.5, 10.9, 11.8, 11.8), "district": (1.2, 1.5, 1.3, 1.4, 1.7)},
    ),
)


def reproduce(folder: Path, python: Path | None) -> int:
    """Print the tables of both panels."""
    try:
        for place in PLACES:
            tables_of(place, folder / place.name, python)
    except BadPanelError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def tables_of(place: Place, folder: Path, python: Path | None) -> None:
    began = time.perf_counter()
    panel, _ = read_panel(folder / "enrolment.csv", place.missing)
    births = read_births(folder / "births.csv", panel)[0] if place.births else None
    split = RollingOriginSplit(horizon=HORIZON, first=place.first)
    test = back_test(panel, births, split)
    short = replace(split, last_target=LAST_TARGET)
    others = {"shrunk": back_test(panel, births, split, booster=False, paths=0)}
    if place.births:
        others["no births"] = back_test(panel, None, split, paths=0)
    if test is None or any(other is None for other in others.values()):
        raise BadPanelError(f"{folder}: holds nothing to score. Give the folder of the real panels.")
    rows = with_entries(test, panel).rows_
    rows = rows.assign(**{name: other.rows_["model"] for name, other in others.items() if other})
    python = python or (Path(sys.executable) if importlib.util.find_spec("statsforecast") else None)
    if python is None:
        ets_note = "AutoETS is left out: statsforecast is not installed (see --autoets)"
    else:
        rows, ets_note = with_ets(rows, panel, short, python)
    print_place(place, rows, ets_note)
    print(f"{time.perf_counter() - began:.0f} s\n")


def with_ets(
    rows: pd.DataFrame, panel: Panel, split: RollingOriginSplit, python: Path
) -> tuple[pd.DataFrame, str]:
    """Add the forecasts of AutoETS to the rows scored, and say how many cells it could be fitted to."""
    at = [int(train[-1]) for train, _ in split.split(panel)]
    runs = [run for n in at for run in runs_until(panel, n)]
    ahead, version = ets_ahead([values for _, _, _, values in runs], python)
    said = {n: np.repeat(panel.counts[:, :, n, None], HORIZON, axis=2) for n in at}
    fitted = 0
    for (n, unit, grade, _), course in zip(runs, ahead, strict=True):
        if np.isfinite(course).all():
            said[n][unit, grade] = course
            fitted += 1
    column = np.full(len(rows), np.nan)
    for (origin, step), index in rows.groupby(["origin", "horizon"]).indices.items():
        n = origin - panel.years[0]
        if n in said:
            masks = masks_of(panel, n, n + step)
            values, actual = (
                summed(panel, v, masks) for v in (said[n][:, :, step - 1], panel.counts[:, :, n + step])
            )
            levels = rows["level"].to_numpy()[index]
            for level in values:
                column[index[levels == level]] = values[level][actual[level] > 0]
    note = f"AutoETS (statsforecast {version}) was fitted to {fitted:,} of {len(runs):,} cells x origins"
    return rows.assign(**{ETS: column}), note + "; last value stands in for the others"


def runs_until(panel: Panel, at: int) -> list[tuple[int, int, int, np.ndarray]]:
    """Return the years in a row that each cell has up to an origin: origin, unit, grade, values."""
    counts = panel.counts[:, :, : at + 1]
    known = np.isfinite(counts)
    length = np.cumprod(known[:, :, ::-1], axis=2).sum(axis=2)
    cells = zip(*np.nonzero(length), strict=True)
    return [(at, int(u), int(g), counts[u, g, at + 1 - length[u, g] :]) for u, g in cells]


def ets_ahead(series: list[np.ndarray], python: Path) -> tuple[np.ndarray, str]:
    """Return the forecasts of AutoETS, float64 [series, horizon], and its version."""
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "series.npz", Path(folder) / "found.npz"
        start = np.concatenate([[0], np.cumsum([len(one) for one in series])]).astype(np.int64)
        np.savez(given, values=np.concatenate(series), start=start, horizon=HORIZON)
        subprocess.run([str(python), str(SCRIPT), str(given), str(found)], check=True)
        with np.load(found) as file:
            return file["ahead"], str(file["version"])


def print_place(place: Place, rows: pd.DataFrame, ets_note: str) -> None:
    """Print errors by method beside what is to be reached, entry grades apart, and coverage."""
    steps = range(1, place.steps + 1)
    until = rows[(rows["origin"] <= place.last_origin) & (rows["origin"] + rows["horizon"] <= LAST_TARGET)]
    births = " with births" if place.births else ""
    print(f"{place.name}{births}: origins {place.first}-{place.last_origin}, targets up to {LAST_TARGET}")
    print(f"h = {' / '.join(map(str, steps))}; {ets_note}")
    names = [name for name in TITLES if name in rows]
    heads = [f"{level} {measure.upper()}" for level, measure in COLUMNS] + ["entry cell WAPE"]
    print("| method | " + " | ".join(heads) + " |\n" + "|---" * (1 + len(heads)) + "|")
    for name in names:
        cells = [_joined(error(until, level, measure, name), steps) for level, measure in COLUMNS]
        cells.append(_joined(error(until[until["entry"]], "cell", "wape", name), steps))
        print(f"| {TITLES[name]} | " + " | ".join(cells) + " |")
    wanted = [" / ".join(f"{v:.1f}" for v in place.wanted.get(level, ())) or "–" for level, _ in COLUMNS]
    print(f"| to be reached | {' | '.join(wanted)} | – |")
    gains = 1 - error(until, "cell", "wape", "model") / error(until, "cell", "wape", "ratio3")
    print(f"cell WAPE below the 3-year ratio by {_joined(100 * gains, steps, digits=1)} %")
    target = rows["origin"] + rows["horizon"]
    print(f"\n| coverage, targets up to {target.max()} | 80 % band | 95 % band | rows |\n|---|---|---|---|")
    for level, _ in COLUMNS:
        part = rows[rows["level"] == level]
        bands = [_joined(coverage(part, band), steps) for band in ("80", "95")]
        counts = part.groupby("horizon").size().reindex(steps)
        print(f"| {level} | {' | '.join(bands)} | {' / '.join(f'{n:,}' for n in counts)} |")


def error(rows: pd.DataFrame, level: str, measure: str, name: str) -> Any:  # noqa: ANN401 - a series by horizon
    part = rows[rows["level"] == level]
    gap = (part[name] - part["actual"]).abs()
    if measure == "wape":
        return 100 * gap.groupby(part["horizon"]).sum() / part.groupby("horizon")["actual"].sum()
    return 100 * (gap / part["actual"]).groupby(part["horizon"]).mean()


def coverage(rows: pd.DataFrame, band: str) -> Any:  # noqa: ANN401 - a series by horizon
    inside = rows["actual"].between(rows[f"low{band}"] - 1e-9, rows[f"high{band}"] + 1e-9)
    return inside.groupby(rows["horizon"]).mean()


def _joined(values: Any, steps: range, *, digits: int = 2) -> str:  # noqa: ANN401 - a series by horizon
    return " / ".join(f"{v:.{digits}f}" for v in values.reindex(steps))
