"""What a coverage certificate lists: one finding a place, a fault or only worth knowing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

import numpy as np
import shapely
from pyproj import CRS

from zoning.publish.geometry import to_wgs84

__all__ = ["FAULTS", "INFORMATION", "Finding", "Numbers", "record_of"]

FAULTS: Final = (
    "block_without",
    "block_unknown",
    "shared_undeclared",
    "overlap",
    "school_unknown",
    "school_closed",
    "school_unserved",
    "school_no_seats",
    "address_no_school",
    "address_none",
    "address_several",
    "address_elsewhere",
    "range_empty",
    "range_overlap",
    "name_twice",
)
"""Kinds that break the coverage, in the order of the report."""
INFORMATION: Final = (
    "no_addresses",
    "stage_without_plan",
    "shared_zone",
    "source_hole",
    "source_gap",
    "detached",
    "near_line",
    "number_hole",
    "needs_town",
)
"""Kinds that are worth knowing and break nothing."""
_DECIMALS: Final = 1e-6
_SIGNIFICANT: Final = 1


@dataclass(frozen=True, slots=True)
class Numbers:
    """House numbers from the first to the last, on one side of the street or both.

    Parameters
    ----------
    first, last
        First and last number; ``last`` is None where the range is open.
    parity
        ``odd``, ``even`` or ``all``.
    """

    first: int
    last: int | None
    parity: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found while coverage was certified.

    Parameters
    ----------
    kind
        One of :data:`FAULTS` or :data:`INFORMATION`.
    block_id, other_id
        The block, and the one that it meets.
    school_id
        The school; the ids of several joined by ``;``.
    row, other_row
        Rows of the addresses table as a spreadsheet shows them.
    name
        Name of the street, estate or village, as the table writes it.
    numbers
        House numbers that it is about.
    count
        Blocks that it is about.
    value
        Area in m² (overlap, hole), or the share of the block's ground that is near a line, percent.
    shape
        Where it is, in the district's metric CRS.
    """

    kind: str
    block_id: str = ""
    other_id: str = ""
    school_id: str = ""
    row: int | None = None
    other_row: int | None = None
    name: str = ""
    numbers: Numbers | None = None
    count: int | None = None
    value: float | None = None
    shape: shapely.Geometry | None = field(default=None, repr=False)

    @property
    def is_fault(self) -> bool:
        """Whether it breaks the coverage."""
        return self.kind in FAULTS

    @property
    def order(self) -> tuple[Any, ...]:
        """What findings are sorted by: kind as the report lists them, then row and ids."""
        kinds = FAULTS + INFORMATION
        nearest = -self.value if self.kind == "near_line" and self.value is not None else 0.0
        places = (self.row or 0, self.other_row or 0, nearest, self.block_id, self.other_id, self.school_id)
        return (kinds.index(self.kind), *places, str(self.numbers), self.name)


def record_of(finding: Finding, crs: CRS) -> dict[str, Any]:
    """Return a finding as JSON writes it: only what it has, its shape as GeoJSON on WGS 84.

    Examples
    --------
    >>> record_of(Finding("block_without", block_id="b1"), CRS.from_epsg(4547))
    {'kind': 'block_without', 'block_id': 'b1'}
    """
    plain = {one.name: getattr(finding, one.name) for one in fields(finding) if one.name != "shape"}
    record = {key: _plain(value) for key, value in plain.items() if value not in ("", None)}
    if finding.shape is not None:
        record["geometry"] = _geojson(finding.shape, crs)
    return record


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a finding holds
    if isinstance(value, Numbers):
        return {"first": value.first, "last": value.last, "parity": value.parity}
    return whole(round(value, _SIGNIFICANT)) if isinstance(value, float) else value


def whole(value: float) -> float:
    """Return a number without a fraction as an integer, so that it has one spelling in JSON.

    Examples
    --------
    >>> whole(12.0), whole(12.5)
    (12, 12.5)
    """
    return int(value) if value == int(value) else value


def _geojson(shape: shapely.Geometry, crs: CRS) -> Mapping[str, Any]:
    flat = to_wgs84(np.asarray([shape], dtype=object), crs)
    rounded = shapely.orient_polygons(shapely.set_precision(flat, _DECIMALS), exterior_cw=False)[0]
    return {"type": rounded.geom_type, "coordinates": _coordinates(shapely.geometry.mapping(rounded))}


def _coordinates(said: Mapping[str, Any]) -> Any:  # noqa: ANN401 - nested arrays of numbers
    def plain(value: Any) -> Any:  # noqa: ANN401 - as above
        return [plain(one) for one in value] if isinstance(value, list | tuple) else whole(round(value, 6))

    return plain(said["coordinates"])
