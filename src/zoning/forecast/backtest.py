"""The back-test: what each method would have said in earlier years, how far off it was, how wide its bands.

At every origin only the years up to it are used: for the forecast, for how far the booster is believed and
for the spread of the paths. What is scored is said in :mod:`zoning.forecast.scored`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
import pandas as pd

from zoning import messages
from zoning.errors import Text
from zoning.forecast.bands import bands_of
from zoning.forecast.baselines import last_value, three_year_ratio
from zoning.forecast.coherent import CoherentSimulator
from zoning.forecast.enrolment import EnrolmentForecaster, Rolling
from zoning.forecast.estimator import Estimator
from zoning.forecast.panel import Floats, Panel
from zoning.forecast.scored import LEVELS, Level, Scored, masks_of, summed
from zoning.forecast.split import RollingOriginSplit

__all__ = ["METHODS", "Backtest"]

METHODS: Final = ("model", "ratio3", "last_value")
_SIZES: Final[Mapping[Level, tuple[int, ...]]] = {"cell": (20, 50, 100), "school": (150, 400, 1000)}
_SCORES: Final = [
    "level",
    "horizon",
    "size",
    "method",
    "wape",
    "mape",
    "mase",
    "coverage80",
    "coverage95",
    "count",
]


@dataclass(eq=False)
class Backtest(Estimator):
    """Errors and coverage of the forecast on a panel's own past, beside last value and the three-year ratio.

    Parameters
    ----------
    forecaster
        What is tested; the usual one when left out.
    split
        Origins and targets.
    paths
        Sample paths at each origin, from which bands are read; 0 leaves the coverage out.
    seed
        Of the paths.

    Attributes
    ----------
    scores_
        One row a method, level, horizon and size: ``wape``, ``mape`` and ``mase`` (shares), ``coverage80``
        and ``coverage95`` (shares; only of the model), ``count`` (rows scored, over all origins).
    rows_
        What the scores are of: one row an origin, horizon and cell, school or district.
    advice_
        In plain words, where last year's value is the better forecast.

    Examples
    --------
    >>> counts = np.full((1, 2, 5), 20.0)
    >>> panel = Panel(counts, ("s1",), ("North",), (1, 2), (2021, 2022, 2023, 2024, 2025))
    >>> test = Backtest(split=RollingOriginSplit(horizon=1), paths=50).fit(panel)
    >>> test.scores_.query("level == 'cell' and size == 'all'")[["method", "wape"]].round(6).values.tolist()
    [['model', 0.0], ['ratio3', 0.0], ['last_value', 0.0]]
    """

    forecaster: EnrolmentForecaster | None = None
    split: RollingOriginSplit = field(default_factory=RollingOriginSplit)
    paths: int = 300
    seed: int = 0
    rows_: pd.DataFrame = field(init=False, repr=False)
    scores_: pd.DataFrame = field(init=False, repr=False)
    advice_: tuple[Text, ...] = field(init=False, repr=False)

    def fit(self, panel: Panel) -> Self:
        """Forecast from every origin and hold it against what was counted.

        Raises
        ------
        ValueError
            When there is no origin with a year to score, or there are no children then.
        """
        rolling = Rolling(panel, self.forecaster or EnrolmentForecaster())
        simulator = CoherentSimulator(rolling.forecaster)
        tables = []
        for train, targets in self.split.split(panel):
            if panel.years[train[-1]] in rolling.years:
                tables += list(self._origin(rolling, simulator, int(train[-1]), targets.tolist()))
        if not tables:
            raise ValueError("no origin has a later year to score")
        rows = pd.concat(tables, ignore_index=True)
        if rows.empty:
            raise ValueError("no later year has children to score")
        self.rows_ = rows
        self.scores_ = _scores(self.rows_)
        self.advice_ = _advice(self.scores_)
        return self

    def _origin(
        self, rolling: Rolling, simulator: CoherentSimulator, at: int, targets: list[int]
    ) -> Iterator[pd.DataFrame]:
        panel, year = rolling.panel, rolling.panel.years[at]
        known = panel.until(year)
        horizon = self.split.horizon
        said = {
            "model": rolling.ahead(year, horizon),
            "ratio3": three_year_ratio(known, horizon),
            "last_value": last_value(known, horizon),
        }
        masks = {to - at: masks_of(panel, at, to) for to in targets}
        bands: dict[int, dict[Level, Floats]] = {}
        if self.paths:
            simulation = simulator.seen_from(rolling, year).simulation(
                np.concatenate([known.counts[:, :, -1:], said["model"]], axis=2),
                year,
                paths=self.paths,
                seed=self.seed,
            )
            bands = bands_of(panel, simulation, masks)
        for to in targets:
            step = to - at
            values = {name: ahead[:, :, step - 1] for name, ahead in said.items()}
            values |= {"actual": panel.counts[:, :, to], "now": panel.counts[:, :, at]}
            for table in _rows(panel, at, values, masks[step], bands.get(step, {})):
                yield table.assign(horizon=step, origin=year)


def _rows(
    panel: Panel, at: int, values: Mapping[str, Floats], masks: Scored, bands: Mapping[Level, Floats]
) -> Iterator[pd.DataFrame]:
    found = {name: summed(panel, value, masks) for name, value in values.items()}
    changes = _changes(panel, at, masks)
    for level in LEVELS:
        actual = found["actual"][level]
        table = pd.DataFrame({name: rows[level] for name, rows in found.items()})
        table["change"] = changes[level]
        for number, name in enumerate(("low95", "low80", "high80", "high95")):
            table[name] = bands[level][number] if level in bands else np.nan
        yield table[actual > 0].assign(level=level)


def _changes(panel: Panel, at: int, masks: Scored) -> dict[Level, Floats]:
    """Mean absolute change in a year, up to the origin, of the rows of every level; NaN where none."""
    sums = {
        level: np.zeros_like(rows) for level, rows in summed(panel, panel.counts[:, :, at], masks).items()
    }
    count = {level: np.zeros_like(rows) for level, rows in sums.items()}
    for n in range(1, at + 1):
        step = panel.counts[:, :, n] - panel.counts[:, :, n - 1]
        known = summed(panel, (~np.isnan(step)).astype(np.float64), masks)
        for level, change in summed(panel, step, masks).items():
            sums[level] += np.where(known[level] > 0, np.abs(np.nan_to_num(change)), 0.0)
            count[level] += known[level] > 0
    return {
        level: np.where(count[level] > 0, sums[level] / np.maximum(count[level], 1), np.nan)
        for level in LEVELS
    }


def _scores(rows: pd.DataFrame) -> pd.DataFrame:
    found = [
        {"level": level, "horizon": horizon, "size": size, "method": method} | _score(some, method)
        for level in LEVELS
        for horizon, part in rows[rows["level"] == level].groupby("horizon")
        for size, some in _by_size(part, level)
        for method in METHODS
    ]
    table = pd.DataFrame(found, columns=_SCORES)
    keys = [table["level"].map(LEVELS.index), table["size"] != "all", table["size"].map(_first)]
    keys += [table["method"].map(METHODS.index), table["horizon"]]
    return table.iloc[np.lexsort(keys[::-1])].reset_index(drop=True)


def _first(size: str) -> int:
    """The lower bound of a band of sizes."""
    return int(size.partition("-")[0].rstrip("+")) if size != "all" else 0


def _by_size(part: pd.DataFrame, level: Level) -> Iterator[tuple[str, pd.DataFrame]]:
    """Rows of a level whatever their size, then band by band."""
    yield "all", part
    steps = _SIZES.get(level, ())
    place = np.digitize(part["now"], steps)
    names = [f"{low}-{high - 1}" for low, high in zip((0, *steps), steps, strict=False)]
    for number in np.unique(place) if steps else ():
        yield [*names, f"{steps[-1]}+"][number], part[place == number]


def _score(part: pd.DataFrame, method: str) -> dict[str, float]:
    gap = (part[method] - part["actual"]).abs()
    scaled = part["change"].notna()
    change = float(part.loc[scaled, "change"].sum())
    covered = {"coverage80": float("nan"), "coverage95": float("nan")}
    if method == "model" and part["low80"].notna().all():
        for band in ("80", "95"):
            inside = part["actual"].between(part[f"low{band}"] - 1e-9, part[f"high{band}"] + 1e-9)
            covered[f"coverage{band}"] = float(inside.mean())
    return {
        "wape": float(gap.sum() / part["actual"].sum()),
        "mape": float((gap / part["actual"]).mean()),
        "mase": float(gap[scaled].sum() / change) if change > 0 else float("nan"),
        **covered,
        "count": len(part),
    }


def _advice(scores: pd.DataFrame) -> tuple[Text, ...]:
    """Where last year's value would have been nearer, level by level; that it nowhere would, if so."""
    found = []
    of_all = scores[(scores["size"] == "all") & (scores["level"] != "district_total")]
    for level, measure in (("cell", "wape"), ("school", "mape"), ("district", "mape")):
        table = of_all[of_all["level"] == level].pivot_table(
            index="horizon", columns="method", values=measure
        )
        if table.empty:
            continue
        worse = [int(h) for h in table.index[table["last_value"] < table["model"]]]
        if worse:
            name = messages.text(f"forecast.level_{level}")
            found.append(
                messages.text("forecast.use_last_value", level=name, years=", ".join(map(str, worse)))
            )
    if found or of_all.empty:
        return tuple(found)
    return (messages.text("forecast.use_model"),)
