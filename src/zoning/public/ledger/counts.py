"""Children whose school changes: as the scorecard counts them, and by area, town and school."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from zoning.district import District
from zoning.errors import Text
from zoning.evaluate.allocation import pupils_of_stage, seats_of
from zoning.evaluate.demand import zoned_demand
from zoning.evaluate.stability import pupils_moved
from zoning.forecast import Forecast
from zoning.plan import Move, Plan
from zoning.public.counts import show_counts

__all__ = ["Counts", "concerned", "count_children", "followers"]

Floats = npt.NDArray[np.float64]
Key = tuple[str, str]

_WORTH: Final = {
    "stage": 20.0,
    "town": 4.0,
    "gained": 3.0,
    "lost": 3.0,
    "stayed": 3.0,
    "zone": 10.0,
    "area": 2.0,
}
"""How many blocks of the same size a total is worth; where one has to be hidden, the cheapest is."""
_EVERYBODY: Final = ("zone", "")
"""The children of all zones together, whom every count of the population tells."""
_NOBODY: Final[Mapping[str, float]] = {}


@dataclass(frozen=True)
class Counts:
    """Children in whole numbers; None where hidden.

    Parameters
    ----------
    cells
        Children of each change, None where hidden.
    totals
        Children by kind and name: ``area``, ``town``, ``gained``, ``lost``, ``stayed``, and ``stage`` with
        the names ``moved``, ``entered``, ``left``; ``zone`` of each school; None where hidden.
    counted
        Whether there were children to count.
    """

    cells: tuple[int | None, ...]
    totals: Mapping[Key, int | None] = field(default_factory=dict, repr=False)
    counted: bool = True

    def of(self, kind: str, name: str) -> int | None:
        """Return a total: nobody where no change adds to it, None where it is hidden or nobody counted."""
        return self.totals.get((kind, name), 0) if self.counted else None


def followers(
    district: District, demand: Forecast | None, plan: Plan, before: Plan
) -> tuple[Floats | None, tuple[Text, ...]]:
    """Return the children who follow the zones of a plan, by block, float64 [block], and what was assumed.

    They are those that the scorecard counts as moved: pupils of private or designated schools and enrolled
    pupils who stay are left out where the options of the stage say so. None where nobody forecast them.

    Raises
    ------
    DataError
        When the options need what the district does not have.
    """
    stage = district.stage(plan.stage)
    if demand is None or plan.year not in demand.years or not set(stage.grades) <= set(demand.grades):
        return None, ()
    options = district.zone_options(stage.name)
    zoned = zoned_demand(district, demand, stage=stage.name, year=plan.year, options=options, against=before)
    return pupils_of_stage(district, zoned.forecast, stage=stage.name, year=plan.year), zoned.notes


def count_children(
    district: District,
    plans: tuple[Plan, Plan],
    moves: Sequence[Move],
    pupils: Floats,
    areas: Sequence[tuple[str, str]],
) -> Counts:
    """Return the children of every change and of every total over them that may be shown.

    Parameters
    ----------
    district
        The district.
    plans
        The plan and the one before it.
    moves
        The blocks that change, those that left the map included.
    pupils
        Children who follow the zones, by block, float64 [block].
    areas
        Area and town of each move.
    """
    row = {block: at for at, block in enumerate(district.block_frame.index)}
    moved = pupils_moved(district, *plans, pupils).pupils
    seats = dict(zip(district.school_frame.index, seats_of(district, plans[0].stage).tolist(), strict=True))
    cells = [_children(move, row, pupils, moved) for move in moves]
    sums: dict[Key, dict[int, float]] = {}
    for at, (move, (area, town)) in enumerate(zip(moves, areas, strict=True)):
        kind = "moved" if move.before and move.after else "entered" if move.after else "left"
        sums.setdefault(("area", area), {})[at] = 1.0
        sums.setdefault(("stage", kind), {})[at] = 1.0
        if kind == "moved":
            sums.setdefault(("town", town), {})[at] = 1.0
        for name, weights in (("gained", _gains(move, seats)), ("lost", _losses(move, seats))):
            for school, weight in weights.items():
                sums.setdefault((name, school), {})[at] = weight
    stayed = _stayed(plans, row, pupils, seats)
    named = {school for move in moves for school in concerned(move.before, move.after)}
    everybody: dict[int, float] = {}
    for school in sorted(named.union(plans[0].school_ids)):
        at = len(cells)
        cells.append(stayed.get(school, 0.0))
        if school in named:
            sums[("stayed", school)] = {at: 1.0}
        # The notice prints the children of a zone: gained and stayed can be subtracted from them.
        zone = sums[("zone", school)] = sums.get(("gained", school), {}) | {at: 1.0}
        everybody |= {cell: everybody.get(cell, 0.0) + weight for cell, weight in zone.items()}
    if everybody:
        sums[_EVERYBODY] = everybody
    return _shown(np.array(cells), len(moves), sums, district.policy.hide_below)


def concerned(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the schools that gain or lose by a change; one that comes to share its zone loses children.

    Examples
    --------
    >>> concerned(["a", "b"], ["b"]), sorted(concerned(["a"], ["a", "b"]))
    ({'a'}, ['a', 'b'])
    """
    old, new = set(before), set(after)
    return new if old < new else old ^ new


