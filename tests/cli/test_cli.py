"""The command line as a planner uses it: exit codes, both languages, JSON, nothing half-written."""

import json
import re
from pathlib import Path

import pytest
from tests.cli.conftest import SAMPLE


def test_check_passes_the_sample_county(zoning, county: Path) -> None:  # noqa: ANN001
    """The input folder that the project shows as an example has no error."""
    result = zoning("check", str(county))
    assert result.code == 0, result.err
    assert "can be read" in result.out


def test_check_reports_everything_at_once_in_both_languages(zoning, county: Path) -> None:  # noqa: ANN001
    """Two spoilt files give one report, exit code 2, and the same problems in Chinese."""
    schools = (county / "schools.csv").read_text(encoding="utf-8-sig").splitlines()
    (county / "schools.csv").write_text("\n".join([*schools, schools[3]]) + "\n", encoding="utf-8")
    text = (county / "births.csv").read_text(encoding="utf-8-sig").replace("births", "birthz", 1)
    (county / "births.csv").write_text(text, encoding="utf-8")
    (county / "housing.csv").write_text("project_id\n", encoding="utf-8")
    english = zoning("check", str(county), "--lang", "en")
    chinese = zoning("check", str(county), "--lang", "zh")
    assert english.code == chinese.code == 2
    for file in ("births.csv", "housing.csv"):
        assert file in english.err
        assert file in chinese.err
    assert "错误" in chinese.err
    assert "Traceback" not in english.err


def test_json_is_one_document_with_both_languages(zoning, county: Path) -> None:  # noqa: ANN001
    """A machine reads every problem with its place from stdout alone."""
    (county / "schools.csv").unlink()
    result = zoning("check", str(county), "--json")
    document = json.loads(result.out)
    assert result.code == 2
    assert document["ok"] is False
    assert {"code", "file", "row", "column", "value", "en", "zh", "severity"} == set(document["problems"][0])


@pytest.mark.parametrize("command", ["check", "plan", "forecast"])
def test_a_missing_folder_is_one_message(zoning, command: str) -> None:  # noqa: ANN001
    """A mistyped folder gives a sentence and exit code 2, never a traceback."""
    result = zoning(command, "no-such-county")
    assert result.code == 2
    assert "no-such-county" in result.err
    assert "Traceback" not in result.err


def test_new_writes_templates_that_say_what_to_fill(zoning, tmp_path: Path) -> None:  # noqa: ANN001
    """A fresh folder is complete, and checking it asks for blocks and schools rather than failing oddly."""
    assert zoning("new", "fresh").code == 0
    assert (tmp_path / "fresh" / "zoning.toml").exists()
    result = zoning("check", "fresh")
    assert result.code == 2
    assert "blocks" in result.err
    assert "schools" in result.err


def test_new_never_overwrites(zoning, tmp_path: Path) -> None:  # noqa: ANN001
    """A second `zoning new` cannot destroy what a planner filled in."""
    zoning("new", "fresh")
    (tmp_path / "fresh" / "zoning.toml").write_text("mine", encoding="utf-8")
    assert zoning("new", "fresh").code == 2
    assert (tmp_path / "fresh" / "zoning.toml").read_text(encoding="utf-8") == "mine"


def test_an_unknown_stage_names_the_stages(zoning, county: Path) -> None:  # noqa: ANN001
    """A mistyped stage is answered with the ones that exist."""
    result = zoning("plan", str(county), "--stage", "college")
    assert result.code == 2
    assert "college is not a stage. Use one of: all, kindergarten, primary, junior, senior" in result.err


@pytest.mark.parametrize("years", ["2030-2027", "²027", "2027-2o28"])
def test_a_bad_span_of_years_is_refused(zoning, county: Path, years: str) -> None:  # noqa: ANN001
    """Years written backwards or in odd figures are a sentence, not an empty forecast."""
    result = zoning("forecast", str(county), "--years", years)
    assert result.code == 2
    assert f"{years} is not a span of years" in result.err


