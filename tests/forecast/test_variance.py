"""The spread of paths: planted dispersions are found again, and fresh years fall into the bands."""

import math

import numpy as np
import pytest
from tests.forecast.panels import cohorts, eventful, panel_of, reordered

from zoning.forecast import CoherentSimulator, Dispersion, EnrolmentForecaster, Panel, Simulation
from zoning.forecast.enrolment import Rolling
from zoning.forecast.errors_seen import Seen, seen_errors, sums_of
from zoning.forecast.variance import fitted

PLAIN = EnrolmentForecaster(booster=None)
NOTHING = (0.0, 0.0, 0.0, 0.0)
SHARED = Dispersion(0.08, (0.0, 0.04, 0.03, 0.015), (0.08, 0.06, 0.03, 0.02), NOTHING, 6.0)
BY_SCHOOL = Dispersion(0.04, (0.0, 0.06, 0.0, 0.03), NOTHING, NOTHING, 30.0)
CHANCE = Dispersion(0.15, NOTHING, NOTHING, NOTHING, math.inf)
TOWNS, YEARS, FRESH = 10, 14, 3


def planted(dispersion: Dispersion, seed: int) -> Panel:
    """One sample path of eighty schools as a history, with three fresh years at its end."""
    course = np.full((80, 6, YEARS + FRESH), 60.0)
    years = tuple(range(2024 - YEARS - FRESH + 1, 2025))
    drawn = Simulation(course, tuple(range(1, 7)), years, np.arange(80) % TOWNS, dispersion, 1, seed=seed)
    return panel_of(drawn.paths()[0].astype(float), [f"t{unit % TOWNS}" for unit in range(80)])


def past_of(panel: Panel) -> Panel:
    """The panel without its fresh years."""
    return panel.until(panel.years[-1 - FRESH])


def levels(children: np.ndarray) -> dict[str, np.ndarray]:
    """Children [..., unit, grade, year] as cells and sums of schools and towns."""
    of_schools = children.sum(axis=-2)
    member = np.eye(TOWNS)[np.arange(80) % TOWNS]
    return {"cell": children, "school": of_schools, "town": np.moveaxis(of_schools, -2, -1) @ member}


def covered(panel: Panel, paths: int = 200) -> dict[str, float]:
    """Share of the fresh years' cells, schools and towns within the 80 % bands."""
    past = past_of(panel)
    ahead = PLAIN.fit(past).predict(FRESH)
    course = np.concatenate([past.counts[:, :, -1:], ahead], axis=2)
    simulation = CoherentSimulator(PLAIN).fit(past).simulation(course, past.years[-1], paths=paths, seed=1)
    said, came = levels(simulation.paths()[..., 1:]), levels(panel.counts[:, :, -FRESH:])
    bands = {name: np.quantile(values, [0.1, 0.9], axis=0) for name, values in said.items()}
    return {
        name: float(((came[name] >= low - 1e-9) & (came[name] <= high + 1e-9)).mean())
        for name, (low, high) in bands.items()
    }


@pytest.mark.parametrize("dispersion", [SHARED, BY_SCHOOL], ids=["shared", "by school"])
def test_planted_spreads_are_found_again(dispersion: Dispersion) -> None:
    """Chance, schools and towns are told apart, each near what was planted."""
    found = [
        CoherentSimulator(PLAIN).fit(past_of(planted(dispersion, seed))).dispersion_ for seed in range(4)
    ]
    turnover = np.median([one.turnover for one in found])
    cell, unit, town, system = np.median([one.level for one in found], axis=0)
    assert turnover == pytest.approx(dispersion.turnover, abs=0.03)
    assert unit == pytest.approx(dispersion.level[1], rel=0.35)
    assert town == pytest.approx(dispersion.level[2], abs=0.012)
    assert system == pytest.approx(dispersion.level[3], abs=0.015)
    assert cell < 0.02


