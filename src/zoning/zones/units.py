"""Zones that several schools share, as one school of the problem."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.district import District
from zoning.evaluate import Eligibility, zone_units
from zoning.evaluate.allocation import seats_of

__all__ = ["Units", "units_of"]

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Units:
    """The zones of a stage: of one school each, or of several.

    Parameters
    ----------
    stage
        Name of the stage.
    members
        Schools of each unit.
    columns
        Position of each zoned school among the schools of the district, int64 [school].
    share
        Share of a unit's pupils whom each zoned school takes, by its seats, float64 [school, unit].
    homes
        Block and unit of each zoned school, int32 [school] each.
    """

    stage: str
    members: tuple[tuple[str, ...], ...]
    columns: npt.NDArray[np.int64] = field(repr=False)
    share: Floats = field(repr=False)
    homes: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each unit: its school, or the schools of a shared zone joined by ``;``."""
        return tuple(";".join(schools) for schools in self.members)

    @property
    def home(self) -> npt.NDArray[np.int32]:
        """Block of the first school of each unit, int32 [unit]."""
        block, unit = self.homes
        first = np.unique(unit, return_index=True)[1]
        return block[first]

    def every(self, mask: Mask) -> Mask:
        """Return whether all schools of a unit have what a mask [block, zoned school] says."""
        return ~self.some(~mask)

    def some(self, mask: Mask) -> Mask:
        """Return whether any school of a unit has what a mask [block, zoned school] says."""
        if len(self.members) == len(self.columns):
            return mask
        order = np.argsort(self.homes[1], kind="stable")
        start = np.searchsorted(self.homes[1][order], np.arange(len(self.members)))
        return np.asarray(np.logical_or.reduceat(mask[:, order], start, axis=1))

    def mean(self, seconds: Floats) -> Floats:
        """Return the cost of a unit, its schools by their share, from [block, zoned school]; NaN counts 0."""
        plain = np.nan_to_num(seconds)
        return plain if len(self.members) == len(self.columns) else np.asarray(plain @ self.share)


def units_of(
    district: District, found: Eligibility, *, stage: str, shared: tuple[tuple[str, ...], ...]
) -> Units:
    """Return the zones that the schools of a stage make.

    Parameters
    ----------
    district
        The district.
    found
        The schools with a zone.
    stage
        Name of the stage.
    shared
        Sets of schools that share a zone.
    """
    members = zone_units(found.school_ids, shared)
    unit_of = {school: unit for unit, schools in enumerate(members) for school in schools}
    unit = np.array([unit_of[school] for school in found.school_ids], dtype=np.int32)
    columns = district.school_frame.index.get_indexer(list(found.school_ids)).astype(np.int64)
    seats = seats_of(district, stage)[columns]
    total = np.bincount(unit, weights=seats, minlength=len(members))[unit]
    share = np.zeros((len(columns), len(members)))
    share[np.arange(len(columns)), unit] = np.where(total > 0, seats / np.where(total > 0, total, 1), 1)
    return Units(stage, members, columns, share, (found.home, unit))
