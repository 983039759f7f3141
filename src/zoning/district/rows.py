"""One block and one school, as frozen values."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from shapely import Point
from shapely.geometry.base import BaseGeometry

from zoning.policy import PlaceClass

if TYPE_CHECKING:
    import pandas as pd

CAPACITY = "capacity_"


@dataclass(frozen=True, slots=True)
class Block:
    """The smallest area that is zoned whole.

    Parameters
    ----------
    block_id, name, name_en, town, place_class
        As in the blocks table.
    geometry
        Polygon or multipolygon in the district's metric CRS.
    """

    block_id: str
    name: str
    name_en: str
    town: str
    place_class: PlaceClass
    geometry: BaseGeometry

    @classmethod
    def of_row(cls, block_id: str, row: "pd.Series[Any]") -> Self:
        """Return the block that a row of the blocks frame holds."""
        columns = ("name", "name_en", "town", "place_class", "geometry")
        return cls(block_id=block_id, **{c: row[c] for c in columns})


@dataclass(frozen=True, slots=True)
class School:
    """One school.

    Parameters
    ----------
    school_id, name, name_en, town, place_class
        As in the schools table.
    ownership
        ``public`` or ``private``.
    capacity
        Pupils by stage, for the stages that it serves.
    geometry
        Its point in the district's metric CRS.

    Raises
    ------
    ValueError
        When a capacity is below 0.
    """

    school_id: str
    name: str
    name_en: str
    town: str
    place_class: PlaceClass
    ownership: Literal["public", "private"]
    capacity: dict[str, float]
    geometry: Point

    def __post_init__(self) -> None:
        if any(seats < 0 for seats in self.capacity.values()):
            raise ValueError(f"school {self.school_id}: capacity below 0")

    @classmethod
    def of_row(cls, school_id: str, row: "pd.Series[Any]") -> Self:
        """Return the school that a row of the schools frame holds."""
        seats = {
            str(column).removeprefix(CAPACITY): float(value)
            for column, value in row.items()
            if str(column).startswith(CAPACITY) and value == value  # noqa: PLR0124 - NaN: does not serve it
        }
        words = {c: row[c] for c in ("name", "name_en", "town", "place_class", "ownership", "geometry")}
        return cls(school_id=school_id, capacity=seats, **words)
