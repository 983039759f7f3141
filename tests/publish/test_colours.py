"""Zone colours."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import square_town

from zoning.plan import Plan
from zoning.publish.colours import PALETTE, colour_schools


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=36, max_size=36))
def test_neighbouring_zones_differ(schools: list[int]) -> None:
    """Two zones that touch along a border never have one colour, however the zones lie."""
    district = square_town(6, 6, schools=[(0, c) for c in range(6)])
    ids = district.block_frame.index
    plan = Plan.of("primary", 2027, {b: f"s{s}" for b, s in zip(ids, schools, strict=True)})
    colour = colour_schools(district, [plan])
    near = district.adjacency
    for i, j in zip(near.first, near.second, strict=True):
        one, other = plan[ids[i]][0], plan[ids[j]][0]
        assert one == other or colour[one] != colour[other]
    assert set(colour.values()) <= set(range(len(PALETTE)))


def test_schools_of_a_shared_zone_differ() -> None:
    """The stripes of a shared zone need two colours."""
    district = square_town(1, 2, schools=((0, 0), (0, 1)))
    plan = Plan.of("primary", 2027, {"b000000": ["s0", "s1"], "b000001": ["s0", "s1"]})
    colour = colour_schools(district, [plan])
    assert colour["s0"] != colour["s1"]
