"""Blocks as a coverage: Voronoi cells of the settlements, cut along river, railway and arterial."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from zoning.load.sample.chance import Floats, Ints
from zoning.load.sample.terrain import LAT, LON, M_PER_LAT, M_PER_LON, Terrain

Shapes = npt.NDArray[np.object_]

MIN_FACE_M2 = 2e5


@dataclass(frozen=True, eq=False)
class Cells:
    """The blocks' polygons, and the borders between them.

    Parameters
    ----------
    polygons
        One a settlement, metres, object [block].
    face
        Which part of the land, as cut by the lines, the settlement lies in, int64 [block].
    ends
        End points of every border segment that two blocks share, float64 [segment, 4].
    pairs
        The two blocks of each segment, first < second, int64 [segment, 2].
    """

    polygons: Shapes = field(repr=False)
    face: Ints = field(repr=False)
    ends: Floats = field(repr=False)
    pairs: Ints = field(repr=False)

    def neighbours(self) -> tuple[Ints, Floats]:
        """Return every pair of blocks that share a border [pair, 2], and its length in metres [pair]."""
        pairs, where = np.unique(self.pairs, axis=0, return_inverse=True)
        length = np.hypot(self.ends[:, 2] - self.ends[:, 0], self.ends[:, 3] - self.ends[:, 1])
        return pairs, np.asarray(np.bincount(where.ravel(), weights=length), dtype=np.float64)


def to_degrees(points: Floats) -> Floats:
    """Return longitude and latitude of points in metres, rounded to 6 decimals, float64 [point, 2].

    Examples
    --------
    >>> to_degrees(np.array([[0.0, 0.0]])).tolist()
    [[113.42, 33.06]]
    """
    return np.round(points / [M_PER_LON, M_PER_LAT] + [LON, LAT], 6)


def to_metres(degrees: Floats) -> Floats:
    """Return the plane's metres of longitude and latitude, float64 [point, 2]."""
    return np.asarray((degrees - [LON, LAT]) * [M_PER_LON, M_PER_LAT])


def draw_cells(terrain: Terrain, points: Floats) -> Cells:
    """Return a valid coverage of the county, one polygon a settlement.

    Parameters
    ----------
    terrain
        The land.
    points
        Settlements, metres, float64 [block, 2].
    """
    faces, face_of = _faces(terrain, points)
    parts, owner = [], []
    for number, face in enumerate(faces):
        members = np.flatnonzero(face_of == number)
        cut, of = _cut(face, points[members])
        parts.append(cut)
        owner.append(members[of])
    polygons = _coverage(np.concatenate(parts), np.concatenate(owner), points)
    ends, pairs = _shared_segments(polygons)
    return Cells(polygons, face_of, ends, pairs)


def _faces(terrain: Terrain, points: Floats) -> tuple[list[shapely.Polygon], Ints]:
    """The parts that the lines cut the county into; a part without a settlement joins its neighbour."""
    rings = [terrain.outline.exterior, *(line.path for line in terrain.lines)]
    faces = list(shapely.get_parts(shapely.polygonize([shapely.union_all(rings)])))
    tree = shapely.STRtree(faces)
    point, hit = tree.query(shapely.points(points), predicate="intersects")
    face_of = np.zeros(len(points), dtype=np.int64)
    face_of[point] = hit
    while len(faces) > 1:
        counts = np.bincount(face_of, minlength=len(faces))
        area = shapely.area(np.array(faces, dtype=object))
        poor = np.flatnonzero((counts == 0) | (area < MIN_FACE_M2))
        if len(poor) == 0:
            break
        first = int(poor[0])
        gone = faces.pop(first)
        border = np.array([gone.boundary.intersection(face.boundary).length for face in faces])
        best = int(np.argmax(border))
        faces[best] = shapely.union(faces[best], gone)
        moved = face_of == first
        face_of -= face_of > first
        face_of[moved] = best
    return faces, face_of


def _cut(face: shapely.Polygon, points: Floats) -> tuple[Shapes, Ints]:
    """Cells of the points of one face, cut to it, in single pieces with the point each belongs to."""
    if len(points) == 1:
        return np.array([face], dtype=object), np.zeros(1, dtype=np.int64)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=face.envelope, ordered=True)
    )
    shapely.prepare(face)
    outside = ~shapely.contains(face, cells)
    cells[outside] = shapely.intersection(cells[outside], face)
    pieces, of = shapely.get_parts(cells, return_index=True)
    solid = (shapely.get_type_id(pieces) == 3) & (shapely.area(pieces) > 0)
    return pieces[solid], of[solid].astype(np.int64)


def _coverage(pieces: Shapes, owner: Ints, points: Floats) -> Shapes:
    """Match the edges, give pieces cut off from their settlement to a neighbour, round to six decimals."""
    rounded = shapely.transform(pieces, to_degrees)
    clean = shapely.coverage_clean(  # type: ignore[attr-defined] # newer than its stubs
        rounded, gap_width=0.0005, snapping_distance=0.00002
    )
    clean = shapely.transform(clean, lambda xy: np.round(xy, 6))
    at = np.asarray(shapely.points(to_degrees(points)), dtype=object)
    home = shapely.distance(clean, at[owner]) == 0
    first = np.full(len(points), -1)
    first[owner[home]] = np.flatnonzero(home)
    blocks = clean[first]
    orphans = clean[np.setdiff1d(np.arange(len(clean)), first)]
    tree = shapely.STRtree(blocks)
    for orphan in orphans:
        if orphan.is_empty:
            continue
        near = np.sort(tree.query(orphan))
        border = shapely.length(shapely.intersection(shapely.boundary(blocks[near]), orphan.boundary))
        best = near[int(np.argmax(border))]
        blocks[best] = shapely.union(blocks[best], orphan)
    return _rounded(blocks)


def _rounded(blocks: Shapes) -> Shapes:
    """Blocks on a grid of six decimals, cleaned once more where rounding made two of them overlap."""
    for _ in range(4):
        if shapely.coverage_is_valid(blocks):
            break
        clean = shapely.coverage_clean(blocks, snapping_distance=0.00002)  # type: ignore[attr-defined]
        blocks = shapely.transform(clean, lambda xy: np.round(xy, 6))
    return np.asarray(shapely.normalize(blocks))


def _shared_segments(
    polygons: Shapes,
) -> tuple[Floats, Ints]:
    """Segments that two polygons share: their ends in metres, and the two blocks."""
    rings, of_polygon = shapely.get_rings(polygons, return_index=True)
    xy, of_ring = shapely.get_coordinates(rings, return_index=True)
    same = of_ring[1:] == of_ring[:-1]
    start, end = xy[:-1][same], xy[1:][same]
    block = of_polygon[of_ring[:-1][same]]
    flip = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    ordered = np.where(flip[:, None], np.hstack([end, start]), np.hstack([start, end]))
    keys = np.round((ordered - [LON, LAT, LON, LAT]) * 1e6).astype(np.int64)
    order = np.lexsort((block, *keys.T))
    keys, ordered, block = keys[order], ordered[order], block[order]
    twin = np.flatnonzero((keys[1:] == keys[:-1]).all(axis=1))
    pairs = np.sort(np.column_stack([block[twin], block[twin + 1]]), axis=1).astype(np.int64)
    ends = np.hstack([to_metres(ordered[twin, :2]), to_metres(ordered[twin, 2:])])
    distinct = pairs[:, 0] != pairs[:, 1]
    return ends[distinct], pairs[distinct]
