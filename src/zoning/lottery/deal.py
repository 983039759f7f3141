"""The deal of one attempt: children in ticket order, dealt round the classes; and the exchange of two."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from zoning.lottery.records import PublicRecord
from zoning.lottery.rounding import round_counts
from zoning.lottery.strata import ROOT, Stratum
from zoning.lottery.tickets import Tickets

__all__ = ["Seating", "Swap", "deal_attempt", "keeps_shares"]


@dataclass(frozen=True, slots=True)
class Swap:
    """An exchange of two children's classes.

    Parameters
    ----------
    moved, partner
        The child who had to move, and the one who took its place.
    why
        ``together``, ``separate`` or ``polish``.
    """

    moved: str
    partner: str
    why: str


@dataclass
class Seating:
    """Who sits where in one attempt.

    Parameters
    ----------
    placed
        Class by child, from 1.
    chains
        Labels from the root to the leaf by child.
    order
        Children of every stratum in the order of their pupil tickets.
    bound
        Children who are never exchanged to make room.
    """

    placed: dict[str, int]
    chains: Mapping[str, tuple[str, ...]]
    order: Mapping[str, Sequence[str]]
    bound: Collection[str]
    swaps: list[Swap] = field(default_factory=list)

    def partner(self, sid: str, allowed: Collection[int]) -> str | None:
        """Return the free child of lowest ticket in an allowed class: of the same leaf, else its parent."""
        for label in self.chains[sid][::-1][:2]:
            for other in self.order[label]:
                if other not in self.bound and self.placed[other] in allowed:
                    return other
        return None

    def exchange(self, sid: str, other: str, why: str) -> None:
        """Exchange the classes of two children and note it."""
        placed = self.placed
        placed[sid], placed[other] = placed[other], placed[sid]
        self.swaps.append(Swap(sid, other, why))


def _class_order(tickets: Tickets, attempt: int, classes: int) -> list[int]:
    drawn = {c: tickets.of("class", attempt, c) for c in range(1, classes + 1)}
    return sorted(drawn, key=lambda c: (drawn[c], c))


def deal_attempt(
    records: Sequence[PublicRecord],
    tree: Sequence[Stratum],
    tickets: Tickets,
    attempt: int,
    *,
    classes: int,
    capacities: Sequence[int] = (),
    bound: Collection[str] = (),
) -> Seating:
    """Return the seating before any swap.

    Parameters
    ----------
    records
        The children.
    tree
        Their strata.
    tickets
        Chance of the stage.
    attempt
        Number of the attempt, from 1.
    classes
        How many classes.
    capacities
        Their sizes; empty when they are to be equal within one.
    bound
        Children who are never exchanged to make room.
    """
    pupil = tickets.each("pupil", attempt, last=[r.sid for r in records])
    chains = {r.sid: (ROOT, *r.path) for r in records}
    by_ticket = sorted(pupil, key=lambda sid: (pupil[sid], sid))
    order: defaultdict[str, list[str]] = defaultdict(list)
    for sid in by_ticket:
        for label in chains[sid]:
            order[label].append(sid)
    turns = _class_order(tickets, attempt, classes)
    if capacities:
        placed = _fill(tree, capacities, tickets, attempt, order=order, turns=turns)
    else:
        node = tickets.each("node", attempt, last=[s.label for s in tree])
        place = {label: at for at, label in enumerate(sorted(node, key=lambda label: (node[label], label)))}
        line = sorted(by_ticket, key=lambda sid: [place[label] for label in chains[sid]])
        placed = {sid: turns[at % classes] for at, sid in enumerate(line)}
    return Seating(placed, chains, order, bound)


def _fill(
    tree: Sequence[Stratum],
    capacities: Sequence[int],
    tickets: Tickets,
    attempt: int,
    *,
    order: Mapping[str, Sequence[str]],
    turns: Sequence[int],
) -> dict[str, int]:
    """Return classes by child when sizes differ: of each leaf as many as rounded, in ticket order."""
    placed: dict[str, int] = {}
    for label, counts in round_counts(tree, capacities, tickets, attempt).items():
        seats = [c for c in turns for _ in range(counts[c - 1])]
        placed |= dict(zip(order.get(label, ()), seats, strict=True))
    return placed


def keeps_shares(seating: Seating, tree: Sequence[Stratum], sizes: Sequence[int]) -> bool:
    """Tell whether every class has its even share of every stratum, rounded down or up.

    Parameters
    ----------
    seating
        The seating after all swaps.
    tree
        The strata.
    sizes
        Weight of every class: its size where sizes differ, 1 where they are equal.
    """
    found = Counter((label, c) for sid, c in seating.placed.items() for label in seating.chains[sid])
    whole = sum(sizes)
    for s in tree:
        for c, size in enumerate(sizes, start=1):
            here = found[s.label, c]
            if abs(here * whole - s.count * size) >= whole:
                return False
    return True
