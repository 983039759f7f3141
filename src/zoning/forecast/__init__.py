"""The school-age population by block, grade and year."""

from zoning.forecast.backtest import Backtest
from zoning.forecast.baselines import last_value, three_year_ratio
from zoning.forecast.booster import ResidualBooster
from zoning.forecast.by_county import school_panel
from zoning.forecast.coherent import CoherentSimulator
from zoning.forecast.cohort import CohortProgression
from zoning.forecast.dispersion import Dispersion
from zoning.forecast.enrolment import EnrolmentForecaster
from zoning.forecast.entry import BirthEntry, cohort_births
from zoning.forecast.forecast import Forecast
from zoning.forecast.housing import HousingYield
from zoning.forecast.migrants import MigrantChildren
from zoning.forecast.outlook import BirthOutlook
from zoning.forecast.panel import Panel
from zoning.forecast.panel_births import EntryAge
from zoning.forecast.residents import FURTHEST, forecast_residents
from zoning.forecast.scenario import Scenario
from zoning.forecast.simulator import ExtraPaths, Simulation
from zoning.forecast.split import RollingOriginSplit
from zoning.forecast.spread import forecaster_of
from zoning.forecast.stored import SamplePaths, StoredPaths

__all__ = [
    "FURTHEST",
    "Backtest",
    "BirthEntry",
    "BirthOutlook",
    "CoherentSimulator",
    "CohortProgression",
    "Dispersion",
    "EnrolmentForecaster",
    "EntryAge",
    "ExtraPaths",
    "Forecast",
    "HousingYield",
    "MigrantChildren",
    "Panel",
    "ResidualBooster",
    "RollingOriginSplit",
    "SamplePaths",
    "Scenario",
    "Simulation",
    "StoredPaths",
    "cohort_births",
    "forecast_residents",
    "forecaster_of",
    "last_value",
    "school_panel",
    "three_year_ratio",
]
