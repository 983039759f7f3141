"""One school as the generator knows it, and the ids of all."""

from dataclasses import dataclass, field
from typing import Final

from zoning.load.sample import names

KINDERGARTEN, PRIMARY, JUNIOR, SENIOR = range(4)
CLASS_SIZE: Final = (30, 45, 50, 50)
SITE_CLASS_SIZE: Final = 30
LETTER: Final = "KPJH"


@dataclass(frozen=True)
class School:
    """One school as the generator knows it.

    Parameters
    ----------
    kind
        Position of its first stage in the list of stages.
    block, town
        Where it stands.
    name
        Chinese and English.
    rooms
        Classrooms by stage.
    seats
        Seats by stage where they differ from rooms times the norm.
    site, private, central
        Teaching site; private; a town's or the seat's own school.
    opens, closes, beds, group, migrants, parent
        As in the schools table; ``parent`` is the position of a site's central school.
    """

    kind: int
    block: int
    town: int
    name: names.Name
    rooms: dict[int, int]
    seats: dict[int, int] = field(default_factory=dict)
    site: bool = False
    private: bool = False
    central: bool = False
    opens: int | None = None
    closes: int | None = None
    beds: int = 0
    group: str = ""
    migrants: bool = False
    keep: bool = False
    parent: int | None = None

    def capacity(self, stage: int) -> int:
        """Seats of a stage as the loader will count them; 0 where it does not serve it."""
        if stage in self.seats:
            return self.seats[stage]
        size = SITE_CLASS_SIZE if self.site else CLASS_SIZE[stage]
        return self.rooms.get(stage, 0) * size

    def open_in(self, year: int) -> bool:
        """Whether it has pupils in that school year."""
        return (self.opens is None or self.opens <= year) and (self.closes is None or year < self.closes)


def rooms_for(seats: float, stage: int) -> int:
    """Return the classrooms that hold so many pupils by the norm, at least one."""
    return max(1, -int(-seats // CLASS_SIZE[stage]))


def school_ids(schools: list[School]) -> list[str]:
    """Return the ids: K, P, J or H for the first stage, then a number.

    Examples
    --------
    >>> school_ids([School(kind, 0, 0, ("", ""), {}) for kind in (1, 1, 2)])
    ['P001', 'P002', 'J001']
    """
    count = dict.fromkeys(range(len(LETTER)), 0)
    found = []
    for school in schools:
        count[school.kind] += 1
        found.append(f"{LETTER[school.kind]}{count[school.kind]:03d}")
    return found