def test_chance_alone_is_not_taken_for_shocks() -> None:
    """Where children only come and go by chance, hardly any shock of schools or towns is found."""
    found = [CoherentSimulator(PLAIN).fit(past_of(planted(CHANCE, seed))).dispersion_ for seed in range(3)]
    assert np.median([one.turnover for one in found]) == pytest.approx(0.15, rel=0.4)
    assert np.median([one.level[1] for one in found]) < 0.02
    assert np.median([one.level[2] for one in found]) < 0.012


def test_restless_places_are_not_drawn_to_the_usual_spread() -> None:
    """Where towns and all are far more restless than elsewhere, the prior gives way to what was seen."""
    restless = Dispersion(0.05, (0.0, 0.01, 0.08, 0.06), NOTHING, NOTHING, math.inf)
    found = [CoherentSimulator(PLAIN).fit(past_of(planted(restless, seed))).dispersion_ for seed in range(5)]
    _, unit, town, system = np.median([one.level for one in found], axis=0)
    assert town == pytest.approx(0.08, rel=0.25)
    assert system == pytest.approx(0.06, rel=0.35)
    assert unit < 0.03


@pytest.mark.parametrize("dispersion", [SHARED, BY_SCHOOL], ids=["shared", "by school"])
def test_four_in_five_of_the_fresh_years_fall_into_the_bands(dispersion: Dispersion) -> None:
    """Bands of 80 % hold 75-88 % of the cells and schools of years that played no part, and most towns."""
    shares = [covered(planted(dispersion, seed)) for seed in range(4)]
    mean = {name: np.mean([share[name] for share in shares]) for name in shares[0]}
    assert 0.75 <= mean["cell"] <= 0.88
    assert 0.75 <= mean["school"] <= 0.88
    assert 0.65 <= mean["town"] <= 0.9


def test_bands_of_towns_are_not_those_of_independent_cells() -> None:
    """What schools share widens the bands of towns beyond those of independent cells."""
    panel = planted(SHARED, 1)
    past = past_of(panel)
    course = np.concatenate([past.counts[:, :, -1:], PLAIN.fit(past).predict(FRESH)], axis=2)
    paths = CoherentSimulator(PLAIN).fit(past).simulation(course, past.years[-1], paths=400, seed=2).paths()
    member = np.eye(TOWNS)[past.town_codes]
    alone = np.sqrt(paths.var(axis=0).sum(axis=1).T @ member)[-1]
    together = levels(paths)["town"].std(axis=0)[-1]
    assert (together > 1.4 * alone).all()


def test_without_errors_the_usual_spread_is_taken() -> None:
    """A history too short to tell has the documented spread, and says that nothing told it."""
    simulator = CoherentSimulator(PLAIN).fit(cohorts(years=2))
    assert simulator.dispersion_ == Dispersion.usual() == fitted([])
    assert simulator.errors_ == 0
    assert CoherentSimulator(PLAIN).fit(cohorts(years=1)).errors_ == 0


def test_the_only_town_is_the_system() -> None:
    """With one town nothing tells its shock from that of all, and it is not counted twice."""
    found = CoherentSimulator(PLAIN).fit(cohorts(12, 5, 8, towns=1)).dispersion_
    assert found.level[2] == found.entry[2] == 0
    assert found.level[3] > 0


def test_the_order_of_schools_is_irrelevant_to_the_spread() -> None:
    """A table sorted otherwise gives the same spread, but for rounding."""
    panel, order = eventful(6), np.random.default_rng(2).permutation(9)
    one, other = (CoherentSimulator(PLAIN).fit(p).dispersion_ for p in (panel, reordered(panel, order)))
    for name in ("turnover", "level", "entry", "persistence"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-5, abs=1e-7)


def test_a_merger_does_not_widen_every_band() -> None:
    """One school that doubles while its neighbour closes leaves the spread of the others about as it was."""
    panel = planted(BY_SCHOOL, 3)
    counts = panel.counts.copy()
    counts[0, :, 10:] += counts[10, :, 10:]
    counts[10, :, 10:] = np.nan
    one, other = (
        CoherentSimulator(PLAIN).fit(p).dispersion_ for p in (panel, panel_of(counts, list(panel.towns)))
    )
    assert other.level[1] == pytest.approx(one.level[1], rel=0.15)
    assert other.level[3] < one.level[3] + 0.01


