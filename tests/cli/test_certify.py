"""`zoning certify`: exit code, both languages, JSON, and plans from a folder or from files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import zoning as package
from zoning.cli.publishing import overrides_of, read_plans_of
from zoning.errors import DataError, ZoningError
from zoning.plan import Plan

SAMPLE = Path(__file__).parents[2] / "data" / "geo" / "sample"
COUNTY = package.read_district(SAMPLE)


def rows(plan: Plan) -> list[str]:
    """Return a plan as rows of a plan file."""
    return [f"{block},{plan.stage},{plan.year},{one}" for block, schools in plan.rows for one in schools]


def write(path: Path, *plans: Plan) -> Path:
    """Write plans as one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    every = [row for plan in plans for row in rows(plan)]
    path.write_text("\n".join(["block_id,stage,year,school_id", *every]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    """The zones in force as those of next year, the gaps of primary schools closed."""
    found = {s.name: Plan.current(COUNTY, stage=s.name).for_year(2027) for s in COUNTY.stages}
    whole = dict.fromkeys(COUNTY.block_frame.index, "P001") | dict(found["primary"].rows)
    return found | {"primary": Plan.of("primary", 2027, whole)}


@pytest.fixture
def folder(tmp_path: Path, plans: dict[str, Plan]) -> Path:
    """A folder as `zoning plan` writes it."""
    for stage, plan in plans.items():
        write(tmp_path / "out" / stage / "plan.csv", plan)
    return tmp_path / "out"


def test_a_seamless_plan_passes(zoning: Callable[..., Any], folder: Path) -> None:
    """All stages of the folder are certified in the order of the stages, exit 0."""
    result = zoning("certify", str(SAMPLE), str(folder))
    assert result.code == 0
    assert "PASSED" in result.out
    order = [result.out.index(f"2027, {stage.label.en}") for stage in COUNTY.stages]
    assert order == sorted(order)
    chinese = zoning("certify", str(SAMPLE), str(folder), "--lang", "zh")
    assert "核验通过" in chinese.out


def test_a_gap_exits_with_1_and_names_block_and_row(
    zoning: Callable[..., Any], tmp_path: Path, plans: dict[str, Plan]
) -> None:
    """A block without school fails the command and is listed, as text and as JSON."""
    primary = plans["primary"]
    gap = Plan.of("primary", 2027, {b: s for b, s in primary.rows if b != "B0503"})
    file = write(tmp_path / "mine.csv", gap)
    result = zoning("certify", str(SAMPLE), str(file))
    assert result.code == 1
    assert "FAILED" in result.out
    assert "B0503" in result.out
    assert "row 450" in result.out
    document = json.loads(zoning("certify", str(SAMPLE), str(file), "--json").out)
    assert document["ok"] is False
    assert document["counts"]["block_without"] == 1
    assert document["stages"][0]["plan_digest"] == gap.digest


def test_plans_may_stand_in_several_files_or_in_one(tmp_path: Path, plans: dict[str, Plan]) -> None:
    """One file of all stages, a file a stage and the folder give the same plans."""
    every = list(plans.values())
    together = read_plans_of([write(tmp_path / "all.csv", *every)], COUNTY)
    apart = read_plans_of([write(tmp_path / f"{p.stage}.csv", p) for p in reversed(every)], COUNTY, year=2027)
    assert [one.plan for one in together] == [one.plan for one in apart] == every
    assert [one.record for one in together] == [None] * 4


def test_the_record_beside_a_plan_is_kept(folder: Path) -> None:
    """What plan.json says comes with its plan, for the gate to compare."""
    (folder / "junior" / "plan.json").write_text('{"stage": "junior", "year": 2027, "data_digest": "x"}')
    found = {one.plan.stage: one for one in read_plans_of([folder], COUNTY)}
    assert found["junior"].record is not None
    assert found["junior"].record["data_digest"] == "x"
    assert found["junior"].file.endswith("out/junior/plan.csv")
    assert found["senior"].record is None


@pytest.mark.parametrize(
    ("spoil", "en", "zh"),
    [
        ("empty", "There is no plan in this folder", "该文件夹中没有方案"),
        ("missing", "There is no such file", "没有这个文件"),
        ("twice", "is the stage of two files", "出现在两个文件中"),
        ("year", "primary 2027", "primary 2027"),
    ],
)
def test_bad_plans_are_refused_all_at_once(
    zoning: Callable[..., Any], folder: Path, spoil: str, en: str, zh: str
) -> None:
    """No plans, a missing file, a stage twice or another year end with exit 2 and their cure."""
    (folder.parent / "none").mkdir()
    words = {
        "empty": [str(folder.parent / "none")],
        "missing": [str(folder.parent / "x.csv")],
        "twice": [str(folder), str(folder / "junior")],
        "year": [str(folder), "--year", "2026"],
    }[spoil]
    english, chinese = (zoning("certify", str(SAMPLE), *words, "--lang", lang) for lang in ("en", "zh"))
    assert (english.code, chinese.code) == (2, 2)
    assert en in english.err
    assert zh in chinese.err


def test_two_faults_of_two_files_are_told_together(folder: Path) -> None:
    """Whoever gives two bad files learns of both."""
    for stage in ("junior", "senior"):
        (folder / stage / "plan.csv").write_text("block_id,stage,year,school_id\nzz,junior,2027,J001\n")
    with pytest.raises(DataError, match=r"zz[\s\S]*zz"):
        read_plans_of([folder], COUNTY)


@pytest.mark.parametrize("words", [["map_number"], ["a=b", "a=c"]])
def test_overrides_are_codes_with_reasons(words: list[str]) -> None:
    """An override without reason or given twice is refused before anything is made."""
    with pytest.raises(ZoningError, match="takes CODE=reason, each code once"):
        overrides_of(words)
