"""What a planner is told about the streets: islands, far points, barriers, a map of another place."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.policy import Mode
from zoning.travel.barriers import OPENS, Barred, Barriers
from zoning.travel.segments import Streets
from zoning.travel.snap import FRAGMENT_M, Joined
from zoning.travel.streets import failure
from zoning.travel.ways import Ways
from zoning.units import WGS84

FAR_M: Final = 500.0
"""A block or school farther than this from any street is listed, metres."""

_SHOWN: Final = 8


def require_same_place(
    district: District,
    streets: Streets,
    ways: Ways,
    points: npt.NDArray[np.object_],
    file: str,
) -> None:
    """Refuse a street map whose extent does not meet that of the blocks and schools.

    Raises
    ------
    StreetsError
        Saying whether longitude and latitude have changed places.
    """
    place = shapely.box(*shapely.total_bounds(points)).buffer(FAR_M)
    if place.intersects(_extent(streets.x, streets.y)):
        return
    turned = Transformer.from_crs(ways.crs, district.place.crs, always_xy=True)
    x, y = turned.transform(np.clip(ways.y, -180, 180), np.clip(ways.x, -90, 90))
    finite = np.isfinite(x) & np.isfinite(y)
    if finite.any() and place.intersects(_extent(np.asarray(x)[finite], np.asarray(y)[finite])):
        raise failure("travel.swapped", file=file)
    back = Transformer.from_crs(district.place.crs, WGS84, always_xy=True)
    lon, lat = back.transform(float(np.median(streets.x)), float(np.median(streets.y)))
    block_lon, block_lat = back.transform(place.centroid.x, place.centroid.y)
    raise failure("travel.elsewhere", file=file, lon=lon, lat=lat, block_lon=block_lon, block_lat=block_lat)


def _extent(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> shapely.Polygon:
    return shapely.Polygon(shapely.box(x.min(), y.min(), x.max(), y.max()))


def map_notes(ways: Ways, mode: Mode) -> Iterable[Text]:
    """Return what there is to say of the map itself."""
    if mode == "drive":
        yield messages.text("travel.free_flow")
    if ways.missing:
        yield messages.text("travel.missing_nodes", nodes=ways.missing)


def barrier_notes(barred: Barred, barriers: Barriers) -> list[Text]:
    """Return what the barriers closed, and each one that nothing leads across."""
    notes = [messages.text("travel.barriers_kept", cut=int(barred.cut.sum()), open=int(barred.open.sum()))]
    for row in np.flatnonzero((barred.cut > 0) & (barred.open == 0)):
        # Whatever is no wall, arterial or railway is crossed as a river is: by bridges only.
        kind = barriers.kinds[row] if barriers.kinds[row] in OPENS else "river"
        notes.append(messages.text(f"travel.closed_{kind}", row=int(row) + 2, cut=int(barred.cut[row])))
    return notes


def join_notes(district: District, streets: Streets, joined: Joined) -> list[Text]:
    """Return the islands, who stands on them, and who is far from a street."""
    blocks = [str(block) for block in district.block_frame.index]
    schools = [str(school) for school in district.school_frame.index]
    notes = _island_notes(streets, joined, blocks, schools)
    everyone = np.array(blocks + schools, dtype=object)
    far = joined.snap_m > FAR_M
    for code, ids in (
        ("travel.blocks_far", everyone[: len(blocks)][far[: len(blocks)]]),
        ("travel.schools_far", everyone[len(blocks) :][far[len(blocks) :]]),
    ):
        if len(ids):
            notes.append(messages.text(code, limit=FAR_M, count=len(ids), ids=some(ids)))
    for code, ids in (
        ("travel.past_fragments", everyone[joined.past_fragment]),
        ("travel.across", everyone[joined.across]),
    ):
        if len(ids):
            notes.append(messages.text(code, limit=FRAGMENT_M, count=len(ids), ids=some(ids)))
    return notes


def _island_notes(streets: Streets, joined: Joined, blocks: list[str], schools: list[str]) -> list[Text]:
    usable = np.isfinite(np.minimum(streets.forward_s, streets.backward_s))
    used = np.unique(np.concatenate([streets.start[usable], streets.end[usable]]))
    part = streets.parts()[used]
    islands = part[part > 0]
    if len(islands) == 0:
        return []
    notes = [
        messages.text(
            "travel.islands", parts=len(np.unique(islands)), nodes=len(islands), all_nodes=len(used)
        ),
    ]
    label = joined.streets.parts()
    main = np.bincount(label[: streets.nodes][used][part == 0]).argmax()
    apart = label[joined.node] != main
    for code, ids, flags in (
        ("travel.blocks_on_islands", blocks, apart[: len(blocks)]),
        ("travel.schools_on_islands", schools, apart[len(blocks) :]),
    ):
        if flags.any():
            names = [name for name, flag in zip(ids, flags, strict=True) if flag]
            notes.append(messages.text(code, count=len(names), ids=some(names)))
    return notes


def no_way_notes(seconds: npt.NDArray[np.float32], block_ids: Sequence[str]) -> tuple[Text, ...]:
    """Return the note on blocks from which no school can be reached; none when there are none."""
    if seconds.shape[1] == 0:
        return ()
    lost = [block_ids[int(row)] for row in np.flatnonzero(np.isnan(seconds).all(axis=1))]
    return (messages.text("travel.no_way", count=len(lost), ids=some(lost)),) if lost else ()


def some(ids: Sequence[str] | npt.NDArray[np.object_]) -> str:
    """Return the first few ids as text, with an ellipsis where there are more."""
    shown = ", ".join(str(one) for one in list(ids)[:_SHOWN])
    return f"{shown}, …" if len(ids) > _SHOWN else shown
