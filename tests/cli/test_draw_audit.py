"""The audit through the command line: figures on the screen, as JSON and on paper; lists that are refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.test_draw import HEAD, SOURCES, START, rows, rules
from tests.cli.test_draw_more import ROUND
from tests.lottery.cases import DRAND

from zoning.cli import clock


@pytest.fixture
def drawn(zoning, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:  # noqa: ANN001
    """Return a function that holds a draw of one kind and returns the office's folder."""

    def hold(kind: str = "split", *options: str, prefix: str = "2026-", run: bool = True) -> Path:
        lines = [line.replace("2026-00", f"{prefix}00") for line in rows()]
        (tmp_path / "roster.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
        (tmp_path / "rules.toml").write_text(rules(kind=kind), encoding="utf-8")
        monkeypatch.setattr(clock, "clock", lambda: START)
        done = zoning(
            "draw",
            "commit" if kind == "split" else "seats",
            "roster.csv",
            "rules.toml",
            "--out",
            "draw",
            *options,
        )
        assert done.code == 0, done.err
        monkeypatch.setattr(clock, "clock", lambda: DRAND.at)
        if run:
            sources = () if "--rehearsal" in options else SOURCES
            done = zoning("draw", "run", "draw-private", *sources)
            assert done.code == 0, done.err
        return tmp_path

    return hold


def test_a_split_has_figures_and_verdicts(zoning, drawn) -> None:  # noqa: ANN001
    """Every table on the screen ends in a sentence that says what to make of it, and names no child."""
    drawn()
    found = zoning("draw", "audit", "draw-private", "--draws", "60", "--lang", "zh")
    assert found.code == 0, found.err
    for word in ("各分层的均分", "每名学生的机会", "与偶然情形相符", "各项约束剩余的随机性", "p 值较粗略"):
        assert word in found.out
    assert not any(word in found.out + found.err for word in ("晓霖", "启明", "云溪", "2026-00", "障碍"))


def test_a_seat_draw_is_audited(zoning, drawn) -> None:  # noqa: ANN001
    """Chances by school and tier, twins and overflow are shown; the list is asked for its first choices."""
    drawn("seat")
    Path("named.txt").write_text("登记号\n2026-0001\n2026-0005,x\n\n2026-0009\n", encoding="utf-8")
    asked = ("draw", "audit", "draw-private", "--draws", "60", "--named", "named.txt")
    found = zoning(*asked)
    assert found.code == 0, found.err
    assert "Chances by first choice and tier" in found.out
    assert "Of 3 named children" in found.out
    said = json.loads(zoning(*asked, "--json").out)
    assert (said["ok"], said["kind"], said["draws"], said["before"]["seats"]) == (True, "seat", 60, 10)
    assert said["after"]["named"]["listed"] == 3


def test_reports_are_written_beside_the_public_files(zoning, drawn) -> None:  # noqa: ANN001
    """Two PDFs and the figures come with one option, the same bytes twice; without it nothing is written."""
    folder = drawn()
    before = {path.name for path in (folder / "draw").iterdir()}
    assert zoning("draw", "audit", "draw-private", "--draws", "20").code == 0
    assert {path.name for path in (folder / "draw").iterdir()} == before
    done = zoning("draw", "audit", "draw-private", "--draws", "20", "--out", "draw", "--json")
    names = ("audit-zh.pdf", "audit-en.pdf", "audit.json")
    assert json.loads(done.out)["files"] == [f"draw/{name}" for name in names]
    first = [(folder / "draw" / name).read_bytes() for name in names]
    figures = json.loads(first[2])
    assert figures.items() <= json.loads(done.out).items()
    assert zoning("draw", "audit", "draw-private", "--draws", "20", "--out", "draw").code == 0
    assert [(folder / "draw" / name).read_bytes() for name in names] == first
    assert zoning("draw", "verify", "draw/transcript.json").code == 0


def test_an_audit_before_the_draw_has_no_result(zoning, drawn) -> None:  # noqa: ANN001
    """Between commitment and draw only the simulation is shown."""
    drawn(run=False)
    said = json.loads(zoning("draw", "audit", "draw-private", "--draws", "20", "--json").out)
    assert "after" not in said
    assert said["root"] == ""


def test_an_audit_of_a_rehearsal_is_void(zoning, drawn) -> None:  # noqa: ANN001
    """Nobody takes the report of a rehearsal for that of the draw."""
    drawn("split", "--rehearsal")
    assert "这是演练" in zoning("draw", "audit", "draw-private", "--draws", "20").out
    assert json.loads(zoning("draw", "audit", "draw-private", "--draws", "20", "--json").out)["void"] is True


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "named.txt"),
        (b"\x00\x01\xff\xfe\x90", "There are no names in this file"),
        (b"\x01\xff\xfe\x90", "neither UTF-8 nor GB 18030"),
        (b"PK\x03\x04\x14\x00\x06\x00", "broken"),
        (b"\n  \n", "There are no names in this file"),
        (b"2026-0001\n2026-9999\n", "1 of 2 numbers on the list are not on the roster"),
    ],
)
def test_a_list_that_is_none_is_refused(zoning, drawn, data: bytes | None, said: str) -> None:  # noqa: ANN001
    """A missing, binary, empty or mistyped list ends in one sentence and exit 2, without a report."""
    folder = drawn()
    if data is not None:
        (folder / "named.txt").write_bytes(data)
    found = zoning("draw", "audit", "draw-private", "--draws", "5", "--named", "named.txt", "--out", "report")
    assert found.code == 2
    assert said in found.err
    assert "Traceback" not in found.err
    assert len(found.err.strip().splitlines()) <= 2  # the count of problems and the problem
    assert not (folder / "report").exists()


