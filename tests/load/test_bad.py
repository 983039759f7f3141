"""Every bad folder gets its one right message, in both languages."""

import importlib
import re
from pathlib import Path

import pytest
from bad.form import Bad, good_folder

from zoning.load import check_folder


def _cases() -> list[Bad]:
    found = list(importlib.import_module("bad.cases").CASES)
    if (Path(__file__).parent / "bad" / "geo_cases.py").exists():
        found += importlib.import_module("bad.geo_cases").GEO_CASES
    return found


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.name)
def test_bad_folder_gets_its_message(case: Bad, tmp_path: Path) -> None:
    """A fault is reported once, at its file, row and column, with the sentence in both languages."""
    folder = good_folder(tmp_path / "county")
    case.spoil(folder)
    problems = check_folder(folder)
    report = "\n".join(f"{p.severity} {p.code} {p.sentence()}" for p in problems)
    place = (case.code, case.file, case.row, case.column)
    found = [p for p in problems if (p.code, p.file, p.row, p.column) == place]
    assert len(found) == 1, f"{place} not reported once in:\n{report}"
    assert found[0].severity == case.severity
    assert re.search(case.en, found[0].sentence("en")), found[0].sentence("en")
    assert re.search(case.zh, found[0].sentence("zh")), found[0].sentence("zh")
    assert not re.search(r"[\u4e00-\u9fff]{6,}", re.sub(r'"[^"]*"', "", found[0].what.en)), (
        "Chinese in English"
    )
    if case.alone:
        others = [p for p in problems if p is not found[0] and p.severity != "warning"]
        assert not others, report


def test_names_of_cases_differ() -> None:
    """No case hides another of the same name."""
    names = [case.name for case in _cases()]
    assert len(names) == len(set(names))
