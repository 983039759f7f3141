"""How many children a plan moves to another school."""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zoning.district import District
from zoning.evaluate.allocation import allocate
from zoning.evaluate.scorecard import Measure
from zoning.plan import Plan

__all__ = ["Moved", "pupils_moved", "stability_measures"]


@dataclass(frozen=True, eq=False)
class Moved:
    """The children whose school changes between two plans.

    Parameters
    ----------
    pupils
        Pupils moved, float64 [block]: those whose share of a school is not covered by the older plan.
    held
        Whether the older plan had a school for the block, bool [block]. A block without one moves nobody.
    """

    pupils: npt.NDArray[np.float64] = field(repr=False)
    held: npt.NDArray[np.bool_] = field(repr=False)


def pupils_moved(
    district: District,
    plan: Plan,
    against: Plan,
    pupils: npt.NDArray[np.float64],
) -> Moved:
    """Return the pupils of each block whose school changes from ``against`` to ``plan``.

    A child who stays within the schools of a shared zone has not moved: where one of them leaves, the others
    were the child's schools before. So the zone of a school can lose children of whom none has moved.

    Parameters
    ----------
    district
        The district.
    plan, against
        The new plan and the one it is compared with.
    pupils
        Pupils by block, float64 [block].

    Raises
    ------
    DataError
        When a plan names blocks or schools that the district has not.
    """
    rows = allocate(district, plan)
    before = dict(against.rows)
    ids, schools = list(district.block_frame.index), list(district.school_frame.index)
    stays = np.array(
        [schools[s] in before.get(ids[b], ()) for b, s in zip(rows.block, rows.school, strict=True)],
        dtype=np.bool_,
    )
    held = np.array([block in before for block in ids], dtype=np.bool_)
    leaving = np.where(stays | ~held[rows.block], 0.0, rows.share * pupils[rows.block])
    return Moved(np.bincount(rows.block, weights=leaving, minlength=len(ids)).astype(np.float64), held)


def stability_measures(
    district: District,
    plan: Plan,
    against: Plan,
    pupils: npt.NDArray[np.float64],
) -> list[Measure]:
    """Return pupils moved, their share of those who had a school before, and blocks whose schools change.

    A block counts with and without pupils, also where a shared zone loses a school and nobody has to move.

    Raises
    ------
    DataError
        When a plan names blocks or schools that the district has not.
    """
    moved = pupils_moved(district, plan, against, pupils)
    base = float(pupils[moved.held].sum())
    count = float(moved.pupils.sum())
    changed = [move for move in plan.diff(against) if move.before]
    return [
        Measure.named("stability.moved_pupils", count, "pupils"),
        Measure.named("stability.moved_share", count / base if base else math.nan, "share"),
        Measure.named("stability.moved_blocks", len(changed), "blocks"),
    ]
