"""Two or more plans of one stage side by side on the scorecard."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from zoning.errors import Text
from zoning.evaluate.scorecard import Measure, Scorecard

__all__ = ["Compared", "Comparison", "compare_cards"]

LESS: Final = frozenset(
    {
        "cost.total",
        "cost.travel",
        "cost.beyond_journey",
        "cost.beyond_radius",
        "cost.moved",
        "coverage.unassigned_blocks",
        "coverage.unassigned_pupils",
        "coverage.gap_m2",
        "coverage.overlap_m2",
        "capacity.highest",
        "capacity.overloaded_schools",
        "capacity.pupils_over",
        "capacity.largest_class",
        "capacity.large_classes",
        "capacity.oversize_classes",
        "capacity.peak_utilisation",
        "balance.seats_variation",
        "journeys.mean_s",
        "journeys.p95_s",
        "journeys.longest_s",
        "journeys.unreachable_pupils",
        "journeys.beyond_norm",
        "journeys.beyond_radius",
        "stability.moved_pupils",
        "stability.moved_share",
        "stability.moved_blocks",
        "shape.detached_parts",
        "shape.detached_blocks",
        "compliance.closed_pupils",
        "compliance.place_class_pupils",
        "compliance.private_pupils",
        "compliance.town_pupils",
        "compliance.no_way_pupils",
    }
)
"""Measures of which less is better."""

MORE: Final = frozenset({"shape.compactness_mean", "shape.compactness_least"})
"""Measures of which more is better; of the others neither is."""

_SAME: Final = 1e-9
"""Share by which two values may differ and still count as one."""


@dataclass(frozen=True)
class Compared:
    """One measure of every plan.

    Parameters
    ----------
    id, label, unit
        As in :class:`~zoning.evaluate.scorecard.Measure`.
    figures
        One a plan; NaN where a plan does not have it.
    ok
        Whether each keeps its limit; None where there is none or it only advises.
    best
        Whether each is the best of all; false for all where neither direction is better or none differ.
    """

    id: str
    label: Text
    unit: str
    figures: tuple[float, ...]
    ok: tuple[bool | None, ...]
    best: tuple[bool, ...]

    @property
    def differences(self) -> tuple[float, ...]:
        """What each plan has more than the first, in the unit of the measure."""
        return tuple(value - self.figures[0] for value in self.figures)

    @property
    def differs(self) -> bool:
        """Whether any two plans that have the measure differ in it."""
        known = [value for value in self.figures if not math.isnan(value)]
        return any(not math.isclose(value, known[0], rel_tol=_SAME, abs_tol=_SAME) for value in known[1:])


@dataclass(frozen=True)
class Comparison:
    """Plans side by side.

    Parameters
    ----------
    stage
        Stage of all of them.
    names
        Names of the plans, in the order of the columns.
    rows
        One a measure, in the order of the scorecard.
    """

    stage: str
    names: tuple[str, ...]
    rows: tuple[Compared, ...] = field(repr=False)

    def __getitem__(self, measure_id: str) -> Compared:
        for row in self.rows:
            if row.id == measure_id:
                return row
        raise KeyError(measure_id)

    def frame(self) -> pd.DataFrame:
        """Return the values: index ``measure`` (its id), columns ``unit`` and one a plan, float64."""
        index = pd.Index([row.id for row in self.rows], name="measure", dtype="str")
        values = [row.figures for row in self.rows]
        table = pd.DataFrame(values, index=index, columns=list(self.names), dtype="float64")
        table.insert(0, "unit", [row.unit for row in self.rows])
        return table


def compare_cards(cards: Mapping[str, Scorecard]) -> Comparison:
    """Return scorecards of several plans of one stage side by side, the best of each measure marked.

    Parameters
    ----------
    cards
        Scorecards by the name of the plan; differences count from the first.

    Raises
    ------
    ValueError
        When there are fewer than two, or they are of several stages.

    Examples
    --------
    >>> def card(mean_s):
    ...     return Scorecard("primary", 2027, "", (Measure.named("journeys.mean_s", mean_s, "s"),))
    >>> row = compare_cards({"a": card(600.0), "b": card(540.0)})["journeys.mean_s"]
    >>> row.best, row.differences
    ((False, True), (0.0, -60.0))
    """
    stages = {card.stage for card in cards.values()}
    if len(cards) < 2 or len(stages) > 1:
        raise ValueError(f"{len(cards)} plans of {sorted(stages)}: wanted are two or more of one stage")
    found = [{measure.id: measure for measure in card} for card in cards.values()]
    order = dict.fromkeys(measure.id for card in cards.values() for measure in card)
    rows = tuple(_compared([of_plan.get(name) for of_plan in found]) for name in order)
    return Comparison(stages.pop(), tuple(cards), rows)


def _compared(measures: list[Measure | None]) -> Compared:
    one = next(measure for measure in measures if measure is not None)
    values = tuple(math.nan if measure is None else measure.value for measure in measures)
    row = Compared(
        id=one.id,
        label=one.label,
        unit=one.unit,
        figures=values,
        ok=tuple(None if measure is None else measure.ok for measure in measures),
        best=(False,) * len(values),
    )
    if not row.differs or one.id not in LESS | MORE:
        return row
    known = [value for value in values if not math.isnan(value)]
    top = min(known) if one.id in LESS else max(known)
    best = tuple(math.isclose(value, top, rel_tol=_SAME, abs_tol=_SAME) for value in values)
    return Compared(row.id, row.label, row.unit, values, row.ok, best)
