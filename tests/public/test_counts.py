"""Counts of children that are shown give no hidden one away."""

from hypothesis import given
from hypothesis import strategies as st

from zoning.public.counts import safe_counts

COUNTS = st.lists(st.integers(0, 40), max_size=12)


@given(COUNTS, st.integers(2, 9))
def test_no_small_count_is_shown(counts: list[int], least: int) -> None:
    """A count under the threshold is never shown, and what is shown is true."""
    for count, shown in zip(counts, safe_counts(counts, least=least), strict=True):
        assert shown is None or (shown == count and not 0 < count < least)


@given(COUNTS, st.integers(2, 9))
def test_the_total_gives_no_hidden_count_away(counts: list[int], least: int) -> None:
    """With the total beside them, hidden counts cannot be had by subtraction while others could be hidden."""
    shown = safe_counts(counts, least=least)
    hidden = [count for count, cell in zip(counts, shown, strict=True) if cell is None]
    others = [cell for cell in shown if cell]
    assert not hidden or not others or (len(hidden) > 1 and sum(hidden) >= least)


def test_nothing_is_hidden_without_need() -> None:
    """Counts that are large enough are all shown."""
    assert safe_counts([5, 0, 9], least=5) == [5, 0, 9]
