"""``zoning draw late``, ``teachers``, ``inspect``, the low-tech mode, the score polish."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.test_draw import DRAND, HEAD, SOURCES, at, committed, drawn, office, rows, rules

from zoning.publish.draw_verifier import verifier_digest, verifier_page
from zoning.publish.program import package_digest

__all__ = ["at", "committed", "drawn", "office"]

ROUND = (
    '[[sources]]\ntype = "dice"\ncount = 20\nat = 2023-08-23T23:49:24+08:00\n'
    '[[sources]]\ntype = "drand"\nround = 1000\n'
)
DAY = 86_400


def result_of(folder: Path) -> dict[str, str]:
    """Return the published result of a draw."""
    found = json.loads((folder / "transcript.json").read_bytes())["result"]
    return {one["id"]: one["to"] for one in found}


@pytest.fixture
def late(zoning, drawn: Path, at: Callable[[int], None]) -> Path:  # noqa: ANN001
    """Return the office's folder after a late batch of three was committed to and drawn."""
    at(DRAND.at - 4 * DAY)
    lines = [line.replace(",2026-00", ",2026-90").replace("晓霖", "晚到") for line in rows()[:3]]
    (drawn / "late.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    (drawn / "late.toml").write_text(f'kind = "late"\ndraw = "late 1"\n{ROUND}', encoding="utf-8")
    done = zoning("draw", "late", "late.csv", "late.toml", "--after", "draw-private", "--out", "late")
    assert done.code == 0, done.err
    at(DRAND.at)
    done = zoning("draw", "run", "late-private", *SOURCES, "--out", "late")
    assert done.code == 0, done.err
    return drawn


def test_a_late_batch_follows_the_split(zoning, late: Path) -> None:  # noqa: ANN001
    """Late children join the smallest classes, and anybody can check that the batch follows the split."""
    assert len(result_of(late / "late")) == 3
    alone = zoning("draw", "verify", "late/transcript.json")
    assert alone.code == 0
    assert "--follows" in alone.out
    both = zoning("draw", "verify", "late/transcript.json", "--follows", "draw/transcript.json")
    assert both.code == 0
    assert "--follows" not in both.out
    assert "follows the draw 2026, which verifies too" in both.out
    other = zoning("draw", "verify", "draw/transcript.json", "--follows", "late/transcript.json")
    assert other.code == 1
    assert "does not follow the one given" in other.out


def test_a_second_batch_names_the_whole_chain(zoning, late: Path, at: Callable[[int], None]) -> None:  # noqa: ANN001
    """A later batch needs every draw before it, and refuses a child of any of them."""
    at(DRAND.at - 4 * DAY)
    (late / "second.csv").write_text((late / "late.csv").read_text("utf-8"), encoding="utf-8")
    chain = ("--after", "draw-private", "--after", "late-private")
    again = zoning("draw", "late", "second.csv", "late.toml", *chain, "--out", "second")
    assert again.code == 2
    assert "in the draw before (children 1, 2, 3" in again.err
    assert not (late / "second").exists()
    short = zoning("draw", "late", "second.csv", "late.toml", "--after", "late-private")
    assert "follow a class split that was drawn" in short.err


def test_a_batch_waits_for_the_draw_before_it(zoning, committed: Path) -> None:  # noqa: ANN001
    """A commitment that was not drawn has no classes to join."""
    (committed / "late.toml").write_text(f'kind = "late"\ndraw = "late 1"\n{ROUND}', encoding="utf-8")
    done = zoning("draw", "late", "roster.csv", "late.toml", "--after", "draw-private")
    assert done.code == 2
    assert "not drawn yet" in done.err


def test_teachers_draw_their_classes(zoning, drawn: Path, at: Callable[[int], None]) -> None:  # noqa: ANN001
    """A list from a spreadsheet, saved in the office's own encoding, is drawn one a class."""
    at(DRAND.at - 4 * DAY)
    (drawn / "teachers.csv").write_bytes(
        "姓名,学科\n王老师,语文\n李老师,数学\n张老师,语文\n赵老师,英语\n".encode("gb18030")
    )
    (drawn / "teachers.toml").write_text(f'kind = "teacher"\ndraw = "teachers"\n{ROUND}', encoding="utf-8")
    command = ("draw", "teachers", "teachers.csv", "teachers.toml")
    assert "follow a class split" in zoning(*command).err
    done = zoning(*command, "--after", "draw-private", "--out", "teachers")
    assert done.code == 0, done.err
    at(DRAND.at)
    assert zoning("draw", "run", "teachers-private", *SOURCES, "--out", "teachers").code == 0
    found = result_of(drawn / "teachers")
    assert sorted(found) == sorted(["王老师", "李老师", "张老师", "赵老师"])
    assert sorted(found.values()) == ["1", "2", "3", "4"]
    checked = zoning(
        "draw", "verify", "teachers/transcript.json", "--follows", "draw/transcript.json", "--json"
    )
    assert json.loads(checked.out)["ok"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("王老师\n李老师\n王老师\n张老师\n", "teachers.csv"),
        ("\n\n", "There are no names"),
        ("姓名\n", "There are no names"),
        ("王老师\n李老师\n", "2 teachers for 4 classes"),
    ],
)
def test_a_bad_list_of_teachers_is_refused(zoning, drawn: Path, text: str, said: str) -> None:  # noqa: ANN001
    """A teacher twice, an empty list and too few teachers are refused, and nothing is written."""
    (drawn / "teachers.csv").write_text(text, encoding="utf-8")
    (drawn / "t.toml").write_text(f'kind = "teacher"\ndraw = "t"\n{ROUND}', encoding="utf-8")
    done = zoning(
        "draw", "teachers", "teachers.csv", "t.toml", "--rehearsal", "--after", "draw-private", "--out", "t"
    )
    assert done.code == 2
    assert said in done.err
    assert not (drawn / "t").exists()


