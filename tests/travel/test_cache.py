# ruff: noqa: ANN401 - fixtures of conftest, which tests cannot import
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zoning.travel import cache as store
from zoning.travel import measure, measure_travel


@pytest.fixture
def made(tmp_path: Path, town: Any, district: Any) -> Any:
    """A district with a street map."""
    town.way((0, 0), (1000, 0)).way((1000, 0), (1000, 600))
    river = [("river", [(500, -100), (500, -50)])]
    return district(town.osm(tmp_path / "t.osm"), {"a": (50, 10)}, {"s": (1000, 590)}, barriers=river)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list that grows by one with every measuring."""
    calls: list[str] = []
    real = measure._measured

    def counting(*args: Any, **more: Any) -> Any:
        calls.append("measured")
        return real(*args, **more)

    monkeypatch.setattr(measure, "_measured", counting)
    return calls


def test_the_second_time_is_read_not_measured(tmp_path: Path, made: Any, counted: list[str]) -> None:
    """The stored times are the measured ones in every array and note."""
    first = measure_travel(made, cache=tmp_path / "kept")
    second = measure_travel(made, cache=tmp_path / "kept")
    assert len(counted) == 1
    for name in ("seconds", "metres", "block_snap_m", "school_snap_m"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert (first.notes, first.block_ids, first.mode) == (second.notes, second.block_ids, second.mode)
    assert [path.suffix for path in (tmp_path / "kept").iterdir()] == [".npz"]


def test_whatever_times_depend_on_makes_them_new(
    tmp_path: Path, town: Any, district: Any, made: Any, counted: list[str]
) -> None:
    """Street map, barriers, mode, points, ids: a change of any measures anew."""
    folder = tmp_path / "kept"
    measure_travel(made, cache=folder)
    town.way((0, 0), (0, 500))
    changed = [
        replace(made, streets=town.osm(tmp_path / "t2.osm")),
        replace(made, tables={}),
        district(made.streets, {"a": (60, 10)}, {"s": (1000, 590)}),
        district(made.streets, {"b": (50, 10)}, {"s": (1000, 590)}),
    ]
    for number, other in enumerate(changed, 2):
        measure_travel(other, cache=folder)
        assert len(counted) == number
    measure_travel(made, cache=folder, mode="drive")
    measure_travel(made, cache=folder, respects_barriers=False)
    assert len(counted) == 7
    measure_travel(made, cache=folder)
    assert len(counted) == 7


def test_new_code_makes_new_times(
    tmp_path: Path, made: Any, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Times of another version of the program are not taken for this one's."""
    measure_travel(made, cache=tmp_path / "kept")
    monkeypatch.setattr(store, "code_digest", lambda: b"other")
    measure_travel(made, cache=tmp_path / "kept")
    assert len(counted) == 2


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "other"])
def test_damaged_times_are_measured_anew_and_said(
    tmp_path: Path, made: Any, counted: list[str], harm: str
) -> None:
    """A changed byte, a cut file or the times of another key never reach a plan."""
    folder = tmp_path / "kept"
    wanted = measure_travel(made, cache=folder)
    (stored,) = folder.iterdir()
    content = bytearray(stored.read_bytes())
    if harm == "flip":
        at = content.index(wanted.seconds.tobytes())
        content[at] ^= 1
    elif harm == "other":
        other = measure_travel(made, cache=tmp_path / "b", mode="drive")
        assert other.mode == "drive"
        content = bytearray(next((tmp_path / "b").iterdir()).read_bytes())
    stored.write_bytes({"cut": content[:200], "empty": b""}.get(harm, bytes(content)))
    before = len(counted)
    found = measure_travel(made, cache=folder)
    assert len(counted) == before + 1
    np.testing.assert_array_equal(found.seconds, wanted.seconds)
    assert f"were damaged ({stored.name}) and were computed anew" in found.notes[-1].en
    measure_travel(made, cache=folder)
    assert len(counted) == before + 1


def test_a_repaired_checksum_of_wrong_times_is_still_wrong(tmp_path: Path, made: Any) -> None:
    """The seal is over the arrays, so a zip whose own checksums fit is refused when the times are not."""
    times = measure_travel(made, cache=tmp_path / "kept")
    (stored,) = (tmp_path / "kept").iterdir()
    with np.load(stored) as arrays:
        content = dict(arrays)
    content["seconds"] = content["seconds"] / 2
    np.savez(stored, **content)
    np.testing.assert_array_equal(measure_travel(made, cache=tmp_path / "kept").seconds, times.seconds)


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, made: Any) -> None:
    """Where nothing can be stored the times are measured each time."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert np.isfinite(measure_travel(made, cache=tmp_path / "file" / "kept").seconds).all()


def test_old_times_go(tmp_path: Path, made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder does not grow without end."""
    monkeypatch.setattr(store, "KEEP", 1)
    measure_travel(made, cache=tmp_path / "kept")
    measure_travel(made, cache=tmp_path / "kept", mode="drive")
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_the_users_folder_is_used_when_none_is_named(
    tmp_path: Path, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder the times go to the user's cache, and False keeps none."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    measure_travel(made, cache=False)
    assert not (tmp_path / "home").exists()
    measure_travel(made)
    assert store.folder_of(None) is not None
    assert len(list(store.folder_of(None).glob("times-*.npz"))) >= 1
