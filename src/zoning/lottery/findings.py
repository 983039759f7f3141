"""What an audit of a class split finds."""

from dataclasses import dataclass

__all__ = ["Chance", "Freedom", "Share"]


@dataclass(frozen=True, slots=True)
class Chance:
    """How equal the chances of one attribute's subgroups are.

    Parameters
    ----------
    values
        How many subgroups.
    gap
        Largest difference between a subgroup's share of a class and that class's share of all.
    score
        The same in standard errors of the simulation; a few are chance, many are not.
    """

    values: int
    gap: float
    score: float


@dataclass(frozen=True, slots=True)
class Share:
    """Children of one stratum in one class, and the even share rounded down and up."""

    label: str
    number: int
    count: int
    least: int
    most: int

    @property
    def ok(self) -> bool:
        """Whether the class has its even share."""
        return self.least <= self.count <= self.most


@dataclass(frozen=True, slots=True)
class Freedom:
    """What chance is left to a wish: a wish that always ends in one class decides a class, not a company.

    Parameters
    ----------
    kind
        ``together`` or ``separate``.
    children
        Registration numbers.
    reached
        Classes that its first child came to in the simulated draws.
    largest
        Largest share of the draws that ended in one class.
    """

    kind: str
    children: tuple[str, ...]
    reached: int
    largest: float
