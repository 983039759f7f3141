"""How far off the forecast is on a panel of schools or places, beside last year's value and the 3-year ratio.

    python benchmarks/forecast.py PANEL.csv --births BIRTHS.csv --missing-year 2020
    python benchmarks/forecast.py PANEL.csv --json > errors.json
    python benchmarks/forecast.py --reproduce FOLDER      # the tables of docs/benchmarks.md

PANEL.csv has the columns year, school, grade, pupils and, where there are several, district; others are
ignored. Grades are whole numbers in order of progression, whatever the first; ages do as well. A school that
changed its district counts in the latest. BIRTHS.csv has year, births and, where they are given by place,
school or district (the school counts where both are), and month if there are months; only births up to the
origin are used.

Protocol. Every counted year T from the third of the panel on (--first-origin) is an origin: what is known are
the years up to T and nothing later, for the forecast, for what it learns of itself and for its bands. It is
held against the years T+1 to T+5 that are in the panel (--last-target). A year of --missing-year is counted
by nobody: no origin, no target, nothing to learn from. An origin needs two consecutive counted years by then.

  cell      school x grade. Scored when the school had the grade in T-1 (if that year is in the panel and was
            counted), in T and in T+h, with 10 pupils or more in T+h.
  school    the sum of the scored cells of a school whose first and last grade are the same in T and T+h.
  district  the sum of those schools by district (not all pupils of the district; without --json the tables
            have those too, as district_total). Without a column district the whole panel is one.

  wape        100 x sum of |forecast - pupils| / sum of pupils, %
  mape        mean of 100 x |forecast - pupils| / pupils, %
  mase        sum of |forecast - pupils| / sum of the mean absolute one-year change up to T of the same rows
  coverage80, coverage95  share (0-1) of rows within the band that is to hold 80 or 95 %; read off sums of the
            same sample paths at every level; null for the two methods beside, which state no band

"model" is the forecast, "ratio3" the school's own ratio of the last three years (entry grades: their mean),
"last_value" the pupils of year T. All are scored on the same rows, whatever they had to fall back on.

--json prints one object: {level: {measure: {method: {"1": x, ..., "5": x}}}}, null where nothing is scored.
Exit 0: scored. Exit 2: a file that cannot be used, and what to do about it, on standard error.
"""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from panels import BadPanelError, read_births, read_panel
from zoning.forecast import Backtest, EnrolmentForecaster, Panel, RollingOriginSplit
from zoning.forecast.backtest import METHODS
from zoning.forecast.scored import LEVELS, masks_of

HORIZON = 5
PATHS = 300
PRINTED = ("cell", "school", "district")
MEASURES = ("wape", "mape", "mase", "coverage80", "coverage95")
PERCENT = {"wape", "mape"}
DIGITS = 6
NAMES = {"model": "forecast", "ratio3": "3-year ratio", "last_value": "last value"}


def back_test(
    panel: Panel,
    births: pd.DataFrame | None,
    split: RollingOriginSplit,
    *,
    booster: bool = True,
    paths: int = PATHS,
) -> Backtest | None:
    """Return the back-test of a panel; None where nothing can be scored."""
    given = {} if booster else {"booster": None}
    counted = panel.counted
    if not (counted[1:] & counted[:-1]).any() or not split.get_n_splits(panel):
        return None
    test = Backtest(EnrolmentForecaster(births, **given), split, paths=paths)
    try:
        return test.fit(panel)
    except ValueError as error:
        if "no origin has a later year" not in str(error):
            raise
        return None


def as_json(test: Backtest | None) -> dict[str, Any]:
    """Return the errors of the three levels; None where nothing is scored."""
    found: dict[tuple[str, str, int], dict[str, float]] = {}
    if test is not None and len(test.scores_):
        of_all = test.scores_[test.scores_["size"] == "all"]
        found = {(r["level"], r["method"], r["horizon"]): r for r in of_all.to_dict("records")}

    def value(level: str, measure: str, method: str, step: int) -> float | None:
        number = found.get((level, method, step), {}).get(measure, math.nan)
        number *= 100 if measure in PERCENT else 1
        return round(number, DIGITS) if math.isfinite(number) else None

    steps = range(1, HORIZON + 1)
    return {
        level: {
            measure: {name: {str(h): value(level, measure, name, h) for h in steps} for name in METHODS}
            for measure in MEASURES
        }
        for level in PRINTED
    }


def print_tables(test: Backtest) -> None:
    """Print errors by level, entry grades apart, by size, with coverage, and the advice."""
    scores = test.scores_
    steps = sorted(scores["horizon"].unique())
    print(f"by years ahead: {', '.join(map(str, steps))} (WAPE and MAPE in %, coverage in %)\n")
    for level in LEVELS:
        of_level = scores[(scores["level"] == level) & (scores["size"] == "all")]
        if of_level.empty:
            continue
        counts = of_level[of_level["method"] == METHODS[0]].set_index("horizon")["count"]
        print(f"{level}: {' / '.join(f'{counts.get(h, 0):,}' for h in steps)} scored")
        for measure in MEASURES:
            scale = 1 if measure == "mase" else 100
            table = (
                of_level.pivot_table(index="method", columns="horizon", values=measure, dropna=False) * scale
            )
            for name in METHODS if not measure.startswith("coverage") else METHODS[:1]:
                print(f"  {measure:<11} {NAMES[name]:<13} {_line(table.loc[name].reindex(steps))}")
    print_parts(test, steps)
    print("\n" + "\n".join(text.en for text in test.advice_))


