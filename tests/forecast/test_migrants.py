"""Migrant children: an inflow that is counted once, and a switch."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zoning.district import District
from zoning.forecast import Forecast, MigrantChildren, Panel, Scenario, forecast_residents

MakeDistrict = Callable[..., District]
TOWNS = {"b1": "North", "b2": "North", "b3": "South", "b4": "South"}
YEARS = range(2022, 2027)


def table(locals_: float = 20.0, moving: float = 2.0, *, years: range = YEARS) -> pd.DataFrame:
    """As many locals of every age; at every age as many migrants move in every year, and stay."""
    rows = [
        (b, y, a, locals_ + moving * a, locals_, moving * a) for b in TOWNS for y in years for a in range(18)
    ]
    return pd.DataFrame(rows, columns=["block_id", "year", "age", "residents", "registered", "migrants"])


def notes(demand: Forecast) -> str:
    """All notes as one text."""
    return " ".join(note.en for note in demand.notes)


def test_a_steady_inflow_goes_on(make_district: MakeDistrict) -> None:
    """Where two children of every age move in a year, the forecast is what has been there all along."""
    demand = forecast_residents(make_district(TOWNS, residents=table()), years=[2026, 2030])
    of_age = 20.0 + 2.0 * np.arange(3, 18)
    assert demand.mean[0, :, 0] == pytest.approx(of_age)
    assert demand.mean[0, :, 1] == pytest.approx(of_age)
    assert "move in at +136 a year" in notes(demand)


def test_switched_off_nobody_moves_in(make_district: MakeDistrict) -> None:
    """Migrants who live here grow older and stay; no more come."""
    demand = forecast_residents(
        make_district(TOWNS, residents=table()), years=[2028], scenario=Scenario(migration="off")
    )
    assert demand.mean[0, 2:, 0] == pytest.approx(20.0 + 2.0 * (np.arange(5, 18) - 2))
    assert "no more migrant children" in notes(demand)


def test_one_year_has_no_switch(make_district: MakeDistrict) -> None:
    """One counted year tells nothing of who moves in, and says so, whatever the scenario."""
    county = make_district(TOWNS, residents=table(years=range(2026, 2027)))
    on, off = (
        forecast_residents(county, years=[2028], scenario=Scenario(migration=one)) for one in ("on", "off")
    )
    assert (on.mean == off.mean).all()
    assert "no switch of its own" in notes(on)


def test_registered_alone_tell_migrants_apart(make_district: MakeDistrict) -> None:
    """Where migrants is blank, the residents who are not registered are the migrants."""
    blank = table().assign(migrants=np.nan)
    whole, other = (
        forecast_residents(make_district(TOWNS, residents=one), years=[2029]).mean for one in (table(), blank)
    )
    np.testing.assert_allclose(other, whole, rtol=1e-12)


def test_blank_cells_are_not_taken_for_nobody(make_district: MakeDistrict) -> None:
    """A block that gave no migrants in one year has not gained them all in the next."""
    people = table(moving=0.0).assign(residents=25.0, migrants=5.0)
    gap = (people["block_id"] == "b1") & (people["year"] == 2025)
    people.loc[gap, ["registered", "migrants"]] = np.nan
    demand = forecast_residents(make_district(TOWNS, residents=people), years=[2030])
    assert demand.mean == pytest.approx(25.0)


def test_more_leave_than_there_are(make_district: MakeDistrict) -> None:
    """Where migrants moved away there are fewer every year, and never less than none."""
    people = table(moving=0.0)
    people["migrants"] = 40.0 * (2026 - people["year"])
    people["residents"] = people["registered"] + people["migrants"]
    demand = forecast_residents(make_district(TOWNS, residents=people), years=range(2026, 2034))
    assert (demand.mean >= 0).all()
    assert demand.mean[0, 12, 1] < 20.0


quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(st.integers(0, 10**6))
def test_a_child_who_moves_in_is_counted_once(seed: int) -> None:
    """Ratios of the others and the inflow beyond them make exactly the next year's residents of the town."""
    rng = np.random.default_rng(seed)
    others = rng.poisson(30.0, (6, 8, 2)).astype(float) + 1
    guests = rng.poisson(10.0, (6, 8, 2)).astype(float)
    grid = (tuple("abcdef"), ("N",) * 6, tuple(range(8)), (2025, 2026))
    ratios = others[:, 1:, 1] / others[:, :-1, 0]
    residents = Panel(others + guests, *grid)
    model = MigrantChildren(town_shrinkage=0.0).fit(residents, Panel(guests, *grid), ratios)
    ahead = residents.counts[:, :-1, 0] * ratios + model.inflow_[:, 1:]
    np.testing.assert_allclose(ahead.sum(axis=0), residents.counts[:, 1:, 1].sum(axis=0), rtol=1e-9)


def test_a_block_that_gains_more_is_shrunk_towards_its_town() -> None:
    """One block takes all the inflow of its town: its own rate lies between the town's and what was seen."""
    residents = np.full((4, 10, 2), 20.0)
    guests = np.zeros((4, 10, 2))
    guests[0, :, 1] = 4.0
    grid = (tuple("abcd"), ("N", "N", "S", "S"), tuple(range(10)), (2025, 2026))
    model = MigrantChildren().fit(Panel(residents, *grid), Panel(guests, *grid), np.ones((4, 9)))
    per_block = model.inflow_[:, 1:].mean(axis=1)
    assert 0.0 < per_block[1] < per_block[:2].mean() < per_block[0] < 4.0
    assert 0.0 < per_block[2] == per_block[3] < per_block[:2].mean() < 2.0
    assert model.predict(3).shape == (4, 10, 3)


def test_two_years_are_needed() -> None:
    """One year of migrants is refused with the reason."""
    one = Panel(np.ones((1, 3, 1)), ("a",), ("N",), (1, 2, 3), (2026,))
    with pytest.raises(ValueError, match="two consecutive years"):
        MigrantChildren().fit(one, one, np.ones((1, 2)))
    with pytest.raises(ValueError, match="Invalid parameter 'rate'"):
        MigrantChildren().set_params(rate=1.0)
    assert MigrantChildren().set_params(unit_shrinkage=3.0).get_params()["unit_shrinkage"] == 3.0
