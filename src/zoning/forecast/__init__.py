"""The school-age population by block, grade and year."""

from zoning.forecast.backtest import Score, backtest
from zoning.forecast.cohort import CohortProgression
from zoning.forecast.dispersion import Dispersion, dispersion_of
from zoning.forecast.entry import BirthEntry, cohort_births
from zoning.forecast.forecast import Forecast
from zoning.forecast.panel import Panel
from zoning.forecast.residents import FURTHEST, forecast_residents
from zoning.forecast.simulator import ExtraPaths, Simulation
from zoning.forecast.stored import SamplePaths, StoredPaths

__all__ = [
    "FURTHEST",
    "BirthEntry",
    "CohortProgression",
    "Dispersion",
    "ExtraPaths",
    "Forecast",
    "Panel",
    "SamplePaths",
    "Score",
    "Simulation",
    "StoredPaths",
    "backtest",
    "cohort_births",
    "dispersion_of",
    "forecast_residents",
]
