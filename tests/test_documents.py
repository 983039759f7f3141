"""What the README and the notebooks say runs."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newcomer who pastes the README's Python gets a plan with a proved gap and its files."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)  # noqa: S102 - our own README
    assert 0 <= names["proposal"].gap < 0.05  # type: ignore[attr-defined]
    assert (tmp_path / "maps" / "first-plan" / "plan.csv").exists()


def test_the_door_of_the_zones_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever pastes the last example of the zones page gets a plan that keeps the rules, below its bound."""
    page = (ROOT / "docs" / "zones.md").read_text(encoding="utf-8")
    block = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[-1]
    exec(compile(block, "zones.md", "exec"), {})  # noqa: S102 - our own page
    kept, gap, below = capsys.readouterr().out.split()
    assert (kept, below) == ("True", "True")
    assert float(gap) < 0.05


def test_every_command_of_the_readme_exists() -> None:
    """Each `make` target and `zoning` command that the README names is there."""
    from typer.main import get_command

    from zoning.cli import build_app

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(get_command(build_app("en")).commands)  # type: ignore[attr-defined]
    assert set(re.findall(r"^zoning (\w+)", text, re.MULTILINE)) <= commands
    for target in re.findall(r"^make (\w+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_link_of_the_readme_leads_somewhere() -> None:
    """No picture or page that the README shows is missing."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_run(path: Path, tmp_path: Path) -> None:
    """A notebook that is shown in the docs runs from top to bottom on the sample county."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": tmp_path}},
    ).execute()