def test_plan_then_score_gives_the_same_numbers(zoning, county: Path, tmp_path: Path) -> None:  # noqa: ANN001
    """What `plan` printed is what `score` prints for the file it wrote, the peak in a later year included."""
    planned = zoning("plan", str(county), "--stage", "senior", "--json", "--out", "out")
    assert planned.code == 0, planned.err
    document = json.loads(planned.out)["plans"][0]
    assert document["bound"] <= document["cost"]
    plan = tmp_path / "out" / "senior" / "plan.csv"
    scored = json.loads(zoning("score", str(county), str(plan), "--json").out)
    assert scored["plan_digest"] == document["plan_digest"]
    assert scored["scorecard"] == document["scorecard"]
    assert {m["id"]: m["value"] for m in scored["scorecard"]}["capacity.peak_year"] > document["year"]
    assert (tmp_path / "out" / "atlas.html").stat().st_size > 100_000


def test_a_county_without_seats_is_an_answer(zoning, county: Path, tmp_path: Path) -> None:  # noqa: ANN001
    """When a town's seats cannot hold its pupils the command says where, how many, and what would help."""
    lines = (county / "schools.csv").read_text(encoding="utf-8-sig").splitlines()
    header = lines[0].split(",")
    kept = [line for line in lines[1:] if "senior" not in line.split(",")[header.index("stages")].split(";")]
    one = next(
        line for line in lines[1:] if "senior" in line.split(",")[header.index("stages")].split(";")
    ).split(",")
    one[header.index("classrooms_senior")] = "1"
    one[header.index("capacity_senior")] = ""
    text = "\n".join([lines[0], *kept, ",".join(one)])
    (county / "schools.csv").write_text(text + "\n", encoding="utf-8")
    for name in ("zones.csv", "enrolment.csv", "roster.csv"):
        (county / name).unlink()
    addresses = (county / "addresses.csv").read_text(encoding="utf-8-sig").splitlines()
    (county / "addresses.csv").write_text(addresses[0] + "\n" + addresses[1] + "\n", encoding="utf-8")
    result = zoning("plan", str(county), "--stage", "senior", "--json", "--out", "out")
    assert result.code == 1, result.err
    plan = json.loads(result.out)["plans"][0]
    assert plan["shortages"][0]["short"] > 1000
    assert plan["shortages"][0]["relaxation"]["zh"]
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_demo_leaves_a_map_of_every_stage(zoning, tmp_path: Path) -> None:  # noqa: ANN001
    """The first command a newcomer types plans all four stages and says which file to open."""
    result = zoning("demo", "sample", "--lang", "zh")
    assert result.code == 0, result.err
    assert "atlas.html" in result.out
    assert "summary.html" in result.out
    assert (tmp_path / "sample" / "forecast" / "figures" / "county.png").exists()
    for stage in ("kindergarten", "primary", "junior", "senior"):
        assert (tmp_path / "sample" / stage / "plan.gpkg").exists()
    for name in ("blocks.geojson", "schools.csv", "streets.osm", "zoning.toml"):
        assert (tmp_path / "sample" / "input" / name).read_bytes() == (SAMPLE / name).read_bytes()
    checked = zoning("draw", "verify", "sample/draw/transcript.json")
    assert checked.code == 0
    assert "演练，结果无效" in checked.out
    made = {path.relative_to(tmp_path / "sample").as_posix() for path in (tmp_path / "sample").rglob("*.*")}
    linked = set(re.findall(r'href="([^"]+)"', (tmp_path / "sample" / "index.html").read_text("utf-8")))
    left = {name for name in made - linked if not name.startswith("public/")}
    assert left == {"index.html"}
    assert linked <= made


