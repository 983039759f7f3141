"""The ceremony through the command line: commit, run, verify, and every way to cheat at it."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from tests.cli.conftest import SAMPLE
from tests.lottery.cases import DRAND, OTHER_SIGNATURE, SIGNATURE, THROWN

from zoning.cli import clock

START = DRAND.at - 4 * 86_400
SOURCES = ("--source", THROWN, "--source", SIGNATURE)
HEAD = "name,gender,sid,birth_date,kindergarten,address,need,twin_group,together,registered_at,tier,choice_1"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


def rows() -> list[str]:
    """Return sixteen invented children; the fourth and fifth are twins, the second has a need."""
    return [
        f"{surname}晓霖{surname},{'FM'[n % 2]},2026-{n:04d},2020-03-{n + 1:02d},启明幼儿园{n % 3},"
        f"云溪路{n + 100}号,"
        f"{'听力障碍' if n == 1 else ''},{'T1' if n in (3, 4) else ''},{'yes' if n == 3 else ''},"
        f"2026-07-01 09:{n + 10},1,P00{n % 2 + 1}"
        for n, surname in enumerate(SURNAMES)
    ]


def rules(*, dice: int = 20, kind: str = "split", more: str = "") -> str:
    """Return the rules of a draw whose sources spoke in 2023."""
    what = 'classes = 4\nlevels = ["gender", "need"]' if kind == "split" else "seats = { P001 = 5, P002 = 5 }"
    return (
        f'kind = "{kind}"\ndraw = "2026"\n{what}\n{more}\n[[sources]]\ntype = "dice"\ncount = {dice}\n'
        'at = 2023-08-23T23:49:24+08:00\n[[sources]]\ntype = "drand"\nround = 1000\n'
    )


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that sets the clock."""

    def set_clock(seconds: int) -> None:
        monkeypatch.setattr(clock, "clock", lambda: seconds)

    set_clock(START)
    return set_clock


@pytest.fixture
def office(tmp_path: Path, at: Callable[[int], None]) -> Path:
    """Return the office's folder with a roster and rules, four days before the draw."""
    del at
    (tmp_path / "roster.csv").write_text("\n".join([HEAD, *rows()]) + "\n", encoding="utf-8")
    (tmp_path / "rules.toml").write_text(rules(), encoding="utf-8")
    return tmp_path


@pytest.fixture
def committed(zoning, office: Path) -> Path:  # noqa: ANN001
    """Return the office's folder after a commitment."""
    done = zoning("draw", "commit", "roster.csv", "rules.toml")
    assert done.code == 0, done.err
    return office


@pytest.fixture
def drawn(zoning, committed: Path, at: Callable[[int], None]) -> Path:  # noqa: ANN001
    """Return the office's folder after the draw."""
    at(DRAND.at)
    done = zoning("draw", "run", "draw-private", *SOURCES)
    assert done.code == 0, done.err
    return committed


def listed(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_an_honest_draw_is_proved(zoning, drawn: Path) -> None:  # noqa: ANN001
    """What the office published proves the draw, together with the digest noted before it."""
    card = (drawn / "draw" / "commitment.txt").read_text(encoding="utf-8")
    promised = next(line for line in card.splitlines() if line.count(" ") == 15 and len(line) == 79)
    found = zoning("draw", "verify", "draw/transcript.json", "--promised", promised, "--json")
    said = json.loads(found.out)
    assert found.code == 0
    assert (said["ok"], said["void"]) == (True, False)
    assert any("promised before the draw" in one["en"] for one in said["proved"])
    assert "验证通过" in zoning("draw", "verify", "draw/transcript.json", "--lang", "zh").out


def test_the_bundle_is_its_owners_only(drawn: Path) -> None:
    """Nobody else on the machine can read names or receipt codes."""
    private = drawn / "draw-private"
    assert private.stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in private.iterdir()} == {0o600}