def test_schools_to_inspect_are_chosen(zoning, office: Path, at: Callable[[int], None]) -> None:  # noqa: ANN001
    """As many schools as the rules say are chosen from a list, in turn."""
    (office / "schools.txt").write_text("".join(f"P{n:03d}\n" for n in range(9)), encoding="utf-8")
    (office / "i.toml").write_text(f'kind = "inspect"\ndraw = "i"\nchoose = 4\n{ROUND}', encoding="utf-8")
    done = zoning("draw", "inspect", "schools.txt", "i.toml", "--out", "i")
    assert done.code == 0, done.err
    at(DRAND.at)
    assert zoning("draw", "run", "i-private", *SOURCES, "--out", "i").code == 0
    assert sorted(result_of(office / "i").values()) == ["1", "2", "3", "4"]
    (office / "i.toml").write_text(f'kind = "inspect"\ndraw = "i"\n{ROUND}', encoding="utf-8")
    assert "the key choose is unknown, missing" in zoning("draw", "inspect", "schools.txt", "i.toml").err


def test_the_low_tech_mode_publishes_its_splits(zoning, office: Path, at: Callable[[int], None]) -> None:  # noqa: ANN001
    """Three balls choose among the splits that lie in the public folder, and a changed one is found."""
    text = rules().split("[[sources]]")[0]
    balls = '[[sources]]\ntype = "balls"\ncount = 3\nat = 2023-08-23T23:59:24+08:00\n'
    (office / "rules.toml").write_text(text + balls, encoding="utf-8")
    done = zoning("draw", "commit", "roster.csv", "rules.toml")
    assert done.code == 0, done.err
    assert "It is weaker" in done.out
    splits = office / "draw" / "splits.csv"
    table = list(csv.reader(splits.read_text("utf-8").splitlines()))
    at(DRAND.at)
    assert zoning("draw", "run", "draw-private", "--source", "042").code == 0
    column = table[0].index("042")
    assert {row[0]: row[column] for row in table[1:]} == result_of(office / "draw")
    checked = zoning("draw", "verify", "draw/transcript.json")
    assert checked.code == 0
    assert "All 1,000 splits" in checked.out
    splits.write_bytes(splits.read_bytes().replace(b",1\n", b",2\n"))
    changed = zoning("draw", "verify", "draw/transcript.json")
    assert changed.code == 1
    assert "at number 999" in changed.out
    assert "2 seed sources" not in zoning("draw", "run", "draw-private", "--source", "043").out


