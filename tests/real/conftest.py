"""Real places: skipped with a visible reason unless ``ZONING_REAL_DATA`` names the folder that holds them."""

import os
import sys
from pathlib import Path

import pytest

# The builders and the checker stand beside the tests, and benchmarks/real_places.py uses them too.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data, or a visible skip."""
    named = os.environ.get("ZONING_REAL_DATA", "")
    if not named or not Path(named).is_dir():
        pytest.skip("real places need ZONING_REAL_DATA=<folder of the real data>; it is not set or no folder")
    return Path(named)
