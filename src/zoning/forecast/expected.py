"""The expected children of a forecast, split by what brings them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.forecast.by_block import residents_panel
from zoning.forecast.capture import capture_shares
from zoning.forecast.housing import HousingYield
from zoning.forecast.panel import Floats
from zoning.forecast.projects import NewHomes, Projects
from zoning.forecast.scenario import DELAYED_BY, Scenario
from zoning.forecast.start import FIRST_AGE, GRADES, Start


@dataclass(frozen=True, eq=False)
class Expected:
    """Expected children by what brings them; the drivers add up to the mean.

    Parameters
    ----------
    drivers
        Children by ``ageing``, ``progression``, ``births``, ``migration`` (see :meth:`Start.drivers_at`) and
        ``housing``, each float64 [block, grade, year].
    homes
        The children of ``housing`` by project, with their paths; None where nothing is added for new homes.
    notes
        What was assumed.
    weight
        What a resident child counts by grade, as its share of pupils, float64 [grade]; 1 when left out.
    """

    drivers: Mapping[str, Floats] = field(repr=False)
    homes: NewHomes | None = field(default=None, repr=False)
    notes: tuple[Text, ...] = ()
    weight: Floats = field(default_factory=lambda: np.ones(len(GRADES)), repr=False)

    @property
    def mean(self) -> Floats:
        """Expected children, float64 [block, grade, year], at least 0."""
        # Ageing less those who have left may round to a hair below 0.
        return np.maximum(sum(self.drivers.values()), 0.0)

    def scaled(self, factor: Floats) -> "Expected":
        """Return the children times a factor by grade, float64 [grade]."""
        homes = None if self.homes is None else self.homes.scaled(factor[:, None])
        drivers = {name: one * factor[:, None] for name, one in self.drivers.items()}
        return replace(self, drivers=drivers, homes=homes, weight=self.weight * factor)


def expected_children(
    district: District,
    start: Start,
    years: tuple[int, ...],
    *,
    calibrated: bool = True,
    scenario: Scenario | None = None,
) -> Expected:
    """Return the expected children of those years by block, grade and driver.

    Parameters
    ----------
    district
        The district.
    start
        Where the forecast starts, made for the same scenario.
    years
        School years, ascending.
    calibrated
        Whether children are counted as pupils expected in a school here rather than as residents.
    scenario
        What is supposed of new homes; as planned when left out.
    """
    scenario = Scenario() if scenario is None else scenario
    drivers = {name: ages[:, FIRST_AGE:] for name, ages in start.drivers_at(years).items()}
    homes, said = new_homes(district, start, years, scenario)
    blocks = len(district.block_frame)
    none = np.zeros((blocks, len(GRADES), len(years)))
    drivers["housing"] = none if homes is None else homes.by_block(blocks)
    found = Expected(drivers, homes)
    notes = [*start.notes, *said]
    if calibrated and start.share is None:
        shares, more = capture_shares(district, start.observed_by_age)
        found = found.scaled(np.where(np.isnan(shares), 1.0, shares))
        notes += more
    return replace(found, notes=tuple(dict.fromkeys(notes)))


def new_homes(
    district: District,
    start: Start,
    years: tuple[int, ...],
    scenario: Scenario,
    *,
    first_age: int = FIRST_AGE,
) -> tuple[NewHomes | None, list[Text]]:
    """Return the children of new homes beyond growth already counted, and what was assumed.

    Where a block's residents already progress (or move in) above its town's rate, the growth that this makes
    of them over the years is taken off the children of its projects, age by age and never below none.

    Parameters
    ----------
    district
        The district.
    start
        Where the forecast starts.
    years
        School years, ascending.
    scenario
        Whether projects come as planned.
    first_age
        Youngest age wanted.
    """
    table = district.table("housing")
    if table is None or table.empty:
        return None, [messages.text("forecast.no_housing")]
    projects = Projects.of_table(table, pd.Index(district.block_frame.index.astype(str)))
    ahead = projects.handover > start.year
    size = {"dwellings": float(projects.dwellings[ahead].sum()), "year": start.year}
    if scenario.housing == "cancelled":
        return None, [messages.text("forecast.housing_cancelled", **size)]
    if scenario.housing == "delayed":
        projects = projects.put_off(start.year, DELAYED_BY)
    panel, _ = residents_panel(district)
    last = max(years[-1], start.year)
    model = HousingYield().fit(projects, start.year, start.totals(last), panel=panel)
    homes = model.homes(years, first_age=first_age)
    blocks, of_block = np.unique(projects.unit, return_inverse=True)
    grown = start.excess(blocks, years)[:, first_age:]
    expected = homes.by_block(len(district.block_frame))[blocks]
    left = np.maximum(expected - grown, 0.0)
    kept = np.divide(left, expected, out=np.zeros_like(left), where=expected > 0)
    said = messages.text(
        "forecast.housing",
        **size,
        projects=len({n for n, open_ in zip(projects.names, ahead, strict=True) if open_}),
        level=model.level_,
        measured=int(model.measured_["project_id"].nunique()),
    )
    notes = [said]
    if scenario.housing == "delayed":
        notes.append(messages.text("forecast.housing_delayed", year=start.year, years=DELAYED_BY))
    return homes.scaled(kept[of_block]), notes
