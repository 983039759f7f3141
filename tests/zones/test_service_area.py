"""The script that solves a published instance: what it reads, prints and refuses."""

import itertools
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.zones.checker import check_plan

import published
from zoning.zones.problem import ZoneProblem, neighbours_of

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "service_area.py"
HEADER = "OID\tpop\tPointX\tPointY\tfcadidature\tfcost\tfcapacity"
PAIRS = '"OID_","IN_FID","NEAR_FID","NEAR_DIST"'
Units = list[tuple[str, object, object]]

LINE: Units = [
    ("1", 5, 8),
    ("2", 3, 0),
    ("3", 2, 0),
    ("4", 4, 9),
]  # a street of four units, facilities at the ends


def write(
    folder: Path,
    units: Units,
    pairs: list[tuple[str, str]],
    *,
    header: bool = True,
) -> list[str]:
    """Write an instance, units 1 km apart on a line, and return the two paths."""
    rows = [
        f"{oid}\t{pop}\t{1000 * at}\t0\t{int(at == 0)}\t0\t{seats}"
        for at, (oid, pop, seats) in enumerate(units)
    ]
    links = [f",{a},{b},0.000000" for a, b in pairs]
    first, second = folder / "units.txt", folder / "pairs.txt"
    first.write_text("\n".join([HEADER, *rows] if header else rows), encoding="utf-8")
    second.write_text("\n".join([PAIRS, *links] if header else links), encoding="utf-8")
    return [str(first), str(second)]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script."""
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False
    )


def chain(units: Units) -> list[tuple[str, str]]:
    """Return the pairs of a street."""
    return [(a[0], b[0]) for a, b in itertools.pairwise(units)]


def problem_of(units: Path, connectivity: Path) -> ZoneProblem:
    """Return a published instance as a problem, read a second time without the script."""
    rows = [line.split("\t") for line in units.read_text(encoding="utf-8").split("\n")[1:] if line]
    place = {row[0]: at for at, row in enumerate(rows)}
    home = [at for at, row in enumerate(rows) if float(row[6]) > 0]
    links = [line.split(",") for line in connectivity.read_text(encoding="utf-8").split("\n")[1:] if line]
    indptr, indices = neighbours_of(np.array([(place[row[1]], place[row[2]]) for row in links]), len(rows))
    km = [
        [math.dist((float(r[2]), float(r[3])), (float(rows[h][2]), float(rows[h][3]))) / 1000 for h in home]
        for r in rows
    ]
    return ZoneProblem(
        demand=np.array([float(row[1]) for row in rows]),
        cost=np.array(km),
        allowed=np.array([[at == h or at not in home for h in home] for at in range(len(rows))]),
        capacity=np.array([float(rows[h][6]) for h in home]),
        indptr=indptr,
        indices=indices,
        home=np.array(home, dtype=np.int32),
    )


def test_a_street_is_solved_to_the_optimum(tmp_path: Path) -> None:
    """One object on standard output: cost and bound in person-km, every unit with its facility, as text."""
    done = run(*write(tmp_path, LINE, chain(LINE)), "--json", "--seconds", "0.5")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) == {"cost", "bound", "gap", "seconds", "iterations", "assignment"}
    assert answer["assignment"] == {"1": "1", "2": "1", "3": "4", "4": "4"}
    assert answer["cost"] == pytest.approx(5.0)
    assert answer["bound"] <= answer["cost"]
    assert answer["gap"] == pytest.approx(answer["cost"] / answer["bound"] - 1)


def test_the_summary_names_cost_bound_and_gap(tmp_path: Path) -> None:
    """Without --json a person reads three lines."""
    done = run(*write(tmp_path, LINE, chain(LINE)), "--seconds", "0.5")
    assert done.returncode == 0
    assert "cost   5.0000 person-km" in done.stdout
    assert "gap" in done.stdout


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("header", [True, False])
def test_encodings_headers_and_ids_of_text(
    tmp_path: Path,
    encoding: str,
    header: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Ids are read letter by letter, leading zeros and Chinese included, with or without header rows."""
    units = [("007", 5, 8), ("7", 3, 0), ("河洛镇", 2, 0), ("x-1", 4, 9)]
    paths = [Path(path) for path in write(tmp_path, units, chain(units), header=header)]
    for path in paths:
        path.write_bytes(path.read_text(encoding="utf-8").replace("\n", "\r\n").encode(encoding))
    found = published.read_instance(*paths)
    assert found.units == ["007", "7", "河洛镇", "x-1"]
    assert found.facilities == ["007", "x-1"]
    assert found.demand.tolist() == [5, 3, 2, 4]
    assert found.capacity.tolist() == [8, 9]
    assert sorted(found.pairs) == [(0, 1), (1, 2), (2, 3)]


