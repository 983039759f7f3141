"""Street maps read from a file or downloaded; the only module that imports osmnx.

``.osm`` and ``.osm.pbf`` are read by osmium, ``.graphml`` (what osmnx saves, and what a download is saved as)
by osmnx; all become the same ways.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from zoning import messages, units
from zoning.district import District
from zoning.errors import StreetsError, Text
from zoning.policy import Mode
from zoning.travel.segments import Streets, streets_of
from zoning.travel.ways import NODE_TAGS, WAY_TAGS, WayList, Ways, read_osm

OSM_ENDINGS: Final = (".osm", ".osm.pbf", ".pbf", ".osm.gz", ".osm.bz2")
GRAPHML_ENDINGS: Final = (".graphml",)
MODES: Final[tuple[Mode, ...]] = ("walk", "drive")
DOWNLOAD_MARGIN_M: Final = 2_000.0
"""Streets this far beyond the blocks are downloaded too, metres; a way to school may leave the county."""


def failure(code: str, **fields: object) -> StreetsError:
    """Return the error of a code, fault and cure in one sentence pair."""
    what, cure = messages.text(code, **fields), messages.cure(code, **fields)
    return StreetsError(Text(f"{what.en} {cure.en}", f"{what.zh}{cure.zh}"))


def read_streets(path: Path | str, *, mode: Mode = "walk", crs: CRS | str | None = None) -> Streets:
    """Return the streets of a map file that a mode may use, in metres and seconds.

    Parameters
    ----------
    path
        ``.osm``, ``.osm.pbf`` or an osmnx ``.graphml`` file.
    mode
        ``walk`` (both ways everywhere) or ``drive`` (one-ways obeyed).
    crs
        Metric CRS to measure in; chosen from the middle of the map when left out.

    Raises
    ------
    StreetsError
        When the file is missing, of another kind, cannot be read, or has no street for the mode.
    CrsError
        When ``crs`` does not measure in metres.

    Examples
    --------
    >>> import tempfile
    >>> osm = '''<osm version="0.6">
    ... <node id="1" lon="113.0" lat="34.7"/><node id="2" lon="113.01" lat="34.7"/>
    ... <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way></osm>'''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "streets.osm"
    ...     _ = file.write_text(osm)
    ...     streets = read_streets(file, crs="EPSG:4547")
    >>> streets.nodes, streets.segments, streets.metres.round().tolist()
    (2, 1, [916.0])
    """
    if mode not in MODES:
        raise failure("travel.unknown_mode", mode=mode)
    path = Path(path)
    ways = read_ways(path)
    wanted = _middle_crs(ways) if crs is None else units.require_metric(crs, file=path.name)
    streets = streets_of(ways, mode, wanted)
    if streets.segments == 0:
        raise failure(f"travel.nothing_to_{mode}", file=path.name)
    return streets


def read_ways(path: Path) -> Ways:
    """Return the ways of a map file as drawn.

    Raises
    ------
    StreetsError
        When the file is missing, of another kind, cannot be read, or has no street.
    """
    if not path.is_file():
        raise failure("travel.no_file", file=str(path))
    name = path.name.lower()
    if not name.endswith(OSM_ENDINGS + GRAPHML_ENDINGS):
        raise failure("travel.unknown_format", file=path.name)
    try:
        ways = _read_graphml(path) if name.endswith(GRAPHML_ENDINGS) else read_osm(path)
    except (RuntimeError, ValueError, KeyError, SyntaxError, OSError, CRSError) as fault:
        raise failure("travel.unreadable", file=path.name, fault=str(fault).strip() or "?") from fault
    if ways.swapped:
        raise failure("travel.swapped", file=path.name)
    if len(ways.nodes) == 0:
        raise failure("travel.no_highways", file=path.name)
    return ways


def download_streets(
    district: District,
    path: Path | str,
    *,
    overpass_url: str | None = None,
    rate_limit: bool = True,
    timeout_s: int = 180,
) -> Path:
    """Download the streets of a district from OpenStreetMap and save them as ``.graphml``.

    Parameters
    ----------
    district
        The district; streets up to ``DOWNLOAD_MARGIN_M`` beyond its blocks come too.
    path
        File to write, ending in ``.graphml``; name it as the district's street map afterwards.
    overpass_url
        Overpass server to ask; the public one of osmnx when left out.
    rate_limit
        Whether to ask the server when it is free first; off for a server of one's own.
    timeout_s
        Seconds to wait for an answer.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    StreetsError
        When the server cannot be reached or has no streets there, or the path has another ending.

    Examples
    --------
    >>> import zoning
    >>> county = zoning.read_district("data/geo/sample")  # doctest: +SKIP
    >>> download_streets(county, "streets.graphml")  # doctest: +SKIP
    PosixPath('streets.graphml')
    """
    import osmnx  # noqa: PLC0415 - takes seconds

    path = Path(path)
    if not path.name.lower().endswith(GRAPHML_ENDINGS):
        raise failure("travel.graphml_only", file=path.name)
    hull = shapely.box(*shapely.total_bounds(np.asarray(district.blocks.geometry.values, dtype=object)))
    back = Transformer.from_crs(district.place.crs, units.WGS84, always_xy=True)
    corners = shapely.get_coordinates(shapely.segmentize(hull.buffer(DOWNLOAD_MARGIN_M), 5_000.0))
    wanted = shapely.Polygon(np.stack(back.transform(corners[:, 0], corners[:, 1]), axis=1))
    given: dict[str, object] = {"overpass_rate_limit": rate_limit, "requests_timeout": int(timeout_s)}
    if overpass_url is not None:
        given["overpass_url"] = overpass_url
    with _settings(osmnx.settings, given):
        try:
            graph = osmnx.graph_from_polygon(
                wanted,
                network_type="all",
                simplify=False,
                retain_all=True,
                truncate_by_edge=True,
            )
        except (OSError, ValueError) as fault:
            raise failure("travel.no_download", fault=type(fault).__name__) from fault
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    osmnx.save_graphml(graph, draft)
    draft.replace(path)
    return path


@contextmanager
def _settings(settings: Any, given: Mapping[str, object]) -> Iterator[None]:  # noqa: ANN401 - a module
    """Lend osmnx our settings and give it its own back, so that a caller's choices stand."""
    ours = {
        "useful_tags_node": list(NODE_TAGS),
        "useful_tags_way": list(WAY_TAGS),
        "use_cache": False,
        "all_oneway": False,
        **given,
    }
    before = {name: getattr(settings, name) for name in ours}
    try:
        for name, value in ours.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)


