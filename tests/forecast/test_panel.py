"""The panel: cells, sums and what it refuses."""

import numpy as np
import pandas as pd
import pytest

from zoning.forecast import Panel

TABLE = pd.DataFrame(
    {
        "school_id": ["s2", "s1", "s1", "s2", "elsewhere"],
        "year": [2024, 2024, 2026, 2026, 2026],
        "grade": [1, 1, 2, 2, 1],
        "pupils": [5.0, 7.0, 9.0, np.nan, 99.0],
    },
)


def test_cells_of_a_table() -> None:
    """A row lands in its cell; what has no row stays unknown, and strangers are left out."""
    panel = Panel.of_frame(TABLE, {"s1": "North", "s2": "South"})
    assert panel.units == ("s1", "s2")
    assert panel.years == (2024, 2025, 2026)
    assert panel.counts[0, 0].tolist()[0] == 7.0
    assert panel.counts[1, 0, 0] == 5.0
    assert np.isnan(panel.counts[1, 1, 2])
    assert np.isnan(panel.counts[:, :, 1]).all()


def test_towns_are_sums_of_their_units() -> None:
    """A town's cell is the sum of its units; a cell that nobody counted stays unknown."""
    panel = Panel.of_frame(TABLE, {"s1": "North", "s2": "North"})
    towns = panel.by_town()
    assert towns[0, 0, 0] == 12.0
    assert np.isnan(towns[0, :, 1]).all()


def test_until_forgets_the_future() -> None:
    """A back-test must not see what came later."""
    panel = Panel.of_frame(TABLE, {"s1": "North", "s2": "South"}).until(2024)
    assert panel.years == (2024,)
    assert panel.counts.shape == (2, 2, 1)


def test_what_a_panel_refuses() -> None:
    """Wrong shapes, negative children, years left out and empty tables are mistakes of the caller."""
    one = np.ones((1, 1, 1))
    with pytest.raises(ValueError, match="counts are"):
        Panel(one, ("s1", "s2"), ("A", "A"), (1,), (2026,))
    with pytest.raises(ValueError, match="at least 0"):
        Panel(-one, ("s1",), ("A",), (1,), (2026,))
    with pytest.raises(ValueError, match="years must be consecutive"):
        Panel(np.ones((1, 1, 2)), ("s1",), ("A",), (1,), (2024, 2026))
    with pytest.raises(ValueError, match="no rows"):
        Panel.of_frame(TABLE, {})
