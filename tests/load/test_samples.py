"""The sample county is generated once, whole or not at all."""

from pathlib import Path

import pytest
from bad.form import good_folder

import zoning.load.sample
from zoning.load import samples


def test_sample_is_written_once_and_read_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generator runs the first time only, and leaves nothing half written."""
    calls = []

    def write_sample(folder: Path) -> None:
        calls.append(folder)
        good_folder(Path(folder))

    monkeypatch.setattr(samples.platformdirs, "user_cache_dir", lambda *_, **__: str(tmp_path))
    monkeypatch.setattr(zoning.load.sample, "write_sample", write_sample)
    first, second = samples.sample_district(), samples.sample_district()
    assert first.place.digest == second.place.digest
    assert len(calls) == 1
    assert [path.name.startswith("sample-") for path in tmp_path.iterdir()] == [True]


def test_a_failed_generation_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk never leaves half a county behind."""

    def write_sample(folder: Path) -> None:
        (Path(folder) / "zoning.toml").write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(samples.platformdirs, "user_cache_dir", lambda *_, **__: str(tmp_path))
    monkeypatch.setattr(zoning.load.sample, "write_sample", write_sample)
    with pytest.raises(OSError, match="disk full"):
        samples.sample_folder()
    assert list(tmp_path.iterdir()) == []