def text_of(name: str, data: bytes) -> str:
    """Return what a reader finds in a public file; of a PDF its words, without line ends and blanks."""
    if not name.endswith(".pdf"):
        return data.decode()
    pages = PdfReader(io.BytesIO(data)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_no_private_data_is_public(zoning, drawn: Path) -> None:  # noqa: ANN001
    """No name, date, address, need, school number or receipt code is in a public file or on the screen."""
    again = zoning("draw", "run", "draw-private", *SOURCES)
    printed = again.out + again.err + zoning("draw", "verify", "draw/transcript.json").out
    texts = [printed, *(text_of(name, data) for name, data in listed(drawn / "draw").items())]
    assert any("公示码" in text for text in texts)
    book = CalamineWorkbook.from_path(str(drawn / "draw-private" / "receipts.xlsx"))
    codes = [line[3] for line in book.get_sheet_by_index(0).to_python()[2:]]
    cells = {cell for row in csv.reader(rows()) for at, cell in enumerate(row) if at not in (1, 8, 10, 11)}
    secret = {cell for cell in (*cells, *codes) if len(str(cell)) > 2}
    assert len(secret) > 16 * 5
    assert [word for word in secret if any(str(word) in text for text in texts)] == []


def test_every_family_has_a_receipt(drawn: Path) -> None:
    """The receipts give each child its number and its own code."""
    book = CalamineWorkbook.from_path(str(drawn / "draw-private" / "receipts.xlsx"))
    lines = book.get_sheet_by_index(0).to_python()[2:]
    roster = json.loads((drawn / "draw" / "roster.json").read_bytes())
    assert {line[2] for line in lines} == {record["sid"] for record in roster["records"]}
    assert len({line[3] for line in lines}) == 16
    assert [line[1] for line in lines] == [f"2026-{n:04d}" for n in range(16)]


def test_an_early_run_is_refused(zoning, committed: Path, at: Callable[[int], None]) -> None:  # noqa: ANN001
    """A second before its time nothing is drawn and nothing written; no told time helps."""
    at(DRAND.at - 1)
    before = listed(committed)
    early = zoning("draw", "run", "draw-private", *SOURCES)
    told = zoning("draw", "run", "draw-private", *SOURCES, "--now", "2026-01-01T00:00:00Z")
    assert (early.code, told.code) == (2, 2)
    assert "not due before 2023-08-23 15:59:24 UTC" in early.err
    assert "Only a rehearsal" in told.err
    assert listed(committed) == before


@pytest.mark.parametrize("hidden", [(), ("draw",), ("draw-private",)])
def test_a_second_run_is_refused(zoning, drawn: Path, hidden: tuple[str, ...]) -> None:  # noqa: ANN001
    """Another seed is refused even when one of the two transcripts was taken away; the same seed repeats."""
    first = (drawn / "draw" / "transcript.json").read_bytes()
    for folder in hidden:
        (drawn / folder / "transcript.json").unlink()
    second = zoning("draw", "run", "draw-private", "--source", "1" + THROWN[1:], "--source", SIGNATURE)
    assert second.code == 2
    assert "run already with another seed" in second.err
    assert zoning("draw", "run", "draw-private", *SOURCES).code == 0
    assert (drawn / "draw" / "transcript.json").read_bytes() == first


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "names 2 seed sources, 0 were given"),
        ((THROWN,), "names 2 seed sources, 1 were given"),
        ((THROWN, ""), "drand said nothing"),
        (("0" * 20, SIGNATURE), "nothing but zeros"),
        (("123456", SIGNATURE), "must be 20 digits"),
        ((THROWN, OTHER_SIGNATURE), "not the beacon's own for round 1000"),
        ((f"1:{THROWN}", SIGNATURE), "Rung 1 is not on the ladder"),
    ],
)
def test_bad_sources_are_refused(
    zoning,  # noqa: ANN001
    committed: Path,
    at: Callable[[int], None],
    given: tuple[str, ...],
    said: str,
) -> None:
    """A missing, empty, zero, short, forged or unnamed source draws nothing."""
    at(DRAND.at)
    words = [word for value in given for word in ("--source", value)]
    found = zoning("draw", "run", "draw-private", *words)
    assert found.code == 2
    assert said in found.err
    assert not (committed / "draw" / "transcript.json").exists()


def test_weak_or_hasty_rules_are_refused(zoning, office: Path, at: Callable[[int], None]) -> None:  # noqa: ANN001
    """Six dice, less than 72 hours, an earlier date of publication, an unknown key: no commitment."""

    def commit(text: str) -> str:
        (office / "rules.toml").write_text(text, encoding="utf-8")
        done = zoning("draw", "commit", "roster.csv", "rules.toml")
        assert done.code == 2
        assert not (office / "draw").exists()
        assert not (office / "draw-private").exists()
        return str(done.err)

    assert "at least 20 dice" in commit(rules(dice=6))
    assert "the key seed is unknown" in commit(rules(more="seed = 7"))
    assert "has no time zone" in commit(rules().replace("+08:00", ""))
    assert "not on the roster" in commit(rules(more='separate = [["2026-0001", "2026-9999"]]'))
    assert "is over" in commit(rules(more="published = 2023-08-01T00:00:00Z"))
    at(DRAND.at - 2 * 86_400)
    assert "less than 72 hours" in commit(rules())


