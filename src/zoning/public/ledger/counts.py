"""Children whose school changes: as the scorecard counts them, and by area, town and school."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.evaluate.allocation import pupils_of_stage, seats_of
from zoning.evaluate.demand import zoned_demand
from zoning.evaluate.stability import pupils_moved
from zoning.forecast import Forecast
from zoning.options import ZoneOptions
from zoning.plan import Move, Plan
from zoning.public.counts import show_counts

__all__ = ["Counts", "count_children", "followers", "left_out"]

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


def followers(district: District, demand: Forecast | None, plan: Plan, before: Plan | None) -> Floats | None:
    """Return the children who follow the zones of a plan, by block, float64 [block].

    They are those that the scorecard counts as moved: pupils of private or designated schools and enrolled
    pupils who stay are left out where the options of the stage say so. Every page for the public counts
    these. None where nobody forecast them.

    Parameters
    ----------
    district, demand, plan
        What is published.
    before
        The zones by which enrolled pupils stay; without them nobody is known to stay.

    Raises
    ------
    DataError
        When the options need what the district does not have.
    """
    stage = district.stage(plan.stage)
    if demand is None or plan.year not in demand.years or not set(stage.grades) <= set(demand.grades):
        return None
    options = _options(district, plan, before)
    zoned = zoned_demand(district, demand, stage=stage.name, year=plan.year, options=options, against=before)
    return pupils_of_stage(district, zoned.forecast, stage=stage.name, year=plan.year)


def left_out(district: District, plan: Plan, before: Plan | None) -> tuple[Text, ...]:
    """Return who is not counted among the followers; not how many, for they may be few."""
    options = _options(district, plan, before)
    without = {
        "designated": options.deduct_designated,
        "private": options.deduct_private,
        "enrolled": options.grandfathered,
    }
    return tuple(messages.text(f"public_ledger.without_{code}") for code, is_so in without.items() if is_so)


def _options(district: District, plan: Plan, before: Plan | None) -> ZoneOptions:
    options = district.zone_options(plan.stage)
    return options if before is not None else replace(options, grandfathered=False)


def count_children(
    district: District,
    plans: tuple[Plan, Plan],
    moves: Sequence[Move],
    pupils: Floats,
    areas: Sequence[tuple[str, str]],
) -> Counts:
    """Return the children of every change and of every total over them that may be shown.

    All are weighted sums over the same cells: the children of each block that changes, and those of all
    blocks that keep the same schools.

    Parameters
    ----------
    district
        The district.
    plans
        The plan and the one before it; twice the same where there is none.
    moves
        The blocks that change, those that left the map included.
    pupils
        Children who follow the zones, by block, float64 [block].
    areas
        Area and town of each move.
    """
    row = {block: at for at, block in enumerate(district.block_frame.index)}
    moved = pupils_moved(district, *plans, np.ones(len(pupils))).pupils
    seats = dict(zip(district.school_frame.index, seats_of(district, plans[0].stage).tolist(), strict=True))
    cells = [float(pupils[row[move.block_id]]) if move.block_id in row else 0.0 for move in moves]
    parts: list[float] = []
    sums: dict[Key, dict[int, float]] = {}
    for at, (move, (area, town)) in enumerate(zip(moves, areas, strict=True)):
        kind = "moved" if move.before and move.after else "entered" if move.after else "left"
        parts.append(float(moved[row[move.block_id]]) if kind == "moved" else 1.0)
        for key in [("area", area), ("stage", kind), *([("town", town)] if kind == "moved" else [])]:
            sums.setdefault(key, {})[at] = parts[at]
        _add(sums, at, _flows(move.before, move.after, seats))
    named = {school for move in moves for school in (*move.before, *move.after)}
    for schools, children in _staying(plans, moves, row, pupils).items():
        _add(sums, len(cells), _flows(schools, schools, seats), named)
        cells.append(children)
    parts += [0.0] * (len(cells) - len(moves))
    return _shown(np.array(cells), np.array(parts), len(moves), sums, district.policy.hide_below)


def _add(
    sums: dict[Key, dict[int, float]],
    at: int,
    flows: Mapping[Key, float],
    named: Collection[str] | None = None,
) -> None:
    """Add a cell to the totals; of schools whose zone does not change only the zone is told."""
    for (kind, school), weight in flows.items():
        if kind == "zone" or named is None or school in named:
            sums.setdefault((kind, school), {})[at] = weight


def _flows(before: Sequence[str], after: Sequence[str], seats: Mapping[str, float]) -> dict[Key, float]:
    """Return which part of a block's children each school gains, loses and keeps, and has in its zone.

    Gained and kept is the part it has now, lost and kept the part it had.
    """
    old, new = _shares(before, seats), _shares(after, seats)
    found: dict[Key, float] = {}
    for school in sorted({*old, *new}):
        had, has = old.get(school, 0.0), new.get(school, 0.0)
        parts = {"gained": has - had, "lost": had - has, "stayed": min(had, has), "zone": has}
        found |= {(kind, school): part for kind, part in parts.items() if part > 0}
    return found | ({_EVERYBODY: 1.0} if after else {})


def _shares(schools: Sequence[str], seats: Mapping[str, float]) -> dict[str, float]:
    """Return the share of each school, by seats, or alike where no seats are known."""
    total = sum(seats.get(school, 0.0) for school in schools)
    return {s: seats.get(s, 0.0) / total if total > 0 else 1 / len(schools) for s in schools}


def _staying(
    plans: tuple[Plan, Plan], moves: Sequence[Move], row: Mapping[str, int], pupils: Floats
) -> dict[tuple[str, ...], float]:
    """Return the children of all blocks that keep their schools, by those schools."""
    changed = {move.block_id for move in moves}
    found: dict[tuple[str, ...], float] = {}
    for block, schools in plans[0].rows:
        if block not in changed:
            found[schools] = found.get(schools, 0.0) + float(pupils[row[block]])
    return found


def _shown(
    cells: Floats, parts: Floats, moves: int, sums: Mapping[Key, Mapping[int, float]], below: int
) -> Counts:
    keys = list(sums)
    if not keys:
        return Counts(())
    entries = [(at, cell, weight) for at, key in enumerate(keys) for cell, weight in sums[key].items()]
    rows, columns, weights = (np.array(part) for part in zip(*entries, strict=True))
    matrix = csr_array((weights.astype(np.float64), (rows, columns)), shape=(len(keys), len(cells)))
    printed = [at for at, key in enumerate(keys) if key == _EVERYBODY]
    worth = np.array([_WORTH[kind] for kind, _ in keys])
    shown = show_counts(cells, matrix, below, parts=parts, published=printed, worth=worth)
    whole, totals = (
        np.rint(cells * parts).astype(int).tolist(),
        np.rint(np.asarray(matrix @ cells)).astype(int).tolist(),
    )
    counts = tuple(whole[at] if shown.cells[at] else None for at in range(moves))
    return Counts(counts, {key: totals[at] if shown.totals[at] else None for at, key in enumerate(keys)})
