"""The street map as OpenStreetMap XML, written plainly so that the same county gives the same bytes."""

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

import numpy as np

from zoning.load.sample.cells import to_degrees
from zoning.load.sample.streets import Way

FIRST_NODE = 1001
FIRST_WAY = 500_001


def osm_text(ways: Sequence[Way]) -> str:
    """Return ways as the text of an ``.osm`` file; points that agree to six decimals are one node.

    Parameters
    ----------
    ways
        Ways in metres.

    Examples
    --------
    >>> text = osm_text([Way(np.array([[0.0, 0.0], [10.0, 0.0]]), {"highway": "path"})])
    >>> text.count("<node"), text.count("<nd")
    (2, 2)
    """
    sizes = [len(way.points) for way in ways]
    xy = to_degrees(np.concatenate([way.points for way in ways]))
    keys = np.round(xy * 1e6).astype(np.int64)
    _, first, number = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    # Nodes are numbered as they first appear, so that an editor finds neighbours together.
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    refs = rank[number.ravel()]
    spots = xy[np.sort(first)]
    marks: dict[int, dict[str, str]] = {}
    lines = []
    at = 0
    for position, (way, size) in enumerate(zip(ways, sizes, strict=True)):
        own = refs[at : at + size].tolist()
        for place, tags in way.node_tags.items():
            marks[own[place]] = tags
        own = [ref for i, ref in enumerate(own) if i == 0 or ref != own[i - 1]]
        at += size
        lines.append(f' <way id="{FIRST_WAY + position}" version="1">')
        lines.extend(f'  <nd ref="{FIRST_NODE + ref}"/>' for ref in own)
        lines.extend(_tags(way.tags))
        lines.append(" </way>")
    head = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="zoning">']
    return "\n".join([*head, *_nodes(spots, marks), *lines, "</osm>", ""])


def _nodes(
    spots: np.ndarray[tuple[int, int], np.dtype[np.float64]], marks: dict[int, dict[str, str]]
) -> list[str]:
    found = []
    for number, (lon, lat) in enumerate(spots.tolist()):
        start = f' <node id="{FIRST_NODE + number}" version="1" lat="{lat:.6f}" lon="{lon:.6f}"'
        if number in marks:
            found.extend([start + ">", *_tags(marks[number]), " </node>"])
        else:
            found.append(start + "/>")
    return found


def _tags(tags: dict[str, str]) -> list[str]:
    return [f"  <tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items()]
