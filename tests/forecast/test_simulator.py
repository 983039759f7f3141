"""Sample paths: they add up, repeat, keep the mean, and spread as the process written down a second time."""

import dataclasses
import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.oracle import plain_paths

from zoning.compiled import compiled
from zoning.forecast import Dispersion, Simulation, simulator
from zoning.forecast.kernels.draws import binomial, normal, poisson, stream
from zoning.forecast.kernels.ranks import row_quantiles

USUAL = Dispersion.usual()
NONE = Dispersion(0.0, (0.0,) * 4, (0.0,) * 4, (0.0,) * 4, math.inf)
WILD = Dispersion(0.1, (0.1, 0.12, 0.1, 0.08), (0.2, 0.1, 0.1, 0.1), (0.3, 0.4, 0.5, 0.6), 5.0)
MIXED = Dispersion(0.1, (0.05, 0.08, 0.06, 0.05), (0.1, 0.08, 0.06, 0.05), (0.3, 0.4, 0.5, 0.6), 8.0)
quick = settings(max_examples=25, deadline=None)


def steady(
    units: int = 4, grades: int = 3, steps: int = 5, *, each: float = 20.0, growth: float = 1.02
) -> np.ndarray:
    """A course of units of different sizes whose cohorts all grow alike."""
    size = each * (1 + np.arange(units) % 3)
    course = np.empty((units, grades, steps))
    course[:, :, 0] = np.rint(size[:, None] * (1 - 0.1 * np.arange(grades)))
    for step in range(1, steps):
        course[:, 0, step] = size * 0.97**step
        course[:, 1:, step] = course[:, :-1, step - 1] * growth
    return course


