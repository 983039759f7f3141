from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zoning.travel import measure_travel


def test_walk_is_the_way_along_the_streets_with_both_legs(tmp_path: Path, town: Any, district: Any) -> None:
    """A journey is leg, streets, leg, walked at 1.2 m/s, to half a metre."""
    town.way((0, 0), (1000, 0)).way((1000, 0), (1000, 600))
    times = measure_travel(
        district(town.osm(tmp_path / "t.osm"), {"a": (50, 10)}, {"s": (1000, 590), "t": (950, 20)}),
        cache=False,
    )
    np.testing.assert_allclose(times.metres, [[10 + 950 + 590, 10 + 900 + 20]], atol=0.5)
    np.testing.assert_allclose(times.seconds * 1.2, times.metres, rtol=1e-6)
    assert times.block_snap_m[0] == pytest.approx(10, abs=0.1)
