"""A second opinion on zones priced whole: each school's cheapest zone by a mixed-integer program."""

import math

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array
from tests.zones.checker import Town, open_cells

from zoning.zones.problem import ZoneProblem


def floor_by_zones(problem: ZoneProblem, blocks: list[float], prices: list[list[float]]) -> float:
    """Return Σ block prices + Σ schools' cheapest zones under them: no plan costs less.

    Zones are held in one piece by a flow from the school's block, which shares nothing with the engine's
    branch and bound. Further load rules are priced.

    Parameters
    ----------
    problem
        The problem; its seats are a hard rule.
    blocks
        Price of each block.
    prices
        Price of each load limit, by row and school; those of the seats are not used.
    """
    town = Town(problem)
    cells = open_cells(town)
    given_back = 0.0
    for rule, row in zip(town.rules[1:], prices[1:], strict=True):
        for school, price in enumerate(row):
            if price:
                given_back += price * float(rule.upper[school] if price > 0 else rule.lower[school])
    total = math.fsum(blocks) - given_back
    for school in town.schools:
        held = [i for i in town.blocks if school in cells[i]]
        worth = [
            float(town.worth[i, school])
            + sum(r.weight[i] * row[school] for r, row in zip(town.rules[1:], prices[1:], strict=True))
            - blocks[i]
            for i in held
        ]
        total += cheapest_zone(town, school, held, worth, owned=cells[town.home[school]] == {school})
    return total


def cheapest_zone(town: Town, school: int, held: list[int], worth: list[float], *, owned: bool) -> float:
    """Return the least worth of a zone within the seats and in one piece."""
    if not held:
        return 0.0
    home = town.home[school]
    place = {block: number for number, block in enumerate(held)}
    arcs = [
        (a, b)
        for a in held
        for b in town.graph[a]
        if b in place and a not in town.stranded and b not in town.stranded
    ]
    roots = [i for i in held if i == home or home in town.graph[i]]
    count, size = len(held), len(held) + len(arcs) + len(roots)
    rows = lil_array((1 + 2 * count, size))
    low, high = np.full(1 + 2 * count, -np.inf), np.zeros(1 + 2 * count)
    for number, block in enumerate(held):
        rows[0, number] = float(town.rules[0].weight[block])
        rows[1 + number, number] = -1.0  # each block of the zone takes one unit of flow out
        rows[1 + count + number, number] = -float(count)  # and lets flow in only if it belongs to the zone
        low[1 + number] = -np.inf if block in town.stranded else 0.0
        high[1 + number] = np.inf if block in town.stranded else 0.0
    high[0] = float(town.rules[0].upper[school]) + 1e-6
    for number, (a, b) in enumerate(arcs):
        rows[1 + place[b], count + number] += 1.0
        rows[1 + place[a], count + number] -= 1.0
        rows[1 + count + place[b], count + number] += 1.0
    for number, block in enumerate(roots):
        rows[1 + place[block], count + len(arcs) + number] += 1.0
        rows[1 + count + place[block], count + len(arcs) + number] += 1.0
    least = np.zeros(size)
    if owned:
        least[place[home]] = 1.0
    most = np.concatenate([np.ones(count), np.full(size - count, float(count))])
    whole = np.concatenate([np.ones(count), np.zeros(size - count)])
    found = milp(
        np.concatenate([worth, np.zeros(size - count)]),
        constraints=LinearConstraint(rows.tocsr(), low, high),
        bounds=Bounds(least, most),
        integrality=whole,
        options={"mip_rel_gap": 0.0},
    )
    return float(found.fun) if found.status == 0 else math.inf
