"""The back-test against its protocol written down a second time, cell by cell; its laws; its advice."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.forecast.panels import (
    EAGER,
    births_of,
    cohorts,
    eventful,
    panel_of,
    reordered,
    with_another_future,
)

from zoning.forecast import (
    Backtest,
    CoherentSimulator,
    EnrolmentForecaster,
    Panel,
    RollingOriginSplit,
    last_value,
    three_year_ratio,
)
from zoning.forecast.scored import LEVELS

PLAIN = EnrolmentForecaster(booster=None)
PATHS = 40
Row = dict[str, float]
Keyed = dict[tuple[str, int], list[Row]]


def known(value: float) -> bool:
    """Whether a cell was counted."""
    return not np.isnan(value)


def places(
    panel: Panel, cells: set[tuple[int, int]], at: int, to: int
) -> dict[str, list[set[tuple[int, int]]]]:
    """The cells of every row of every level, by the protocol."""
    counts = panel.counts
    everyone = [(u, g) for u in range(len(panel.units)) for g in range(len(panel.grades))]

    def span(unit: int, year: int) -> tuple[int, ...]:
        has = [g for g in range(len(panel.grades)) if known(counts[unit, g, year])]
        return (has[0], has[-1]) if has else ()

    schools = [
        {c for c in cells if c[0] == u and span(u, at) == span(u, to)} for u in range(len(panel.units))
    ]
    towns = sorted(set(panel.towns))
    return {
        "cell": [{c} for c in sorted(cells)],
        "school": schools,
        "district": [
            set().union(*(s for s, t in zip(schools, panel.towns, strict=True) if t == town))
            for town in towns
        ],
        "district_total": [{c for c in everyone if panel.towns[c[0]] == town} for town in towns],
    }


def scored_cells(panel: Panel, at: int, to: int) -> set[tuple[int, int]]:
    """Cells at origin, the year before where anybody counted then, and target, with ten children there."""
    counts = panel.counts
    before = at > 0 and bool((~np.isnan(counts[:, :, at - 1])).any())
    return {
        (u, g)
        for u in range(len(panel.units))
        for g in range(len(panel.grades))
        if known(counts[u, g, at])
        and (not before or known(counts[u, g, at - 1]))
        and known(counts[u, g, to])
        and counts[u, g, to] >= 10
    }


def change_of(panel: Panel, cells: set[tuple[int, int]], at: int) -> float:
    """Mean absolute change in a year of what those cells hold together; NaN where none was seen."""
    changes = []
    for year in range(1, at + 1):
        steps = [panel.counts[u, g, year] - panel.counts[u, g, year - 1] for u, g in cells]
        steps = [step for step in steps if known(step)]
        if steps:
            changes.append(abs(sum(steps)))
    return sum(changes) / len(changes) if changes else float("nan")


def brute_rows(panel: Panel, split: RollingOriginSplit) -> Keyed:
    """Every row that is scored, by level and horizon; each origin from a panel that ends there."""
    found: Keyed = defaultdict(list)
    years = panel.years
    first = years[2] if split.first is None else split.first
    for at, origin in enumerate(years):
        past = panel.until(origin)
        counted = past.counted
        if origin < first or not counted[-1] or not (counted[1:] & counted[:-1]).any():
            continue
        said = {
            "model": PLAIN.fit(past).predict(split.horizon),
            "ratio3": three_year_ratio(past, split.horizon),
            "last_value": last_value(past, split.horizon),
        }
        course = np.concatenate([past.counts[:, :, -1:], said["model"]], axis=2)
        simulator = CoherentSimulator(PLAIN).fit(past)
        paths = simulator.simulation(course, origin, paths=PATHS, seed=0).paths()
        for to in range(at + 1, min(at + 1 + split.horizon, len(years))):
            if not panel.counted[to] or (split.last_target is not None and years[to] > split.last_target):
                continue
            for level, rows in places(panel, scored_cells(panel, at, to), at, to).items():
                for cells in rows:
                    actual = sum(np.nan_to_num(panel.counts[u, g, to]) for u, g in cells)
                    if actual <= 0:
                        continue
                    drawn = [sum(int(path[u, g, to - at]) for u, g in cells) for path in paths]
                    row = {"actual": actual, "change": change_of(panel, cells, at), "h": to - at}
                    for name, ahead in said.items():
                        row[name] = sum(np.nan_to_num(ahead[u, g, to - at - 1]) for u, g in cells)
                    for band, tail in (("80", 0.1), ("95", 0.025)):
                        row[f"low{band}"], row[f"high{band}"] = np.quantile(drawn, [tail, 1 - tail])
                    found[level, to - at].append(row)
    return found


def brute_score(rows: list[Row], method: str) -> Row:
    """Errors and coverage of some rows."""
    errors = [abs(row[method] - row["actual"]) for row in rows]
    shown = [(e, row["change"]) for e, row in zip(errors, rows, strict=True) if known(row["change"])]
    change = sum(c for _, c in shown)
    inside = {
        band: [row[f"low{band}"] - 1e-9 <= row["actual"] <= row[f"high{band}"] + 1e-9 for row in rows]
        for band in ("80", "95")
    }
    model = method == "model"
    return {
        "wape": sum(errors) / sum(row["actual"] for row in rows),
        "mape": sum(e / row["actual"] for e, row in zip(errors, rows, strict=True)) / len(rows),
        "mase": sum(e for e, _ in shown) / change if change > 0 else float("nan"),
        "coverage80": sum(inside["80"]) / len(rows) if model else float("nan"),
        "coverage95": sum(inside["95"]) / len(rows) if model else float("nan"),
        "count": len(rows),
    }


@pytest.mark.parametrize(
    ("panel", "split"),
    [
        (eventful(1, years=7), RollingOriginSplit(horizon=3)),
        (eventful(2, years=8, gap=True), RollingOriginSplit(horizon=3)),
        (cohorts(6, 3, 6, seed=5, each=14.0), RollingOriginSplit(horizon=2, first=2021, last_target=2023)),
    ],
    ids=["events", "missing year", "small cells"],
)
def test_the_protocol_a_second_time(panel: Panel, split: RollingOriginSplit) -> None:
    """Errors, coverage and counts of every level and horizon are those of a plain loop over cells."""
    scores = Backtest(PLAIN, split=split, paths=PATHS).fit(panel).scores_
    whole = scores[scores["size"] == "all"].set_index(["level", "horizon", "method"])
    rows = brute_rows(panel, split)
    assert {level for level, _ in rows} == set(LEVELS)
    assert len(whole) == 3 * len(rows)
    for (level, horizon), some in rows.items():
        for method in ("model", "ratio3", "last_value"):
            wanted = brute_score(some, method)
            got = whole.loc[(level, horizon, method), list(wanted)]
            np.testing.assert_allclose(
                got.to_numpy(dtype=float),
                list(wanted.values()),
                rtol=1e-9,
                err_msg=f"{level} {horizon} {method}",
            )


def test_errors_by_hand() -> None:
    """WAPE weighs by children, MAPE does not, and cells under ten children are left out."""
    counts = np.array([[[20.0, 20, 20, 25]], [[100, 100, 100, 80]], [[5, 5, 5, 9]]])
    test = Backtest(PLAIN, split=RollingOriginSplit(horizon=1), paths=0).fit(
        panel_of(counts, ["A", "A", "B"])
    )
    last = test.scores_.query("method == 'last_value' and size == 'all'").set_index("level")
    assert last.loc["cell", "count"] == 2
    assert last.loc["cell", "wape"] == pytest.approx(25 / 105)
    assert last.loc["cell", "mape"] == pytest.approx((5 / 25 + 20 / 80) / 2)
    assert last.loc["school", "mape"] == pytest.approx(last.loc["cell", "mape"])
    assert last.loc["district", "mape"] == pytest.approx(15 / 105)
    assert last.loc["district_total", "mape"] == pytest.approx((15 / 105 + 4 / 9) / 2)
    assert test.scores_["coverage80"].isna().all()


def test_a_school_that_changes_its_span_counts_by_cell_only() -> None:
    """A school that grew a grade is no fair total, though its old cells still are fair cells."""
    counts = np.full((1, 3, 4), 20.0)
    counts[0, 2, :3] = np.nan
    test = Backtest(PLAIN, split=RollingOriginSplit(horizon=1), paths=10).fit(panel_of(counts))
    count = test.scores_.query("method == 'model' and size == 'all'").set_index("level")["count"]
    assert count.to_dict() == {"cell": 2, "district_total": 1}


def test_sizes_are_told_apart_by_what_was_known() -> None:
    """A cell's band of sizes is that of its children at the origin, and the bands add up to all."""
    test = Backtest(PLAIN, split=RollingOriginSplit(horizon=2), paths=0).fit(cohorts(8, 3, 6, each=60.0))
    model = test.scores_[test.scores_["method"] == "model"]
    for level, names in (
        ("cell", {"0-19", "20-49", "50-99", "100+"}),
        ("school", {"0-149", "150-399", "400-999", "1000+"}),
    ):
        of_level = model[model["level"] == level]
        assert set(of_level["size"]) - {"all"} <= names
        sized = of_level[of_level["size"] != "all"].groupby("horizon")["count"].sum()
        assert sized.to_dict() == of_level[of_level["size"] == "all"].set_index("horizon")["count"].to_dict()
    rows = test.rows_.query("level == 'cell' and horizon == 1")
    small = model.query("level == 'cell' and horizon == 1 and size == '20-49'")["count"].item()
    assert small == rows["now"].between(20, 49).sum()


