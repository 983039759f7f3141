"""Estimators keep scikit-learn's rules: parameters by name, clones, nothing learnt before fit, refit resets.

``parametrize_with_checks`` fits estimators on plain matrices; these learn from panels, projects and tables,
so only its checks that need no data are run, one by one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import estimator_checks
from tests.forecast.panels import births_of, cohorts

from zoning.forecast import (
    Backtest,
    BirthEntry,
    BirthOutlook,
    CoherentSimulator,
    CohortProgression,
    Dispersion,
    EnrolmentForecaster,
    HousingYield,
    MigrantChildren,
    Panel,
    ResidualBooster,
    RollingOriginSplit,
)
from zoning.forecast.estimator import Estimator
from zoning.forecast.projects import Projects

BOOSTER = ResidualBooster(least_rows=60, max_iter=5, min_samples_leaf=5)
PLAIN = EnrolmentForecaster(booster=None)
ALL = [
    CohortProgression(discount=0.7),
    BirthEntry(weight=0.5),
    HousingYield(household=3.0),
    MigrantChildren(unit_shrinkage=3.0),
    ResidualBooster(max_iter=7, least_rows=60, min_samples_leaf=5),
    CoherentSimulator(PLAIN, horizon=2),
    EnrolmentForecaster(booster=BOOSTER),
    RollingOriginSplit(horizon=2),
    Backtest(PLAIN, split=RollingOriginSplit(horizon=1), paths=0),
    BirthOutlook(fade=0.5),
]
FITTED = [one for one in ALL if hasattr(one, "fit")]


def name_of(model: object) -> str:
    """The name of an estimator's class."""
    return type(model).__name__


def projects() -> Projects:
    """One project in the first block."""
    table = pd.DataFrame(
        {
            "project_id": ["p"],
            "block_id": ["s000"],
            "handover_year": [2026],
            "dwellings": [100],
            "type": ["commercial"],
        }
    )
    return Projects.of_table(table, pd.Index(["s000"]))


def data_of(model: object, seed: int) -> tuple[Any, ...]:
    """What an estimator is fitted on."""
    panel = cohorts(8, 4, 6, seed=seed)
    lowest = panel.counts[:, 0]
    ratios = np.ones((8, 3)) * (1 + seed / 100)
    by_type: dict[type, tuple[Any, ...]] = {
        BirthEntry: (lowest * 1.1, lowest),
        BirthOutlook: (lowest,),
        HousingYield: (projects(), 2024, np.full((18, 4), 50.0) + seed * np.arange(18.0)[:, None]),
        MigrantChildren: (panel, cohorts(8, 4, 6, seed=seed + 9), ratios),
        ResidualBooster: (panel, np.roll(panel.counts, 1, axis=2)),
    }
    return by_type.get(type(model), (panel,))


def learnt(model: Estimator) -> dict[str, str]:
    """What an estimator has learnt, as text: its plain values, and what it says of a panel."""
    kinds = (np.ndarray, pd.DataFrame, float, int, str, tuple, Dispersion)
    found = {k: v for k, v in vars(model).items() if k.endswith("_") and isinstance(v, kinds)}
    if isinstance(model, EnrolmentForecaster) and hasattr(model, "origin_"):
        found["said"] = model.predict(2)
    if isinstance(model, ResidualBooster) and hasattr(model, "model_"):
        panel = cohorts(8, 4, 5, seed=5)
        found["said"] = model.factors(panel, panel.counts[:, :, -1])
    with np.printoptions(threshold=10**6, precision=12):
        return {k: str(v) for k, v in found.items()}


@pytest.mark.parametrize("model", ALL, ids=name_of)
@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_estimator_repr,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_set_params,
        estimator_checks.check_estimator_cloneable,
        estimator_checks.check_valid_tag_types,
        estimator_checks.check_parameters_default_constructible,
    ],
    ids=lambda check: check.__name__,
)
def test_scikit_learns_own_checks_without_data(model: Estimator, check: Callable[[str, Any], None]) -> None:
    """Pipelines and searches of scikit-learn may set up, copy and print every estimator."""
    default = check is estimator_checks.check_parameters_default_constructible
    if default and isinstance(model, (EnrolmentForecaster, Backtest)):
        pytest.skip("its default is a new estimator each time, which that check does not know of")
    check(name_of(model), clone(model))


