"""The school-age population by block, grade and year."""

from zoning.forecast.backtest import Score, backtest
from zoning.forecast.cohort import CohortProgression
from zoning.forecast.entry import BirthEntry, cohort_births
from zoning.forecast.forecast import Forecast
from zoning.forecast.panel import Panel
from zoning.forecast.residents import FURTHEST, forecast_residents

__all__ = [
    "FURTHEST",
    "BirthEntry",
    "CohortProgression",
    "Forecast",
    "Panel",
    "Score",
    "backtest",
    "cohort_births",
    "forecast_residents",
]