def test_the_same_seed_gives_the_same_files(zoning, county: Path, tmp_path: Path) -> None:  # noqa: ANN001
    """A plan can be made again by anybody: same input and seed, same bytes (but the seconds)."""
    for out in ("one", "two"):
        assert zoning("plan", str(county), "--stage", "senior", "--seed", "5", "--out", out).code == 0
    one, two = (tmp_path / out / "senior" for out in ("one", "two"))
    for name in ("plan.csv", "zones.geojson", "assignment.csv", "plan.gpkg"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    records = [json.loads((folder / "plan.json").read_text(encoding="utf-8")) for folder in (one, two)]
    for record in records:
        record.pop("seconds", None)
    assert records[0] == records[1]


def test_an_unwritable_place_is_one_message(zoning, county: Path, tmp_path: Path) -> None:  # noqa: ANN001
    """Writing where a file already stands in the way is a sentence and exit code 2."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    result = zoning("plan", str(county), "--stage", "senior", "--out", "taken")
    assert result.code == 2
    assert "taken" in result.err
    assert "Traceback" not in result.err


def test_a_place_that_cannot_be_written_is_told_before_the_work(zoning, county: Path, tmp_path: Path) -> None:  # noqa: ANN001
    """A file in the way of one stage's folder is named at once, and nothing is written beside it."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "senior").write_text("a file", encoding="utf-8")
    result = zoning("plan", str(county), "--stage", "senior", "--out", "out", "--lang", "zh")
    assert result.code == 2
    assert "路径中有一段是文件" in result.err
    assert "量算路程" not in result.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["senior"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plan", "x", "--year", "abc"], "--year 的值不可用：应为整数"),
        (["plan", "x", "--seconds", "-1"], "--seconds 的值不可用：应不小于 0"),
        (["plan", "x", "--bogus"], "没有选项 --bogus"),
        (["check"], "缺少 DIR"),
        (["chek"], "没有 chek 命令"),
    ],
)
def test_a_slip_of_typing_is_said_in_chinese(
    zoning,  # noqa: ANN001
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    said: str,
) -> None:
    """A wrong option is one sentence in the planner's language, and exit code 2."""
    monkeypatch.setenv("ZONING_LANG", "zh")
    result = zoning(*words)
    assert result.code == 2
    assert said in result.err
    assert "Usage" not in result.err


def test_a_language_that_is_not_spoken_is_refused(zoning, county: Path) -> None:  # noqa: ANN001
    """Nobody who asks for a third language gets English without a word."""
    result = zoning("check", str(county), "--lang", "fr")
    assert result.code == 2
    assert "--lang zh" in result.err


def test_version_needs_no_command(zoning) -> None:  # noqa: ANN001
    """The first thing that a report of a fault names can be asked for."""
    result = zoning("--version")
    assert (result.code, result.out.startswith("zoning ")) == (0, True)


def test_ctrl_c_is_said(zoning, county: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN001
    """A run that is stopped ends with 130 and says that it wrote nothing more."""

    def stop(folder: object) -> None:
        raise KeyboardInterrupt(folder)

    monkeypatch.setattr("zoning.load.check_folder", stop)
    result = zoning("check", str(county), "--lang", "zh")
    assert result.code == 130
    assert "已停止" in result.err


def test_check_reads_the_street_map(zoning, county: Path) -> None:  # noqa: ANN001
    """An error page saved as streets.osm is found by the check, not only when journeys are measured."""
    (county / "streets.osm").write_text("<html><h1>504</h1></html>", encoding="utf-8")
    result = zoning("check", str(county), "--json")
    assert result.code == 2
    document = json.loads(result.out)
    assert [(p["file"], p["severity"]) for p in document["problems"] if p["severity"] != "warning"] == [
        ("streets.osm", "error"),
    ]


def test_a_plan_is_compared_within_its_stage(zoning, county: Path, tmp_path: Path) -> None:  # noqa: ANN001
    """Zones of junior schools are no measure of a primary plan; a stage may be named in Chinese."""
    for stage, school in (("primary", "P001"), ("junior", "J001")):
        text = f"block_id,stage,year,school_id\nB0001,{stage},2027,{school}\n"
        (tmp_path / f"{stage}.csv").write_text(text, encoding="utf-8")
    result = zoning("score", str(county), "primary.csv", "--against", "junior.csv", "--lang", "zh")
    assert result.code == 2
    assert "junior.csv 是初中的方案" in result.err
    assert zoning("score", str(county), "primary.csv", "--stage", "小学", "--year", "2027").code == 0


def test_a_stage_without_schools_is_named(zoning, county: Path) -> None:  # noqa: ANN001
    """A stage that no school serves is a stage all the same, and the reason is said."""
    schools = (county / "schools.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [line for line in schools if "senior" not in line.split(",")[3]]
    (county / "schools.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    for name in ("zones.csv", "enrolment.csv", "addresses.csv", "roster.csv"):
        (county / name).unlink()
    result = zoning("plan", str(county), "--stage", "senior", "--lang", "zh")
    assert result.code == 2
    assert "没有一所学校办该学段" in result.err
