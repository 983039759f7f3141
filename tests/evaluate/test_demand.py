"""Who needs a seat when the forecast has sample paths."""

import dataclasses

import numpy as np
import pytest
from tests.towns import demand_of, square_town

from zoning.district import District
from zoning.evaluate.demand import planned_pupils, zoned_demand
from zoning.forecast import Dispersion, Forecast, Simulation
from zoning.options import ZoneOptions

TOWN = np.array([0, 0, 1, 1])


def drawn(district: District, pupils: float, paths: int = 400) -> Forecast:
    """The point forecast of four blocks with paths around it, steady for two years."""
    demand = demand_of(district, pupils, years=(2027, 2028))
    grades = len(demand.grades)
    course = np.full((4, grades, 3), pupils / grades)
    simulation = Simulation(course, demand.grades, (2026, 2027, 2028), TOWN, Dispersion.usual(), paths)
    return dataclasses.replace(demand, simulation=simulation)


def test_planned_pupils_of_a_town_are_the_quantile_of_its_sums() -> None:
    """Seats for nine years out of ten hold what the town's blocks have together, not the sum of their own."""
    district = square_town(2, 2, schools=[(0, 0)], capacity=500, towns=["A", "A", "B", "B"])
    demand = drawn(district, 60.0)
    planned = planned_pupils(district, demand, stage="primary", year=2028, quantile=0.9)
    sums = demand.sums(np.arange(4), TOWN, 1.0, 2, years=[2028]).sum(axis=(2, 3))
    assert np.bincount(TOWN, weights=planned) == pytest.approx(np.quantile(sums, 0.9, axis=0))
    alone = demand.quantiles([0.9], stage=district.stage("primary"))[0, :, 1]
    assert planned.sum() < alone.sum()
    mean = planned_pupils(district, demand, stage="primary", year=2028, quantile=None)
    assert mean == pytest.approx(60.0)


def test_pupils_of_private_schools_leave_every_path() -> None:
    """Who attends a private school is taken from the mean and from each path in the same proportion."""
    ownership = {"ownership": ["public", "private"]}
    district = square_town(
        2,
        2,
        schools=[(0, 0), (1, 1)],
        capacity=[500, 60],
        towns=["A", "A", "B", "B"],
        school_columns=ownership,
    )
    demand = drawn(district, 60.0)
    options = ZoneOptions(deduct_private=True)
    zoned = zoned_demand(district, demand, stage="primary", year=2027, options=options).forecast
    one = (np.arange(4), TOWN, 1.0, 2)
    assert zoned.mean[:, :, 0] == pytest.approx(0.75 * demand.mean[:, :, 0])
    factor = np.array([0.75, 1.0])
    np.testing.assert_allclose(zoned.sums(*one), demand.sums(*one) * factor)