def _read_graphml(path: Path) -> Ways:
    """Return the ways of an osmnx graph: every edge is one way in its own direction."""
    import osmnx  # noqa: PLC0415 - takes seconds
    from networkx import NetworkXError  # noqa: PLC0415 - as above; comes with osmnx

    try:
        graph = osmnx.load_graphml(path)
    except NetworkXError as fault:
        raise ValueError(str(fault)) from fault
    found = WayList()
    for key, data in graph.nodes(data=True):
        node = found.node(key, float(data["x"]), float(data["y"]))
        node_tags = {str(tag): str(data[tag]) for tag in NODE_TAGS if tag in data}
        if node_tags:
            found.node_tags[node] = node_tags
    for first, last, data in graph.edges(data=True):
        tags = {str(tag): _plain(data[tag]) for tag in WAY_TAGS if tag in data}
        found.begin(tags | {"oneway": "yes"})
        found.step(found.node(first, 0.0, 0.0))
        if "geometry" in data:
            low, high = sorted((first, last))
            for x, y in list(data["geometry"].coords)[1:-1]:
                # Both directions of one street share the corners between its ends.
                found.step(found.node((low, high, round(x, 7), round(y, 7)), x, y))
        found.step(found.node(last, 0.0, 0.0))
    return found.done(CRS.from_user_input(graph.graph.get("crs", units.WGS84)))


def _plain(value: object) -> str:
    """Return a tag as OpenStreetMap writes it; of several values on a simplified street the first."""
    if isinstance(value, list):
        value = value[0]
    return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else str(value)


def _middle_crs(ways: Ways) -> CRS:
    back = Transformer.from_crs(ways.crs, units.WGS84, always_xy=True)
    lon, lat = back.transform(float(np.median(ways.x)), float(np.median(ways.y)))
    return units.metric_crs_at(lon, lat)
