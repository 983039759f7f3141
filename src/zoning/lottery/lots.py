"""Small draws of the same engine: late arrivals, head teachers, schools to inspect."""

from collections.abc import Sequence

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.constraints import Constraints
from zoning.lottery.records import PublicRoster
from zoning.lottery.tickets import Tickets

__all__ = ["choose_items", "draw_teachers", "place_late"]


def _ordered(items: Sequence[str], tickets: Tickets, name: str) -> list[str]:
    drawn = tickets.each(name, last=items)
    return sorted(items, key=lambda item: (drawn[item], item))


def draw_teachers(teachers: Sequence[str], tickets: Tickets) -> tuple[tuple[str, int], ...]:
    """Return every teacher's group, from 1, sorted by teacher.

    Examples
    --------
    >>> sorted(group for _, group in draw_teachers(["T1", "T2", "T3"], Tickets(bytes(32))))
    [1, 2, 3]
    """
    order = _ordered(teachers, tickets, "teacher")
    return tuple(sorted((teacher, at) for at, teacher in enumerate(order, start=1)))


def choose_items(items: Sequence[str], count: int, tickets: Tickets) -> tuple[tuple[str, int], ...]:
    """Return the items chosen with their turn, from 1, sorted by item.

    Examples
    --------
    >>> len(choose_items(["P001", "P002", "P003"], 2, Tickets(bytes(32))))
    2
    """
    order = _ordered(items, tickets, "inspect")[:count]
    return tuple(sorted((item, at) for at, item in enumerate(order, start=1)))


def place_late(
    roster: PublicRoster, sizes: Sequence[int], constraints: Constraints, tickets: Tickets
) -> tuple[tuple[str, int], ...]:
    """Return the classes of a late batch, sorted by child: in ticket order, each into the smallest class.

    Parameters
    ----------
    roster
        The children of the batch.
    sizes
        Children of every class before it.
    constraints
        Groups and pairs among the batch, and classes closed to a child.
    tickets
        Chance of stage ``late:<batch>``.

    Raises
    ------
    DrawError
        When no class is open to a child.
    """
    home = {sid: group for group in constraints.together for sid in group}
    groups = {home.get(sid, (sid,))[0]: home.get(sid, (sid,)) for sid in roster.sids}
    now = list(sizes)
    placed: dict[str, int] = {}
    for name in _ordered(sorted(groups), tickets, "late"):
        group = groups[name]
        enemies = {s for pair in constraints.separate if set(pair) & set(group) for s in pair}
        shut = {c for sid, c in constraints.closed if sid in group} | {
            placed[sid] for sid in enemies if sid in placed
        }
        free = [c for c in range(1, len(now) + 1) if c not in shut]
        if not free:
            raise DrawError(messages.text("draw.no_class", sid=name))
        drawn = {c: tickets.of("late_class", name, c) for c in free}
        best = min(free, key=lambda c: (now[c - 1], drawn[c], c))
        placed |= dict.fromkeys(group, best)
        now[best - 1] += len(group)
    return tuple(sorted(placed.items()))
