"""Times from every block to every school, by whichever of two searches costs less.

- The *plain search* (:mod:`zoning.travel.search`) runs Dijkstra's algorithm once for every school.
- The *hierarchy* (:mod:`zoning.travel.hierarchy`) is prepared once and then takes a tenth of that or less.

Both are exact and give the same seconds to the rounding of float32. Where two ways are equally quick, the
metres may be those of either. The choice depends on the sizes alone (:func:`method_for`), so the same
district always gives the same bytes.
"""

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from zoning.travel.hierarchy import hierarchy_of, ways_to
from zoning.travel.search import Graph, seconds_and_metres_to, seconds_to
from zoning.travel.segments import Ints

START_S: Final = 2.0
"""To load the compiled loops and have them pay, seconds: a small place is searched before that."""

PREPARE_S: Final = 0.5e-6
"""To take out a vertex, seconds; most vertices of real streets are bends or dead ends."""

JUNCTION_S: Final = 26e-6
"""To take out a vertex with three neighbours or more, seconds more."""

SWEEP_S: Final = 5e-9
"""To sweep the hierarchy, seconds a step of the graph and school."""

SEARCH_S: Final = 33e-9
"""To search without it, seconds a step of the graph and school; with metres twice as much.

All five were measured with ``benchmarks/travel.py`` and on the streets of a country. Only their ratios
matter, and a wrong one costs time, never a different result.
"""

Method = Literal["search", "hierarchy"]
Float32s = npt.NDArray[np.float32]


def method_for(graph: Graph, schools: int, *, with_metres: bool = False) -> Method:
    """Return the search that costs less for a graph and so many schools.

    Parameters
    ----------
    graph
        The streets; what counts is how many vertices, steps and junctions it has.
    schools
        Number of schools.
    with_metres
        Whether the metres are wanted too.

    Examples
    --------
    Half a million vertices in a chequerboard:

    >>> from scipy.sparse import diags_array
    >>> ways = diags_array([9.0] * 4, offsets=[-700, -1, 1, 700], shape=(490_000, 490_000)).tocsr()
    >>> graph = Graph(ways, ways.data, np.arange(490_000), np.arange(490_000))
    >>> method_for(graph, 100), method_for(graph, 300)
    ('search', 'hierarchy')
    """
    steps = graph.seconds.nnz * schools
    search_s = SEARCH_S * steps * (2 if with_metres else 1)
    prepare_s = START_S + PREPARE_S * graph.vertices + JUNCTION_S * _junctions(graph)
    return "hierarchy" if prepare_s + SWEEP_S * steps < search_s else "search"


def _junctions(graph: Graph) -> int:
    """Return the number of vertices with three ways out or in at least."""
    out = np.diff(graph.seconds.indptr)
    into = np.bincount(graph.seconds.indices, minlength=graph.vertices)
    return int((np.maximum(out, into) > 2).sum())


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
        method = method_for(graph, len(schools), with_metres=with_metres)
    if method == "hierarchy":
        return ways_to(hierarchy_of(graph), graph, schools, blocks, with_metres=with_metres)
    if with_metres:
        return seconds_and_metres_to(graph, schools, blocks)
    return seconds_to(graph, schools, blocks), None
