"""Children of new homes: hand-worked projects, measured yields, paths around the expectation."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.forecast import HousingYield, Panel
from zoning.forecast.projects import NewHomes, Projects

BLOCKS = pd.Index([f"b{n}" for n in range(6)])
PLAIN: dict[str, Any] = {"ramp": (0.5,), "delay": (1.0,), "arrival": (1.0, 1.0)}
PRIMARY = 0.0752 * 2.35 / 6
STEADY = np.full((18, 12), 100.0)


def projects(*rows: tuple[str, str, int, float, str]) -> Projects:
    """Projects of rows: id, block, year, dwellings, type."""
    columns = ["project_id", "block_id", "handover_year", "dwellings", "type"]
    return Projects.of_table(pd.DataFrame(rows, columns=columns), BLOCKS)


def residents(counts: np.ndarray, first: int, *, towns: str = "NNNSSS") -> Panel:
    """A panel of blocks by age 0-17 and year."""
    years = tuple(range(first, first + counts.shape[2]))
    return Panel(counts, tuple(BLOCKS[: len(counts)]), tuple(towns[: len(counts)]), tuple(range(18)), years)


def several() -> Projects:
    """Projects of several types, handed over and open, two of them parts of one."""
    return projects(
        ("p", "b1", 2027, 300, "commercial"),
        ("p", "b2", 2028, 200, "commercial"),
        ("q", "b1", 2025, 500, "resettlement"),
        ("r", "b4", 2029, 800, ""),
    )


def test_a_project_worked_by_hand() -> None:
    """A thousand dwellings, half of them lived in, bring 25.4, 75.2 and 38.2 pupils per 2350/2 people."""
    model = HousingYield(**PLAIN).fit(projects(("p", "b1", 2028, 1000, "")), 2026, STEADY)
    children = model.predict(range(2026, 2030))[0]
    assert children[:, :2].sum() == 0
    assert children[:3, 2].sum() == pytest.approx(1175 * 0.0254)
    assert children[3:9, 2].sum() == pytest.approx(1175 * 0.0752)
    assert children[9:12, 2].sum() == pytest.approx(1175 * 0.0382)
    assert children[:, 3] == pytest.approx(children[:, 2])


def test_dwellings_fill_and_come_late() -> None:
    """A tenth lived in at once, half a year later; a project in four a year late: the mean of both."""
    model = HousingYield(ramp=(0.1, 0.5), delay=(0.75, 0.25), arrival=(1.0, 1.0))
    grade_1 = model.fit(projects(("p", "b1", 2027, 1000, "")), 2026, STEADY).predict(range(2026, 2031))[0, 3]
    filled = [0, 0.75 * 0.1, 0.75 * 0.5 + 0.25 * 0.1, 0.5, 0.5]
    assert grade_1 == pytest.approx(1000 * PRIMARY * np.asarray(filled))


def test_children_of_new_homes_grow_older_once() -> None:
    """Who moved in at six is the same child at seven; later newborns are as many as in settled homes."""
    model = HousingYield(ramp=(0.5,), delay=(1.0,), arrival=(1.4, 0.6), settled=4)
    model.fit(projects(("p", "b1", 2027, 1000, "")), 2026, STEADY)
    children = model.predict(range(2027, 2038))[0]
    for grade in range(1, 6):
        assert children[grade + 3, 1] == pytest.approx(children[grade + 2, 0])
    young = 500 * 0.0254 * 2.35 / 3
    assert children[0, 0] == pytest.approx(young * (1.4 - 0.8 * 3 / 17))
    assert children[0, 3] == pytest.approx(young * 1.4)  # born as the family moved in
    assert children[0, 7:] == pytest.approx(young)  # born four years later or more


def test_a_smaller_cohort_is_smaller_in_new_homes_too() -> None:
    """Where the place has half as many children of an age, so have its new homes."""
    course = STEADY.copy()
    course[6, 2:] = 50.0
    model = HousingYield(**PLAIN).fit(projects(("p", "b1", 2027, 1000, "")), 2026, course)
    assert model.predict([2027, 2028])[0, 3] == pytest.approx(500 * PRIMARY * np.array([1.0, 0.5]))


def test_who_moved_in_before_the_count_is_not_added() -> None:
    """Of a project that was half full when residents were counted, the other half is still to come."""
    model = HousingYield(ramp=(0.2, 0.4, 0.6, 0.8), delay=(1.0,), arrival=(1.0, 1.0))
    model.fit(projects(("p", "b1", 2025, 1000, "")), 2026, STEADY)
    grade_1 = model.predict(range(2026, 2030))[0, 3]
    assert grade_1 == pytest.approx(1000 * PRIMARY * np.array([0.0, 0.2, 0.4, 0.4]))


def test_a_yield_measured_before_and_after() -> None:
    """An empty block that gained half of what was expected pulls the yield down by its weight."""
    counts = np.full((6, 18, 3), 10.0)
    counts[1] = 0.0
    given_ = projects(("p", "b1", 2025, 1000, "commercial"), ("q", "b4", 2028, 100, "rental"))
    model = HousingYield(**PLAIN)
    wanted = model.fit(given_, 2026, STEADY)._measure(residents(counts, 2024)).expected
    assert wanted == pytest.approx([500 * 2.35 * (0.0254 * 2 + 0.0752 + 0.0382 * 2)])
    counts[1, :, 2] = wanted[0] / 2 / 18
    model.fit(given_, 2026, STEADY, panel=residents(counts, 2024))
    weight = 1 / (1 / 6 + 1 / wanted[0])
    assert model.measured_["rule"].tolist() == ["before_after"]
    assert model.level_ == pytest.approx((8 + weight / 2) / (8 + weight))
    commercial = (12 * model.level_ + weight / 2) / (12 + weight)
    assert dict(zip(model.types_, model.yields_, strict=True)) == pytest.approx(
        {"commercial": commercial, "rental": model.level_}
    )


def test_what_the_town_gained_anyway_is_not_the_projects() -> None:
    """A block that grew like its town has not gained by its project."""
    counts = np.full((6, 18, 3), 10.0)
    counts[:3, :, 2] = 12.0
    model = HousingYield(**PLAIN).fit(
        projects(("p", "b1", 2025, 300, "")), 2026, STEADY, panel=residents(counts, 2024)
    )
    assert model.measured_["observed"].tolist() == [0.0]


@pytest.mark.parametrize(("dwellings", "rules"), [(1000, ["most_of_block"]), (30, [])])
def test_one_year_measures_only_projects_that_are_most_of_their_block(
    dwellings: float, rules: list[str]
) -> None:
    """Without a count before, the children of a block tell little of a few homes in it."""
    panel = residents(np.full((6, 18, 1), 10.0), 2026)
    model = HousingYield(**PLAIN).fit(projects(("p", "b1", 2024, dwellings, "")), 2026, STEADY, panel=panel)
    assert model.measured_["rule"].tolist() == rules
    assert rules or model.level_ == 1.0


def test_the_published_case_lies_inside_the_interval() -> None:
    """Of 150 pupils predicted 57 came: where nothing was measured, 95 % of the paths must reach so far."""
    model = HousingYield(ramp=(0.5,), delay=(1.0,)).fit(projects(("p", "b1", 2027, 1000, "")), 2026, STEADY)
    homes = model.homes([2027])
    pupils = homes.paths(7, 4000).sum(axis=(1, 2, 3)) * 150 / homes.mean.sum()
    low, high = np.quantile(pupils, [0.025, 0.975])
    assert 15 < low < 57
    assert 150 < high < 525


def lived_in(rng: np.random.Generator, level: float, handover: int, dwellings: float) -> np.ndarray:
    """Children by age 0-17 in 2026 of a project, household by household year, at a planted yield."""
    ramp = [0.15, 0.35, 0.5, 0.6, 0.7, 0.75, 0.8]
    settled = np.array([0.0254 / 3] * 6 + [0.0752 / 6] * 6 + [0.0382 / 3] * 6) * 2.35
    total = np.zeros(18)
    for since in range(2026 - handover + 1):
        moved = (ramp[since] - (ramp[since - 1] if since else 0)) * dwellings
        years = 2026 - handover - since
        relative = [
            1.25 - 0.75 * (age - years) / 17 if age >= years else 1 + 0.25 * max(0, 1 - (years - age) / 10)
            for age in range(18)
        ]
        total += moved * settled * np.asarray(relative)
    return rng.poisson(total * level * rng.gamma(6.0, 1 / 6.0)).astype(float)


def test_a_planted_yield_is_found() -> None:
    """Where projects bring a third, or one and a half, of the national yield, the estimator says so."""
    rng = np.random.default_rng(11)
    names = pd.Index([f"x{n}" for n in range(400)])
    planted = {"commercial": 0.35, "resettlement": 1.5}
    counts = rng.poisson(8.0, (400, 18, 7)).astype(float)
    rows = []
    for n in range(160):
        kind, year = ("commercial", "resettlement")[n % 2], 2021 + n % 4
        rows.append((f"p{n}", names[n], year, 700.0, kind))
        counts[n, :, -1] += lived_in(rng, planted[kind], year, 700.0)
    table = pd.DataFrame(rows, columns=["project_id", "block_id", "handover_year", "dwellings", "type"])
    panel = Panel(counts, tuple(names), ("N",) * 400, tuple(range(18)), tuple(range(2020, 2027)))
    model = HousingYield().fit(Projects.of_table(table, names), 2026, STEADY, panel=panel)
    found = dict(zip(model.types_, model.yields_, strict=True))
    assert found == pytest.approx(planted, rel=0.15)
    assert set(model.measured_["rule"]) == {"before_after"}


def test_the_mean_of_the_paths_is_the_expectation() -> None:
    """Over many paths every cell is what is predicted, within four standard errors of its own paths."""
    homes = HousingYield().fit(several(), 2026, STEADY).homes(range(2026, 2036))
    drawn = homes.paths(12, 20000)
    error = drawn.std(axis=0) / np.sqrt(len(drawn))
    assert (np.abs(drawn.mean(axis=0) - homes.mean) <= 4 * error + 1e-12).all()
    assert homes.mean == pytest.approx(HousingYield().fit(several(), 2026, STEADY).predict(range(2026, 2036)))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**40), st.integers(1, 40))
def test_paths_repeat_and_do_not_depend_on_their_number(seed: int, count: int) -> None:
    """The same seed gives the same paths, the first ones whatever the count, and nobody is negative."""
    homes = HousingYield().fit(several(), 2026, STEADY).homes(range(2026, 2030))
    drawn = homes.paths(seed, count)
    assert drawn.shape == (count, *homes.mean.shape)
    assert (drawn >= 0).all()
    assert (drawn == homes.paths(seed, count + 7)[:count]).all()


def test_projects_of_a_type_err_together_and_other_projects_do_not_matter() -> None:
    """What is uncertain of the place moves all projects; a project's draws are its own."""
    homes = HousingYield(delay=(1.0,)).fit(several(), 2026, STEADY).homes([2031])
    totals = homes.paths(3, 2000).sum(axis=(2, 3))
    spread = np.corrcoef(totals.T)
    assert spread[0, 1] == pytest.approx(1.0)  # two parts of one project
    assert 0.1 < spread[0, 3] < 0.8
    alone = HousingYield(delay=(1.0,)).fit(projects(("r", "b4", 2029, 800, "")), 2026, STEADY).homes([2031])
    np.testing.assert_allclose(alone.paths(3, 2000).sum(axis=(2, 3))[:, 0], totals[:, 3])


