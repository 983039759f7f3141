"""The back-test of any panel from a file: `benchmarks/forecast.py` as others call it."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "forecast.py"
METHODS = {"model", "ratio3", "last_value"}
MEASURES = {"wape", "mape", "mase", "coverage80", "coverage95"}
Errors = dict[str, dict[str, dict[str, dict[str, float | None]]]]
"""Level, measure, method, years ahead."""

STEPS = ["1", "2", "3", "4", "5"]
HEADER = "year,school,district,grade,pupils\n"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the script as a user does."""
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def errors(*arguments: object) -> Errors:
    """The JSON of a run that must go well; NaN and Infinity are no JSON."""
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr

    def refuse(name: str) -> None:
        raise AssertionError(name)

    return cast("Errors", json.loads(done.stdout, parse_constant=refuse))


def made_up(
    *,
    schools: int = 8,
    grades: Sequence[int] = range(6),
    years: Sequence[int] = range(2010, 2018),
    seed: int = 7,
) -> pd.DataFrame:
    """Rolls of schools whose cohorts lose a few children a year."""
    rng = np.random.default_rng(seed)
    rows = []
    for n in range(schools):
        cohort = {g: int(rng.poisson(50)) for g in grades}
        for year in years:
            rows += [(year, f"s{n}", f"d{n % 2}", g, cohort[g]) for g in grades]
            moved = {g + 1: int(rng.binomial(c, 0.97)) for g, c in cohort.items() if g + 1 in cohort}
            cohort = {grades[0]: int(rng.poisson(50)), **moved}
    return pd.DataFrame(rows, columns=["year", "school", "district", "grade", "pupils"])


def written(frame: pd.DataFrame, path: Path) -> Path:
    """Save a table and return where."""
    frame.to_csv(path, index=False)
    return path


def values(found: Errors, level: str, measure: str, method: str = "model") -> list[float | None]:
    """One row of the JSON by years ahead."""
    return [found[level][measure][method][step] for step in STEPS]


def test_shape_keys_and_units(tmp_path: Path) -> None:
    """Every level, measure, method and horizon is there; errors in %, coverage a share, null without one."""
    found = errors(written(made_up(), tmp_path / "panel.csv"))
    assert list(found) == ["cell", "school", "district"]
    for of_level in found.values():
        assert set(of_level) == MEASURES
        for measure, of_method in of_level.items():
            assert set(of_method) == METHODS
            for method, ahead in of_method.items():
                assert list(ahead) == STEPS
                stated = not measure.startswith("coverage") or method == "model"
                assert all((value is not None) == stated for value in ahead.values()), (measure, method)
    assert all(1 < value < 40 for value in values(found, "cell", "wape", "last_value") if value is not None)
    assert all(0 <= value <= 1 for value in values(found, "cell", "coverage80") if value is not None)


def test_last_value_by_hand(tmp_path: Path) -> None:
    """WAPE weighs by pupils, MAPE does not, MASE is against past changes; cells under ten are left out."""
    counts = {"a": (20, 20, 22, 25), "b": (100, 100, 98, 80), "c": (5, 5, 5, 9)}
    rows = [(2020 + n, s, "d", 1, v) for s, of_school in counts.items() for n, v in enumerate(of_school)]
    frame = pd.DataFrame(rows, columns=["year", "school", "district", "grade", "pupils"])
    found = errors(written(frame, tmp_path / "panel.csv"))
    assert found["cell"]["wape"]["last_value"]["1"] == pytest.approx(100 * 21 / 105)
    assert found["cell"]["mape"]["last_value"]["1"] == pytest.approx(100 * (3 / 25 + 18 / 80) / 2)
    assert found["cell"]["mase"]["last_value"]["1"] == pytest.approx(21 / (1 + 1))
    assert found["district"]["mape"]["last_value"]["1"] == pytest.approx(100 * 15 / 105)
    assert values(found, "cell", "wape")[1:] == [None] * 4


def test_years_missing_first_origin_and_last_target(tmp_path: Path) -> None:
    """A missing year is as good as not in the file; origins and targets keep within those asked for."""
    frame = made_up()
    path = written(frame, tmp_path / "panel.csv")
    without = written(frame[frame["year"] != 2014], tmp_path / "without.csv")
    assert errors(path, "--missing-year", 2014) == errors(without)
    assert errors(path, "--missing-year", 2014, 2016) == errors(
        path, "--missing-year", 2014, "--missing-year", 2016
    )
    one = errors(path, "--first-origin", 2015, "--last-target", 2016)
    assert [v is None for v in values(one, "cell", "wape")] == [False, True, True, True, True]


