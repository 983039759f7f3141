"""House numbers as ranges: joined and put in words without losing or adding one."""

import re

from hypothesis import given
from hypothesis import strategies as st

from zoning.public.ranges import Span, merged, paired, range_text

HIGHEST = 60


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Draw a span of one side, its ends of that side; sometimes without an end."""
    odd = draw(st.booleans())
    first = 2 * draw(st.integers(0, 20)) + (1 if odd else 2)
    last = draw(st.one_of(st.none(), st.integers(0, 8).map(lambda n: first + 2 * n)))
    return Span(first, last, "odd" if odd else "even")


def numbers(given_spans: list[Span] | tuple[Span, ...]) -> set[int]:
    """Return every number up to well above the highest end that a span holds, one by one."""
    return {n for n in range(HIGHEST + 20) if any(span.holds(n) for span in given_spans)}


def read_back(text: str) -> set[int]:
    """Return the numbers that a reader of the Chinese words finds."""
    found = set()
    for part in filter(None, text.split("；")):
        wanted = {1} if part.startswith("单号") else {0} if part.startswith("双号") else {0, 1}
        for first, dash, last in re.findall(r"(\d+)(?:(–)(\d+)| 起)?", part):
            is_open = re.search(rf"\b{first} 起", part) is not None
            end = HIGHEST + 19 if is_open else int(last) if dash else int(first)
            found |= {n for n in range(int(first), end + 1) if n % 2 in wanted}
    return found


@given(st.lists(spans(), max_size=7))
def test_joining_loses_and_adds_no_number(drawn: list[Span]) -> None:
    """What stands in a list of ranges is exactly what was given, number by number."""
    assert numbers(merged(drawn)) == numbers(drawn)
    assert numbers(paired(merged(drawn))) == numbers(drawn)


@given(st.lists(spans(), max_size=7))
def test_joined_ranges_stand_apart(drawn: list[Span]) -> None:
    """No two ranges of a side touch or overlap: a reader sees each stretch once."""
    for before, after in zip(joined := merged(drawn), joined[1:], strict=False):
        same = before.parity == after.parity
        assert not same or (before.last is not None and after.first > before.last + 2)


@given(st.lists(spans(), max_size=7))
def test_the_words_say_the_same_numbers(drawn: list[Span]) -> None:
    """A parent who reads the words finds every number of the ranges and no other."""
    assert read_back(range_text(drawn).zh) == numbers(drawn)


def test_both_sides_are_said_once() -> None:
    """Sides that run beside each other are one range; a street without an end says so."""
    assert range_text([Span(1, 33, "odd"), Span(2, 34, "even")]).zh == "1–34 号"
    assert range_text([Span(1, None, "odd"), Span(2, None, "even")]).en == "1 and above"
    assert range_text([Span(7, 7, "odd")]).en == "odd 7"
    assert range_text([]).zh == ""