def test_younger_children_can_be_had() -> None:
    """Paths that start before kindergarten have the same children from K1 on."""
    model = HousingYield().fit(several(), 2026, STEADY)
    whole, older = model.homes([2029], first_age=0), model.homes([2029])
    assert whole.mean.shape[1] == 18
    assert (whole.paths(2, 3)[:, :, 3:] == older.paths(2, 3)).all()


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_projects_is_irrelevant(order: list[int]) -> None:
    """A housing table sorted another way gives the same children by block."""
    rows = [
        ("p", "b1", 2027, 300, "x"),
        ("p", "b2", 2028, 200, "X "),
        ("q", "b1", 2025, 5, ""),
        ("r", "b4", 2029, 8, "y"),
    ]
    one, other = (
        HousingYield().fit(projects(*given_), 2026, STEADY).homes([2030])
        for given_ in (rows, [rows[n] for n in order])
    )
    assert (one.by_block(6) == other.by_block(6)).all()
    assert (one.paths(5, 3) == other.paths(5, 3)).all()


def test_rows_that_say_nothing_are_left_out() -> None:
    """Unknown blocks, no dwellings and blank years bring nobody."""
    table = pd.DataFrame(
        {
            "project_id": list("pqr"),
            "block_id": ["nowhere", "b1", "b1"],
            "handover_year": [2027, 2027, np.nan],
            "dwellings": [10, 0, 5],
        }
    )
    empty = Projects.of_table(table, BLOCKS)
    homes = HousingYield().fit(empty, 2026, STEADY).homes([2027])
    assert homes.paths(1, 3).shape == (3, 0, 15, 1)


def test_parameters_are_named_and_checked() -> None:
    """Estimators take parameters by name, and a slip is refused."""
    model = HousingYield().set_params(household=3.0)
    assert model.get_params()["household"] == 3.0
    with pytest.raises(ValueError, match="Invalid parameter 'yield'"):
        model.set_params(**{"yield": 1})
    for bad, said in (
        ({"ramp": (0.5, 0.3)}, "ramp must rise"),
        ({"ramp": (0.5, 1.2)}, "ramp must rise"),
        ({"delay": (0.5, 0.4)}, "add up to 1"),
        ({"prior": 0.0}, "priors must be above 0"),
    ):
        with pytest.raises(ValueError, match=said):
            HousingYield(**bad).fit(several(), 2026, STEADY)  # type: ignore[arg-type]
    homes = HousingYield().fit(several(), 2026, STEADY).homes([2027])
    assert isinstance(homes, NewHomes)
    with pytest.raises(ValueError, match="at least 1"):
        homes.paths(1, 0)