def test_same_bytes_whatever_the_order_of_rows(tmp_path: Path) -> None:
    """The same panel gives the same output, byte by byte, whichever way its rows are sorted."""
    frame = made_up(schools=30)
    sorted_rows = written(frame, tmp_path / "panel.csv")
    shuffled = written(frame.sample(frac=1.0, random_state=3).assign(note="x"), tmp_path / "shuffled.csv")
    first = run(sorted_rows, "--json").stdout
    assert first
    assert run(sorted_rows, "--json").stdout == first
    assert run(shuffled, "--json").stdout == first


def test_ages_with_births_of_each_place(tmp_path: Path) -> None:
    """Regions by age 0-17 with births of their own: a wave of births is seen coming, last value misses it."""
    years, ages = range(2000, 2015), range(18)
    born = {y: 1000 + 400 * np.sin(y) for y in range(1980, 2015)}
    rows = [
        (y, f"{number}", age, round(size * born[y - age]))
        for number, size in ((1, 1.0), (2, 0.5))
        for y in years
        for age in ages
    ]
    panel = written(pd.DataFrame(rows, columns=["year", "school", "grade", "pupils"]), tmp_path / "panel.csv")
    births = pd.DataFrame(
        [(f"{n}", "elsewhere", y, s * b) for n, s in ((1, 1.0), (2, 0.5)) for y, b in born.items()],
        columns=["school", "district", "year", "births"],
    )
    told = errors(panel, "--births", written(births, tmp_path / "births.csv"), "--first-origin", 2008)
    untold = errors(panel, "--first-origin", 2008)
    with_births, without = values(told, "cell", "wape"), values(untold, "cell", "wape")
    last_value = values(told, "cell", "wape", "last_value")
    assert at_most(with_births[:2], [0.9 * (value or 0.0) for value in without])
    assert at_most(with_births[:1], [(value or 0.0) / 4 for value in last_value])


def test_schools_open_close_and_change_district(tmp_path: Path) -> None:
    """Schools that open, close, give up grades or change their district are scored, not crashed on."""
    frame = made_up(schools=12, grades=range(-2, 4))
    gone = (frame["school"] == "s1") & (frame["year"] > 2013)
    new = (frame["school"] == "s2") & (frame["year"] < 2014)
    cut = (frame["school"] == "s3") & (frame["grade"] > 1) & (frame["year"] > 2014)
    frame.loc[(frame["school"] == "s4") & (frame["year"] > 2013), "district"] = "d1"
    done = run(written(frame[~(gone | new | cut)], tmp_path / "panel.csv"), "--json")
    assert done.returncode == 0
    assert values(json.loads(done.stdout), "district", "mape")[0] is not None
    assert "in their latest: 1" in done.stderr


def test_without_districts_the_panel_is_one(tmp_path: Path) -> None:
    """A panel without the column district is scored as one district; schools may have numbers for names."""
    frame = made_up().drop(columns="district").replace({"school": {f"s{n}": f"{n}" for n in range(8)}})
    whole = errors(written(frame, tmp_path / "panel.csv"))
    named = errors(written(frame.assign(district="all of it"), tmp_path / "named.csv"))
    assert whole == named


