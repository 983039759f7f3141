"""``zoning publish`` and ``zoning find``: written whole or not at all, one answer, a record kept."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from zoning.load.sample import write_sample


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a small invented county and a plan of its primary schools."""
    home = tmp_path_factory.mktemp("planned")
    write_sample(home / "county", blocks=150)
    command = ["plan", "county", "--stage", "primary", "--iterations", "300", "--out", "plans"]
    subprocess.run([sys.executable, "-m", "zoning", *command], cwd=home, check=True, capture_output=True)
    return home


@pytest.fixture
def here(planned: Path, tmp_path: Path) -> Path:
    """Return a fresh copy of the county and its plan, in which a test works."""
    shutil.copytree(planned, tmp_path, dirs_exist_ok=True)
    return tmp_path


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_publication_is_whole_and_recorded(zoning, here: Path) -> None:  # noqa: ANN001
    """Page, lists, notices, ledger, certificate, data and record are there; once more gives the same."""
    first = zoning("publish", "county", "plans", "--out", "out", "--no-print", "--json")
    assert first.code == 0, first.err
    said = json.loads(first.out)
    assert said["ok"]
    made = files_of(here / "out" / "public")
    for name in (
        "index.html", "finder-2027.html", "addresses-2027.csv", "addresses-2027.xlsx", "certificate.json",
        "ledger.json", "affected-addresses-2027.xlsx", "consultation-zh.pdf", "consultation-en.docx",
        "notice-method-zh.txt", "notice-range-en.txt", "publication.json", "record.jsonl",
        "data/zones-2027-primary.gpkg", "data/dictionary-2027.csv",
    ):  # fmt: skip
        assert made[name], name
    assert not [name for name in made if name.startswith("print/")]
    assert "report.xlsx" in files_of(here / "out" / "office")
    linked = re.findall(r'href="([^"]+)"', made["index.html"].decode())
    assert sorted(linked) == sorted(set(made) - {"index.html"})
    assert re.search(
        r"^street,[^,]*,[^,]*,[^,]*,\d+,\d+,", made["addresses-2027.csv"].decode("utf-8-sig"), re.MULTILINE
    )
    (here / "out" / "public" / "own notes.txt").write_text("not looked through", "utf-8")
    again = zoning("publish", "county", "plans", "--out", "out", "--no-print")
    assert again.code == 0, again.err
    assert "own notes.txt" in again.out
    (here / "out" / "public" / "own notes.txt").unlink()
    assert files_of(here / "out" / "public") == made
    assert made["record.jsonl"].count(b"\n") == 1


def test_a_refused_publication_writes_nothing(zoning, here: Path) -> None:  # noqa: ANN001
    """Without a map decision nothing is published, until somebody gives a reason that is logged."""
    settings = (here / "county" / "zoning.toml").read_text(encoding="utf-8")
    kept = "\n".join(line for line in settings.splitlines() if not line.startswith("no_map_number"))
    (here / "county" / "zoning.toml").write_text(kept, encoding="utf-8")
    command = ("publish", "county", "plans", "--out", "out", "--no-print")
    refused = zoning(*command)
    assert refused.code == 1
    assert "map_number" in refused.out
    assert "Nothing was published" in refused.out
    assert not (here / "out").exists() or not files_of(here / "out")
    bad = zoning(*command, "--override", "map_number")
    assert bad.code == 2
    passed = zoning(*command, "--override", "map_number=sketch for a meeting, not for print")
    assert passed.code == 0, passed.err
    logged = json.loads((here / "out" / "public" / "publication.json").read_bytes())
    assert "sketch for a meeting" in json.dumps(logged)


def test_a_second_publication_of_a_year_says_what_it_replaces(zoning, here: Path) -> None:  # noqa: ANN001
    """Nobody quietly publishes other zones for a year that stands in the record."""
    command = ("publish", "county", "plans", "--out", "out", "--no-print")
    assert zoning(*command).code == 0
    before = files_of(here / "out" / "public")
    settings = (here / "county" / "zoning.toml").read_text(encoding="utf-8")
    (here / "county" / "zoning.toml").write_text(settings.replace("000-5550000", "000-5550009"), "utf-8")
    refused = zoning(*command)
    assert refused.code == 2, refused.out
    assert files_of(here / "out" / "public") == before
    line = re.findall(r"\b[0-9a-f]{16}\b", refused.err)[0]
    replaced = zoning(
        *command, "--replaces", line,
        "--because", "new phone number",
    )  # fmt: skip
    assert replaced.code == 0, replaced.out + replaced.err
    record = (here / "out" / "public" / "record.jsonl").read_bytes()
    assert record.startswith(before["record.jsonl"])
    assert record.count(b"\n") == 2


