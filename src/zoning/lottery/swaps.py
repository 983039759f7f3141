"""Swaps: twins who asked to share a class come together, children who must not meet are parted."""

from collections import defaultdict
from collections.abc import Mapping

from zoning.lottery.constraints import Constraints
from zoning.lottery.deal import Seating
from zoning.lottery.tickets import Tickets

__all__ = ["join_groups", "keeps_constraints", "part_pairs"]


def join_groups(seating: Seating, constraints: Constraints, tickets: Tickets, attempt: int) -> bool:
    """Bring every group into the class of a leader drawn among it; tell whether that was possible."""
    for group in constraints.together:
        leader = group[tickets.below(len(group), "leader", attempt, group[0])]
        home = seating.placed[leader]
        for sid in group:
            if seating.placed[sid] == home:
                continue
            other = seating.partner(sid, {home})
            if other is None:
                return False
            seating.exchange(sid, other, "together")
    return True


def _enemies(constraints: Constraints) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for first, second in constraints.separate:
        found[first].add(second)
        found[second].add(first)
    return found


def part_pairs(seating: Seating, constraints: Constraints, tickets: Tickets, attempt: int) -> bool:
    """Part every pair that shares a class by moving one of the two; tell whether that was possible."""
    grouped = {sid for group in constraints.together for sid in group}
    enemies = _enemies(constraints)
    placed = seating.placed
    for pair in constraints.separate:
        if placed[pair[0]] != placed[pair[1]]:
            continue
        movable = [sid for sid in pair if sid not in grouped]
        if not movable:
            return False
        sid = movable[tickets.below(len(movable), "mover", attempt, *pair)]
        allowed = set(placed.values()) - {placed[enemy] for enemy in enemies[sid]}
        other = seating.partner(sid, allowed)
        if other is None:
            return False
        seating.exchange(sid, other, "separate")
    return True


def keeps_constraints(placed: Mapping[str, int], constraints: Constraints) -> bool:
    """Tell whether every group shares a class and no pair does."""
    together = all(len({placed[sid] for sid in group}) == 1 for group in constraints.together)
    return together and all(placed[a] != placed[b] for a, b in constraints.separate)
