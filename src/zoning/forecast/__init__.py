"""The school-age population by block, grade and year."""

from zoning.forecast.backtest import Score, backtest
from zoning.forecast.cohort import CohortProgression
from zoning.forecast.entry import BirthEntry, cohort_births
from zoning.forecast.forecast import Forecast
from zoning.forecast.housing import HousingYield
from zoning.forecast.migrants import MigrantChildren
from zoning.forecast.outlook import BirthOutlook
from zoning.forecast.panel import Panel
from zoning.forecast.residents import FURTHEST, forecast_residents
from zoning.forecast.scenario import Scenario

__all__ = [
    "FURTHEST",
    "BirthEntry",
    "BirthOutlook",
    "CohortProgression",
    "Forecast",
    "HousingYield",
    "MigrantChildren",
    "Panel",
    "Scenario",
    "Score",
    "backtest",
    "cohort_births",
    "forecast_residents",
]
