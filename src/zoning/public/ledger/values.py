"""The change ledger as values: every block whose schools change, and the totals over them."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

from zoning import messages
from zoning.errors import Text

__all__ = ["Area", "Change", "Kind", "Ledger", "SchoolTotal", "StageLedger", "StageTotal", "TownTotal"]

Kind = Literal["moved", "widened", "narrowed", "entered", "left"]


@dataclass(frozen=True, slots=True)
class Change:
    """One block whose schools differ between the two years.

    Parameters
    ----------
    stage
        Name of the stage.
    block_id, name
        The block.
    town
        Its town; empty for a block that is no longer on the map.
    kind
        ``moved`` to another school, ``widened`` or ``narrowed`` where a shared zone gains or loses schools
        and keeps the others, ``entered`` without a zone before, ``left`` without one now.
    area
        Number of the area that it belongs to.
    before, after
        School ids, sorted; several for a shared zone, none outside.
    children
        Children of the stage in the later year whose school is none of those that the block had before;
        for a block that entered or left all its children. None where hidden or not forecast.
    minutes_before, minutes_after
        Time to the school, minutes; to the nearest one of a shared zone. None without a school or a way.
    metres_before, metres_after
        Straight line to that same school, metres.
    code
        Code of the reason as in :class:`~zoning.proposal.Reason`; ``plan`` where only the plan says it.
    reason
        The reason as it is printed.
    """

    stage: str
    block_id: str
    name: Text
    town: str
    kind: Kind
    area: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    children: int | None
    minutes_before: float | None
    minutes_after: float | None
    metres_before: int | None
    metres_after: int | None
    code: str
    reason: Text

    @property
    def minutes_longer(self) -> float | None:
        """Minutes by which the way becomes longer, below 0 where it becomes shorter; None without both."""
        if self.minutes_before is None or self.minutes_after is None:
            return None
        return round(self.minutes_after - self.minutes_before, 1)


@dataclass(frozen=True, slots=True)
class Area:
    """The blocks of one town that go from the same schools to the same schools.

    Parameters
    ----------
    number
        Number over the whole ledger, from 1.
    stage, town, before, after, kind
        What its blocks have in common.
    blocks
        Block ids.
    children
        Children of the stage whose school changes; None where hidden or not forecast.
    minutes_before, minutes_after
        Shortest and longest time to the school from its blocks, minutes; None where no block has one.
    metres_before, metres_after
        Shortest and longest straight line to the same schools, metres.
    reasons
        Short reasons, the one of most blocks first.
    """

    number: int
    stage: str
    town: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    kind: Kind
    blocks: tuple[str, ...]
    children: int | None
    minutes_before: tuple[float, float] | None
    minutes_after: tuple[float, float] | None
    metres_before: tuple[int, int] | None
    metres_after: tuple[int, int] | None
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class SchoolTotal:
    """What a school gains, loses and keeps: blocks, and children in the later year (None where hidden).

    Gained and kept are the children of its zone, lost and kept those that its zone before would have now. The
    children of a shared zone are divided by seats: a school whose partner leaves gains children, without a
    block and without anybody's school having changed.
    """

    stage: str
    school: str
    blocks_gained: int
    blocks_lost: int
    blocks_stayed: int
    children_gained: int | None
    children_lost: int | None
    children_stayed: int | None


@dataclass(frozen=True, slots=True)
class TownTotal:
    """What changes in a town: blocks, and children whose school changes (None where hidden)."""

    stage: str
    town: str
    blocks: int
    children: int | None


@dataclass(frozen=True, slots=True)
class StageTotal:
    """What changes in a stage.

    Parameters
    ----------
    blocks
        Blocks that change, those that entered or left included.
    blocks_moved, blocks_entered, blocks_left
        Blocks that had a zone before and have one now, had none before, have none now.
    children_moved, children_entered, children_left
        Children of those blocks whose school changes; None where hidden or not forecast.
    nearer, farther
        Blocks whose way becomes shorter or longer.
    minutes_before, minutes_after
        Median over the blocks that have a way in both years, minutes; None without any.
    """

    blocks: int
    blocks_moved: int
    blocks_entered: int
    blocks_left: int
    children_moved: int | None
    children_entered: int | None
    children_left: int | None
    nearer: int
    farther: int
    minutes_before: float | None
    minutes_after: float | None


@dataclass(frozen=True)
class StageLedger:
    """The changes of one stage.

    Parameters
    ----------
    stage, label
        Name of the stage, and as it is printed.
    digest, digest_before
        Digests of the two plans; the earlier one is empty where the stage is not compared.
    mode
        ``walk`` or ``drive``; empty without travel times.
    estimated
        Whether the minutes are straight lines made longer, for want of a street map.
    counted
        Whether children were counted at all; if so, a missing count is hidden.
    total
        The stage as a whole.
    changes, areas, schools, towns
        One a block, an area, a school that gains or loses, a town with a change.
    new_schools, closed_schools
        Schools with a zone now and none before, and the other way round.
    stays
        Who may stay at the old school.
    hidden_zones
        Schools the children of whose zones may be told by no file.
    notes
        What was assumed or left out.
    """

    stage: str
    label: Text
    digest: str
    digest_before: str
    mode: str
    counted: bool
    total: StageTotal
    changes: tuple[Change, ...] = field(default=(), repr=False)
    areas: tuple[Area, ...] = field(default=(), repr=False)
    schools: tuple[SchoolTotal, ...] = field(default=(), repr=False)
    towns: tuple[TownTotal, ...] = field(default=(), repr=False)
    new_schools: tuple[str, ...] = ()
    closed_schools: tuple[str, ...] = ()
    stays: tuple[Text, ...] = ()
    hidden_zones: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    estimated: bool = False


@dataclass(frozen=True)
class Ledger:
    """What changes between two years.

    Parameters
    ----------
    place
        Name of the place.
    year, year_before
        The year that is published and the one it is compared with; None where there is none.
    hidden_below
        Counts of children below this are not shown.
    data_digest
        Digest of the data; empty for a district made in memory.
    stages
        One a stage, in the order of the district's.
    school_names
        Names of the schools that are named, by id.
    notes
        What is to be said of the whole, such as that there is nothing to compare with.
    """

    place: Text
    year: int
    year_before: int | None
    hidden_below: int
    data_digest: str
    stages: tuple[StageLedger, ...] = field(repr=False)
    school_names: Mapping[str, Text] = field(default_factory=dict, repr=False, hash=False)
    notes: tuple[Text, ...] = ()

    def __iter__(self) -> Iterator[Change]:
        return (change for stage in self.stages for change in stage.changes)

    def __getitem__(self, stage: str) -> StageLedger:
        for one in self.stages:
            if one.stage == stage:
                return one
        raise KeyError(stage)

    @property
    def areas(self) -> tuple[Area, ...]:
        """All areas, by number."""
        return tuple(area for stage in self.stages for area in stage.areas)

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return not any(stage.changes for stage in self.stages)

    @property
    def about_minutes(self) -> Text:
        """What the minutes are: along the streets, or estimated."""
        estimated = any(stage.estimated for stage in self.stages)
        return messages.text(f"public_ledger.about_{'estimates' if estimated else 'minutes'}")

    def name(self, school: str) -> Text:
        """Return the name of a school; its id where the district does not know it."""
        return self.school_names.get(school, Text(school, school))

    def as_json(self) -> str:
        """Return the ledger as JSON (``ledger.json``), the same text for the same ledger.

        A count that is null in a stage with ``counted`` true is hidden; of a stage with ``counted`` false
        nothing is known.
        """
        record = {"format": 1, **asdict(self)}
        return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 of the JSON text, hex."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()