def test_another_language_is_the_same_publication(zoning, here: Path) -> None:  # noqa: ANN001
    """Other bytes of the same decision need no reason; the record keeps the digests of what stands there."""
    command = ("publish", "county", "plans", "--out", "out", "--no-print")
    assert zoning(*command, "--lang", "en").code == 0
    english = files_of(here / "out" / "public")
    again = zoning(*command, "--lang", "zh")
    assert again.code == 0, again.err
    chinese = files_of(here / "out" / "public")
    assert english["index.html"] != chinese["index.html"]
    assert chinese["record.jsonl"].startswith(english["record.jsonl"])
    line = json.loads(chinese["record.jsonl"].splitlines()[-1])
    assert (line["number"], line["reason"]) == (2, "")
    assert "publication.json" in [one["name"] for one in line["files"]]
    assert zoning("record", "out/public").code == 0


def test_the_record_is_checked(zoning, here: Path) -> None:  # noqa: ANN001
    """Exit 0 with the head while everything is as published; else exit 1 with the name of every file."""
    assert zoning("publish", "county", "plans", "--out", "out", "--no-print").code == 0
    public = here / "out" / "public"
    good = zoning("record", "out/public", "--json")
    assert good.code == 0, good.err
    head = json.loads(good.out)["head"]
    assert zoning("record", "out/public", "--head", head).code == 0
    assert zoning("record", "out/public", "--head", "0" * 64).code == 1
    (public / "addresses-2027.csv").write_text("x")
    (public / "ledger.json").unlink()
    english, chinese = (zoning("record", "out/public", "--lang", lang) for lang in ("en", "zh"))
    assert (english.code, chinese.code) == (1, 1)
    assert re.search(r"addresses-2027\.csv: is not the file of the record", english.err)
    assert re.search(r"ledger\.json.*不在文件夹中", chinese.err)
    assert "NOT what the record says" in english.out
    assert json.loads(zoning("record", "out/public", "--json").out)["ok"] is False
    assert zoning("record", "county").code == 2


def test_a_lost_record_is_not_replaced_silently(zoning, here: Path) -> None:  # noqa: ANN001
    """Whoever deletes the record is told before anything is made; a new one says why it begins."""
    command = ("publish", "county", "plans", "--out", "out", "--no-print")
    assert zoning(*command).code == 0
    record = here / "out" / "public" / "record.jsonl"
    record.unlink()
    refused = zoning(*command, "--lang", "zh")
    assert refused.code == 2
    assert "没有公布记录" in refused.err.replace("却", "")
    assert not record.exists()
    record.write_bytes(b"")
    assert zoning(*command).code == 2
    begun = zoning(*command, "--because", "disk broke, no copy left")
    assert begun.code == 0, begun.err
    assert json.loads(record.read_bytes())["reason"] == "disk broke, no copy left"


