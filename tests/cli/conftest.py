"""Runs `zoning` in an empty folder, and a county that a test may spoil."""

import shutil
import sys
from pathlib import Path

import pytest

from zoning import cli

SAMPLE = Path(__file__).parents[2] / "data" / "geo" / "sample"


class Result:
    """What one call printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def zoning(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):  # noqa: ANN201
    """Return a function that runs `zoning` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZONING_LANG", raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["zoning", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return Result(code, printed.out, printed.err)

    return run


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Return a copy of the sample county's input folder that a test may spoil."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "county"))
