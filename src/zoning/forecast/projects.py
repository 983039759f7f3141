"""Housing projects as arrays, and the paths of the children that they bring."""

import zlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Self

import numpy as np
import pandas as pd
from scipy import special

from zoning.forecast.panel import Floats, Ints

_SEED: Final = 2**63


@dataclass(frozen=True, eq=False)
class Projects:
    """Housing projects, one entry a block, handover year and type of each, in the order of their names.

    Parameters
    ----------
    names
        Project ids; entries of one id are parts of one project.
    unit
        Block of each, as a position among the district's blocks, int64 [project].
    handover
        Planned year of handover, int64 [project].
    dwellings
        Dwellings, at least 0, float64 [project].
    kinds
        Types, in lower case; blank where not given.
    """

    names: tuple[str, ...] = field(repr=False)
    unit: Ints = field(repr=False)
    handover: Ints = field(repr=False)
    dwellings: Floats = field(repr=False)
    kinds: tuple[str, ...] = field(repr=False)

    @classmethod
    def of_table(cls, table: pd.DataFrame, block_ids: pd.Index) -> Self:
        """Return the projects of a housing table; the order of its rows does not matter.

        Parameters
        ----------
        table
            Columns ``project_id``, ``block_id``, ``handover_year``, ``dwellings`` and, if given, ``type``.
            Rows of unknown blocks, or without a year or dwellings, are left out.
        block_ids
            Blocks in the district's order.

        Examples
        --------
        >>> table = pd.DataFrame({"project_id": ["p"], "block_id": ["b2"], "handover_year": [2028],
        ...     "dwellings": [300], "type": [" Commercial"]})
        >>> projects = Projects.of_table(table, pd.Index(["b1", "b2"]))
        >>> projects.unit.tolist(), projects.kinds
        ([1], ('commercial',))
        """
        kind = table["type"].fillna("") if "type" in table else pd.Series("", index=table.index)
        rows = pd.DataFrame(
            {
                "name": table["project_id"].astype(str),
                "block": table["block_id"].astype(str),
                "year": table["handover_year"].astype("float64"),
                "kind": kind.astype(str).str.strip().str.casefold(),
                "dwellings": table["dwellings"].astype("float64"),
                "unit": block_ids.get_indexer(pd.Index(table["block_id"])),
            }
        )
        rows = rows[(rows["unit"] >= 0) & rows["year"].notna() & (rows["dwellings"] > 0)]
        rows = rows.sort_values(["name", "block", "year", "kind", "dwellings"], ignore_index=True)
        return cls(
            tuple(rows["name"]),
            rows["unit"].to_numpy(dtype=np.int64),
            rows["year"].to_numpy(dtype=np.int64),
            rows["dwellings"].to_numpy(dtype=np.float64),
            tuple(rows["kind"]),
        )

    def put_off(self, base: int, years: int) -> Self:
        """Return the projects with those not handed over by ``base`` some years later."""
        return replace(self, handover=self.handover + np.where(self.handover > base, years, 0))


@dataclass(frozen=True, eq=False)
class NewHomes:
    """Children of new homes by project: their expectation, and paths around it.

    Parameters
    ----------
    projects
        The projects.
    on_time
        Expected children if every project is handed over 0, 1, 2 … years late, float64 [delay, project,
        grade, year]; one handed over already is the same in all.
    delay
        Share of projects that are so late, float64 [delay].
    shapes
        Shape of the gamma by which the yield of the place, of the project's type and of the project itself
        differ from what is expected, float64 [3, project].
    """

    projects: Projects
    on_time: Floats = field(repr=False)
    delay: Floats
    shapes: Floats = field(repr=False)

    @property
    def unit(self) -> Ints:
        """Block of each project, int64 [project]."""
        return self.projects.unit

    @cached_property
    def mean(self) -> Floats:
        """Expected children, float64 [project, grade, year]."""
        return np.asarray(np.einsum("d,dkgy->kgy", self.delay, self.on_time))

    def scaled(self, factor: Floats) -> Self:
        """Return the homes with every path times a factor, float64, broadcast to [project, grade, year]."""
        return replace(self, on_time=self.on_time * factor)

    def by_block(self, blocks: int) -> Floats:
        """Return the expected children by block, float64 [block, grade, year]."""
        found = np.zeros((blocks, *self.mean.shape[1:]))
        np.add.at(found, self.unit, self.mean)
        return found

    def paths(self, seed: int, count: int) -> Floats:
        """Return sample paths of the children, float64 [path, project, grade, year].

        The yield of a path is that of the place times that of the type times that of the project, each drawn
        from a gamma of mean 1; the delay is the project's. So a path's expectation is :attr:`mean` exactly.
        A project's draws depend on its id alone, not on what other projects there are, and the first paths
        do not depend on the count.

        Parameters
        ----------
        seed
            Seed.
        count
            Paths.

        Raises
        ------
        ValueError
            When there is no path to draw.
        """
        if count < 1:
            raise ValueError(f"count must be at least 1, not {count}")
        late, levels = self._draws(seed, count)
        drawn = np.empty((count, *self.on_time.shape[1:]))
        for k in range(len(self.unit)):
            drawn[:, k] = self.on_time[late[:, k], k] * levels[:, k, None, None]
        return drawn

    def _draws(self, seed: int, count: int) -> tuple[Ints, Floats]:
        """Years late and level of every path and project: int64 and float64 [path, project]."""
        chance: dict[str, Floats] = {}
        late = np.empty((count, len(self.unit)), dtype=np.int64)
        levels = np.empty((count, len(self.unit)))
        until = np.cumsum(self.delay)[:-1]
        for k, (name, kind) in enumerate(zip(self.projects.names, self.projects.kinds, strict=True)):
            late[:, k] = np.searchsorted(until, _drawn(chance, f"delay:{name}", seed, count), side="right")
            levels[:, k] = 1.0
            for shape, key in zip(self.shapes[:, k], ("place", f"type:{kind}", f"yield:{name}"), strict=True):
                levels[:, k] *= special.gammaincinv(shape, _drawn(chance, key, seed, count)) / shape
        return late, levels


def _drawn(chance: dict[str, Floats], key: str, seed: int, count: int) -> Floats:
    """Draws between 0 and 1, the same for the same key, float64 [path]."""
    if key not in chance:
        dice = np.random.default_rng([seed % _SEED, zlib.crc32(key.encode())])
        chance[key] = dice.random(count)
    return chance[key]
