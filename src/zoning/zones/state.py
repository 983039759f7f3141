"""A plan that can be changed one block at a time: loads, members and pieces kept up to date."""

import numpy as np
import numpy.typing as npt

from zoning.zones.problem import Ints, ZoneProblem

__all__ = ["ZoneState"]


class ZoneState:
    """School of each block as plain lists, quick to change.

    Parameters
    ----------
    problem
        The problem.
    school
        School of each block, int32 [block]; zones in one piece but for the stranded blocks.
    stranded
        Blocks that no zone can reach: they count in the loads, but nothing moves them or connects to them.
    """

    def __init__(self, problem: ZoneProblem, school: Ints, stranded: npt.NDArray[np.bool_]) -> None:
        self.problem = problem
        self.zone: list[int] = np.where(stranded, -1, school).tolist()
        self.demand: list[float] = problem.demand.tolist()
        self.capacity: list[float] = problem.capacity.tolist()
        self.home: list[int] = problem.home.tolist()
        self.neighbours = problem.neighbours
        load = np.bincount(school, weights=problem.demand, minlength=problem.schools)
        self.load: list[float] = load.tolist()
        self.members: list[list[int]] = [[] for _ in range(problem.schools)]
        self.place = [0] * problem.blocks
        for block, number in enumerate(self.zone):
            if number >= 0:
                self.place[block] = len(self.members[number])
                self.members[number].append(block)

    def move(self, block: int, number: int) -> None:
        """Move a block to the zone of another school; rules are the caller's matter."""
        before = self.zone[block]
        pupils = self.demand[block]
        members = self.members[before]
        last = members.pop()
        if last != block:
            members[self.place[block]] = last
            self.place[last] = self.place[block]
        self.place[block] = len(self.members[number])
        self.members[number].append(block)
        self.zone[block] = number
        self.load[before] -= pupils
        self.load[number] += pupils

    def touches(self, block: int, number: int) -> bool:
        """Return whether a block borders a zone or its school's block, or is that block."""
        home = self.home[number]
        if block == home:
            return True
        zone = self.zone
        return any(zone[other] == number or other == home for other in self.neighbours[block])

    def can_leave(self, block: int) -> bool:
        """Return whether the rest of a block's zone stays in one piece without it."""
        number = self.zone[block]
        home = self.home[number]
        if block == home:
            return True
        zone = self.zone
        ends = [n for n in self.neighbours[block] if zone[n] == number or n == home]
        if len(ends) <= 1:
            return True
        wanted = set(ends[1:])
        seen = {block, ends[0]}
        stack = [ends[0]]
        while stack:
            for other in self.neighbours[stack.pop()]:
                if other not in seen and (zone[other] == number or other == home):
                    wanted.discard(other)
                    if not wanted:
                        return True
                    seen.add(other)
                    stack.append(other)
        return False

    def cut_change(self, block: int, number: int) -> int:
        """Return how many more neighbours of a block would be in another zone if it moved."""
        zone = self.zone
        around = [zone[other] for other in self.neighbours[block]]
        return around.count(zone[block]) - around.count(number)

    def excess_change(self, number: int, pupils: float) -> float:
        """Return how many more pupils are over capacity at a school that takes some more (or fewer)."""
        spare = self.capacity[number] - self.load[number]
        return max(0.0, pupils - spare) - max(0.0, -spare)