@pytest.mark.parametrize(
    ("units", "pairs", "reason"),
    [
        ([("1", 5, 8), ("2", 4, 0)], None, "9 people and 8 places: 1 places are missing"),
        ([("1", 9, 8), ("2", 4, 50)], None, "facility 1 has 8 places and its own unit 9 people"),
        ([("1", 1, 6), ("2", 9, 0), ("3", 1, 9)], None, "unit 2 has 9 people, more than a facility can hold"),
        ([("1", 1, 6), ("2", 1, 0), ("3", 1, 0)], [("1", "2")], "unit 3: no way over neighbouring units"),
        ([("1", 1, 2), ("2", 4, 0), ("3", 1, 9)], [("1", "2")], "have 5 people and fewer places"),
        ([("1", 1, 0), ("2", 4, 0)], None, "no unit is an open facility"),
        # Six seats beside each own unit, and three units of four: it fits in sum and not whole.
        ([("1", 1, 7), ("2", 4, 0), ("3", 4, 0), ("4", 4, 0), ("5", 1, 7)], None, "no plan"),
        # The only facility with room for unit 3 lies behind a unit that it cannot hold as well.
        ([("1", 1, 7), ("2", 5, 0), ("3", 5, 0), ("4", 1, 9), ("5", 6, 0)], None, "no plan"),
    ],
)
def test_without_a_plan_the_reason_is_told(
    tmp_path: Path, units: Units, pairs: list[tuple[str, str]] | None, reason: str
) -> None:
    """Exit 1, one sentence that says why, and with --json an object that holds it."""
    paths = write(tmp_path, units, chain(units) if pairs is None else pairs)
    done = run(*paths, "--json", "--seconds", "0.3")
    assert done.returncode == 1, done.stdout + done.stderr
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout)["reason"] in done.stderr


@pytest.mark.parametrize(
    ("units", "pairs", "message"),
    [
        (None, "", "cannot be read"),
        ("", "", "the file is empty"),
        (HEADER, "", "the file has no units"),
        ("OID\tpop\n1\t2", "", "no column pointx, pointy, fcapacity"),
        (f"{HEADER}\n1\t2\t3", "", "line 2: 3 columns, wanted 7"),
        (f"{HEADER}\n1\tmany\t0\t0\t0\t0\t9", "", "line 2: pop 'many' is no such number"),
        (f"{HEADER}\n1\t-2\t0\t0\t0\t0\t9", "", "line 2: pop '-2' is no such number"),
        (f"{HEADER}\n1\tnan\t0\t0\t0\t0\t9", "", "line 2: pop 'nan' is no such number"),
        (f"{HEADER}\n1\t1e300\t0\t0\t0\t0\t9", "", "line 2: pop '1e300' is no such number"),
        (f"{HEADER}\n1\t2\t0\tinf\t0\t0\t9", "", "line 2: pointy 'inf' is no such number"),
        (f"{HEADER}\n1\t2\t0\t0\t0\t0\t9\n1\t2\t0\t0\t0\t0\t0", "", "line 3: the OID '1' is repeated"),
        (f"{HEADER}\n1\t2\t0\t0\t0\t0\t9", f"{PAIRS}\n,1,8,0", "line 2: unit '8' is not among the units"),
        (f"{HEADER}\n1\t2\t0\t0\t0\t0\t9", f"{PAIRS}\n,1", "line 2: no pair of units"),
        (f"{HEADER}\n1\t2\t0\t0\t0\t0\t9", ",7,8,0", "line 1: unit '7' is not among the units"),
        ("\0\0\0", "", "no text in UTF-8"),
        (f"{HEADER}\n1\t2\t0\t0\t0\t0\t" + "9" * 200_000, "", "no table"),
    ],
)
def test_a_bad_file_is_one_message(tmp_path: Path, units: str | None, pairs: str, message: str) -> None:
    """Exit 2 and one line that names the file, the line and the value; never a traceback."""
    first, second = tmp_path / "units.txt", tmp_path / "pairs.txt"
    if units is not None:
        first.write_text(units, encoding="utf-8")
    second.write_text(pairs, encoding="utf-8")
    done = run(str(first), str(second), "--json")
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize("option", ["--seconds=0", "--seconds=nan", "--seed=-1", "--seed=x"])
def test_a_bad_option_is_refused(tmp_path: Path, option: str) -> None:
    """A time that is none and a seed that is none are told before anything is read."""
    done = run(str(tmp_path / "none"), str(tmp_path / "none"), option)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.real
@pytest.mark.skipif(not os.environ.get("ZONING_REAL_DATA"), reason="needs ZONING_REAL_DATA")
def test_a_published_instance_is_solved_and_checked() -> None:
    """297 real villages: the checker agrees on cost and rules; the optimum is not below the bound."""
    folder = Path(os.environ["ZONING_REAL_DATA"]) / "gongyi"
    units, pairs = folder / "gy_37a.txt", folder / "gy_connectivity.txt"
    done = run(str(units), str(pairs), "--json", "--seconds", "3")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    problem = problem_of(units, pairs)
    oids = [line.split("\t")[0] for line in units.read_text(encoding="utf-8").split("\n")[1:] if line]
    column = {oids[home]: k for k, home in enumerate(problem.home.tolist())}
    verdict = check_plan(problem, [column[answer["assignment"][oid]] for oid in oids])
    assert list(answer["assignment"]) == oids
    assert verdict.is_kept
    assert verdict.cost == pytest.approx(answer["cost"], rel=1e-9)
    assert answer["bound"] <= 70_172.92
    assert 70_172.91 <= answer["cost"] <= 1.03 * 70_172.91
