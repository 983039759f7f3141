"""Several plans from the command line: written whole, printed side by side, every slip one sentence."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread
from tests.towns import block_name, square_town

from zoning import cli

SAMPLE = str(Path(__file__).parents[2] / "data" / "geo" / "sample")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def zoning(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Return a function that runs `zoning` in an empty folder: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZONING_LANG", "en")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["zoning", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def made(zoning: Run, out: str = "out", *more: str) -> tuple[int, str, str]:
    """Run `zoning alternatives` quickly on the senior schools of the sample county."""
    few = ("--stage", "senior", "--iterations", "30", "--out", out)
    return zoning("alternatives", SAMPLE, *few, *more)


def test_alternatives_are_written_and_read_back(zoning: Run, tmp_path: Path) -> None:
    """Each plan has its folder, the table a row for each, the figure is drawn, and compare reads them."""
    code, out, err = made(zoning, "out", "--json")
    assert code == 0, err
    document = json.loads(out)
    folder = tmp_path / "out" / "alternatives" / "senior"
    table = pd.read_csv(folder / "tradeoff.csv", encoding="utf-8-sig").set_index("plan")
    names = [plan["name"] for plan in document["plans"]]
    assert list(table.index) == names
    assert {"proposed", "nearest", "fewest_moved", "balanced"} <= set(names)
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == sorted(names)
    assert np.ptp(imread(folder / "tradeoff.png")[..., :3]) > 0.5
    assert table["journey_min"].min() == table.loc["nearest", "journey_min"]
    assert table["pupils_moved"].min() == table.loc["fewest_moved", "pupils_moved"]
    assert (table["bound"] <= table["cost"]).all()
    assert set(document["curves"]["moves"]) == set(table.index[table["on_moves"]])
    files = [str(folder / name) for name in ("nearest/plan.csv", "balanced")]
    code, out, err = zoning("compare", SAMPLE, *files, "--json")
    assert code == 0, err
    compared = json.loads(out)
    assert [plan["name"] for plan in compared["plans"]] == ["nearest", "balanced"]
    digests = {plan["name"]: plan["plan_digest"] for plan in document["plans"]}
    assert all(digests[plan["name"]] == plan["plan_digest"] for plan in compared["plans"])
    mean = next(row for row in compared["measures"] if row["id"] == "journeys.mean_s")
    assert mean["values"][0] == pytest.approx(60 * table.loc["nearest", "journey_min"], abs=0.01)
    assert mean["best"] == [True, False]


def test_two_plans_are_printed_side_by_side_in_both_languages(zoning: Run, tmp_path: Path) -> None:
    """A planner sees both columns, a star at the better one and the difference; three plans have none."""
    text = "block_id,stage,year,school_id\nB0001,primary,{},{}\n"
    for name, school, year in (("one", "P001", 2027), ("two", "P002", 2027), ("old", "P003", 2026)):
        (tmp_path / f"{name}.csv").write_text(text.format(year, school), encoding="utf-8")
    code, out, err = zoning("compare", SAMPLE, "one.csv", "two.csv")
    assert code == 0, err
    header = next(line for line in out.splitlines() if "one" in line)
    assert header.split() == ["Measure", "one", "two", "Difference"]
    assert "★" in out
    code, out, err = zoning("compare", SAMPLE, "one.csv", "two.csv", "old.csv", "--lang", "zh")
    assert code == 0, err
    assert "差值" not in out
    assert "old.csv 是 2026 年的方案，此处按 2027 年的学生评分" in err
    code, _, err = zoning("compare", SAMPLE, "one.csv", "old.csv", "--year", "2028")
    assert code == 0, err
    assert "one.csv is a plan for 2027; its zones are scored with the pupils of 2028" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["one.csv"], "Name at least two plans"),
        (["one.csv", "junior.csv"], "junior.csv is a plan for junior middle school"),
        (["one.csv", "none.csv"], "none.csv"),
        (["one.csv", "one.csv", "--stage", "college"], "college is not a stage"),
        (["one.csv", "bad.csv"], "P9999"),
    ],
)
def test_what_cannot_be_compared_is_one_message(
    zoning: Run, tmp_path: Path, words: list[str], said: str
) -> None:
    """A missing, foreign or unreadable plan ends with exit code 2 and a sentence that names it."""
    for name, stage, school in (
        ("one", "primary", "P001"), ("junior", "junior", "J001"), ("bad", "primary", "P9999"),
    ):  # fmt: skip
        text = f"block_id,stage,year,school_id\nB0001,{stage},2027,{school}\n"
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    code, out, err = zoning("compare", SAMPLE, *words)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
    assert out == ""


@pytest.mark.parametrize(
    ("stage", "said"), [("college", "college is not a stage"), ("all", "one stage at a")]
)
def test_alternatives_of_no_stage_are_refused(zoning: Run, tmp_path: Path, stage: str, said: str) -> None:
    """A mistyped stage, or all at once, is answered before any work, and nothing is written."""
    code, _, err = zoning("alternatives", SAMPLE, "--stage", stage, "--out", "out")
    assert code == 2
    assert said in err
    assert not (tmp_path / "out").exists()


def test_alternatives_come_whole_or_not_at_all(
    zoning: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the figure cannot be drawn no plan is left behind; a file in the way is told before the work."""

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zoning.publish.tradeoff.save", broken)
    code, _, err = made(zoning)
    assert code == 2
    assert "disk" in err or "space" in err
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    code, _, err = made(zoning, "taken")
    assert code == 2
    assert "Measuring" not in err


def test_a_plan_over_its_seats_is_a_finding(
    zoning: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no whole blocks fit, the plans are written, no gap is printed and the exit code is 1."""
    rows = [
        (block_name(0, c), 2026, age, (30.0, 3.0, 3.0)[c], np.nan, np.nan)
        for c in range(3)
        for age in range(18)
    ]
    columns = ["block_id", "year", "age", "residents", "registered", "migrants"]
    residents = pd.DataFrame(rows, columns=columns)
    town = square_town(1, 3, schools=[(0, 0), (0, 2)], capacity=150, tables={"residents": residents})
    monkeypatch.setattr("zoning.load.read_district", lambda _: town)
    code, out, err = zoning("alternatives", "town", "--iterations", "12", "--out", "out")
    assert code == 1, err
    assert "Without" not in err
    assert "–" in out
    assert (tmp_path / "out" / "alternatives" / "primary" / "proposed" / "plan.csv").exists()
    code, out, _ = zoning("alternatives", "town", "--iterations", "12", "--out", "out", "--json")
    document = json.loads(out)
    assert (code, document["ok"], document["plans"][0]["gap"]) == (1, False, None)
    assert document["curves"]["moves"] == []


def test_the_same_seed_gives_the_same_alternatives(zoning: Run, tmp_path: Path) -> None:
    """Plans, table and figure are the same bytes when the run is repeated, and nothing older is left."""
    old = tmp_path / "two" / "alternatives" / "senior" / "spare_0.77"
    old.mkdir(parents=True)
    (old / "plan.csv").write_text("of an earlier run", encoding="utf-8")
    for out in ("one", "two"):
        assert made(zoning, out, "--seed", "3")[0] == 0
    one, two = (tmp_path / out / "alternatives" / "senior" for out in ("one", "two"))
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(two) for path in two.rglob("*") if path.is_file())
    for name in files:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
