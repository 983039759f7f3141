"""The variation that decides whether a county passes is the pupil-weighted one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoning.evaluate import variation

PUPILS = [45, 37, 89, 76, 55]
BOOKS = [279, 137, 935, 160, 402]


def test_the_published_worked_example() -> None:
    """The worked example gives 0.515; the unweighted figure, 0.489, would wrongly pass the 0.50 limit."""
    assert variation(BOOKS, PUPILS) == pytest.approx(0.515, abs=5e-4)
    plain = np.array(BOOKS) / np.array(PUPILS)
    assert plain.std(ddof=0) / (sum(BOOKS) / sum(PUPILS)) != pytest.approx(0.515, abs=5e-3)


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 90)), min_size=1, max_size=12))
@settings(max_examples=50, deadline=None)
def test_variation_is_that_of_the_pupils_themselves(schools: list[tuple[int, int]]) -> None:
    """Listing every pupil with its school's figure and taking the plain variation gives the same number."""
    raw, pupils = zip(*schools, strict=True)
    one_each = np.repeat(np.array(raw) / np.array(pupils), pupils)
    assert variation(raw, pupils) == pytest.approx(one_each.std() / one_each.mean(), abs=1e-9)


def test_schools_without_pupils_do_not_count() -> None:
    """An empty school neither divides by zero nor moves the figure."""
    assert variation([*BOOKS, 1000], [*PUPILS, 0]) == pytest.approx(variation(BOOKS, PUPILS))
    assert math.isnan(variation([1.0], [0.0]))
    assert math.isnan(variation([0.0, 0.0], [5, 6]))


def test_lengths_must_agree() -> None:
    """A list that lost a school is refused rather than cut."""
    with pytest.raises(ValueError, match="schools"):
        variation([1, 2], [1, 2, 3])