def test_a_file_that_is_open_elsewhere_changes_nothing(
    zoning,  # noqa: ANN001
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A move that fails in the middle is one sentence with its cure, and everything stays as it was."""
    command = ("publish", "county", "plans", "--out", "out", "--no-print")
    assert zoning(*command, "--lang", "en").code == 0
    before = files_of(here / "out")
    move = os.replace

    def moved(path: Path, to: Path) -> None:
        if to.name == "ledger.xlsx" and ".earlier" not in str(path):
            raise PermissionError(13, "Permission denied", str(to))
        move(path, to)

    monkeypatch.setattr("zoning.publish.whole.os.replace", moved)
    failed = zoning(*command, "--lang", "zh")
    assert failed.code == 2
    assert "ledger.xlsx" in failed.err
    assert "Traceback" not in failed.err
    assert files_of(here / "out") == before


def test_an_address_is_found(zoning, here: Path) -> None:  # noqa: ANN001
    """The command says what the page says, and ends with 1 where there is no one answer."""
    rows = (here / "county" / "addresses.csv").read_text(encoding="utf-8-sig").splitlines()
    estate = next(row.split(",")[2] for row in rows if ",estate," in row)
    found = zoning("find", "county", "plans", estate, "--json")
    assert found.code == 0, found.err
    answer = json.loads(found.out)["answers"][0]
    assert (answer["stage"], answer["basis"], len(answer["schools"])) == ("primary", "zone", 1)
    lost = zoning("find", "county", "plans", "火星路1号", "--lang", "zh")
    assert lost.code == 1
    assert "未找到" in lost.out


def test_find_says_of_which_plan_it_speaks_and_what_helps(zoning, here: Path) -> None:  # noqa: ANN001
    """The JSON has year, digest and names; an address without an answer gets names like it and a phone."""
    rows = (here / "county" / "addresses.csv").read_text(encoding="utf-8-sig").splitlines()
    estate = next(row.split(",")[2] for row in rows if ",estate," in row)
    said = json.loads(zoning("find", "county", "plans", estate, f"{estate[:-1]}楼", "--json").out)
    record = json.loads((here / "plans" / "primary" / "plan.json").read_text(encoding="utf-8"))
    assert (said["year"], said["plans"]) == (2027, {"primary": record["plan_digest"]})
    found, lost = said["answers"]
    assert all(name["zh"] and name["en"] for name in found["names"])
    assert any(one.endswith(estate) for one in lost["alike"])
    assert said["office"]["phone"] in lost["cure"]["en"]
    shown = zoning("find", "county", "plans", f"{estate[:-1]}楼", "--lang", "zh").out
    assert f"{estate}" in shown
    assert "咨询，电话" in shown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("foo=bar", "foo"),
        ("mobile_phone=because", "mobile_phone"),
        ("map_number= ", "map_number"),
    ],
)
def test_a_wrong_override_is_told_before_anything_is_made(
    zoning,  # noqa: ANN001
    here: Path,
    given: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A code that does not exist or has no reason is a fault of the arguments, not of the publication."""
    monkeypatch.setattr("zoning.load.read_district", None)
    done = zoning("publish", "county", "plans", "--out", "out", "--override", given, "--lang", "en")
    assert done.code == 2
    assert said in done.err
    assert not (here / "out").exists()


@pytest.mark.parametrize("head", ["abc", "0" * 63, "g" * 64])
def test_a_head_that_is_none_is_asked_for_again(zoning, tmp_path: Path, head: str) -> None:  # noqa: ANN001
    """A head cut off while it was copied is no proof that somebody rewrote the record."""
    done = zoning("record", str(tmp_path), "--head", head, "--lang", "en")
    assert done.code == 2
    assert "64 hex digits" in done.err
    assert "rewritten" not in done.err


def test_a_folder_without_a_record_is_said_in_one_sentence(zoning, tmp_path: Path) -> None:  # noqa: ANN001
    """The folder is named once, as what the sentence is about."""
    done = zoning("record", str(tmp_path), "--lang", "zh")
    assert done.code == 2
    assert f"“{tmp_path.as_posix()[:40]}" in done.err
    assert "”文件夹中没有公布记录。" in done.err


@pytest.mark.parametrize("part", ["public", "office"])
def test_a_file_in_the_way_is_told_before_anything_is_made(
    zoning,  # noqa: ANN001
    here: Path,
    part: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the folder to write is a file, nobody waits for a publication that cannot be written."""
    monkeypatch.setattr("zoning.load.read_district", None)
    (here / "out").mkdir()
    (here / "out" / part).write_text("mine")
    done = zoning("publish", "county", "plans", "--out", "out", "--lang", "en")
    assert done.code == 2
    assert f"out/{part}" in done.err
    assert "not a folder" in done.err


def test_without_addresses_nothing_is_computed(zoning, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN001
    """Whoever has no addresses table hears so at once, not after the forecast and the journeys."""

    def too_early(*_: object, **__: object) -> None:
        pytest.fail("the forecast began")

    monkeypatch.setattr("zoning.forecast.forecast_residents", too_early)
    (here / "county" / "addresses.csv").unlink()
    done = zoning("publish", "county", "plans", "--out", "out")
    assert done.code == 2
    assert "no addresses table" in done.err
    assert not (here / "out").exists()


def test_plans_of_nowhere_are_refused(zoning, here: Path) -> None:  # noqa: ANN001
    """A folder without a plan is one message and exit code 2."""
    (here / "empty").mkdir()
    done = zoning("publish", "county", "empty", "--out", "out")
    assert done.code == 2
    assert "Traceback" not in done.err
    assert not (here / "out" / "public").exists()