def test_errors_are_of_the_nearest_counted_years_up_to_the_one_that_asks() -> None:
    """Steps ahead count calendar years; a missing year and years not yet known give no error."""
    panel = eventful(gap=True)
    rolling = Rolling(panel, PLAIN)
    missing = panel.years[4]
    origin = panel.years[2]
    assert [one.ahead for one in seen_errors(rolling, origin, until=missing + 1, horizon=5)] == [1, 3]
    assert [one.ahead for one in seen_errors(rolling, origin, until=missing + 1, horizon=2)] == [1]
    assert seen_errors(rolling, origin, until=origin, horizon=5) == []


def test_cells_are_fed_by_who_was_in_the_school_already() -> None:
    """After h years the lowest h grades have entered since; a school without the grade feeds nobody."""
    counts = np.full((2, 4, 6), 30.0)
    counts[1, 0] = np.nan
    rolling = Rolling(panel_of(counts), PLAIN)
    one, two = seen_errors(rolling, 2021, until=2023, horizon=2)
    assert one.fed.tolist() == [[False, True, True, True], [False, False, True, True]]
    assert two.fed.tolist() == [[False, False, True, True], [False, False, False, True]]
    assert one.known.tolist() == [[True] * 4, [False, True, True, True]]


def brute_sums(one: Seen, level: int, *, entered: bool) -> list[list[float]]:
    """Expected, error and coefficients of every sum, by loops over cells."""
    units, grades = one.known.shape
    names = {
        0: lambda u, g: (u, g),
        1: lambda u, _: u,
        2: lambda u, _: one.town[u],
        3: lambda _, __: 0,
    }
    groups: dict[object, list[tuple[int, int]]] = {}
    for u in range(units):
        for g in range(grades):
            wanted = one.fed[u, g] if not entered else one.known[u, g]
            if wanted and not (level == 0 and entered and one.fed[u, g]):
                groups.setdefault(names[level](u, g), []).append((u, g))
    size = {(u, g): one.expected[u, g] * math.exp(one.common) for u in range(units) for g in range(grades)}

    def squares(cells: list[tuple[int, int]]) -> list[float]:
        found = []
        for name in (names[0], names[1], names[2]):
            parts: dict[object, float] = {}
            for cell in cells:
                parts[name(*cell)] = parts.get(name(*cell), 0.0) + size[cell]
            found.append(sum(part**2 for part in parts.values()))
        return found

    rows = []
    for cells in groups.values():
        total = sum(size[cell] for cell in cells)
        new = [cell for cell in cells if not one.fed[cell]]
        line = [one.ahead / total]
        for square in squares(cells):
            line += [one.ahead * square / total**2, one.ahead**2 * square / total**2]
        line += [square / total**2 for square in squares(new)]
        error = sum(one.counted[cell] for cell in cells) - total
        rows.append([total, error, sum(size[cell] for cell in new) / total, *line])
    return rows


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("entered", [False, True])
def test_sums_of_errors_by_loops(level: int, entered: bool) -> None:  # noqa: FBT001 - a case
    """What a variance of each level adds to the error of a sum is what counting cell by cell gives."""
    rolling = Rolling(eventful(7), PLAIN)
    for one in seen_errors(rolling, 2020, until=2023, horizon=3):
        sums = sums_of(one, level, entered=entered)
        got = np.column_stack([sums.expected, sums.error, sums.entered, sums.line])
        wanted = np.array(brute_sums(one, level, entered=entered)).reshape(-1, got.shape[1])
        order = (np.lexsort(np.round(rows.T, 6)) for rows in (got, wanted))
        first, second = (rows[at] for rows, at in zip((got, wanted), order, strict=True))
        np.testing.assert_allclose(first, second, rtol=1e-9, atol=1e-12)