@pytest.mark.parametrize("kind", ["none", "town"])
def test_what_comes_after_the_last_target_changes_no_score(kind: str) -> None:
    """Scores up to a year, bands included, are the same whatever was counted or born later."""
    panel = eventful(3)
    year = panel.years[-3]
    births = None if kind == "none" else births_of(panel, kind)
    split = RollingOriginSplit(horizon=2, last_target=year)
    one = Backtest(EnrolmentForecaster(births=births, booster=EAGER), split=split, paths=20).fit(panel)
    later = (
        None
        if births is None
        else births.assign(births=births["births"].where(births["year"] <= year, 999.0))
    )
    model = EnrolmentForecaster(births=later, booster=EAGER)
    other = Backtest(model, split=split, paths=20).fit(with_another_future(panel, year, 8))
    pd.testing.assert_frame_equal(one.rows_, other.rows_)
    pd.testing.assert_frame_equal(one.scores_, other.scores_)
    short = Backtest(EnrolmentForecaster(births=births, booster=EAGER), split=split, paths=20).fit(
        panel.until(year)
    )
    pd.testing.assert_frame_equal(one.scores_, short.scores_)


def test_the_order_of_schools_is_irrelevant_to_errors() -> None:
    """Errors do not depend on how the table was sorted (paths are numbered by row, so coverage may)."""
    panel = eventful(4)
    measures = ["level", "horizon", "size", "method", "wape", "mape", "mase", "count"]
    split = RollingOriginSplit(horizon=2)
    one, other = (
        Backtest(PLAIN, split=split, paths=0).fit(p).scores_[measures]
        for p in (panel, reordered(panel, np.random.default_rng(1).permutation(9)))
    )
    pd.testing.assert_frame_equal(one, other)