def _children(move: Move, row: Mapping[str, int], pupils: Floats, moved: Floats) -> float:
    if move.block_id not in row:
        return 0.0
    counted = moved if move.before and move.after else pupils
    return float(counted[row[move.block_id]])


def _shares(schools: Sequence[str], seats: Mapping[str, float]) -> dict[str, float]:
    """Return the share of each school, by seats, or alike where no seats are known."""
    total = sum(seats.get(school, 0.0) for school in schools)
    return {s: seats.get(s, 0.0) / total if total > 0 else 1 / len(schools) for s in schools}


def _gains(move: Move, seats: Mapping[str, float]) -> Mapping[str, float]:
    """Return which share of the moved children each new school takes."""
    shares = _shares(move.after, seats) if move.after else _NOBODY
    new = {school: share for school, share in shares.items() if school not in move.before and share > 0}
    return {school: share / sum(new.values()) for school, share in new.items()}


def _losses(move: Move, seats: Mapping[str, float]) -> Mapping[str, float]:
    """Return which share of the moved children each old school loses: those it keeps a zone for, last."""
    gone = [school for school in move.before if school not in move.after] or list(move.before)
    return {s: share for s, share in (_shares(gone, seats) if gone else _NOBODY).items() if share > 0}


def _stayed(
    plans: tuple[Plan, Plan], row: Mapping[str, int], pupils: Floats, seats: Mapping[str, float]
) -> dict[str, float]:
    before = dict(plans[1].rows)
    found: dict[str, float] = {}
    for block, schools in plans[0].rows:
        for school, share in _shares(schools, seats).items():
            if school in before.get(block, ()):
                found[school] = found.get(school, 0.0) + share * float(pupils[row[block]])
    return found


def _shown(cells: Floats, moves: int, sums: Mapping[Key, Mapping[int, float]], below: int) -> Counts:
    keys = list(sums)
    if not keys:
        return Counts(())
    entries = [(at, cell, weight) for at, key in enumerate(keys) for cell, weight in sums[key].items()]
    rows, columns, weights = (np.array(part) for part in zip(*entries, strict=True))
    matrix = csr_array((weights.astype(np.float64), (rows, columns)), shape=(len(keys), len(cells)))
    printed = [at for at, key in enumerate(keys) if key == _EVERYBODY]
    worth = np.array([_WORTH[kind] for kind, _ in keys])
    shown = show_counts(cells, matrix, below, published=printed, worth=worth)
    whole, totals = (
        np.rint(cells).astype(int).tolist(),
        np.rint(np.asarray(matrix @ cells)).astype(int).tolist(),
    )
    counts = tuple(whole[at] if shown.cells[at] else None for at in range(moves))
    return Counts(counts, {key: totals[at] if shown.totals[at] else None for at, key in enumerate(keys)})
