"""Plans: which school each block is zoned to, for one stage and one year."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import pandas as pd

from zoning import messages
from zoning.district import District
from zoning.errors import DataError, Problems, Text


@dataclass(frozen=True, slots=True)
class Move:
    """One block that two plans zone differently.

    Parameters
    ----------
    block_id
        The block.
    before, after
        Its schools before and after; several for a shared zone.
    """

    block_id: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """An immutable assignment of every block to its school (or schools, for a shared zone).

    Equal and hashable by content.

    Parameters
    ----------
    stage
        Name of the stage.
    year
        School year (its autumn).
    rows
        Block id and its school ids, sorted; build with :meth:`of`.

    Examples
    --------
    >>> plan = Plan.of("primary", 2027, {"b2": "s1", "b1": ["s2", "s1"]})
    >>> plan["b1"], plan["b2"]
    (('s1', 's2'), ('s1',))
    >>> plan.moved({"b2": "s2"}).zones()
    {'s1': ('b1',), 's2': ('b1', 'b2')}
    """

    stage: str
    year: int
    rows: tuple[tuple[str, tuple[str, ...]], ...] = field(repr=False)

    @classmethod
    def of(cls, stage: str, year: int, schools: Mapping[str, str | Iterable[str]]) -> Self:
        """Return the plan that zones each block to the given school or schools.

        Raises
        ------
        DataError
            When a block is given no school.
        """
        problems = Problems()
        rows = []
        for block_id in sorted(schools):
            given = schools[block_id]
            ids = (given,) if isinstance(given, str) else tuple(sorted(set(given)))
            if not ids or not all(ids):
                problems.add(messages.problem("plan.no_school", file="plan", value=block_id))
            rows.append((block_id, ids))
        problems.raise_if_failed()
        return cls(stage, year, tuple(rows))

    @classmethod
    def current(cls, district: District, *, stage: str, year: int | None = None) -> Self:
        """Return the zones in force, as the ``zones`` table gives them.

        A row of that very year takes precedence over rows without a year, block by block. Blocks that the
        table leaves out are absent from the plan: zones in force may have gaps, and the
        scorecard counts them.

        Parameters
        ----------
        district
            The district.
        stage
            Name of the stage.
        year
            School year; the district's present year when left out.

        Raises
        ------
        DataError
            When the district has no zones of that stage and year.
        """
        wanted = district.place.year if year is None else year
        zones = district.table("zones")
        found: dict[str, list[str]] = {}
        if zones is not None:
            of_stage = zones[(zones["stage"] == stage) & (zones["year"].isna() | (zones["year"] == wanted))]
            named = set(of_stage.loc[of_stage["year"] == wanted, "block_id"])
            of_stage = of_stage[of_stage["year"].notna() | ~of_stage["block_id"].isin(named)]
            for block_id, school_id in zip(of_stage["block_id"], of_stage["school_id"], strict=True):
                found.setdefault(str(block_id), []).append(str(school_id))
        if not found:
            label = next((s.label for s in district.stages if s.name == stage), Text(stage, stage))
            raise DataError([messages.problem("plan.no_zones", file="zones", stage=label, year=wanted)])
        return cls.of(stage, wanted, found)

    @cached_property
    def _schools(self) -> dict[str, tuple[str, ...]]:
        return dict(self.rows)

    def __getitem__(self, block_id: str) -> tuple[str, ...]:
        return self._schools[block_id]

    def __contains__(self, block_id: object) -> bool:
        return block_id in self._schools

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def block_ids(self) -> tuple[str, ...]:
        """Blocks of the plan, sorted."""
        return tuple(block_id for block_id, _ in self.rows)

    @property
    def school_ids(self) -> tuple[str, ...]:
        """Schools that have a zone, sorted."""
        return tuple(sorted({school for _, schools in self.rows for school in schools}))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, hex: the same for equal plans in any process."""
        lines = [f"{self.stage},{self.year}", *(f"{b},{';'.join(s)}" for b, s in self.rows)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def zones(self) -> dict[str, tuple[str, ...]]:
        """Return the blocks of each school's zone, both sorted."""
        found: dict[str, list[str]] = {}
        for block_id, schools in self.rows:
            for school in schools:
                found.setdefault(school, []).append(block_id)
        return {school: tuple(found[school]) for school in sorted(found)}

    def moved(self, changes: Mapping[str, str | Iterable[str]]) -> "Plan":
        """Return the plan with some blocks zoned elsewhere.

        Raises
        ------
        DataError
            When a block is not in the plan.
        """
        problems = Problems()
        for block_id in changes:
            if block_id not in self:
                problems.add(messages.problem("plan.unknown_block", file="plan", value=block_id))
        problems.raise_if_failed()
        return Plan.of(self.stage, self.year, self._schools | dict(changes))

    def for_year(self, year: int) -> "Plan":
        """Return the same zones for another school year, such as today's under next year's pupils.

        Examples
        --------
        >>> Plan.of("primary", 2026, {"b1": "s1"}).for_year(2027)
        Plan(stage='primary', year=2027)
        """
        return Plan(self.stage, year, self.rows)

    def diff(self, before: "Plan") -> tuple[Move, ...]:
        """Return every block of this plan that ``before`` zoned elsewhere (or not at all)."""
        old = dict(before.rows)
        return tuple(Move(b, old.get(b, ()), s) for b, s in self.rows if old.get(b, ()) != s)

    def series(self) -> "pd.Series[str]":
        """Return the school of each block by block_id; the ids of a shared zone joined by ``;``."""
        return pd.Series(
            [";".join(schools) for _, schools in self.rows],
            index=pd.Index(self.block_ids, name="block_id"),
            name="school_id",
            dtype="str",
        )