def simulation_of(course: np.ndarray, paths: int = 60, **more: object) -> Simulation:
    """A simulation of a course; two units a town unless said otherwise."""
    units, grades, steps = course.shape
    given = {"town": np.arange(units) // 2, "dispersion": USUAL, "seed": 3} | more
    return Simulation(
        course, tuple(range(1, grades + 1)), tuple(range(2026, 2026 + steps)), count=paths, **given
    )


def sums_by(simulation: Simulation, group: np.ndarray, **more: object) -> np.ndarray:
    """Sums of all units by group."""
    return simulation.sums(np.arange(simulation.size), group, 1.0, int(group.max()) + 1, **more)


@dataclass(frozen=True)
class Homes:
    """Children of new homes, the same in every second path."""

    unit: np.ndarray
    shape: tuple[int, int]

    def paths(self, seed: int, count: int) -> np.ndarray:
        """Return 3 children more in odd paths, and none in even ones."""
        del seed
        odd = np.arange(count) % 2 * 3.0
        return odd[:, None, None, None] * np.ones((1, len(self.unit), *self.shape))


@st.composite
def courses(draw: st.DrawFn) -> np.ndarray:
    """Courses with gaps, empty cells and counts of all sizes."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    shape = (draw(st.integers(1, 6)), draw(st.integers(1, 4)), draw(st.integers(1, 5)))
    course = rng.choice([0.0, 0.3, 4.0, 55.5, 1000.0], shape) * rng.uniform(0.5, 1.5, shape)
    course[rng.random(shape[:2]) < 0.2] = np.nan
    return course


@quick
@given(courses(), st.integers(-5, 10**12))
def test_any_partition_adds_up_path_by_path(course: np.ndarray, seed: int) -> None:
    """Zones, towns and the county hold the same children in every path, to the last child."""
    simulation = simulation_of(course, 7, seed=seed, dispersion=WILD)
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 3, len(course)), rng.integers(0, 5, len(course))
    county = sums_by(simulation, np.zeros(len(course), dtype=np.int64))[:, 0]
    for group in (first, second):
        assert (sums_by(simulation, group).sum(axis=1) == county).all()
    children = simulation.paths()
    assert (children.sum(axis=1) == county).all()
    assert children.min() >= 0


@quick
@given(courses())
def test_absent_cells_stay_absent_and_children_are_whole(course: np.ndarray) -> None:
    """A unit without a grade has no children there in any path, and nobody is counted in part."""
    simulation = simulation_of(course, 11, dispersion=WILD)
    children = simulation.paths()
    assert (children[:, np.isnan(course)] == 0).all()
    sums = sums_by(simulation, np.arange(len(course)))
    assert (sums == np.rint(sums)).all()
    assert (sums == children).all()


@quick
@given(courses(), st.integers(1, 4), st.integers(1, 4))
def test_a_shorter_horizon_and_fewer_grades_have_the_same_children(
    course: np.ndarray, steps: int, top: int
) -> None:
    """Who asks for fewer years or grades sees the first years and those grades of the same paths."""
    whole = simulation_of(course, 9, dispersion=WILD)
    children = whole.paths()
    steps = min(steps, course.shape[2])
    short = simulation_of(course[:, :, :steps].copy(), 9, dispersion=WILD)
    assert (short.paths() == children[..., :steps]).all()
    grade, year = whole.grades[min(top, len(whole.grades)) - 1], whole.years[steps - 1]
    some = sums_by(whole, np.arange(len(course)), grades=[grade], years=[year])
    assert (some[..., 0, 0] == children[:, :, grade - 1, steps - 1]).all()
    assert (whole.paths(slice(0, 1)) == children[:, :1]).all()


@pytest.mark.parametrize(("threads", "paths", "units"), [(1, 1, 1), (2, 7, 3), (3, 1000, 1000)])
def test_chunks_and_threads_change_nothing(
    monkeypatch: pytest.MonkeyPatch, threads: int, paths: int, units: int
) -> None:
    """The same seed gives the same bytes however the work is cut up; other seeds give others."""
    simulation = simulation_of(steady(units=7), 53, weight=np.linspace(0.3, 1.1, 3)[None, :, None])
    rows, group = np.array([0, 1, 2, 3, 4, 5, 6, 0]), np.array([0, 1, 0, 1, 0, 1, 0, 1])
    share = np.array([0.3, 1, 1, 1, 1, 1, 1, 0.7])
    ends = ([0.1, 0.975, 0.5], [[1, 2], [3]])
    sums, found = simulation.sums(rows, group, share, 2), simulation.quantiles(*ends)
    for name, value in (("_THREADS", threads), ("_PATHS", paths), ("_UNITS", units)):
        monkeypatch.setattr(simulator, name, value)
    assert simulation.sums(rows, group, share, 2).tobytes() == sums.tobytes()
    assert simulation.quantiles(*ends).tobytes() == found.tobytes()
    other = dataclasses.replace(simulation, seed=4)
    assert (other.sums(rows, group, share, 2) != sums).any()
    more = dataclasses.replace(simulation, count=80)
    assert (more.sums(rows, group, share, 2)[:53] == sums).all()


def test_another_process_draws_the_same_children() -> None:
    """The same call in a new process finds the same children: nothing depends on what ran before."""
    code = (
        "import numpy as np; from tests.forecast.test_simulator import *;"
        "print(simulation_of(steady(), 3, dispersion=WILD).paths()[:, :, -1, -1].tolist())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = simulation_of(steady(), 3, dispersion=WILD).paths()[:, :, -1, -1].tolist()
    assert done.stdout.strip() == str(here)


@pytest.mark.parametrize("dispersion", [USUAL, WILD, dataclasses.replace(WILD, turnover=1.0)])
@pytest.mark.parametrize("each", [0.4, 6.0, 300.0])
def test_the_mean_over_many_paths_is_the_course(dispersion: Dispersion, each: float) -> None:
    """Shocks and chance pull no cell up or down: every cell's mean is within four standard errors."""
    course = steady(units=3, grades=4, each=each)
    children = simulation_of(course, 20000, dispersion=dispersion).paths()
    error = children.std(axis=0) / math.sqrt(len(children))
    assert (np.abs(children.mean(axis=0) - course) <= 4 * error + 1e-9).all()


def test_the_oracle_agrees_on_mean_spread_and_correlation() -> None:
    """The same process in plain numpy has the same mean, variance and correlation between units."""
    course = steady(units=4, grades=4, steps=5, each=40.0)
    town = np.array([0, 0, 1, 1])
    ours = simulation_of(course, 40000, dispersion=MIXED, town=town).paths()
    other = plain_paths(course, town, MIXED, 40000, 8)
    later = (slice(None), slice(None), slice(None), slice(1, None))
    np.testing.assert_allclose(ours[later].mean(axis=0), other[later].mean(axis=0), rtol=0.01)
    np.testing.assert_allclose(ours[later].std(axis=0), other[later].std(axis=0), rtol=0.04)
    for grade, step in ((0, 4), (2, 1), (3, 4)):
        mine, theirs = (np.corrcoef(x[:, :, grade, step].T) for x in (ours, other))
        np.testing.assert_allclose(mine, theirs, atol=0.04)
        assert mine[0, 1] > mine[0, 2] + 0.05
    for step in (1, 4):
        mine, theirs = (np.corrcoef(x[:, 0, :, step].T) for x in (ours, other))
        np.testing.assert_allclose(mine, theirs, atol=0.04)


def test_without_shocks_and_turnover_only_count_noise_is_left() -> None:
    """A dispersion of nought leaves those who enter or come by chance, and nobody else varies."""
    course = steady(units=2, grades=3, steps=4, growth=1.0)
    children = simulation_of(course, 5000, dispersion=NONE).paths()
    assert (children[:, :, 2, :3] == children[0, :, 2, :3]).all()
    entered = children[:, :, 0, 1:]
    np.testing.assert_allclose(entered.var(axis=0), course[:, 0, 1:], rtol=0.12)
    turned = simulation_of(course, 5000, dispersion=dataclasses.replace(NONE, turnover=0.1)).paths()
    np.testing.assert_allclose(turned[:, :, 1, 1].var(axis=0), 0.19 * course[:, 1, 1], rtol=0.12)


def test_lasting_errors_grow_with_the_years_and_fresh_ones_with_their_root() -> None:
    """Persistence says how fast a county's error grows: like h where it is 1, like its root where it is 0."""
    course = np.full((1, 8, 5), 10.0**6)
    spread = {}
    for share in (0.0, 1.0):
        level = dataclasses.replace(NONE, level=(0.0, 0.0, 0.0, 0.02), persistence=(share,) * 4)
        children = simulation_of(course, 4000, dispersion=level).paths()[:, 0, 7]
        spread[share] = children.std(axis=0) / course[0, 7]
    np.testing.assert_allclose(spread[1.0][1:], 0.02 * np.arange(1, 5), rtol=0.06)
    np.testing.assert_allclose(spread[0.0][1:], 0.02 * np.sqrt(np.arange(1, 5)), rtol=0.06)


def test_a_lasting_error_of_a_cell_meets_every_cohort_that_passes() -> None:
    """A grade of a unit that loses more than expected does so every year; other grades know nothing of it."""
    own = dataclasses.replace(NONE, level=(0.05, 0.0, 0.0, 0.0), persistence=(1.0, 0.0, 0.0, 0.0))
    children = simulation_of(np.full((1, 4, 4), 10.0**6), 3000, dispersion=own).paths()[:, 0]
    ratio = children[:, 1:, 1:] / children[:, :-1, :-1]
    assert ratio.std(axis=0) == pytest.approx(np.full((3, 3), 0.05), rel=0.06)
    assert np.abs(ratio[:, :, 0] - ratio[:, :, 2]).max() < 0.01
    assert abs(np.corrcoef(ratio[:, 0, 0], ratio[:, 1, 0])[0, 1]) < 0.06


def test_a_base_that_is_not_whole_is_rounded_at_random() -> None:
    """A block's 2.3 children are two or three, 2.3 on average; three are three."""
    course = np.array([[[2.3], [3.0]]])
    children = simulation_of(course, 20000).paths()[:, 0, :, 0]
    assert set(np.unique(children[:, 0])) == {2, 3}
    assert children[:, 0].mean() == pytest.approx(2.3, abs=0.02)
    assert (children[:, 1] == 3).all()
    guessed = simulation_of(course, 20000, counted=np.array([False, True])).paths()[:, 0, 0, 0]
    assert guessed.mean() == pytest.approx(2.3, abs=0.05)
    assert guessed.var() == pytest.approx(2.3, rel=0.1)


def test_a_grade_without_the_one_below_enters() -> None:
    """Where nobody was in the lower grade the mean is met by children who enter."""
    course = np.array([[[0.0, 0.0], [8.0, 30.0]], [[np.nan, np.nan], [8.0, 30.0]]])
    children = simulation_of(course, 4000).paths()
    assert children[:, :, 1, 1].mean(axis=0) == pytest.approx([30.0, 30.0], rel=0.02)


def test_births_to_come_widen_the_cohorts_that_they_enter() -> None:
    """Uncertain births leave the mean alone and spread the cohorts that enter, of all units alike."""
    course = np.full((2, 3, 3), 10.0**6)
    children = simulation_of(course, 6000, dispersion=NONE, births=np.array([0.0, 0.0, 0.1])).paths()
    assert children[:, :, 0, 2].mean(axis=0) == pytest.approx([10**6, 10**6], rel=0.01)
    low, high = np.quantile(np.log(children[:, :, 0, 2]), [0.1, 0.9], axis=0)
    assert high - low == pytest.approx([2 * 1.2816 * 0.1] * 2, rel=0.06)
    assert np.corrcoef(children[:, 0, 0, 2], children[:, 1, 0, 2])[0, 1] > 0.99
    others = children[:, :, 1:, 2].std(axis=0) / 10**6
    assert (others < 0.005).all()
    assert (children[:, :, 0, 1].std(axis=0) / 10**6 < 0.005).all()


@pytest.mark.parametrize("units", [0.25, 3.0])
def test_a_unit_may_spread_more_or_less(units: float) -> None:
    """The scale multiplies the unit's own spread and leaves what towns share."""
    level = dataclasses.replace(NONE, level=(0.0, 0.02, 0.01, 0.0), persistence=(0.0, 0.5, 0.5, 0.0))
    course = np.full((2, 4, 3), 10.0**6)
    children = simulation_of(course, 6000, dispersion=level, scale=np.array([units, 1.0])).paths()
    found = children[:, :, 3, 1].std(axis=0) / 10**6
    wanted = [math.hypot(0.02 * units, 0.01), math.hypot(0.02, 0.01)]
    assert found == pytest.approx(wanted, rel=0.06)
    assert children[:, :, 3, 2].mean(axis=0) == pytest.approx([10**6, 10**6], rel=0.005)


def test_shares_of_a_shared_zone_sum_up() -> None:
    """The children of a shared zone are split among its schools and none is lost or doubled."""
    simulation = simulation_of(steady())
    rows, group = np.array([0, 0, 1, 2, 3]), np.array([0, 1, 0, 1, 1])
    sums = simulation.sums(rows, group, np.array([0.25, 0.75, 1, 1, 1]), 2)
    children = simulation.paths()
    np.testing.assert_allclose(sums[:, 0], 0.25 * children[:, 0] + children[:, 1], rtol=1e-12)
    np.testing.assert_allclose(sums.sum(axis=1), children.sum(axis=1), rtol=1e-12)


def test_weights_count_in_sums_and_quantiles() -> None:
    """Pupils per child and a mask multiply every path alike."""
    course = steady()
    pupils = np.array([0.5, 1.0, 2.0])[None, :, None]
    simulation = simulation_of(course, weight=pupils)
    children = simulation.paths() * pupils
    np.testing.assert_allclose(sums_by(simulation, np.arange(4)), children, rtol=1e-12)
    mask = np.arange(4)[:, None, None] == 2
    masked = sums_by(simulation, np.zeros(4, dtype=np.int64), weight=mask)
    np.testing.assert_allclose(masked[:, 0], children[:, 2], rtol=1e-12)
    twice = simulation.scaled(np.full(course.shape, 2.0))
    np.testing.assert_allclose(sums_by(twice, np.arange(4)), 2 * children, rtol=1e-12)
    expected = np.quantile(children[:, :, 1:].sum(axis=2), [0.1, 0.9], axis=0)
    np.testing.assert_allclose(simulation.quantiles([0.1, 0.9], [[2, 3]])[:, :, 0], expected, rtol=1e-12)


def test_children_on_top_count_everywhere() -> None:
    """Children of new homes add to their blocks in every sum and quantile, at the same weight."""
    course = steady()
    pupils = np.array([0.5, 1.0, 2.0])[None, :, None]
    extra = (Homes(np.array([2, 2, 0]), course.shape[1:]),)
    simulation = simulation_of(course, weight=pupils, extra=extra)
    children = simulation.paths().astype(float)
    children[1::2, 2] += 6
    children[1::2, 0] += 3
    children *= pupils
    np.testing.assert_allclose(sums_by(simulation, np.arange(4)), children, rtol=1e-12)
    wanted = np.quantile(children[:, :, [0, 2]].sum(axis=2), [0.25, 0.9], axis=0)[..., 2:4]
    found = simulation.quantiles([0.25, 0.9], [[3, 1]], years=[2028, 2029])
    np.testing.assert_allclose(found[:, :, 0], wanted, rtol=1e-12)
    bad = dataclasses.replace(simulation, extra=(Homes(np.array([1]), (2, 2)),))
    with pytest.raises(ValueError, match="extra paths is"):
        sums_by(bad, np.arange(4))


@quick
@given(st.integers(0, 10**6), st.integers(1, 400))
def test_quantiles_are_numpys(seed: int, size: int) -> None:
    """The fast quantiles are those of numpy, with many equal values and far outliers."""
    rng = np.random.default_rng(seed)
    values = np.stack(
        [rng.poisson(3, size) * 0.7, rng.normal(size=size), np.full(size, 2.0), rng.standard_cauchy(size)]
    )
    wanted = np.array([0.0, 0.025, 0.1, 0.5, 0.9, 1.0])
    found = np.empty((6, 4))
    row_quantiles(values, wanted, found)
    np.testing.assert_allclose(found, np.quantile(values, wanted, axis=1), rtol=1e-9, atol=1e-12)


def test_the_random_numbers_are_those_of_splitmix64() -> None:
    """The stream of a key is the published generator's, so that a second implementation can check a path."""

    @compiled
    def first(key: np.uint64) -> np.ndarray:
        return np.array([stream(key, 0), stream(key, 1), stream(key, 2)])

    known = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert first(np.uint64(1234567)).tolist() == known


@pytest.mark.parametrize("expected", [0.0, 1e-9, 0.3, 7.0, 49.9, 50.1, 1e6])
def test_poisson_counts_have_their_mean_and_variance(expected: float) -> None:
    """By inversion below 50 and by the stand-in above, over all equally likely uniforms."""
    drawn = np.array([poisson(expected, u) for u in (np.arange(20000) + 0.5) / 20000])
    assert drawn.mean() == pytest.approx(expected, rel=2e-3, abs=1e-3)
    assert drawn.var() == pytest.approx(expected, rel=1e-2, abs=1e-3)


@pytest.mark.parametrize("trials", [0.0, 1.0, 12.0, 400.0, 1e6])
@pytest.mark.parametrize("share", [0.0, 1e-9, 0.06, 0.5, 0.93, 1.0])
def test_binomial_counts_have_their_mean_and_variance(trials: float, share: float) -> None:
    """No count is lost between few and many, rare and common."""
    drawn = np.array([binomial(trials, share, u) for u in (np.arange(20000) + 0.5) / 20000])
    assert drawn.mean() == pytest.approx(trials * share, rel=2e-3, abs=1e-3)
    assert drawn.var() == pytest.approx(trials * share * (1 - share), rel=1e-2, abs=1e-3)
    assert drawn.min() >= 0
    assert drawn.max() <= trials


def test_the_normal_quantile_is_the_textbooks() -> None:
    """The median is 0, and a one-sided 2.5 % lies at 1.96; far tails hold."""
    known = {0.5: 0.0, 0.975: 1.959964, 0.1: -1.281552, 1e-10: -6.361341, 1 - 1e-6: 4.753424}
    assert [normal(u) for u in known] == pytest.approx(list(known.values()), abs=2e-6)


def test_huge_counts_and_shocks_stay_finite() -> None:
    """A million children and shocks of a factor of two neither overflow nor go below nought."""
    huge = Dispersion(0.3, (0.7,) * 4, (0.7,) * 4, (1.0,) * 4, 3.0)
    course = np.full((2, 3, 6), 10.0**6)
    sums = sums_by(simulation_of(course, 200, dispersion=huge), np.arange(2))
    assert np.isfinite(sums).all()
    assert sums.min() >= 0


def dispersion_with(**changes: object) -> Callable[[], object]:
    """Make a dispersion with changes."""
    return lambda: dataclasses.replace(USUAL, **changes)


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (dispersion_with(turnover=1.5), "turnover must be a share"),
        (dispersion_with(level=(0.1, 0.1)), "level must be 4 finite numbers"),
        (dispersion_with(entry=(0.1, -0.1, 0.0, 0.0)), "entry must be 4 finite numbers"),
        (dispersion_with(persistence=(0.0, 0.0, 0.0, 1.1)), "persistence must be shares"),
        (dispersion_with(tails=2.0), "tails must be above 2"),
        (lambda: simulation_of(steady(), 0), "paths must be at least 1"),
        (lambda: simulation_of(-steady()), "course must be finite"),
        (lambda: simulation_of(steady(), town=np.array([0])), "town must be codes of 4 units"),
        (lambda: simulation_of(steady(), scale=np.ones(3)), "scale is"),
        (lambda: simulation_of(steady(), scale=-np.ones(4)), "scale must be finite"),
        (lambda: simulation_of(steady(), counted=np.ones(1, dtype=bool)), "counted is"),
        (lambda: simulation_of(steady(), weight=np.array([[[-1.0]]])), "weight must be finite"),
        (lambda: dataclasses.replace(simulation_of(steady()), years=(1, 2, 3, 4, 6)), "years must be consec"),
        (lambda: dataclasses.replace(simulation_of(steady()), grades=(1,)), "course is"),
        (lambda: sums_by(simulation_of(steady()), np.arange(4), years=[2050]), "no year 2050"),
        (lambda: sums_by(simulation_of(steady()), np.arange(4), grades=[1, 1]), "named twice"),
        (lambda: sums_by(simulation_of(steady()), np.arange(5)), "rows are"),
        (lambda: simulation_of(steady()).sums(np.array([9]), np.array([0]), 1.0, 1), "rows must be 0 to 3"),
        (lambda: simulation_of(steady()).sums(np.array([1]), np.array([0]), -1.0, 1), "shares must be"),
        (lambda: simulation_of(steady()).quantiles([1.1], [[1]]), "quantiles must be shares"),
        (lambda: simulation_of(steady()).quantiles([0.1], [[1], [1, 2]]), "a grade is in two groups"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(make: Callable[[], object], match: str) -> None:
    """A wrong shape or value is named at once, not found in the sums."""
    with pytest.raises(ValueError, match=match):
        make()
