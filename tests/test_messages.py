"""Every sentence exists in both languages and prints the same facts in each."""

import string
import tomllib
from pathlib import Path

import pytest

from zoning import messages
from zoning.errors import DataError, Problems

CATALOGUE = sorted((Path(messages.__file__).parent / "catalogue").glob("*.toml"))


def fields(sentence: str) -> set[str]:
    """Return the names that a sentence fills in, without their formats."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_both_languages_say_the_same(path: Path) -> None:
    """No message has one language only, or leaves a figure out of one of them."""
    for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        assert set(entry) in ({"en", "zh"}, {"en", "zh", "cure_en", "cure_zh"}), code
        assert fields(entry["en"]) == fields(entry["zh"]), code
        if "cure_en" in entry:
            assert fields(entry["cure_en"]) == fields(entry["cure_zh"]), code


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_chinese_sentences_are_chinese(path: Path) -> None:
    """A sentence that somebody forgot to translate is found."""
    for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for key in ("zh", "cure_zh"):
            assert any("一" <= c <= "鿿" for c in entry.get(key, "一")), f"{code}.{key}"


def test_a_problem_names_place_fault_and_cure() -> None:
    """The one sentence a planner reads names the file, row, column and value, in both languages."""
    problem = messages.problem(
        "district.repeated_id", file="schools.csv", row=7, column="school_id", value="S1",
    )  # fmt: skip
    assert problem.sentence("en").startswith('schools.csv, row 7, "school_id": "S1" stands in more than')
    assert problem.sentence("zh").startswith("schools.csv，第 7 行，“school_id”列：“S1”出现了不止一次")


def test_long_values_are_shortened() -> None:
    """A cell with a whole paragraph in it does not flood the report."""
    problem = messages.problem("district.repeated_id", file="f", value="x" * 500)
    assert problem.value is not None
    assert len(problem.value) == 60
    assert problem.value.endswith("…")


def test_all_problems_are_raised_at_once() -> None:
    """A planner learns of every problem in one run, not one a run."""
    problems = Problems()
    for row in (2, 3):
        problems.add(messages.problem("district.repeated_id", file="f", row=row, value=f"S{row}"))
    with pytest.raises(DataError, match=r'row 2: "S2"[\s\S]*row 3: "S3"') as caught:
        problems.raise_if_failed()
    assert len(caught.value.problems) == 2
