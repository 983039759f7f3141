"""The sample county, written once into the user's cache and read from there."""

import hashlib
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path

import platformdirs

from zoning.district import District
from zoning.load.folder import read_district


def sample_district() -> District:
    """Return the sample county of about 1,200 blocks, invented throughout.

    It is generated once into the user's cache folder and read from there until the generator changes.

    Raises
    ------
    DataError
        When the cached folder has been changed so that it cannot be read.
    """
    return read_district(sample_folder())


def sample_folder() -> Path:
    """Return the folder of the sample county, generated when it is not there yet.

    It is written whole or not at all: into a temporary folder beside it, which is then renamed.
    """
    home = Path(platformdirs.user_cache_dir("zoning", appauthor=False))
    folder = home / f"sample-{_generator_digest()}"
    if folder.is_dir():
        return folder
    from zoning.load.sample import write_sample  # noqa: PLC0415 - the generator is needed once only

    home.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix="sample-", dir=home))
    try:
        write_sample(temporary)
        temporary.replace(folder)
    except OSError:
        if not folder.is_dir():  # another process may have been quicker
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _generator_digest() -> str:
    """Return a digest of the generator's source, so that the cache of another version is never read."""
    total = hashlib.sha256()
    for source in sorted(files("zoning.load.sample").iterdir(), key=lambda item: item.name):
        if source.is_file():
            total.update(source.read_bytes())
    return total.hexdigest()[:12]