def test_running_twice_gives_the_same_scores() -> None:
    """The same estimator fitted twice, and a second one, find the same to the last bit."""
    panel = eventful(5)
    model = Backtest(EnrolmentForecaster(booster=EAGER), split=RollingOriginSplit(horizon=2), paths=20)
    first = model.fit(panel).scores_
    pd.testing.assert_frame_equal(first, model.fit(panel).scores_)
    assert not first.equals(model.set_params(seed=1).fit(panel).scores_)


def test_last_year_is_advised_where_it_was_nearer() -> None:
    """Where rolls jump back and forth for good, the advice names the level and the years ahead."""
    steady = Backtest(PLAIN, split=RollingOriginSplit(horizon=2), paths=0).fit(eventful(0, years=6))
    counts = np.full((6, 3, 7), 60.0)
    counts[:, :, ::2] *= np.linspace(0.7, 1.3, 3)[:, None]
    test = Backtest(PLAIN, split=RollingOriginSplit(horizon=2), paths=0).fit(panel_of(counts))
    said = {text.en for text in test.advice_}
    last = test.scores_.query("size == 'all' and level == 'cell'").pivot_table(
        index="horizon", columns="method", values="wape"
    )
    assert last.loc[2, "last_value"] < last.loc[2, "model"]
    assert any("2" in text and "last year" in text.lower() for text in said), said
    assert all(text.zh for text in (*steady.advice_, *test.advice_))


def test_cells_below_ten_leave_only_totals() -> None:
    """Where no cell has ten children the totals are scored, and nothing is advised of what was not."""
    test = Backtest(PLAIN, split=RollingOriginSplit(horizon=1), paths=10).fit(
        panel_of(np.full((3, 2, 5), 4.0))
    )
    assert set(test.scores_["level"]) == {"district_total"}
    assert test.advice_ == ()


@pytest.mark.parametrize(
    ("panel", "said"),
    [
        (panel_of(np.full((1, 2, 3), 20.0)), "no origin has a later year"),
        (panel_of(np.zeros((2, 2, 5))), "no later year has children"),
    ],
    ids=["three years", "nobody"],
)
def test_without_anything_to_score_it_says_so(panel: Panel, said: str) -> None:
    """A back-test of the last year alone, or of nobody, is refused in words."""
    with pytest.raises(ValueError, match=said):
        Backtest(PLAIN, paths=0).fit(panel)


def test_one_school_one_grade_one_town() -> None:
    """The least panel has scores, of a grade that nobody moves up to."""
    panel = replace(cohorts(1, 1, 6, each=50.0), towns=("only",))
    scores = Backtest(PLAIN, split=RollingOriginSplit(horizon=1), paths=20).fit(panel).scores_
    assert (scores.query("size == 'all'").groupby("level")["count"].first() == 3).all()
    assert scores.query("method == 'model'")["coverage80"].between(0, 1).all()
