"""The proof in the terminal: what binds, a bound checked again, a search that is watched and stopped."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import SAMPLE

from zoning import zones
from zoning.cli.output import Output
from zoning.cli.proof import show_binding
from zoning.cli.watch import progress_text, watched
from zoning.errors import Text
from zoning.load import sample_district
from zoning.plan import Plan
from zoning.proposal import Certificate, Progress, Proposal

HERE = Progress(12.3, 4000, 7_380_000.0, 7_200_000.0)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample county with a plan of its senior schools."""
    from zoning.cli.planning import Search, plan_stages
    from zoning.load import read_district

    folder = tmp_path_factory.mktemp("planned")
    shutil.copytree(SAMPLE, folder / "county")
    district = read_district(folder / "county")
    plan_stages(Output("en", as_json=True), district, "senior", Search(2027, 7), folder=folder / "out")
    return folder


@pytest.fixture
def copied(planned: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(planned, tmp_path / "copy"))


def change(folder: Path, **changes: object) -> None:
    """Change values of the record."""
    path = folder / "out" / "senior" / "plan.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(record | changes), encoding="utf-8")


def score(zoning: Any, folder: Path, *more: str) -> Any:  # noqa: ANN401 - the fixture's
    """Score the plan of a folder."""
    return zoning("score", str(folder / "county"), str(folder / "out" / "senior"), *more)


@pytest.mark.parametrize(("lang", "said"), [("en", "Bound re-checked: 3,38"), ("zh", "下界复核：3,38")])
def test_score_checks_the_bound_again(zoning: Any, planned: Path, lang: str, said: str) -> None:  # noqa: ANN401
    """A sceptic who has the folder and the plan gets the bound without a solver, and exit code 0."""
    result = score(zoning, planned, "--lang", lang)
    assert result.code == 0, result.err
    assert said in result.out


def test_score_gives_the_check_as_json(zoning: Any, planned: Path) -> None:  # noqa: ANN401
    """A machine reads the bound that was checked, and that nothing differs from the record."""
    document = json.loads(score(zoning, planned, "--json").out)
    record = json.loads((planned / "out" / "senior" / "plan.json").read_text(encoding="utf-8"))
    checked = document["recheck"]
    assert (document["ok"], checked["ok"], checked["findings"]) == (True, True, [])
    assert checked["bound"] == pytest.approx(record["bound"], rel=1e-9)
    assert checked["cost"] == pytest.approx(record["cost"], rel=1e-9)
    assert checked["multipliers"] == len(record["certificate"]["prices"]["capacity"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"bound": 1.0, "gap": None}, "is stored as the bound, but the multipliers"),
        ({"cost": 1e9, "gap": None}, "is stored as the cost, but the plan costs"),
        ({"data_digest": "0" * 64}, "is the digest of other data"),
        ({"plan_digest": "0" * 64}, "the table was edited since"),
    ],
)
def test_what_differs_is_a_finding(zoning: Any, copied: Path, changes: dict[str, object], said: str) -> None:  # noqa: ANN401
    """A changed number, plan or folder is a sentence and exit code 1; the scorecard is printed too."""
    change(copied, **changes)
    result = score(zoning, copied)
    assert result.code == 1
    assert said in result.err
    assert "Mean journey" in result.out
    document = json.loads(score(zoning, copied, "--json").out)
    assert document["ok"] is False
    assert document["recheck"]["findings"][0]["zh"]


def test_changed_data_are_found(zoning: Any, copied: Path) -> None:  # noqa: ANN401
    """A table that was edited after planning is told by its digest, and the bound is that of today's data."""
    path = copied / "county" / "schools.csv"
    path.write_bytes(path.read_bytes() + b"\r\n")
    result = score(zoning, copied)
    assert result.code == 1
    assert "is the digest of other data" in result.err


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"{", b"[]"])
def test_a_spoilt_record_is_bad_input(zoning: Any, copied: Path, raw: bytes) -> None:  # noqa: ANN401
    """Bytes that are no record end with exit code 2 and a sentence."""
    (copied / "out" / "senior" / "plan.json").write_bytes(raw)
    result = score(zoning, copied, "--lang", "zh")
    assert result.code == 2
    assert "plan.json" in result.err
    assert "Traceback" not in result.err


def test_a_record_of_another_plan_is_told(zoning: Any, copied: Path) -> None:  # noqa: ANN401
    """A record that lies beside another plan is no proof of this one, and nobody is left to think so."""
    change(copied, year=2031)
    result = score(zoning, copied)
    assert result.code == 0, result.err
    assert "is the record of another plan than senior 2027" in result.err
    assert "re-checked" not in result.out


