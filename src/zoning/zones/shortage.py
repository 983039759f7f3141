"""Infeasible is an answer: which rule binds, where, and the least that would make a plan possible."""

import math
from collections.abc import Mapping
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.errors import InfeasibleError, Shortage, Text
from zoning.zones.assign import Flow
from zoning.zones.naming import name_some
from zoning.zones.problem import Floats, ZoneProblem

__all__ = ["find_shortages", "joined", "refuse_no_school", "refuse_no_way", "short_of_seats"]


def refuse_no_school(
    stage: Text, year: int, pupils: Floats, passed_over: Mapping[str, tuple[str, ...]]
) -> NoReturn:
    """Refuse a stage that has no school to zone.

    Raises
    ------
    InfeasibleError
        Always.
    """
    schools = tuple(school for reason in passed_over.values() for school in reason)
    total = float(pupils.sum())
    what = messages.text("zones.no_school", stage=stage, year=year, pupils=math.ceil(total))
    relaxation = messages.text("zones.relax_no_school", seats=math.ceil(total))
    raise InfeasibleError(joined([what, relaxation]), [Shortage("schools", schools, total, 0.0, relaxation)])


def refuse_no_way(block_ids: tuple[str, ...], pupils: Floats, allowed: npt.NDArray[np.bool_]) -> None:
    """Refuse blocks with pupils and no way to any school that they may attend.

    Raises
    ------
    InfeasibleError
        When there is such a block.
    """
    lost = np.flatnonzero((pupils > 0) & ~allowed.any(axis=1))
    if not len(lost):
        return
    ids = tuple(block_ids[block] for block in lost)
    total = float(pupils[lost].sum())
    what = messages.text("zones.no_way", count=len(ids), pupils=total, blocks=name_some(ids))
    relaxation = messages.text("zones.relax_no_way")
    raise InfeasibleError(joined([what, relaxation]), [Shortage("reach", ids, total, 0.0, relaxation)])


def short_of_seats(stage: Text, year: int, shortages: tuple[Shortage, ...]) -> InfeasibleError:
    """Return what to say of a stage whose seats cannot hold its pupils."""
    short = math.ceil(sum(shortage.short for shortage in shortages) - 1e-6)
    town_rule = all(shortage.rule == "within_town" for shortage in shortages)
    places = {town for shortage in shortages for town in shortage.place}
    if town_rule and len(places) > 1:
        head = messages.text("zones.short_towns", stage=stage, year=year, short=short, count=len(places))
    else:
        head = messages.text("zones.short", stage=stage, year=year, short=short)
    return InfeasibleError(joined([head, *(shortage.relaxation for shortage in shortages)]), shortages)


def find_shortages(
    problem: ZoneProblem,
    flow: Flow,
    school_ids: tuple[str, ...],
    towns: npt.NDArray[np.object_],
    *,
    reach: npt.NDArray[np.bool_],
) -> tuple[Shortage, ...]:
    """Return where a flow left pupils without a seat: sets of schools that some blocks cannot get past.

    The set grows from the blocks left out: every school they may attend is full, and so is every school that
    the pupils in those may attend. All of these pupils compete for those seats and for no others, which
    proves the shortage and makes its size the fewest seats to add. Where a set holds an earlier one, its
    pupils and seats are those besides, so that the sizes add up to the pupils left out.

    Parameters
    ----------
    problem
        The problem.
    flow
        Its flow, some pupils short.
    school_ids
        Names of the schools.
    towns
        Town of each block, object [block].
    reach
        Whether a way exists, town rule or not, bool [block, school].
    """
    held = problem.demand > 0
    allowed = problem.allowed & held[:, None]
    inside = np.zeros(allowed.shape, dtype=np.bool_)
    inside[flow.block, flow.school] = True
    # A pupil left out competes for every school it may attend, as if it were inside.
    inside |= allowed & (flow.short > 0)[:, None]
    pending = flow.short > 0
    found = []
    counted, filled = np.zeros_like(held), np.zeros(problem.schools, dtype=np.bool_)
    while pending.any():
        first = int(np.argmax(pending))
        blocks, schools = _closure(first, allowed, inside)
        pending &= ~blocks
        own, new = schools & ~filled, blocks & ~counted
        counted, filled = counted | blocks, filled | schools
        pupils = float(problem.demand[new].sum())
        seats = float(problem.capacity[own].sum())
        if pupils > seats:
            ids = tuple(school_ids[school] for school in np.flatnonzero(own))
            # Only where a way leads to other schools is it the town rule that binds.
            bound = bool(reach[np.ix_(new, ~schools)].any())
            found.append(_shortage(ids, sorted({str(t) for t in towns[new]}), pupils, seats, bound=bound))
    return tuple(found)


def _closure(
    first: int,
    allowed: npt.NDArray[np.bool_],
    inside: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return the blocks that compete with one block, and the schools they compete for."""
    blocks = np.zeros(len(allowed), dtype=np.bool_)
    blocks[first] = True
    while True:
        schools = np.asarray(allowed[blocks].any(axis=0))
        more = blocks | inside[:, schools].any(axis=1)
        if (more == blocks).all():
            return blocks, schools
        blocks = more


def _shortage(
    ids: tuple[str, ...], towns: list[str], pupils: float, seats: float, *, bound: bool
) -> Shortage:
    fields = {
        "schools": name_some(ids),
        "towns": name_some(towns),
        "pupils": math.ceil(pupils - 1e-6),  # as the seats to add are, so that the three figures agree
        "seats": math.floor(seats + 1e-6),
        "short": math.ceil(pupils - seats - 1e-6),
    }
    if bound:
        return Shortage(
            "within_town", tuple(towns), pupils, seats, messages.text("zones.relax_town", **fields)
        )
    return Shortage("capacity", ids, pupils, seats, messages.text("zones.relax_capacity", **fields))


def joined(texts: list[Text]) -> Text:
    """Return texts as one, a line each."""
    return Text("\n".join(t.en for t in texts), "\n".join(t.zh for t in texts))