def test_a_score_polish_is_drawn_from_the_roster(zoning, office: Path, at: Callable[[int], None]) -> None:  # noqa: ANN001
    """Scores of the roster make the polish that the rules promise, and never leave the private folder."""
    lines = [f"{HEAD},语文成绩", *(f"{row},{60 + 3 * n}.5" for n, row in enumerate(rows()))]
    (office / "roster.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (office / "rules.toml").write_text(rules(more="polish = 4"), encoding="utf-8")
    done = zoning("draw", "commit", "roster.csv", "rules.toml")
    assert done.code == 0, done.err
    at(DRAND.at)
    assert zoning("draw", "run", "draw-private", *SOURCES, "--roster", "roster.csv").code == 0
    swaps = json.loads((office / "draw" / "transcript.json").read_bytes())["swaps"]
    assert 1 <= sum(swap["why"] == "polish" for swap in swaps) <= 4
    checked = zoning("draw", "verify", "draw/transcript.json")
    assert checked.code == 0
    assert "score exchanges were the ones the rule asks for" in checked.out
    public = b"".join(path.read_bytes() for path in (office / "draw").iterdir())
    assert "语文".encode() not in public
    (office / "roster.csv").write_text("\n".join(lines).replace(",63.5", ",缺考") + "\n", encoding="utf-8")
    done = zoning("draw", "commit", "roster.csv", "rules.toml", "--out", "other", "--rehearsal")
    assert done.code == 2
    assert "scores of every child are needed" in done.err


def test_the_verifier_is_published_with_the_commitment(drawn: Path) -> None:
    """The page that is published is the one whose digest the manifest holds, and draw.html holds the draw."""
    public = drawn / "draw"
    program = json.loads((public / "manifest.json").read_bytes())["program"]
    assert (public / "verifier.html").read_bytes() == verifier_page().encode()
    assert program["verifier"] == verifier_digest()
    assert program["digest"] == package_digest()
    inside = {name: (public / f"{name}.json").read_bytes() for name in
              ("manifest", "roster", "constraints", "transcript")}  # fmt: skip
    assert (public / "draw.html").read_bytes() == verifier_page(inside).encode()


def test_a_rehearsal_may_be_repeated(zoning, office: Path, at: Callable[[int], None]) -> None:  # noqa: ANN001
    """An office practises as often as it likes; nothing of the last rehearsal is left, no draw touched."""
    at(DRAND.at)
    for _ in range(2):
        done = zoning("draw", "commit", "roster.csv", "rules.toml", "--rehearsal")
        assert done.code == 0, done.err
        assert not (office / "draw" / "transcript.json").exists()
        assert zoning("draw", "run", "draw-private").code == 0
        assert zoning("draw", "verify", "draw/transcript.json").code == 0
    at(DRAND.at - 4 * DAY)
    done = zoning("draw", "commit", "roster.csv", "rules.toml")
    assert done.code == 2
    assert "holds a draw already" in done.err
    done = zoning("draw", "commit", "roster.csv", "rules.toml", "--out", "real")
    assert done.code == 0, done.err
    done = zoning("draw", "commit", "roster.csv", "rules.toml", "--out", "real", "--rehearsal")
    assert done.code == 2
    assert "holds a draw already" in done.err


def test_the_package_digest_tells_one_byte(tmp_path: Path) -> None:
    """A package with one changed byte, a file more or another name has another digest; line ends do not."""
    (tmp_path / "a.py").write_bytes(b"one\ntwo\n")
    first = package_digest(tmp_path)
    (tmp_path / "a.py").write_bytes(b"one\r\ntwo\r\n")
    assert package_digest(tmp_path) == first
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"compiled")
    assert package_digest(tmp_path) == first
    (tmp_path / "b.py").write_bytes(b"")
    second = package_digest(tmp_path)
    (tmp_path / "b.py").rename(tmp_path / "c.py")
    third = package_digest(tmp_path)
    (tmp_path / "a.py").write_bytes(b"one\ntwO\n")
    assert len({first, second, third, package_digest(tmp_path)}) == 4
