"""Random streets for the tests of the searches."""

from dataclasses import replace

import numpy as np

from zoning.travel.segments import NEVER, Streets
from zoning.units import WGS84


def random_streets(seed: int, *, nodes: int = 30, segments: int = 60, oneway: float = 0.3) -> Streets:
    """Return streets with parallel segments, one-ways, private ways and unjoined parts."""
    rng = np.random.default_rng(seed)
    start, end = rng.integers(0, nodes, (2, segments))
    keep = start != end
    start, end = start[keep], end[keep]
    count = len(start)
    x, y = rng.uniform(0, 1000, (2, nodes))
    metres = rng.uniform(1, 100, count)
    forward = metres / rng.choice([1.2, 5.0, 9.0], count)
    closed = rng.random(count) < oneway
    none = np.zeros(count, dtype=np.bool_)
    return Streets(
        x=x,
        y=y,
        crossing=np.zeros(nodes, dtype=np.uint8),
        start=start,
        end=end,
        metres=metres,
        forward_s=forward,
        backward_s=np.where(closed, NEVER, forward),
        bridge=none,
        private=none,
        joins=~none,
        lane=np.zeros(count, dtype=np.int8),
        twin=np.full(count, -1),
        mode="drive",
        crs=WGS84,
    )


def tangled_streets(seed: int, *, nodes: int = 40, segments: int = 80) -> Streets:
    """Return random streets, some private, some without length and some a whole number of seconds long."""
    streets = random_streets(seed, nodes=nodes, segments=segments)
    rng = np.random.default_rng(seed + 1)
    count = streets.segments
    private, still, whole = rng.random((3, count)) < np.array([[0.15], [0.1], [0.3]])
    metres = np.where(still, 0.0, streets.metres)
    forward = np.where(still, 0.0, np.where(whole, np.ceil(streets.forward_s), streets.forward_s))
    backward = np.where(np.isinf(streets.backward_s), NEVER, forward)
    return replace(streets, private=private, metres=metres, forward_s=forward, backward_s=backward)