def test_a_folder_is_no_list(zoning, drawn) -> None:  # noqa: ANN001
    """The name of a folder is refused like that of a missing file."""
    drawn()
    found = zoning("draw", "audit", "draw-private", "--named", "draw", "--draws", "5")
    assert found.code == 2
    assert "draw" in found.err


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_lists_are_read_as_schools_save_them(zoning, drawn, encoding: str) -> None:  # noqa: ANN001
    """A list with Chinese numbers counts whichever program saved it."""
    folder = drawn(prefix="城关小学")
    (folder / "named.txt").write_text("城关小学0001\r\n城关小学0005\r\n", encoding=encoding)
    asked = ("draw", "audit", "draw-private", "--draws", "20", "--named", "named.txt", "--json")
    found = zoning(*asked)
    assert found.code == 0, found.err
    assert json.loads(found.out)["after"]["named"]["listed"] == 2


def test_draws_of_teachers_are_audited(zoning, drawn, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN001
    """A draw without children has a report too: its lots are uniform, and it says how that was seen."""
    folder = drawn()
    monkeypatch.setattr(clock, "clock", lambda: START)
    (folder / "list.txt").write_text("甲\n乙\n丙\n丁\n", encoding="utf-8")
    (folder / "more.toml").write_text(f'kind = "teacher"\ndraw = "2026 teachers"\n{ROUND}', encoding="utf-8")
    done = zoning("draw", "teachers", "list.txt", "more.toml", "--after", "draw-private", "--out", "teachers")
    assert done.code == 0, done.err
    monkeypatch.setattr(clock, "clock", lambda: DRAND.at)
    assert zoning("draw", "run", "teachers-private", *SOURCES, "--out", "teachers").code == 0
    found = zoning("draw", "audit", "teachers-private", "--draws", "200", "--out", "teachers")
    assert found.code == 0, found.err
    assert "Equal chances" in found.out
    said = json.loads((folder / "teachers" / "audit.json").read_bytes())
    assert said["before"]["lots"]["mean"] == [1, 1, 1, 1]
    assert said["root"] == json.loads((folder / "teachers" / "transcript.json").read_bytes())["root"]


def test_a_repeated_rehearsal_leaves_no_old_report(zoning, drawn) -> None:  # noqa: ANN001
    """The report of the rehearsal before would be taken for that of the new one."""
    folder = drawn("split", "--rehearsal")
    assert zoning("draw", "audit", "draw-private", "--draws", "5", "--out", "draw").code == 0
    assert (folder / "draw" / "audit-zh.pdf").exists()
    drawn("split", "--rehearsal", run=False)
    assert not list((folder / "draw").glob("audit*"))
