"""A clean coverage: polygons that neither overlap nor leave slivers between them."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from zoning import messages
from zoning.district.adjacency import edges_of
from zoning.district.slivers import facing
from zoning.errors import Problems

Shapes = npt.NDArray[np.object_]

SLIVER_M: Final = 1.0
"""Gaps and overlaps narrower than this, metres, are errors of drawing and are repaired."""
SNAPS_M: Final = (-1.0, 0.01, 0.1, 0.5)
"""How far vertices may be snapped together, metres, tried in turn; below 0: a rounding error only."""
SAME: Final = 0.99
"""Share of the larger of two polygons from which on their overlap means one drawn twice."""
SPECK_M2: Final = 25.0
"""... and so are overlaps smaller than this, square metres."""
TRIFLE_M2: Final = 0.5
"""Holes and repairs smaller than this, square metres, would print as 0 and are not worth a line."""
FEW: Final = 300
ROUNDING_M: Final = 0.0005
NAMED: Final = 10


def clean_coverage(shapes: Shapes, names: npt.NDArray[Any], problems: Problems, *, file: str) -> Shapes:
    """Return polygons with slivers closed and small overlaps shared out; report what is too big for that.

    Parameters
    ----------
    shapes
        Valid polygons or multipolygons in a metric CRS, object [block].
    names
        Block ids for messages [block].
    problems
        Takes what is found: large overlaps as errors, large gaps and repairs as warnings.
    file
        Name that messages print.

    Returns
    -------
    ndarray
        Polygons in the same order; the very same ones when nothing had to be repaired.

    Examples
    --------
    >>> found = Problems()
    >>> two = np.array([shapely.box(0, 0, 100, 100), shapely.box(99.9, 0, 200, 100)])
    >>> cleaned = clean_coverage(two, np.array(["a", "b"]), found, file="blocks.gpkg")
    >>> float(shapely.area(shapely.intersection(*cleaned))), found.items[0].code
    (0.0, 'load_layers.slivers')
    """
    if not shapely.coverage_is_valid(shapes, gap_width=SLIVER_M):
        suspects = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes, gap_width=SLIVER_M))
        if _report_overlaps(shapes, names, suspects, problems, file=file):
            return shapes
        shapes = _repaired(shapes, names, suspects, problems, file=file)
    _report_gaps(shapes, problems, file=file)
    return shapes


def _report_overlaps(
    shapes: Shapes,
    names: npt.NDArray[Any],
    suspects: npt.NDArray[np.bool_],
    problems: Problems,
    *,
    file: str,
) -> bool:
    """Report overlaps that are too wide to be errors of drawing; return whether there are any."""
    doubtful = np.flatnonzero(suspects)
    one, other = shapely.STRtree(shapes).query(shapes[doubtful], predicate="intersects")
    pairs = np.unique(np.sort(np.stack([doubtful[one], other]), axis=0), axis=1)
    pairs = pairs[:, pairs[0] != pairs[1]]
    common = shapely.intersection(shapes[pairs[0]], shapes[pairs[1]])
    area_m2 = shapely.area(common)
    width_m = 2 * area_m2 / np.maximum(shapely.length(common), 1e-9)
    large = (area_m2 >= SPECK_M2) & (width_m >= SLIVER_M)
    order = np.argsort(-area_m2[large], kind="stable")
    worst, worst_m2 = pairs[:, large][:, order], area_m2[large][order]
    for first, second, size_m2 in zip(*worst[:, :NAMED], worst_m2[:NAMED], strict=True):
        whole_m2 = max(shapely.area(shapes[first]), shapely.area(shapes[second]))
        code = "load_layers.same_shape" if size_m2 >= SAME * whole_m2 else "load_layers.overlap"
        problems.add(
            messages.problem(
                code,
                file=file,
                value=f"{names[first]} / {names[second]}",
                area_m2=float(size_m2),
            ),
        )
    if len(worst_m2) > NAMED:
        problems.add(messages.problem("load_layers.more_overlaps", file=file, count=len(worst_m2) - NAMED))
    return bool(large.any())


def _repaired(
    shapes: Shapes,
    names: npt.NDArray[Any],
    suspects: npt.NDArray[np.bool_],
    problems: Problems,
    *,
    file: str,
) -> Shapes:
    """Return the coverage with slivers and small overlaps given to the neighbour with the longest border."""
    cleaned = _cleaned(shapes, suspects)
    gone = shapely.is_empty(cleaned) | (shapely.area(cleaned) == 0)
    if gone.any():
        swallowed = ", ".join(str(name) for name in names[gone][:NAMED])
        problems.add(messages.problem("load_layers.swallowed", file=file, value=swallowed))
        return shapes
    if shapely.coverage_is_valid(shapes) and shapely.equals(cleaned, shapes).all():
        return shapes  # narrow inlets that the drawing means, nothing that was closed
    changed_m2 = np.abs(shapely.area(cleaned) - shapely.area(shapes))
    if changed_m2.max() < TRIFLE_M2:
        return cleaned
    problems.add(
        messages.problem(
            "load_layers.slivers",
            file=file,
            count=int(suspects.sum()),
            block=str(names[int(changed_m2.argmax())]),
            area_m2=float(changed_m2.max()),
            severity="warning",
        ),
    )
    return cleaned


def _cleaned(shapes: Shapes, suspects: npt.NDArray[np.bool_]) -> Shapes:
    """Return a clean coverage, vertices snapped together no farther than it takes to close all slivers.

    Slivers that are enclosed are closed without snapping; those that are open to the outside, or joined to
    such ones, only close when their two sides become one.
    """
    clean: Any = getattr(shapely, "coverage_clean")  # noqa: B009 - the stubs are older than the function
    first: Shapes | None = None
    for snap_m in _snaps(shapes, suspects):
        result = np.asarray(clean(shapes, gap_width=SLIVER_M, snapping_distance=snap_m), dtype=np.object_)
        if shapely.coverage_is_valid(result, gap_width=SLIVER_M):
            return result
        first = result if first is None else first
    return shapes if first is None else first


def _snaps(shapes: Shapes, suspects: npt.NDArray[np.bool_]) -> tuple[float, ...]:
    """Return the distances to try: all of them, or where many borders are doubtful only those that may do.

    A network of unclosed slivers takes time with the square of its size, so it is not tried in vain.
    """
    if suspects.sum() <= FEW:
        return SNAPS_M
    apart_m = facing(edges_of(shapes[suspects]), reach_m=SNAPS_M[-1]).apart_m
    apart_m = apart_m[apart_m > ROUNDING_M]
    needed_m = 4 * float(np.median(apart_m)) if len(apart_m) else 0.0
    return tuple(snap_m for snap_m in SNAPS_M if snap_m >= needed_m) or SNAPS_M[-1:]


def _report_gaps(shapes: Shapes, problems: Problems, *, file: str) -> None:
    """Warn of holes that no block covers."""
    holes_m2 = np.sort(gaps_m2(shapes))[::-1]
    holes_m2 = holes_m2[holes_m2 >= TRIFLE_M2]
    if len(holes_m2):
        problems.add(
            messages.problem(
                "load_layers.gaps",
                file=file,
                count=len(holes_m2),
                areas=", ".join(f"{size:.0f}" for size in holes_m2[:NAMED])
                + (" …" if len(holes_m2) > NAMED else ""),
                severity="warning",
            ),
        )


def gaps_m2(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Return the area of every hole in a coverage, square metres.

    Parameters
    ----------
    shapes
        A valid coverage in a metric CRS, object [block].

    Examples
    --------
    >>> ring = shapely.box(0, 0, 30, 30) - shapely.box(10, 10, 20, 20)
    >>> gaps_m2(np.array([ring])).tolist()
    [100.0]
    """
    union = shapely.coverage_union_all(shapes)
    parts = shapely.get_parts(union)
    holes = [
        shapely.area(shapely.polygons(shapely.get_interior_ring(part, np.arange(count))))
        for part, count in zip(parts, shapely.get_num_interior_rings(parts), strict=True)
        if count
    ]
    return np.concatenate(holes) if holes else np.empty(0)
