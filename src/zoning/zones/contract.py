"""Blocks as one: a problem whose blocks are groups, such as the zones of the stage below."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from zoning.zones.problem import Floats, Ints, LoadRule, ZoneProblem, neighbours_of

__all__ = ["Contraction", "contract_blocks"]


@dataclass(frozen=True, eq=False)
class Contraction:
    """A problem of groups of blocks that belong to one school whole.

    Parameters
    ----------
    problem
        The problem of the groups.
    group
        Group of each block of the problem before, int32 [block].
    """

    problem: ZoneProblem
    group: Ints = field(repr=False)

    def expand(self, school: npt.NDArray[np.integer]) -> Ints:
        """Return the school of each block, int32 [block], from that of each group, int [group]."""
        return np.asarray(school, dtype=np.int32)[self.group]


def contract_blocks(problem: ZoneProblem, groups: npt.NDArray[np.integer]) -> Contraction:
    """Return the problem in which the blocks of a group belong to one school.

    Demand and weights add up, and the cost of a group is what its pupils pay on average, so that a plan of
    groups costs what the same plan of blocks does. A group may attend the schools that all of its blocks with
    pupils may attend (all of its blocks, where none has any). Groups are neighbours where blocks of theirs
    are; a group counts as one piece, whether it is or not.

    Parameters
    ----------
    problem
        The problem of the blocks.
    groups
        Group of each block, 0 and up without a gap, int [block].

    Examples
    --------
    >>> row = neighbours_of(np.array([[0, 1], [1, 2]]), 3)
    >>> three = ZoneProblem(demand=np.array([1.0, 3, 1]), cost=np.array([[0.0, 9], [4, 5], [9, 0]]),
    ...     allowed=np.ones((3, 2), dtype=bool), capacity=np.array([4.0, 4]), indptr=row[0], indices=row[1],
    ...     home=np.array([0, 2], dtype=np.int32))
    >>> two = contract_blocks(three, np.array([0, 0, 1]))
    >>> two.problem.demand.tolist(), two.problem.cost.tolist()
    ([4.0, 1.0], [[3.0, 6.0], [9.0, 0.0]])
    >>> two.expand(np.array([0, 1])).tolist()
    [0, 0, 1]
    """
    group: Ints = np.asarray(groups, dtype=np.int32)
    count = int(group.max(initial=-1)) + 1

    def total(values: Floats) -> Floats:
        return np.bincount(group, weights=values, minlength=count).astype(np.float64)

    demand = total(problem.demand)
    # Blocks of a group without pupils count alike; so do those that no pupil pays for elsewhere.
    weight = np.where(demand[group] > 0, problem.demand, 1.0)
    cost = _summed(np.where(problem.allowed, problem.cost, 0.0) * weight[:, None], group, count)
    cost /= total(weight)[:, None]
    binding = (weight > 0)[:, None] & ~problem.allowed
    allowed = _summed(binding.astype(np.float64), group, count) == 0
    one = np.repeat(group, np.diff(problem.indptr))
    indptr, indices = neighbours_of(np.column_stack([one, group[problem.indices]]), count)
    rules = tuple(
        LoadRule(
            rule.name,
            total(rule.weight),
            rule.lower,
            rule.upper,
            rule.price,
        )
        for rule in problem.rules
    )
    contracted = replace(
        problem,
        demand=demand,
        cost=cost,
        allowed=allowed,
        indptr=indptr,
        indices=indices,
        home=group[problem.home],
        current=_current(problem, group, weight, count),
        rules=rules,
    )
    return Contraction(contracted, group)


def _summed(values: npt.NDArray[np.float64], group: Ints, count: int) -> npt.NDArray[np.float64]:
    found = np.zeros((count, values.shape[1]))
    np.add.at(found, group, values)
    return found


def _current(problem: ZoneProblem, group: Ints, weight: npt.NDArray[np.float64], count: int) -> Ints:
    """Return the school that most pupils of each group have now, -1 for none, int32 [group]."""
    votes = np.zeros((count, problem.schools))
    known = problem.current >= 0
    np.add.at(votes, (group[known], problem.current[known]), weight[known])
    return np.where(votes.any(axis=1), votes.argmax(axis=1), -1).astype(np.int32)