@pytest.mark.parametrize("years", [[2020, 2021], [2020, 2021, 2022], [2020, 2022, 2024, 2026, 2028]])
def test_short_and_broken_histories_give_nulls(tmp_path: Path, years: list[int]) -> None:
    """Where no origin has two years in a row and a later target, every value is null and a note says so."""
    frame = made_up(years=range(2020, 2029))
    path = written(frame[frame["year"].isin(years)], tmp_path / "panel.csv")
    done = run(path, "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert all(values(found, level, measure) == [None] * 5 for level in found for measure in MEASURES)
    assert "nothing to score" in done.stderr
    assert run(path).stdout == ""


def test_three_years_from_the_second(tmp_path: Path) -> None:
    """With three years there is one origin to ask for: the second."""
    path = written(made_up(years=range(2020, 2023)), tmp_path / "panel.csv")
    found = errors(path, "--first-origin", 2021)
    assert values(found, "cell", "wape")[0] is not None
    assert values(found, "cell", "coverage80")[0] is not None


def test_small_cells_only_give_nulls(tmp_path: Path) -> None:
    """A panel whose cells all hold fewer than ten pupils has nothing to score."""
    found = errors(written(made_up().assign(pupils=7), tmp_path / "panel.csv"))
    assert all(values(found, level, "wape", "last_value") == [None] * 5 for level in found)


def test_tables_for_people(tmp_path: Path) -> None:
    """Without --json: tables with true district totals, sizes, entry grades apart, coverage and advice."""
    done = run(written(made_up(), tmp_path / "panel.csv"))
    assert done.returncode == 0
    for part in ("district_total", "20-49", "entry grade", "coverage80", "last year's value"):
        assert part in done.stdout
    assert "nan" not in done.stdout


def test_help_states_the_protocol() -> None:
    """Which cells and schools are scored stands in --help."""
    text = run("--help").stdout
    for part in ("10 pupils or more in T+h", "first and last grade are the same", "--missing-year", "third"):
        assert part in text


GOOD = "2020,a,d,1,20\n2021,a,d,1,20\n2022,a,d,1,20\n"
BAD_PANELS = {
    "no column": ("year,school,pupils\n2020,a,3\n", "row 1: no column grade (found: year, school, pupils)"),
    "empty file": ("", "is empty"),
    "no rows": (HEADER, "has no rows below the header"),
    "negative": (HEADER + GOOD + "2023,a,d,1,-3\n", "row 5, column pupils: '-3' is no number of pupils"),
    "fraction": (HEADER + GOOD + "2023,a,d,1,3.5\n", "row 5, column pupils: '3.5' is no number of pupils"),
    "word": (HEADER + GOOD + "2023,a,d,1,few\n", "row 5, column pupils: 'few' is no number of pupils"),
    "grade": (HEADER + GOOD + "2023,a,d,K,20\n", "row 5, column grade: 'K' is no grade"),
    "half grade": (HEADER + GOOD + "2023,a,d,1.5,20\n", "row 5, column grade: '1.5' is no grade"),
    "odd grade": (HEADER + GOOD + "2023,a,d,9999,20\n", "row 5, column grade: '9999' is far from all others"),
    "year": (HEADER + GOOD + "2023/24,a,d,1,20\n", "row 5, column year: '2023/24' is no year"),
    "school": (HEADER + GOOD + "2023,,d,1,20\n", "row 5, column school: '' names no school"),
    "twice": (HEADER + GOOD + "2022,a,d,1,21\n", "row 5, column pupils: '21' contradicts row 4"),
    "two places": (HEADER + GOOD + "2022,a,e,1,20\n", "row 5, column district: 'e' contradicts row 4"),
    "one year": (HEADER + "2020,a,d,1,20\n2020,a,d,2,20\n", "column year: 2020 is the only year counted"),
    "nobody counted": (HEADER + "2020,a,d,1,\n2021,a,d,1,\n", "column pupils: is empty"),
}


@pytest.mark.parametrize(("text", "message"), BAD_PANELS.values(), ids=BAD_PANELS)
def test_bad_panels_are_refused_in_words(tmp_path: Path, text: str, message: str) -> None:
    """A panel that cannot be used: file, row, column, value and cure, exit 2, no traceback."""
    path = tmp_path / "panel.csv"
    path.write_text(text, encoding="utf-8")
    refused(run(path, "--json"), message)


BAD_BIRTHS = {
    "no column": ("year,born\n2010,3\n", "births.csv, row 1: no column births"),
    "negative": ("year,births\n2010,-3\n", "births.csv, row 2, column births: '-3' is no number of births"),
    "twice": ("year,births\n2010,3\n2010,4\n", "births.csv, row 3, column births: '4' contradicts row 2"),
    "elsewhere": (
        "year,district,births\n2010,z,3\n",
        "births.csv, row 2, column district: 'z' is no district",
    ),
    "no births": ("year,births\n2010,\n", "births.csv: holds no births"),
}


@pytest.mark.parametrize(("text", "message"), BAD_BIRTHS.values(), ids=BAD_BIRTHS)
def test_bad_births_are_refused_in_words(tmp_path: Path, text: str, message: str) -> None:
    """Births that cannot be used, of another place above all, are refused and not silently left out."""
    births = tmp_path / "births.csv"
    births.write_text(text, encoding="utf-8")
    refused(run(written(made_up(), tmp_path / "panel.csv"), "--births", births, "--json"), message)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A wrong name is said in one line."""
    refused(run(tmp_path / "no.csv"), "cannot be read")


def refused(done: subprocess.CompletedProcess[str], message: str) -> None:
    """Check that a run ended with one clear message."""
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_repeated_rows_that_agree_count_once(tmp_path: Path) -> None:
    """A row that stands twice with the same pupils is the same row."""
    frame = made_up()
    once = written(frame, tmp_path / "once.csv")
    twice = written(pd.concat([frame, frame.head(9)]), tmp_path / "twice.csv")
    done = run(twice, "--json")
    assert done.stdout == run(once, "--json").stdout
    assert "count once: 9" in done.stderr


def test_births_of_half_the_places(tmp_path: Path) -> None:
    """Births of some districts only: a note names the others, the forecast goes on."""
    births = pd.DataFrame({"year": range(2000, 2018), "district": "d0", "births": 220})
    births = pd.concat([births, births.assign(district="beyond")])
    panel = written(made_up(), tmp_path / "panel.csv")
    done = run(panel, "--births", written(births, tmp_path / "births.csv"), "--json")
    assert done.returncode == 0
    assert "no births of d1" in done.stderr
    assert "left out: beyond" in done.stderr


@pytest.fixture(scope="module")
def real() -> Path:
    """The folder of real data."""
    named = os.environ.get("ZONING_REAL_DATA")
    if not named:
        pytest.skip("ZONING_REAL_DATA does not name the folder of real data")
    return Path(named)


def at_most(found: Sequence[float | None], wanted: Sequence[float]) -> bool:
    """Whether every error is there and within what is wanted."""
    return all(f is not None and f <= w for f, w in zip(found, wanted, strict=False))


def calibrated(found: Errors, levels: Sequence[str], steps: int, low: float, high: float = 1.0) -> None:
    """Check that the 80 % band holds about as much as it says."""
    for level in levels:
        shares = values(found, level, "coverage80")[:steps]
        assert all(share is not None and low <= share <= high for share in shares), (level, shares)


@pytest.mark.real
def test_new_york(real: Path) -> None:
    """1,553 schools: the yardsticks come out as known, the forecast below what is to be beaten."""
    panel = real / "nyc" / "enrolment.csv"
    found = errors(panel, "--first-origin", 2015, "--last-target", 2019)
    known = [11.03, 13.75, 16.15, 18.37]
    assert values(found, "cell", "wape", "last_value")[:4] == pytest.approx(known, abs=0.01)
    assert values(found, "school", "mape", "last_value")[:2] == pytest.approx([5.67, 9.77], abs=0.05)
    assert values(found, "district", "mape", "last_value")[:4] == pytest.approx(
        [2.09, 3.93, 5.85, 8.22], abs=0.05
    )
    assert at_most(values(found, "cell", "wape"), [6.7, 9.9, 12.8, 15.2])
    assert at_most(values(found, "district", "mape"), [1.15, 1.75, 3.0, 4.9])
    ratio3 = values(found, "cell", "wape", "ratio3")[0] or 0.0
    assert at_most(values(found, "cell", "wape"), [0.86 * ratio3])
    later = errors(panel, "--first-origin", 2015)
    calibrated(later, ("cell", "school"), 3, 0.75, 0.88)
    calibrated(later, ("district",), 2, 0.65)


@pytest.mark.real
def test_eau_claire(real: Path) -> None:
    """One district with births: the yardsticks come out as known, the forecast below what is to be beaten."""
    given = [
        real / "ecasd" / "enrolment.csv",
        "--births",
        real / "ecasd" / "births.csv",
        "--first-origin",
        2006,
    ]
    found = errors(*given, "--last-target", 2019)
    known = [13.87, 13.78, 13.65, 14.53, 14.75]
    assert values(found, "cell", "wape", "last_value") == pytest.approx(known, abs=0.01)
    known = [1.22, 1.74, 1.65, 2.38, 3.60]
    assert values(found, "district", "mape", "ratio3") == pytest.approx(known, abs=0.01)
    assert at_most(values(found, "cell", "wape"), [7.2, 9.5, 10.9, 11.8, 11.8])
    assert at_most(values(found, "district", "mape"), [1.2, 1.5, 1.3, 1.4, 1.7])
    calibrated(errors(*given, "--missing-year", 2020), ("cell", "school"), 3, 0.75, 0.88)
