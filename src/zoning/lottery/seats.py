"""The seat draw: tiers first, then one ticket a family; ranked schools by deferred acceptance."""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.records import PublicRecord, PublicRoster
from zoning.lottery.tickets import Tickets

__all__ = ["Applicants", "SeatDraw", "deferred_acceptance", "draw_seats"]


@dataclass(frozen=True)
class SeatDraw:
    """The result of a seat draw.

    Parameters
    ----------
    placed
        Child and school, sorted by child; an empty school for a child without a seat.
    waiting
        Children turned away, by school, in the order in which a free seat is offered.
    """

    placed: tuple[tuple[str, str], ...]
    waiting: Mapping[str, tuple[str, ...]] = field(repr=False)


def deferred_acceptance(
    schools: Sequence[Sequence[int]],
    tiers: Sequence[Sequence[int]],
    sizes: Sequence[int],
    seats: Sequence[int],
) -> list[int]:
    """Return how many of its choices each applicant was refused; all of them when it has no seat.

    Parameters
    ----------
    schools
        Positions of the chosen schools by applicant, the best first; applicants in ticket order.
    tiers
        The applicant's tier at each of them; a school takes lower tiers first, then lower tickets.
    sizes
        Children by applicant: one, or a family that is admitted together.
    seats
        Seats by school. A school holds an applicant while fewer than its seats are taken by better ones, so
        that the last family may overflow it by one child less than the family has.

    References
    ----------
    Gale and Shapley (1962), College admissions and the stability of marriage.

    Examples
    --------
    >>> deferred_acceptance([[0, 1], [0]], [[2, 1], [1]], [1, 1], [1, 1])
    [1, 0]
    """
    count = len(schools)
    held: list[list[int]] = [[] for _ in seats]  # of minus tier x count + applicant: the worst on top
    taken = [0] * len(seats)
    refused = [0] * count
    for first in range(count):
        asking = [first]
        while asking:
            unit = asking.pop()
            turn = refused[unit]
            if turn == len(schools[unit]):
                continue
            school = schools[unit][turn]
            heap = held[school]
            heapq.heappush(heap, -(tiers[unit][turn] * count + unit))
            taken[school] += sizes[unit]
            while heap and taken[school] - sizes[-heap[0] % count] >= seats[school]:
                out = -heapq.heappop(heap) % count
                taken[school] -= sizes[out]
                refused[out] += 1
                asking.append(out)
    return refused


def _check(records: Sequence[PublicRecord], schools: Mapping[str, int]) -> dict[str, list[PublicRecord]]:
    families: defaultdict[str, list[PublicRecord]] = defaultdict(list)
    for record in records:
        families[record.family].append(record)
        named = [choice.school for choice in record.choices]
        known = all(choice.school in schools and choice.tier >= 1 for choice in record.choices)
        if not known or len(set(named)) != len(named):
            raise DrawError(messages.text("draw.bad_choices", sid=record.sid))
    for name, members in families.items():
        if name != members[0].sid or any(m.choices != members[0].choices for m in members):
            raise DrawError(messages.text("draw.bad_family", sid=members[0].sid))
    return families


@dataclass(frozen=True)
class Applicants:
    """The families of a seat draw, ready to be drawn as often as wanted.

    Parameters
    ----------
    names
        Lowest number of each family, sorted.
    schools, tiers
        Position of the chosen schools among those that offer seats, the best first, and the tier at each.
    members
        Children of each family, sorted.
    seats
        Seats by school.
    """

    names: tuple[str, ...]
    schools: tuple[tuple[int, ...], ...] = field(repr=False)
    tiers: tuple[tuple[int, ...], ...] = field(repr=False)
    members: tuple[tuple[str, ...], ...] = field(repr=False)
    seats: tuple[int, ...]

    @classmethod
    def of(cls, roster: PublicRoster, seats: Sequence[tuple[str, int]]) -> "Applicants":
        """Return the families of a roster.

        Raises
        ------
        DrawError
            When a child chooses an unknown school or one twice, or the children of a family choose
            differently.
        """
        at = {school: i for i, (school, _) in enumerate(seats)}
        families = _check(roster.records, at)
        names = tuple(sorted(families))
        choices = [families[name][0].choices for name in names]
        return cls(
            names,
            tuple(tuple(at[choice.school] for choice in wish) for wish in choices),
            tuple(tuple(choice.tier for choice in wish) for wish in choices),
            tuple(tuple(child.sid for child in families[name]) for name in names),
            tuple(n for _, n in seats),
        )

    def draw(self, tickets: Tickets) -> tuple[list[int], list[int]]:
        """Return the positions of the families in ticket order, and how many choices each of these lost."""
        drawn = tickets.each("seat", last=self.names)
        order = sorted(range(len(self.names)), key=lambda unit: (drawn[self.names[unit]], self.names[unit]))
        refused = deferred_acceptance(
            [self.schools[unit] for unit in order],
            [self.tiers[unit] for unit in order],
            [len(self.members[unit]) for unit in order],
            self.seats,
        )
        return order, refused


def draw_seats(roster: PublicRoster, seats: Sequence[tuple[str, int]], tickets: Tickets) -> SeatDraw:
    """Return who gets a seat where.

    Parameters
    ----------
    roster
        The children, with choices, tiers and families.
    seats
        School and seats, as the manifest lists them.
    tickets
        Chance of stage ``seat``.

    Raises
    ------
    DrawError
        When a child chooses an unknown school or one twice, or the children of a family choose differently.
    """
    asking = Applicants.of(roster, seats)
    order, refused = asking.draw(tickets)
    placed: list[tuple[str, str]] = []
    turned: list[list[int]] = [[] for _ in seats]
    for rank, (unit, out) in enumerate(zip(order, refused, strict=True)):
        wish = asking.schools[unit]
        got = seats[wish[out]][0] if out < len(wish) else ""
        placed += [(sid, got) for sid in asking.members[unit]]
        for school, tier in zip(wish[:out], asking.tiers[unit], strict=False):
            turned[school].append(tier * len(order) + rank)
    waiting = {
        school: tuple(sid for key in sorted(line) for sid in asking.members[order[key % len(order)]])
        for (school, _), line in zip(seats, turned, strict=True)
    }
    return SeatDraw(tuple(sorted(placed)), waiting)
