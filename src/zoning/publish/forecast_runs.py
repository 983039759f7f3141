"""From the district to what its book is made of: forecast, other assumptions, back-test."""

from dataclasses import dataclass, field, replace
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.forecast import Backtest, Forecast, Scenario, forecast_residents, forecaster_of, school_panel
from zoning.publish.forecast_book import Asked, ScenarioTotals

__all__ = ["NO_SCORES", "Past", "run_backtest", "run_forecast", "run_scenarios"]

Floats = npt.NDArray[np.float64]

NO_SCORES: Final = pd.DataFrame(
    columns=[
        "method",
        "level",
        "horizon",
        "size",
        "wape",
        "mape",
        "mase",
        "coverage80",
        "coverage95",
        "count",
    ]
)
_OTHERS: Final = (
    ("births", "low"), ("births", "high"), ("births", "medium"), ("housing", "planned"),
    ("housing", "delayed"), ("housing", "cancelled"), ("migration", "on"), ("migration", "off"),
)  # fmt: skip
"""What is varied, one at a time, against the scenario asked for."""


@dataclass(frozen=True, eq=False)
class Past:
    """How far off such forecasts have been on the district's own rolls.

    Parameters
    ----------
    scores
        Errors by method, level, horizon and size.
    advice
        What they mean.
    notes
        Why there are none.
    """

    scores: pd.DataFrame = field(default_factory=NO_SCORES.copy, repr=False)
    advice: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()


def _scenario(asked: Asked) -> Scenario:
    chosen: dict[str, Any] = {"births": asked.births, "housing": asked.housing, "migration": asked.migration}
    return Scenario(**chosen)


def run_forecast(district: District, asked: Asked) -> Forecast:
    """Return the forecast asked for.

    Raises
    ------
    DataError
        When there is nothing to forecast from, or a year is out of reach.
    """
    return forecast_residents(
        district, years=asked.years, paths=asked.paths, seed=asked.seed, scenario=_scenario(asked)
    )


def run_scenarios(district: District, asked: Asked, demand: Forecast) -> tuple[ScenarioTotals, ...]:
    """Return the county's totals as asked for and with one assumption changed at a time.

    An assumption that changes nothing, for want of the table that it is about, is left out.
    """
    here = {"births": asked.births, "housing": asked.housing, "migration": asked.migration}
    own = _totals(district, demand)
    found = [ScenarioTotals("asked", messages.text("publish_forecast.scenario_asked"), own, asked=True)]
    for name, value in _OTHERS:
        if here[name] == value:
            continue
        other = replace(asked, paths=1, **cast("dict[str, Any]", {name: value}))
        totals = _totals(district, run_forecast(district, other))
        if any(not np.allclose(totals[stage], own[stage], rtol=1e-9, atol=1e-6) for stage in own):
            label = messages.text(f"publish_forecast.scenario_{name}_{value}")
            found.append(ScenarioTotals(f"{name}_{value}", label, totals))
    return tuple(found)


def run_backtest(district: District) -> Past:
    """Return the errors of earlier forecasts on the district's rolls; where rolls are short, why not."""
    panel, _ = school_panel(district)
    if panel is None:
        return Past(notes=(messages.text("publish_forecast.no_backtest"),))
    try:
        tested = Backtest(forecaster_of(district, panel)).fit(panel)
    except ValueError:  # no origin with a later year
        return Past(notes=(messages.text("publish_forecast.no_backtest"),))
    return Past(tested.scores_, tuple(tested.advice_))


def _totals(district: District, demand: Forecast) -> dict[str, Floats]:
    return {
        stage.name: np.array([demand.of_stage(stage, year).sum() for year in demand.years])
        for stage in district.stages
    }
