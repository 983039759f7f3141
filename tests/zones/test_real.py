"""Published instances of a real county: feasible plans near the best known, and a bound below it."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from tests.zones.oracle import faults

from zoning.zones import ZoneProblem, keep_homes, neighbours_of, solve_problem

FOLDER = os.environ.get("ZONING_REAL_DATA", "")

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FOLDER, reason="ZONING_REAL_DATA names no folder of real data"),
]


def read_instance(name: str) -> ZoneProblem:
    """Return a published instance: km a pupil in a straight line, a school's own block kept for it."""
    folder = Path(FOLDER) / "gongyi"
    with (folder / f"{name}.txt").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    place = {int(row["OID"]): number for number, row in enumerate(rows)}
    with (folder / f"{name.split('_', maxsplit=1)[0]}_connectivity.txt").open(encoding="utf-8") as file:
        pairs = [(place[int(r["IN_FID"])], place[int(r["NEAR_FID"])]) for r in csv.DictReader(file)]
    point = np.array([[float(row["PointX"]), float(row["PointY"])] for row in rows]) / 1000
    seats = np.array([float(row["fcapacity"]) for row in rows])
    home = np.flatnonzero(seats > 0)
    indptr, indices = neighbours_of(np.array(pairs), len(rows))
    cost = np.hypot(*(point[:, None, axis] - point[None, home, axis] for axis in (0, 1)))
    return keep_homes(
        ZoneProblem(
            demand=np.array([float(row["pop"]) for row in rows]),
            cost=cost,
            allowed=np.ones(cost.shape, dtype=np.bool_),
            capacity=seats[home],
            indptr=indptr,
            indices=indices,
            home=home.astype(np.int32),
        ),
    )


def best_known(name: str) -> float:
    """Return the cost of the best plan published for an instance."""
    with (Path(FOLDER) / "gongyi" / "best_known.csv").open(encoding="utf-8") as file:
        return {row["instance"]: float(row["cost"]) for row in csv.DictReader(file)}[name]


@pytest.mark.parametrize(
    ("name", "bound"),
    [("gy_37a", 67_210.76), ("gy2_18a", 2_149_559.9), ("gy2_18c", 2_310_287.9)],
)
def test_published_instances(name: str, bound: float, capsys: pytest.CaptureFixture[str]) -> None:
    """A plan in one piece and within the seats, near the best known; the bound is at least the known one."""
    problem = read_instance(name)
    found = solve_problem(problem, seed=0)
    best = best_known(name)
    with capsys.disabled():
        above = found.cost / best - 1
        print(f"\n{name}: {above:+.3%} of the best known, proved gap {found.cost / found.bound - 1:.3%}")  # noqa: T201
    assert faults(problem, found.school.tolist()) == {"over": 0, "forbidden": 0, "pieces": 0}
    assert found.cost <= 1.004 * best
    assert found.bound <= best
    assert found.bound >= bound * (1 - 1e-6)


@pytest.mark.parametrize(
    ("name", "above", "seed"),
    [
        ("gy_39c", 0.04, 1),
        ("gy_39c", 0.04, 2),
        ("gy_41d", 0.05, 5),
        ("gy2_22d", 0.02, 1),
        ("gy2_22d", 0.02, 2),
    ],
)
def test_tight_instances_fit(name: str, above: float, seed: int) -> None:
    """With 3 % to spare every pupil finds a seat, zones are whole, and the cost is near the best known."""
    problem = read_instance(name)
    found = solve_problem(problem, seed=seed)
    assert faults(problem, found.school.tolist()) == {"over": 0, "forbidden": 0, "pieces": 0}
    assert found.bound <= best_known(name) <= found.cost * (1 + 1e-4)
    assert found.cost <= (1 + above) * best_known(name)


def test_a_search_cut_short_counts_what_does_not_fit() -> None:
    """41 schools of seven blocks and a hundredth of the moves: the pupils over are those that are told."""
    problem = read_instance("gy_41d")
    found = solve_problem(problem, seed=0, iterations=1)
    broken = faults(problem, found.school.tolist())
    assert broken["pieces"] == broken["forbidden"] == 0
    assert broken["over"] > 0
    assert broken["over"] == pytest.approx(found.excess.sum())
