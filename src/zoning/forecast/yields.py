"""What housing projects handed over have brought: children gained against children expected."""

from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
import pandas as pd

from zoning.forecast.panel import Bools, Floats, Ints, Panel, sum_towns
from zoning.forecast.projects import Projects

_DRIFT: Final = 0.1
"""How far a block's children may drift from its town's for other reasons, share."""

_MOST_TIMES: Final = 4.0
"""Times the national yield that homes bring at most: 1.3 children of 3-14 a dwelling."""


@dataclass(frozen=True, eq=False)
class Measured:
    """Measured yields, one entry a project.

    Parameters
    ----------
    project
        Position of the project, int64 [k].
    observed, expected
        Children of its block that count as those of its projects, and those expected of these, float64 [k].
    weight
        Weight of the measured ratio, in children as the shapes of the gammas are, float64 [k].
    rule
        ``before_after`` or ``most_of_block``.
    """

    project: Ints = field(repr=False)
    observed: Floats = field(repr=False)
    expected: Floats = field(repr=False)
    weight: Floats = field(repr=False)
    rule: tuple[str, ...] = field(repr=False)

    @classmethod
    def of_rows(cls, rows: list[tuple[int, float, float, float, str]]) -> Self:
        """Return the measurements of rows: project, observed, expected, weight, rule."""
        columns = tuple(zip(*rows, strict=True)) if rows else ((), (), (), (), ())
        observed, expected, weight = (np.asarray(column, dtype=np.float64) for column in columns[1:4])
        project = np.asarray(columns[0], dtype=np.int64)
        return cls(project, observed, expected, weight, tuple(map(str, columns[4])))

    @property
    def ratio(self) -> Floats:
        """Observed per expected child, float64 [k]; what is beyond belief counts as the most believable."""
        return np.minimum(self.observed / self.expected, _MOST_TIMES)

    def frame(self, projects: Projects) -> pd.DataFrame:
        """Return the measurements as a table: project_id, type, observed, expected, weight, rule."""
        return pd.DataFrame(
            {
                "project_id": [projects.names[k] for k in self.project],
                "type": [projects.kinds[k] for k in self.project],
                "observed": self.observed,
                "expected": self.expected,
                "weight": self.weight,
                "rule": list(self.rule),
            }
        )


def measured_projects(
    projects: Projects, expected: Floats, panel: Panel | None, *, most: float, project_prior: float
) -> Measured:
    """Return what the residents of blocks tell of the projects handed over in them.

    Where a year before the first handover in the block was counted, its projects have brought what the block
    gained beyond what it would have if it had changed like the blocks of its town without projects (those of
    the county where the town has none), at least 0. Where none was, the block's children count as theirs only
    if they are expected to be most of the block: ``most`` of its children or more. All projects of a block
    share its ratio; the weight of each goes with the children expected of it.

    Parameters
    ----------
    projects
        The projects.
    expected
        Children expected of each in the panel's last year at the national level, float64 [project, age
        0-17]; 0 where not handed over.
    panel
        Residents by block, age and year; None to measure nothing.
    most
        See above.
    project_prior
        Shape of the gamma of a project's yield around its type's, which bounds its weight.
    """
    if panel is None:
        return Measured.of_rows([])
    handed = expected.sum(axis=1) > 0
    bare: Bools = np.ones(len(panel.units), dtype=np.bool_)
    bare[projects.unit] = False
    rows = []
    around = _Around(panel, bare)
    for block in np.unique(projects.unit[handed]).tolist():
        those = np.flatnonzero(handed & (projects.unit == block))
        first = int(projects.handover[those].min())
        by_age = expected[those][:, list(panel.grades)]
        found = around.before_after(block, first, by_age.sum(axis=0))
        if found is None:
            found = _most_of_block(panel, block, by_age.sum(axis=0), most)
        if found is None:
            continue
        observed, wanted, noise, rule = found
        weight = 1 / (1 / project_prior + noise / wanted**2)
        for k, share in zip(those.tolist(), by_age.sum(axis=1) / by_age.sum(), strict=True):
            if share > 0:
                rows.append((k, observed * share, wanted * share, weight * share, rule))
    return Measured.of_rows(rows)


Found = tuple[float, float, float, str]
"""Children observed, children expected, variance of the observed ones, and the rule."""


class _Around:
    """What blocks gained since an earlier year, and those without projects around them."""

    def __init__(self, panel: Panel, bare: Bools) -> None:
        self.panel, self.bare = panel, bare
        self.counted: Bools = np.asarray(~np.isnan(panel.counts).all(axis=0))
        self.both: Bools = np.asarray((self.counted & self.counted[:, -1:]).any(axis=0))
        self.known: dict[int, tuple[Bools, Floats, Floats]] = {}

    def before_after(self, block: int, first: int, expected: Floats) -> Found | None:
        """The gain of a block since the last year counted before ``first``; None where none was."""
        earlier = [n for n, year in enumerate(self.panel.years) if year < first and self.both[n]]
        if not earlier:
            return None
        ages, totals, change = self._since(earlier[-1])
        wanted = float(expected[ages].sum())
        if wanted <= 0:
            return None
        before, now = totals[block]
        stayed = float(before * change[self.panel.town_codes[block]])
        noise = wanted + stayed + (_DRIFT * stayed) ** 2
        return max(0.0, float(now) - stayed), wanted, noise, "before_after"

    def _since(self, n: int) -> tuple[Bools, Floats, Floats]:
        """Ages counted then and now, their children by block then and now, and how the towns changed."""
        if n not in self.known:
            ages: Bools = self.counted[:, n] & self.counted[:, -1]
            totals = np.nansum(self.panel.counts[:, ages][:, :, [n, -1]], axis=1)
            others = np.where(self.bare[:, None], totals, 0.0)
            towns = sum_towns(others, self.panel.town_codes, len(self.panel.town_names))
            county = others.sum(axis=0)
            usual = county[1] / county[0] if county[0] > 0 else 1.0
            then = np.where(towns[:, 0] > 0, towns[:, 0], 1.0)
            change = np.where(towns[:, 0] > 0, towns[:, 1] / then, usual)
            self.known[n] = ages, totals, change
        return self.known[n]


def _most_of_block(panel: Panel, block: int, expected: Floats, most: float) -> Found | None:
    living = float(np.nansum(panel.counts[block, :, -1]))
    wanted = float(expected.sum())
    if wanted <= 0 or wanted < most * living:
        return None
    return living, wanted, wanted, "most_of_block"
