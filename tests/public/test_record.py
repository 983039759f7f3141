"""The yearly record: what is written stays, and who changes, removes, reorders or adds a line is found."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoning.errors import DataError
from zoning.lottery import canonical
from zoning.public.chain import check_chain, files_of, record_head, sha256
from zoning.public.record import RecordEntry, append_record
from zoning.public.record_folder import check_record, read_record

FIRST = RecordEntry(
    "方县", 2025, {"primary": "a1", "junior": "b1"}, "d1", "l1", {"map_number": "a sketch"},
    {"ledger.json": "f1"}, "zoning 0.1.0",
)  # fmt: skip


def entry(year: int) -> RecordEntry:
    """Return the publication of a year."""
    return replace(FIRST, year=year, plans={"primary": f"a{year}"}, files={"ledger.json": f"f{year}"})


def record(years: range = range(2025, 2031)) -> bytes:
    """Return a record with a line a year."""
    data = b""
    for year in years:
        data = append_record(data, entry(year))
    return data


def lines_of(data: bytes) -> list[bytes]:
    """Return the lines with their ends."""
    return data.splitlines(keepends=True)


def sealed(line: dict[str, object]) -> bytes:
    """Return a line with the digest that fits it, as a forger would write it."""
    plain = {name: value for name, value in line.items() if name != "sha256"}
    return canonical.encode(plain | {"sha256": sha256(canonical.encode(plain))}) + b"\n"


def forged(line: bytes, **changes: object) -> bytes:
    """Return a line with other content and its digest made anew."""
    return sealed(json.loads(line) | changes)


def test_a_record_holds_together_and_starts_at_nothing() -> None:
    """Lines that the program wrote one after another are found in order, whatever their number."""
    assert check_chain(b"") == ()
    assert check_chain(record()) == ()
    assert len(lines_of(record())) == 6
    assert json.loads(lines_of(record())[0])["before"] == "0" * 64


def test_the_same_publication_again_changes_nothing() -> None:
    """Running the command twice, also with a newer program, leaves the record as it is."""
    data = record()
    again = replace(entry(2030), program="zoning 9.9.9")
    assert append_record(data, again) == data


def test_other_bytes_of_the_same_decision_need_no_reason() -> None:
    """A newer program, another language or leaving out the print is no new decision; its digests are kept."""
    data = record()
    again = replace(entry(2030), files={"ledger.json": "f2030", "publication.json": "p2"}, program="zoning 9")
    more = append_record(data, again)
    last, new = (json.loads(line) for line in lines_of(more)[-2:])
    assert more.startswith(data)
    assert (new["replaces"], new["reason"], new["number"]) == (last["sha256"], "", 7)
    assert files_of(more)["publication.json"] == "p2"
    assert check_chain(more) == ()
    assert append_record(more, again) == more


@pytest.mark.parametrize(
    "other",
    [{"plans": {"primary": "x"}}, {"data": "x"}, {"ledger": "x"}, {"overrides": {}},
     {"overrides": {"map_number": "another reason"}}],
)  # fmt: skip
def test_another_decision_needs_a_reason_whatever_its_files(other: dict[str, Any]) -> None:
    """Other plans, data, changes or reasons of overrides are another publication, even of the same files."""
    with pytest.raises(DataError, match="published before"):
        append_record(record(), replace(entry(2030), **other))


def test_a_second_publication_of_a_year_names_what_it_replaces_and_why() -> None:
    """Nothing is republished silently: without the digest and a reason there is no line."""
    data = record()
    changed = replace(entry(2030), data="d2")
    digest = json.loads(lines_of(data)[-1])["sha256"]
    with pytest.raises(DataError, match=rf"2030 has been published before[\s\S]*{digest[:16]}"):
        append_record(data, changed)
    with pytest.raises(DataError, match="published before"):
        append_record(data, replace(changed, replaces=digest))
    with pytest.raises(DataError, match="not the one that stands"):
        append_record(data, replace(changed, replaces="12345678", reason="a street was missing"))
    with pytest.raises(DataError, match="not the one that stands"):
        append_record(data, replace(changed, replaces=digest[:4], reason="a street was missing"))
    more = append_record(data, replace(changed, replaces=digest[:8].upper(), reason="a street was missing"))
    assert more.startswith(data)
    last = json.loads(lines_of(more)[-1])
    assert (last["replaces"], last["reason"], last["number"]) == (digest, "a street was missing", 7)
    assert check_chain(more) == ()
    assert append_record(more, replace(changed, replaces=digest, reason="again")) == more


def test_a_year_that_was_never_published_replaces_nothing() -> None:
    """A typing error in the year does not end in a line that claims to replace something."""
    with pytest.raises(DataError, match="no earlier publication of 2031"):
        append_record(record(), replace(entry(2031), replaces="12345678", reason="so"))


def test_text_that_has_more_than_one_spelling_is_refused() -> None:
    """A file name with an invisible character does not enter a record that people compare by eye."""
    with pytest.raises(DataError, match="does not take"):
        append_record(b"", replace(FIRST, files={"a\u200bb": "f"}))


Tamper = Callable[[list[bytes]], list[bytes]]
TABLE: list[tuple[str, Tamper, list[tuple[str, int]]]] = [
    ("a digit changed", lambda x: [*x[:2], x[2].replace(b'"f2027"', b'"f2097"'), *x[3:]], [("changed", 3)]),
    ("last line changed", lambda x: [*x[:5], x[5].replace(b'"f2030"', b'"f2031"')], [("changed", 6)]),
    ("changed and sealed", lambda x: [*x[:2], forged(x[2], data="dx"), *x[3:]], [("replaced", 3)]),
    ("one removed", lambda x: [*x[:2], *x[3:]], [("removed", 3)]),
    ("two removed", lambda x: [*x[:1], *x[3:]], [("removed", 2)]),
    ("first removed", lambda x: x[1:], [("removed", 1)]),
    ("two swapped", lambda x: [x[0], x[2], x[1], *x[3:]], [("order", 3)]),
    ("last put first", lambda x: [x[5], *x[:5]], [("order", row) for row in range(2, 7)]),
    ("one copied", lambda x: [*x[:4], x[1], *x[4:]], [("inserted", 5)]),
    (
        "one put in between",
        lambda x: [*x[:3], forged(x[3], data="dx"), *x[3:]],
        [("inserted", 4)],
    ),
    ("one replaced", lambda x: [*x[:3], forged(x[3], files=[]), *x[4:]], [("replaced", 4)]),
    ("rubbish", lambda x: [*x[:3], b"{}\n", *x[4:]], [("line", 4)]),
    ("spaces", lambda x: [x[0].replace(b":", b": ", 1), *x[1:]], [("line", 1)]),
    ("cut off", lambda x: [*x[:5], x[5][:-1]], [("open", 6)]),
]


@pytest.mark.parametrize(("what", "tamper", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_tampering_is_found_and_named(what: str, tamper: Tamper, expected: list[tuple[str, int]]) -> None:
    """Each kind of tampering is told by its name and its line, and nothing more can be added to it."""
    data = b"".join(tamper(lines_of(record())))
    found = [(p.code.removeprefix("public_ledger.record_"), p.row) for p in check_chain(data)]
    assert found == expected, what
    with pytest.raises(DataError, match=r"record\.jsonl"):
        append_record(data, entry(2031))


def test_a_rewritten_end_is_found_by_a_head_that_was_printed() -> None:
    """Removing or rewriting the last lines leaves a record that holds together; the printed head tells."""
    data = record()
    head = record_head(data)
    assert check_chain(data, head=head) == ()
    assert check_chain(append_record(data, entry(2031)), head=head) == ()
    shorter = b"".join(lines_of(data)[:-1])
    assert check_chain(shorter) == ()
    other = append_record(shorter, replace(entry(2030), data="dx"))
    assert check_chain(other) == ()
    for rewritten in (shorter, other):
        assert [p.code for p in check_chain(rewritten, head=head)] == ["public_ledger.record_head"]


def test_a_line_that_no_program_writes_is_found() -> None:
    """A forger who adds a second decision of a year must name the line it replaces, and why."""
    data = record(range(2025, 2028))
    last = json.loads(lines_of(data)[-1])
    after = {"number": 4, "before": record_head(data), "data": "dx"}
    good = forged(lines_of(data)[-1], **after, replaces=last["sha256"], reason="a street was missing")
    assert check_chain(data + good) == ()
    for wrong in (
        {"replaces": "", "reason": ""}, {"replaces": last["sha256"], "reason": ""},
        {"replaces": "f" * 64, "reason": "because"}, {"replaces": "", "reason": "", "data": last["data"]},
    ):  # fmt: skip
        bad = check_chain(data + forged(lines_of(data)[-1], **(after | wrong)))
        assert [(one.code, one.row) for one in bad] == [("public_ledger.record_unruly", 4)]
    odd = check_chain(data + forged(lines_of(data)[-1], **after, year=2028, format=99))
    assert [one.code for one in odd] == ["public_ledger.record_format"]
    assert [
        one.code for one in check_chain(data + forged(lines_of(data)[-1], **(after | {"number": 10**9})))
    ] == ["public_ledger.record_removed"]


def test_an_older_year_does_not_write_over_a_later_one() -> None:
    """Notices, ledger and certificate have one name for all years, and those of the newest year stand."""
    with pytest.raises(DataError, match=r"2030 stands in the record.*--out"):
        append_record(record(), replace(entry(2029), data="dx"))
    assert append_record(record(), replace(entry(2029), place="圆县"))


def test_a_record_whose_end_was_cut_is_contradicted_by_the_files(tmp_path: Path) -> None:
    """Taking off the last line, or emptying the record, is told before anything is published over it."""
    data = published(tmp_path)["record.jsonl"]
    assert read_record(tmp_path) == data
    (tmp_path / "Thumbs.db").write_bytes(b"left by a file manager")
    (tmp_path / "own.txt").write_text("of somebody else")
    assert read_record(tmp_path) == data
    (tmp_path / "record.jsonl").write_bytes(lines_of(data)[0])
    with pytest.raises(DataError, match=r"finder-2026\.html, ledger\.json"):
        read_record(tmp_path, reason="no reason helps")
    (tmp_path / "record.jsonl").write_bytes(b"")
    with pytest.raises(DataError, match="the record of them is not there"):
        read_record(tmp_path)
    with pytest.raises(DataError, match="no record of publications"):
        check_record(tmp_path)
    assert read_record(tmp_path, reason="burnt") == b""


def test_a_record_is_read_from_its_folder(tmp_path: Path) -> None:
    """The first publication needs no folder; what cannot be read is a fault with its sentence."""
    assert read_record(tmp_path / "none") == b""
    assert read_record(tmp_path) == b""
    (tmp_path / "record.jsonl").write_bytes(record())
    assert read_record(tmp_path) == record()
    (tmp_path / "x" / "record.jsonl").mkdir(parents=True)
    with pytest.raises(DataError, match="cannot be read"):
        read_record(tmp_path / "x")


@pytest.mark.parametrize(
    "trace", ["finder-2026.html", "publication.json", "addresses-2026.csv", "ledger.json"]
)
def test_a_lost_record_does_not_begin_anew_unsaid(tmp_path: Path, trace: str) -> None:
    """Where something was published a new record needs a reason, which stands in its first line."""
    (tmp_path / trace).write_text("x")
    with pytest.raises(DataError, match=rf"{trace}[\s\S]*--because") as caught:
        read_record(tmp_path)
    assert "另起新记录" in caught.value.text.zh
    assert read_record(tmp_path, reason="burnt") == b""
    first = json.loads(append_record(b"", replace(FIRST, reason="burnt")))
    assert (first["number"], first["replaces"], first["reason"]) == (1, "", "burnt")


def published(folder: Path) -> dict[str, bytes]:
    """Write a folder of two years and its record, and return the files."""
    files = {"finder-2025.html": b"5", "ledger.json": b"five", "print/s0.pdf": b"s"}
    later = {"finder-2026.html": b"6", "ledger.json": b"six"}
    data = b""
    for year, part in ((2025, files), (2026, later)):
        digests = {name: sha256(content) for name, content in part.items()}
        data = append_record(data, replace(FIRST, year=year, files=digests))
    every = files | later | {"record.jsonl": data}
    for name, content in every.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return every


def test_files_are_compared_with_the_record(tmp_path: Path) -> None:
    """A file that is changed, missing or strange is named; one of several years is that of the last."""
    published(tmp_path)
    (tmp_path / ".hidden").write_text("x")
    assert check_record(tmp_path) == ()
    (tmp_path / "ledger.json").write_bytes(b"five")
    (tmp_path / "print" / "s0.pdf").unlink()
    (tmp_path / "own.txt").write_text("x")
    found = check_record(tmp_path)
    assert {one.file: one.code.removeprefix("public_ledger.") for one in found} == {
        "ledger.json": "file_changed", "print/s0.pdf": "file_missing", "own.txt": "file_strange",
    }  # fmt: skip


def test_a_broken_record_says_nothing_of_files(tmp_path: Path) -> None:
    """Whose record was tampered with learns of that first; without a record there is nothing to compare."""
    data = published(tmp_path)["record.jsonl"]
    (tmp_path / "record.jsonl").write_bytes(data.replace(b'"d1"', b'"d2"'))
    (tmp_path / "ledger.json").unlink()
    assert {one.code for one in check_record(tmp_path)} == {"public_ledger.record_changed"}
    (tmp_path / "record.jsonl").write_bytes(data)
    codes = [one.code for one in check_record(tmp_path, head="0" * 64)]
    assert codes == ["public_ledger.record_head", "public_ledger.file_missing"]
    (tmp_path / "record.jsonl").unlink()
    with pytest.raises(DataError, match="no record of publications"):
        check_record(tmp_path)


@given(st.lists(st.tuples(st.sampled_from([2025, 2026]), st.sets(st.sampled_from("abcd"))), max_size=8))
def test_a_folder_written_publication_by_publication_is_that_of_its_record(
    years: list[tuple[int, set[str]]],
) -> None:
    """Whatever is published year after year, what stands after writing is what the record says."""
    data, folder = b"", dict[str, str]()
    for at, (year, names) in enumerate(sorted(years, key=lambda one: one[0])):
        files = {name: f"{year} {name} {at}" for name in names}
        new = append_record(data, replace(FIRST, year=year, files=files))
        for name in files_of(data).keys() - files_of(new).keys():
            del folder[name]
        folder |= files
        data = new
        assert folder == files_of(data)