def test_a_plan_without_a_record_is_scored_as_ever(zoning: Any, copied: Path) -> None:  # noqa: ANN401
    """The table alone is enough for a scorecard."""
    (copied / "out" / "senior" / "plan.json").unlink()
    result = score(zoning, copied)
    assert result.code == 0, result.err
    assert "re-checked" not in result.out


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["intake, at least", "20.0", "seats in 2029-30", "migrant children, at", "save 2.0 minutes"]),
        ("zh", ["招生人数下限", "20.0", "2029-30 学年学位", "随迁子女占比上限", "可省 2.0 分钟"]),
    ],
)  # fmt: skip
def test_what_binds_is_printed(lang: Any, said: list[str], capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ANN401
    """The dearest limits stand in a table, in minutes a day and in words."""
    county = sample_district()
    first, second = county.schools_of("senior", 2027).index[:2]
    prices = (
        ("capacity", first, 120.0), ("capacity:2029", second, 90.0), ("least", second, -1200.0),
        ("balance:migrants:most", first, 60.0), ("capacity", second, 0.01),
    )  # fmt: skip
    found = Proposal(Plan.of("senior", 2027, {}), 1.0, 1.0, 0.0, 0, 7, certificate=Certificate(prices))
    show_binding(Output(lang, as_json=False), county, "senior", found)
    printed = capsys.readouterr().out
    assert all(word in printed for word in said), printed
    assert printed.index("20.0") < printed.index("2.0 ")


def test_progress_is_one_line_in_both_languages() -> None:
    """Cost, bound, gap and seconds can be read at a glance, before the first plan too."""
    assert progress_text(HERE).zh == "成本 2,050.0 人·小时，下界 2,000.0，差距 2.500 %，12 秒"
    assert (
        progress_text(Progress(1.0, 0, float("inf"), 3600.0)).en == "no plan yet, bound 1.0 pupil-hours, 1 s"
    )


@pytest.mark.parametrize(("terminal", "as_json"), [(True, False), (True, True), (False, False)])
def test_progress_is_shown_on_a_terminal_only(
    terminal: bool, as_json: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]  # noqa: FBT001
) -> None:  # fmt: skip
    """A pipe, a log and a JSON reader get no noise; without a reader the search is not asked to report."""
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.setenv(name, "1") if terminal else monkeypatch.delenv(name, raising=False)
    with watched(Output("en", as_json=as_json), Text("Drawing", "划定")) as watch:
        assert (watch.progress is not None) is (terminal and not as_json)
        if watch.progress is not None:
            watch.progress(HERE)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert ("gap 2.500 %" in printed.err) is (terminal and not as_json)


def test_ctrl_c_keeps_the_best_plan(
    zoning: Any, planned: Path, monkeypatch: pytest.MonkeyPatch  # noqa: ANN401
) -> None:  # fmt: skip
    """A search that is stopped writes what it has, says so, and ends like a finished one."""
    real = zones.propose_plan

    def stopped(*arguments: Any, **named: Any) -> Proposal:  # noqa: ANN401 - passed on
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            return real(*arguments, **named)
        pytest.fail("Ctrl-C was not raised")

    monkeypatch.setattr("zoning.cli.planning.propose_plan", stopped)
    before = signal.getsignal(signal.SIGINT)
    asked = ("--stage", "senior", "--iterations", "40", "--out", "stopped", "--lang", "zh", "--json")
    result = zoning("plan", str(planned / "county"), *asked)
    document = json.loads(result.out)
    assert (document["stopped"], document["plans"][0]["stopped"]) == (True, True)
    assert result.code == 0, result.err
    assert "高中：已按 Ctrl-C 停止搜索，保留并写出目前最好的方案：3,388" in result.err
    assert Path("stopped/senior/plan.json").exists()
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_leaves_a_whole_plan(
    zoning: Any, planned: Path, tmp_path: Path  # noqa: ANN401
) -> None:  # fmt: skip
    """Ctrl-C in a terminal ends a search of ten minutes: files, JSON and proof are as if it had finished."""
    asked = ("--stage", "kindergarten", "--seconds", "600", "--out", str(tmp_path / "out"), "--lang", "en")
    command = (sys.executable, "-m", "zoning", "plan", str(planned / "county"), *asked)
    terminal = {**os.environ, "FORCE_COLOR": "1", "TTY_COMPATIBLE": "1", "COLUMNS": "200"}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=terminal, encoding="utf-8"
    ) as search:
        assert search.stderr is not None
        shown = ""
        while not re.search(r"cost [\d,.]+ pupil-hours, bound [\d,.]+, gap", shown):
            assert search.poll() is None, shown
            shown += search.stderr.read(1)
        search.send_signal(signal.SIGINT)
        out, err = search.communicate(timeout=120)
    assert search.returncode == 0, err
    assert "stopped by Ctrl-C" in err
    result = zoning("score", str(planned / "county"), str(tmp_path / "out" / "kindergarten"))
    assert result.code == 0, result.err
    assert "Bound re-checked" in result.out
    assert "kindergarten" in out


def test_a_gap_is_passed_on_and_must_be_a_number(
    zoning: Any, planned: Path, monkeypatch: pytest.MonkeyPatch  # noqa: ANN401
) -> None:  # fmt: skip
    """`--gap` reaches the search; words and NaN do not."""
    asked: dict[str, Any] = {}
    real = zones.propose_plan

    def noted(*arguments: Any, **named: Any) -> Proposal:  # noqa: ANN401 - passed on
        asked.update(named)
        return real(*arguments, **named)

    monkeypatch.setattr("zoning.cli.planning.propose_plan", noted)
    county = str(planned / "county")
    assert zoning("plan", county, "--stage", "senior", "--gap", "0.01", "--out", "out").code == 0
    assert (asked["gap"], asked["progress"]) == (0.01, None)
    assert zoning("plan", county, "--gap", "nan").code == 2
    assert zoning("plan", county, "--gap", "-1").code == 2
