"""The scorecard: every number of a plan with its unit and its norm."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from zoning.errors import Text


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a plan.

    Parameters
    ----------
    id
        Stable name, such as ``journeys.mean_s``.
    label
        What it is, in both languages.
    value
        The number; NaN where there is nothing to measure.
    unit
        ``s``, ``m``, ``pupils``, ``share``, ``blocks``, ``schools``, ``m2`` or ``classes``.
    limit
        The figure that it is held against; None where there is none.
    source
        Clause of that figure; empty where there is none.
    ok
        Whether it keeps the figure; None where there is none.
    """

    id: str
    label: Text
    value: float
    unit: str
    limit: float | None = None
    source: str = ""
    ok: bool | None = None


@dataclass(frozen=True)
class Scorecard:
    """All numbers of one plan.

    Parameters
    ----------
    stage, year
        What the plan is for.
    plan_digest
        Digest of the plan that was measured.
    measures
        One a number, in the order they are printed.
    """

    stage: str
    year: int
    plan_digest: str
    measures: tuple[Measure, ...] = field(repr=False)

    def __getitem__(self, measure_id: str) -> Measure:
        for measure in self.measures:
            if measure.id == measure_id:
                return measure
        raise KeyError(measure_id)

    def __iter__(self) -> Iterator[Measure]:
        return iter(self.measures)
