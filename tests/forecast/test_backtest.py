"""The back-test: hand-worked errors, no look into the future, and the published rows on real panels."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from zoning.forecast import Panel, Score, backtest
from zoning.forecast.backtest import METHODS, last_value, shrunk_with_births, three_year_ratio


def errors(scores: tuple[Score, ...], method: str, level: str, measure: str) -> list[float]:
    """Errors in percent by horizon."""
    return [100 * getattr(s, measure) for s in scores if s.method == method and s.level == level]


def test_errors_by_hand() -> None:
    """WAPE weighs by children, MAPE does not, and cells under ten children are left out."""
    counts = np.array(
        [[[20.0, 20.0, 20.0, 25.0]], [[100.0, 100.0, 100.0, 80.0]], [[5.0, 5.0, 5.0, 9.0]]],
    )
    panel = Panel(counts, ("s1", "s2", "s3"), ("A", "A", "B"), (1,), (2020, 2021, 2022, 2023))
    found = backtest(panel, methods={"last": last_value}, horizon=1)
    cell, school, town, total = found
    assert cell.count == 2
    assert cell.wape == pytest.approx(25 / 105)
    assert cell.mape == pytest.approx((5 / 25 + 20 / 80) / 2)
    assert school.mape == pytest.approx(cell.mape)
    assert town.mape == pytest.approx(15 / 105)
    assert total.mape == pytest.approx((15 / 105 + 4 / 9) / 2)


def test_a_school_that_changes_its_span_counts_by_cell_only() -> None:
    """A school that grew a grade is no fair total, though its old cells still are fair cells."""
    counts = np.full((1, 3, 4), 20.0)
    counts[0, 2, :3] = np.nan
    panel = Panel(counts, ("s1",), ("A",), (1, 2, 3), (2020, 2021, 2022, 2023))
    found = {s.level: s.count for s in backtest(panel, methods={"last": last_value}, horizon=1)}
    assert found["cell"] == 2
    assert found["school"] == found["town"] == 0
    assert found["town_total"] == 1


def test_methods_see_only_the_past() -> None:
    """Every origin hands over the years up to it and nothing later."""
    seen = []

    def spy(panel: Panel, horizon: int) -> np.ndarray:
        seen.append(panel.years[-1])
        assert panel.counts.shape[2] == len(panel.years)
        return last_value(panel, horizon)

    panel = Panel(np.full((1, 1, 6), 20.0), ("s1",), ("A",), (1,), tuple(range(2020, 2026)))
    backtest(panel, methods={"spy": spy}, horizon=2)
    assert seen == [2022, 2023, 2024]


def test_three_year_ratio_by_hand() -> None:
    """Pooled over the last three transitions, entry the mean of three years; older years play no part."""
    counts = np.array([[[99.0, 10.0, 20.0, 30.0, 40.0], [0.0, 1.0, 10.0, 10.0, 10.0]]])
    panel = Panel(counts, ("s1",), ("A",), (1, 2), (2020, 2021, 2022, 2023, 2024))
    ahead = three_year_ratio(panel, 1)
    assert ahead[0, 0, 0] == pytest.approx(30.0)
    assert ahead[0, 1, 0] == pytest.approx(40.0 * 30 / 60)


def test_births_announce_a_wave() -> None:
    """A forecast that knows the births sees the wave that the last value misses."""
    years = tuple(range(2010, 2024))
    wave = 100.0 + 40.0 * np.sin(np.arange(2000, 2030))
    counts = np.stack([[wave[y - 5 - g - 2000] for y in years] for g in range(3)])[None]
    panel = Panel(counts, ("s1",), ("A",), (0, 1, 2), years)
    births = pd.DataFrame({"town": "A", "year": np.arange(2000, 2030), "births": wave})
    method = shrunk_with_births(births, entry_age=5, cutoff=(12, 31))
    found = backtest(panel, methods={"births": method, "last": last_value}, horizon=3)
    assert errors(found, "births", "cell", "wape")[2] < errors(found, "last", "cell", "wape")[2] / 4


def test_without_a_later_year_there_is_nothing_to_score() -> None:
    """A back-test of the last year alone says so."""
    panel = Panel(np.full((1, 1, 3), 20.0), ("s1",), ("A",), (1,), (2020, 2021, 2022))
    with pytest.raises(ValueError, match="no origin has a later year"):
        backtest(panel)


@pytest.fixture(scope="module")
def real() -> Path:
    """The folder of real data."""
    named = os.environ.get("ZONING_REAL_DATA")
    if not named:
        pytest.skip("ZONING_REAL_DATA does not name the folder of real data")
    return Path(named)


@pytest.mark.real
def test_new_york_rows(real: Path) -> None:
    """The yardsticks come out as known on 1,553 schools, and the shrunk ratio is below them everywhere."""
    table = pd.read_csv(real / "nyc" / "enrolment.csv")
    home = dict(zip(table["school"], table["district"].astype("str"), strict=True))
    panel = Panel.of_frame(table, home, unit="school")
    found = backtest(panel, origins=range(2015, 2019), horizon=4, last_target=2019)
    assert errors(found, "last value", "cell", "wape") == pytest.approx(
        [11.03, 13.75, 16.15, 18.37], abs=0.05
    )
    assert errors(found, "last value", "school", "mape") == pytest.approx(
        [5.67, 9.77, 13.62, 17.33], abs=0.05
    )
    assert errors(found, "last value", "town", "mape") == pytest.approx([2.09, 3.93, 5.85, 8.22], abs=0.05)
    assert errors(found, "3-year ratio", "cell", "wape") == pytest.approx(
        [7.80, 11.34, 14.40, 16.63], abs=0.05
    )
    for level, measure in (("cell", "wape"), ("school", "mape"), ("town", "mape")):
        shrunk, plain = (errors(found, m, level, measure) for m in ("shrunk ratio", "3-year ratio"))
        assert all(a < b for a, b in zip(shrunk, plain, strict=True)), level
    cells = errors(found, "shrunk ratio", "cell", "wape")
    assert all(a <= b for a, b in zip(cells, [7.11, 10.55, 13.55, 15.86], strict=True))


@pytest.mark.real
def test_eau_claire_rows(real: Path) -> None:
    """The yardsticks come out as known on one district, and births bring the far years down."""
    table = pd.read_csv(real / "ecasd" / "enrolment.csv")
    panel = Panel.of_frame(table, dict.fromkeys(table["school"], "all"), unit="school")
    births = pd.read_csv(real / "ecasd" / "births.csv").assign(town="all")
    methods = {**METHODS, "births": shrunk_with_births(births, entry_age=5)}
    found = backtest(panel, methods=methods, origins=range(2006, 2019), last_target=2019)
    known = {
        ("last value", "cell"): [13.87, 13.78, 13.65, 14.53, 14.75],
        ("last value", "school"): [4.38, 5.63, 6.81, 7.54, 8.17],
        ("last value", "town"): [1.19, 2.19, 2.69, 3.33, 4.22],
        ("3-year ratio", "cell"): [8.24, 10.84, 12.77, 13.95, 14.16],
        ("3-year ratio", "school"): [4.86, 7.00, 8.79, 9.92, 10.65],
        ("3-year ratio", "town"): [1.22, 1.74, 1.65, 2.38, 3.60],
    }
    for (method, level), figures in known.items():
        measure = "wape" if level == "cell" else "mape"
        assert errors(found, method, level, measure) == pytest.approx(figures, abs=0.05), (method, level)
    births_cells = errors(found, "births", "cell", "wape")
    assert all(a <= b + 0.05 for a, b in zip(births_cells, [7.36, 9.58, 10.86, 11.80, 11.80], strict=True))
    assert errors(found, "births", "town", "mape")[4] < errors(found, "3-year ratio", "town", "mape")[4] / 2
