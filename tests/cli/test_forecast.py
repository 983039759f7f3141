"""`zoning forecast` as a planner types it."""

import json
from pathlib import Path

import pytest

from zoning.load import read_district

FILES = {
    "summary.html", "forecast.xlsx", "forecast.csv", "forecast.parquet", "intervals.parquet", "forecast.json",
}  # fmt: skip


def test_it_leaves_its_files_and_says_what_to_open(zoning, county: Path, tmp_path: Path) -> None:  # noqa: ANN001
    """Totals with ranges, warnings, past errors and advice are printed; the files lie beside the maps."""
    result = zoning("forecast", str(county), "--paths", "20", "--lang", "en", "--no-figures")
    assert result.code == 0, result.err
    folder = tmp_path / "maps" / "county" / "forecast"
    assert {path.name for path in folder.iterdir()} == FILES
    for words in ("80 % interval", "Which schools run out of seats", "How far off", "this forecast",
                  "last year's value", "3-year ratio", "in the 80 % range", "Children to expect in 2032-33",
                  "summary.html"):  # fmt: skip
        assert words in result.out, words
    assert "Reading" in result.err
    assert "Youngest children follow the births" in result.err


def test_json_carries_everything(zoning, county: Path) -> None:  # noqa: ANN001
    """A machine reads totals, intervals, warnings, back-test, notes and files; stdout is one document."""
    arguments = ["--paths", "20", "--no-figures", "--out", "out", "--json"]
    result = zoning("forecast", str(county), "--years", "2027-2028", *arguments)
    assert result.code == 0, result.err
    document = json.loads(result.out)
    assert document["ok"]
    assert document["years"] == [2027, 2028]
    stages = [stage.name for stage in read_district(county).stages]
    for stage in stages:
        total = document["totals"][stage]["2028"]
        ends = document["intervals"][stage]["2028"]
        assert ends["low95"] <= ends["low80"] <= total <= ends["high80"] <= ends["high95"]
    assert {row["method"] for row in document["backtest"]} >= {"model", "ratio3", "last_value"}
    assert document["notes"]
    assert all(set(note) == {"en", "zh"} for note in document["notes"])
    assert all(Path(file).is_file() for file in document["files"])
    assert all(warning["level"] for warning in document["warnings"])
    page = Path("out/forecast/summary.html").read_text(encoding="utf-8")
    assert f"{document['totals']['primary']['2028']:,.0f}" in page
    saved = json.loads(Path("out/forecast/forecast.json").read_text(encoding="utf-8"))
    assert {key: document[key] for key in saved} == saved


def test_one_path_is_the_expected_course_alone(zoning, county: Path) -> None:  # noqa: ANN001
    """With one path nothing looks like an interval, and the reason is said."""
    result = zoning("forecast", str(county), "--paths", "1", "--no-figures", "--lang", "zh")
    assert result.code == 0, result.err
    assert "只有一条路径" in result.err
    totals, _, after = result.out.partition("这类预测")
    assert "80 %" not in totals
    assert "给不出概率" in after


def test_a_plan_takes_the_place_of_the_zones_in_force(zoning, county: Path, tmp_path: Path) -> None:  # noqa: ANN001
    """Seat warnings of a proposed plan are those of its zones, not of the ones in force."""
    district = read_district(county)
    school = district.schools_of("senior", 2027).index[0]
    rows = [f"{block},senior,2027,{school}" for block in district.block_frame.index]
    (tmp_path / "plan.csv").write_text("\n".join(["block_id,stage,year,school_id", *rows]), encoding="utf-8")
    arguments = ["--paths", "2", "--years", "2027", "--no-figures", "--json"]
    result = zoning("forecast", str(county), "--plan", "plan.csv", *arguments)
    assert result.code == 0, result.err
    document = json.loads(result.out)
    senior = [warning for warning in document["warnings"] if warning["stage"] == "senior"]
    assert [warning["place"] for warning in senior] == [school]
    assert senior[0]["mean"]["2027"] == pytest.approx(document["totals"]["senior"]["2027"], abs=0.01)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--births", "plenty"], "--births 不能是 plenty。请用：low, medium, high"),
        (["--housing", "no"], "--housing 不能是 no"),
        (["--migration", "maybe"], "--migration 不能是 maybe"),
        (["--paths", "0"], "--paths 的值不可用：应不小于 1"),
        (["--years", "2031-2027"], "不是年份区间"),
        (["--plan", "nowhere.csv"], "nowhere.csv"),
        (["--years", "2099"], "过于久远"),
    ],
)
def test_bad_input_is_one_sentence(
    zoning,  # noqa: ANN001
    county: Path,
    tmp_path: Path,
    words: list[str],
    said: str,
) -> None:
    """What cannot be asked for is said in the planner's language, with exit code 2 and nothing written."""
    result = zoning("forecast", str(county), "--lang", "zh", *words)
    assert result.code == 2
    assert said in result.err
    assert "Traceback" not in result.err
    assert not (tmp_path / "maps").exists()


def test_the_way_is_looked_at_before_the_work(zoning, county: Path, tmp_path: Path) -> None:  # noqa: ANN001
    """A file where the folder should be is named at once, and stays."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "forecast").write_text("a file", encoding="utf-8")
    result = zoning("forecast", str(county), "--out", "out", "--lang", "zh")
    assert result.code == 2
    assert "路径中有一段是文件" in result.err
    assert "预测儿童数" not in result.err


@pytest.mark.slow
def test_the_same_seed_gives_the_same_forecast(zoning, county: Path, tmp_path: Path) -> None:  # noqa: ANN001
    """A forecast can be made again by anybody: same input and seed, same bytes."""
    for out in ("one", "two"):
        arguments = ["--paths", "20", "--seed", "5", "--out", out, "--no-figures"]
        assert zoning("forecast", str(county), *arguments).code == 0
    for name in FILES:
        one, two = (tmp_path / out / "forecast" / name for out in ("one", "two"))
        assert one.read_bytes() == two.read_bytes(), name
