"""Times from every block to every school, by whichever of two searches costs less.

- The *plain search* (:mod:`zoning.travel.search`) runs Dijkstra's algorithm once for every school.
- The *hierarchy* (:mod:`zoning.travel.hierarchy`) is prepared once and then takes a tenth of that or less.

Both are exact and give the same seconds to the rounding of float32. Where two ways are equally quick, the
metres may be those of either. The choice depends on the sizes alone, so the same district always gives the
same bytes.
"""

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from zoning.travel.hierarchy import hierarchy_of, ways_to
from zoning.travel.search import Graph, seconds_and_metres_to, seconds_to
from zoning.travel.segments import Ints

START_S: Final = 2.0
"""To load the compiled loops, seconds: a small place is searched before that."""

PREPARE_S: Final = 25e-6
"""To prepare the hierarchy, seconds a vertex."""

SWEEP_S: Final = 17e-9
"""To sweep it, seconds a vertex and school."""

SEARCH_S: Final = 120e-9
"""To search without it, seconds a vertex and school; with metres twice as much.

All four were measured with ``benchmarks/travel.py``. Only their ratios matter, and a wrong one costs time,
never a different result.
"""

Method = Literal["search", "hierarchy"]
Float32s = npt.NDArray[np.float32]


def method_for(vertices: int, schools: int, *, with_metres: bool = False) -> Method:
    """Return the search that costs less for a graph of so many vertices and so many schools.

    Parameters
    ----------
    vertices
        Vertices of the graph.
    schools
        Number of schools.
    with_metres
        Whether the metres are wanted too.

    Examples
    --------
    >>> method_for(30_000, 60), method_for(1_000_000, 1_000), method_for(1_000_000, 20)
    ('search', 'hierarchy', 'search')
    """
    search = SEARCH_S * vertices * schools * (2 if with_metres else 1)
    hierarchy = START_S + PREPARE_S * vertices + SWEEP_S * vertices * schools
    return "hierarchy" if hierarchy < search else "search"


def matrix_of(
    graph: Graph,
    schools: Ints,
    blocks: Ints,
    *,
    with_metres: bool = False,
    method: Method | None = None,
) -> tuple[Float32s, Float32s | None]:
    """Return seconds, and metres if wanted, from every block to every school; NaN where there is no way.

    Parameters
    ----------
    graph
        The streets.
    schools, blocks
        Their nodes, int64.
    with_metres
        Whether the metres of the same ways are wanted too.
    method
        ``search`` or ``hierarchy``; what :func:`method_for` says when left out.

    Returns
    -------
    tuple
        Seconds, float32 [block, school]; metres, float32 [block, school], or None.
    """
    if method is None:
        method = method_for(graph.vertices, len(schools), with_metres=with_metres)
    if method == "hierarchy":
        return ways_to(hierarchy_of(graph), graph, schools, blocks, with_metres=with_metres)
    if with_metres:
        return seconds_and_metres_to(graph, schools, blocks)
    return seconds_to(graph, schools, blocks), None
