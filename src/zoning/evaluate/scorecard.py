"""The scorecard: every number of a plan with its unit and its norm."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from zoning import messages
from zoning.errors import Text

_ROUNDING = 1e-6
"""Sums of shares may pass a limit by this much and still keep it."""


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
        ``s``, ``m``, ``pupils``, ``share``, ``blocks``, ``schools``, ``m2``, ``classes``, ``parts`` (of
        zones), ``pupil_s`` (pupil-seconds) or ``year``.
    limit
        The figure that it is held against; None where there is none.
    source
        Clause of that figure; empty where there is none.
    ok
        Whether it keeps the figure; None where there is none, or where the clause only advises.
    """

    id: str
    label: Text
    value: float
    unit: str
    limit: float | None = None
    source: str = ""
    ok: bool | None = None

    @classmethod
    def named(cls, measure_id: str, value: float, unit: str) -> "Measure":
        """Return the measure of that id with its label from the catalogue.

        Examples
        --------
        >>> Measure.named("journeys.mean_s", 600.0, "s").label.zh
        '平均上学时间'
        """
        return cls(measure_id, messages.text(f"evaluate.{measure_id}"), float(value), unit)

    def held_to(self, limit: float, source: str = "", *, binding: bool = True) -> "Measure":
        """Return the measure held against an upper limit and its clause; nothing to measure keeps none.

        A limit that is not binding (the clause says "should") stands beside the number without a verdict.

        Examples
        --------
        >>> Measure.named("journeys.longest_s", 2400.0, "s").held_to(1800.0).ok
        False
        >>> Measure.named("journeys.longest_s", 2400.0, "s").held_to(1800.0, binding=False).ok is None
        True
        """
        ok = None if math.isnan(self.value) or not binding else self.value <= limit + _ROUNDING
        return replace(self, limit=float(limit), source=source, ok=ok)


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