@pytest.mark.parametrize("change", ["add", "drop", "rename", "nfd", "gender"])
def test_a_changed_roster_is_refused(
    zoning,  # noqa: ANN001
    committed: Path,
    at: Callable[[int], None],
    change: str,
) -> None:
    """A child added, dropped, renamed or changed after the commitment stops the draw."""
    at(DRAND.at)
    lines = rows()
    if change == "add":
        lines.append(lines[-1].replace("2026-0015", "2026-0099").replace("杨", "朱"))
    elif change == "drop":
        del lines[7]
    else:
        swaps = {
            "rename": ("赵晓", "魏晓"),
            "nfd": ("赵晓霖赵", unicodedata.normalize("NFD", "赵é")),
            "gender": (",F,", ",M,"),
        }
        lines[0] = lines[0].replace(*swaps[change])
    (committed / "roster.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    found = zoning("draw", "run", "draw-private", *SOURCES, "--roster", "roster.csv")
    assert found.code == 2
    assert "not the one committed" in found.err or "normal form C" in found.err
    assert not (committed / "draw" / "transcript.json").exists()


def test_reordered_rows_change_nothing(zoning, committed: Path, at: Callable[[int], None]) -> None:  # noqa: ANN001
    """Whoever stands first in the file gains nothing: the same children in any order are the same roster."""
    at(DRAND.at)
    text = "\n".join([HEAD, *reversed(rows())])
    (committed / "roster.csv").write_text(text + "\n", encoding="utf-8")
    assert zoning("draw", "run", "draw-private", *SOURCES, "--roster", "roster.csv").code == 0


@pytest.mark.parametrize("name", ["private.json", "roster.json", "manifest.json", "constraints.json"])
def test_an_edited_bundle_is_refused(zoning, committed: Path, at: Callable[[int], None], name: str) -> None:  # noqa: ANN001
    """No file of the bundle can be edited between the commitment and the draw."""
    at(DRAND.at)
    path = committed / "draw-private" / name
    text = path.read_text(encoding="utf-8")
    old, new = {
        "private.json": ("赵晓", "魏晓"),
        "roster.json": ('"h":"', '"h":"0'),
        "manifest.json": ('"classes":4', '"classes":2'),
        "constraints.json": ('"closed":[]', '"closed":[ ]'),
    }[name]
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = zoning("draw", "run", "draw-private", *SOURCES)
    assert found.code == 2
    assert "Traceback" not in found.err
    assert not (committed / "draw" / "transcript.json").exists()


def test_a_commitment_is_never_overwritten(zoning, committed: Path) -> None:  # noqa: ANN001
    """A second commitment into the same folders cannot replace the first one."""
    before = listed(committed)
    found = zoning("draw", "commit", "roster.csv", "rules.toml")
    assert found.code == 2
    assert "never overwritten" in found.err
    inside = zoning("draw", "commit", "roster.csv", "rules.toml", "--out", "o", "--private", "o/p")
    assert "lie in one another" in inside.err
    assert listed(committed) == before


@pytest.mark.parametrize("name", ["transcript", "manifest", "roster", "constraints"])
def test_any_changed_byte_is_found(zoning, drawn: Path, name: str) -> None:  # noqa: ANN001
    """Bytes changed all over a public file never verify, and never end in a traceback."""
    path = drawn / "draw" / f"{name}.json"
    data = path.read_bytes()
    for place in range(0, len(data), max(1, len(data) // 25)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        found = zoning("draw", "verify", "draw/transcript.json")
        assert found.code == 1, (place, found.out, found.err)
        assert "does NOT verify" in found.out
    path.write_bytes(data)
    assert zoning("draw", "verify", "draw/transcript.json").code == 0


def test_bad_input_is_not_a_verdict(zoning, drawn: Path) -> None:  # noqa: ANN001
    """A missing file or an unreadable digest ends with 2, another digest with 1."""
    assert zoning("draw", "verify", "draw/transcript.json", "--promised", "abc").code == 2
    assert zoning("draw", "verify", "draw/transcript.json", "--promised", "0" * 64).code == 1
    (drawn / "draw" / "roster.json").unlink()
    missing = zoning("draw", "verify", "draw/transcript.json")
    assert missing.code == 2
    assert "roster.json is missing" in missing.err


def test_a_rehearsal_is_void_everywhere(zoning, office: Path) -> None:  # noqa: ANN001
    """A rehearsal runs at once with recorded sources, and says in both languages that it is void."""
    said = [zoning("draw", "commit", "roster.csv", "rules.toml", "--rehearsal")]
    early = zoning("draw", "run", "draw-private", "--now", "2023-08-23T23:59:23+08:00")
    assert "not due before" in early.err
    said += [
        zoning("draw", "run", "draw-private", "--now", "2023-08-23T23:59:24+08:00"),
        zoning("draw", "verify", "draw/transcript.json"),
    ]
    for one in said:
        assert one.code == 0, one.err
        assert "void" in one.out
        assert "无效" in one.out
    for name in ("manifest.json", "commitment.txt", "commitment.svg", "VOID.txt"):
        text = (office / "draw" / name).read_text(encoding="utf-8")
        assert "VOID" in text
        assert "无效" in text
    assert json.loads((office / "draw" / "transcript.json").read_bytes())["void"] == 1
    first = CalamineWorkbook.from_path(str(office / "draw-private" / "receipts.xlsx")).get_sheet_by_index(0)
    assert "VOID 演练无效" in first.to_python()[0][0]


def test_seats_are_drawn_by_the_same_commands(zoning, office: Path, at: Callable[[int], None]) -> None:  # noqa: ANN001
    """A seat draw goes through commit, run and verify as a class split does."""
    (office / "rules.toml").write_text(rules(kind="seat"), encoding="utf-8")
    done = zoning("draw", "commit", "roster.csv", "rules.toml")
    assert done.code == 2
    assert "Use zoning draw seats" in done.err
    done = zoning("draw", "seats", "roster.csv", "rules.toml", "--out", "seats")
    assert done.code == 0, done.err
    at(DRAND.at)
    assert zoning("draw", "run", "seats-private", *SOURCES, "--out", "seats").code == 0
    assert zoning("draw", "verify", "seats/transcript.json").code == 0
    result = json.loads((office / "seats" / "transcript.json").read_bytes())["result"]
    assert sum(one["to"] == "P001" for one in result) == 5


def test_the_sample_folder_can_be_drawn(zoning, tmp_path: Path, at: Callable[[int], None]) -> None:  # noqa: ANN001
    """The roster in a district's folder is found; a rehearsal gives numbers that lead nowhere."""
    at(START)
    (tmp_path / "rules.toml").write_text(rules(), encoding="utf-8")
    said = json.loads(zoning("draw", "commit", str(SAMPLE), "rules.toml", "--json", "--rehearsal").out)
    assert (said["children"], said["issued"], said["void"]) == (600, 600, True)
    rehearsed = {
        one["sid"] for one in json.loads((tmp_path / "draw" / "roster.json").read_bytes())["records"]
    }
    written = (SAMPLE / "roster.csv").read_text(encoding="utf-8-sig")
    assert len(rehearsed) == 600
    assert not [sid for sid in rehearsed if sid in written]


def test_an_audit_shows_no_child(zoning, drawn: Path) -> None:  # noqa: ANN001
    """Before and after, the audit prints figures and opaque numbers; a named list is tested among others."""
    (drawn / "named.txt").write_text("2026-0001\n2026-0005\n2026-0009\n", encoding="utf-8")
    found = zoning("draw", "audit", "draw-private", "--draws", "60", "--named", "named.txt", "--lang", "zh")
    assert found.code == 0, found.err
    assert "名单中 3 名学生" in found.out
    assert not any(word in found.out + found.err for word in ("晓霖", "启明", "云溪", "2026-00", "障碍"))
    said = json.loads(zoning("draw", "audit", "draw-private", "--draws", "60", "--json").out)
    assert (said["ok"], said["before"]["uneven"], said["after"]["uneven"]) == (True, 0, 0)
    assert "gender" not in said["after"]["balance"]
    assert [one["kind"] for one in said["before"]["freedom"]] == ["together"]
