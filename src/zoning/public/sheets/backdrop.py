"""What all drawings of a stage share: blocks with their schools, and the lines behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zoning.district import District
from zoning.plan import Plan

__all__ = ["Backdrop"]

Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Backdrop:
    """What all drawings of a stage share.

    Parameters
    ----------
    district, plan
        The district and the plan.
    lines
        Roads, railways and water by kind, in the metric CRS.
    """

    district: District
    plan: Plan
    lines: Mapping[str, Geometries] = field(repr=False)

    @cached_property
    def shapes(self) -> Geometries:
        """The blocks' polygons."""
        return np.asarray(self.district.block_frame.geometry.values, dtype=object)

    @cached_property
    def answers(self) -> tuple[tuple[str, ...], ...]:
        """The schools of each block, in the district's order; none for a block that the plan leaves out."""
        zones = dict(self.plan.rows)
        return tuple(zones.get(block, ()) for block in self.district.block_frame.index)

    def schools_of(self, seen: npt.NDArray[np.intp]) -> list[tuple[str, ...]]:
        """Return the schools of the blocks at some positions."""
        return [self.answers[number] for number in seen.tolist()]
