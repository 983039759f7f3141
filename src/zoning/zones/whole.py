"""Feeders that nest: zones of an upper stage made of whole zones of the stage below."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from zoning import messages
from zoning.district import District
from zoning.errors import InfeasibleError, Shortage
from zoning.evaluate import feeder_zones
from zoning.plan import Plan
from zoning.zones.contract import contract_blocks
from zoning.zones.naming import name_some
from zoning.zones.posed import PosedProblem
from zoning.zones.shortage import joined

__all__ = ["apart_feeders", "whole_feeders"]


def whole_feeders(district: District, posed: PosedProblem, feeder: Plan) -> PosedProblem:
    """Return the problem whose rows are the zones of the stage below; other blocks stay rows of their own.

    Parameters
    ----------
    district
        The district.
    posed
        The problem of the blocks.
    feeder
        Zones of the stage below.

    Raises
    ------
    InfeasibleError
        When no school may take all blocks of such a zone.
    """
    zone = feeder_zones(district, feeder).astype(np.int64)
    alone = zone < 0
    zone[alone] = zone.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    first, group = np.unique(zone, return_index=True, return_inverse=True)[1:]
    made = contract_blocks(posed.unkept, group)
    ids = tuple(posed.block_ids[block] for block in first)
    lost = np.flatnonzero(~made.problem.allowed.any(axis=1))
    if len(lost):
        named = tuple(posed.block_ids[block] for block in np.flatnonzero(np.isin(group, lost)))
        pupils = float(made.problem.demand[lost].sum())
        what = messages.text(
            "zones_rules.closed_feeder", count=len(lost), pupils=pupils, blocks=name_some(named)
        )
        cure = messages.text("zones_rules.relax_feeder")
        raise InfeasibleError(joined([what, cure]), [Shortage("feeder", named, pupils, 0.0, cure)])
    order = np.argsort(group, kind="stable")
    start = np.searchsorted(group[order], np.arange(len(first)))
    closed = {rule: np.logical_or.reduceat(mask[order], start) for rule, mask in posed.closed.items()}
    return replace(
        posed,
        unkept=made.problem,
        problem=made.problem,
        block_ids=ids,
        towns=posed.towns[first],
        row_of_block=group.astype(np.int32),
        closed=closed,
    )


def apart_feeders(
    posed: PosedProblem, group: npt.NDArray[np.integer], school: npt.NDArray[np.integer]
) -> PosedProblem:
    """Return the problem of the blocks in which none may leave the school of most pupils of its group.

    For a plan that parts groups which should stay whole.

    Parameters
    ----------
    posed
        The problem of the blocks.
    group
        Group of each block, int [block].
    school
        School of each block under the plan, int [block]; -1 for none.
    """
    problem = posed.problem
    votes = np.zeros((int(group.max(initial=-1)) + 1, problem.schools))
    held = school >= 0
    # A group without pupils goes by its blocks.
    np.add.at(votes, (group[held], school[held]), np.maximum(problem.demand[held], 1e-9))
    away = np.arange(problem.schools)[None, :] != votes.argmax(axis=1)[group][:, None]
    bound = (np.bincount(group)[group] > 1)[:, None] & away
    return replace(
        posed,
        problem=replace(problem, allowed=problem.allowed & ~bound),
        unkept=replace(posed.unkept, allowed=posed.unkept.allowed & ~bound),
        closed={**posed.closed, "split_feeder": bound & posed.unkept.allowed},
    )