def print_parts(test: Backtest, steps: list[int]) -> None:
    """Print errors of cells by size, and of entry grades apart from those that a grade below feeds."""
    print("\ncells by size in the year of origin, WAPE")
    sizes = test.scores_[(test.scores_["level"] == "cell") & (test.scores_["size"] != "all")]
    for size, of_size in sizes.groupby("size", sort=False):
        table = of_size.pivot_table(index="method", columns="horizon", values="wape") * 100
        for name in METHODS:
            print(f"  {size:<11} {NAMES[name]:<13} {_line(table.loc[name].reindex(steps))}")
    print("\ncells by where their children come from, WAPE")
    for title, wape in entry_errors(test.rows_).items():
        for name in METHODS:
            print(f"  {title:<11} {NAMES[name]:<13} {_line(wape[name].reindex(steps))}")


def entry_errors(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return WAPE in % by years ahead and method, of entry grades and of those fed by a grade below."""
    cells = rows[rows["level"] == "cell"]
    found = {}
    for title, entry in (("entry grade", True), ("fed grade", False)):
        part = cells[cells["entry"] == entry]
        total = part.groupby("horizon")["actual"].sum()
        gaps = {name: (part[name] - part["actual"]).abs().groupby(part["horizon"]).sum() for name in METHODS}
        found[title] = pd.DataFrame({name: 100 * gap / total for name, gap in gaps.items()}, columns=METHODS)
    return found


def _line(values: pd.Series) -> str:
    return " / ".join(f"{v:6.2f}" if math.isfinite(v) else "     –" for v in values)


def with_entries(test: Backtest, panel: Panel) -> Backtest:
    """Note which scored cells no lower grade of their school fed at the origin."""
    rows = test.rows_
    entry = np.zeros(len(rows), dtype=np.bool_)
    cells = (rows["level"] == "cell").to_numpy()
    for (origin, step), at in rows[cells].groupby(["origin", "horizon"]).indices.items():
        year = origin - panel.years[0]
        below = np.roll(np.isnan(panel.counts[:, :, year]), 1, axis=1)
        below[:, 0] = True
        entry[np.flatnonzero(cells)[at]] = below[masks_of(panel, year, year + step).cells]
    test.rows_ = rows.assign(entry=entry)
    return test


def whole_number(text: str) -> int:
    """Return a year as a number; any other word after --missing-year is a mistake."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no year") from None


def _panel_first(arguments: list[str]) -> list[str]:
    """The same arguments, with a file that follows years of --missing-year moved to the front."""
    for at in range(1, len(arguments)):
        before, word = arguments[at - 1], arguments[at]
        if before.isdecimal() and "--missing-year" in arguments[:at] and word.lower().endswith(".csv"):
            return [word, *arguments[:at], *arguments[at + 1 :]]
    return arguments


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("panel", nargs="?", type=Path, metavar="PANEL.csv")
    parser.add_argument("--births", type=Path, metavar="BIRTHS.csv")
    parser.add_argument("--first-origin", type=int, metavar="YEAR", help="the panel's third year if left out")
    parser.add_argument("--last-target", type=int, metavar="YEAR", help="the panel's last year if left out")
    parser.add_argument(
        "--missing-year",
        type=whole_number,
        nargs="+",
        action="extend",
        default=[],
        metavar="YEAR",
        help="counted by nobody; one or more",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--reproduce", type=Path, metavar="FOLDER", help="that holds nyc/ and ecasd/")
    parser.add_argument(
        "--autoets",
        type=Path,
        metavar="PYTHON",
        help="with --reproduce: an interpreter that has statsforecast, if not this one",
    )
    given = parser.parse_args(_panel_first(sys.argv[1:] if arguments is None else arguments))
    if (given.panel is None) == (given.reproduce is None):
        parser.error("name either PANEL.csv or --reproduce FOLDER")
    return given


def main(arguments: list[str] | None = None) -> int:
    given = parse(arguments)
    if given.reproduce is not None:
        from forecast_tables import reproduce  # noqa: PLC0415 - it builds on this script

        return reproduce(given.reproduce, given.autoets)
    try:
        panel, notes = read_panel(given.panel, given.missing_year)
        births = None
        if given.births is not None:
            births, more = read_births(given.births, panel)
            notes += more
    except BadPanelError as error:
        print(error, file=sys.stderr)
        return 2
    split = RollingOriginSplit(horizon=HORIZON, first=given.first_origin, last_target=given.last_target)
    test = back_test(panel, births, split)
    if test is None:
        span = f"{panel.years[0]}-{panel.years[-1]}"
        notes.append(
            f"nothing to score: no origin in {span} with two consecutive years before a later target."
        )
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    if given.json:
        print(json.dumps(as_json(test), allow_nan=False))
    elif test is not None:
        print_tables(with_entries(test, panel))
    return 0


if __name__ == "__main__":
    sys.exit(main())