@pytest.mark.parametrize("model", ALL, ids=name_of)
def test_clones_have_the_parameters_and_nothing_learnt(model: Estimator) -> None:
    """A clone is set up alike and as good as new; a slip in a name is refused."""
    copy = clone(model)
    assert copy is not model
    assert str(copy.get_params()) == str(model.get_params())
    simple = {k: v for k, v in model.get_params(deep=False).items() if isinstance(v, (int, float))}
    assert copy.set_params(**simple).get_params() | simple == copy.get_params()
    assert learnt(copy) == {}
    with pytest.raises(ValueError, match="Invalid parameter 'no_such'"):
        copy.set_params(no_such=1)


def test_parameters_of_parts_are_set_through_the_whole() -> None:
    """Nested parameters are reached with two underscores, and stay apart from other instances'."""
    model = Backtest(EnrolmentForecaster()).set_params(split__horizon=2, forecaster__booster__max_iter=3)
    assert model.forecaster is not None
    assert model.forecaster.booster is not None
    assert (model.split.horizon, model.forecaster.booster.max_iter) == (2, 3)
    assert (Backtest().split.horizon, ResidualBooster().max_iter) == (5, 150)
    other = EnrolmentForecaster().booster
    assert other is not None
    assert other.max_iter == 150


@pytest.mark.parametrize("model", FITTED, ids=name_of)
def test_fitting_changes_no_parameter_and_fitting_again_forgets(model: Estimator) -> None:
    """The second fit is that of a new estimator: nothing of the first panel is left."""
    model = clone(model)
    before = str(model.get_params())
    assert model.fit(*data_of(model, 1)) is model
    assert str(model.get_params()) == before
    again = learnt(model.fit(*data_of(model, 2)))
    assert again == learnt(clone(model).fit(*data_of(model, 2)))
    assert again
    assert again != learnt(clone(model).fit(*data_of(model, 1)))


UNFITTED: list[tuple[str, Callable[[], object]]] = [
    ("CohortProgression", lambda: CohortProgression().predict(1)),
    ("BirthEntry", lambda: BirthEntry().predict(np.ones((1, 1)))),
    ("BirthOutlook", lambda: BirthOutlook().predict(1)),
    ("HousingYield", lambda: HousingYield().predict([2027])),
    ("MigrantChildren", lambda: MigrantChildren().predict(1)),
    ("ResidualBooster", lambda: ResidualBooster().factors(cohorts(), np.ones((8, 4)))),
    ("ResidualBooster", lambda: ResidualBooster().get_feature_names_out()),
    ("EnrolmentForecaster", lambda: EnrolmentForecaster().predict(1)),
    ("CoherentSimulator", lambda: CoherentSimulator().simulation(np.ones((1, 1, 2)), 2024, paths=2, seed=0)),
    ("Backtest", lambda: Backtest().scores_),
]


@pytest.mark.parametrize(("name", "ask"), UNFITTED, ids=[name for name, _ in UNFITTED])
def test_asking_before_fitting_says_so(name: str, ask: Callable[[], object]) -> None:
    """Who asks too early is told which estimator is not fitted, and is never given a default."""
    with pytest.raises(NotFittedError, match=f"{name} has no .*_ yet: it is not fitted"):
        ask()


def test_unknown_names_are_attribute_errors() -> None:
    """A slip in a name is no question of fitting."""
    with pytest.raises(AttributeError, match="no attribute 'ratio'"):
        _ = CohortProgression().ratio  # type: ignore[attr-defined]


def test_the_data_are_left_alone() -> None:
    """Fitting and predicting write nothing into the panel or the births."""
    panel = cohorts(8, 4, 7)
    births = births_of(panel, "town")
    counts, table = panel.counts.copy(), births.copy()
    frozen = Panel(panel.counts, panel.units, panel.towns, panel.grades, panel.years)
    frozen.counts.flags.writeable = False
    model = EnrolmentForecaster(births=births, booster=BOOSTER).fit(frozen)
    model.predict(3)
    CoherentSimulator(model).fit(frozen)
    np.testing.assert_array_equal(panel.counts, counts)
    pd.testing.assert_frame_equal(births, table)
    assert not hasattr(BOOSTER, "model_")
