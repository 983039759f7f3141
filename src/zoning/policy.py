"""The layout policy: per stage, where its schools may stand and how blocks are assigned to them.

The default is the three-tier policy: primary relatively near home (小学相对就近), junior middle in town
(初中进镇), senior high in the city (高中进城). A project states its own in ``zoning.toml``, with its source.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from zoning import messages
from zoning.errors import PolicyError
from zoning.norms import Norm, norm

PlaceClass = Literal["city", "town", "village"]
Mode = Literal["walk", "drive"]
Boarding = Literal["none", "upper_grades", "allowed"]

PLACE_CLASSES: Final[tuple[PlaceClass, ...]] = ("city", "town", "village")
STAGE_NAMES: Final = ("kindergarten", "primary", "junior", "senior")


@dataclass(frozen=True, slots=True)
class Limit:
    """A figure that a plan is measured against, and the clause it comes from.

    Parameters
    ----------
    value
        The figure, in ``unit``.
    unit
        ``m`` along a straight line, ``s`` along the streets, ``pupils`` a class.
    source
        Document and clause, or the project's own source.
    norm_id
        Id of the cited norm; None when the project set the figure itself.
    """

    value: float
    unit: str
    source: str
    norm_id: str | None = None

    @classmethod
    def cited(cls, norm_id: str) -> "Limit":
        """Return the limit that a cited norm sets.

        Raises
        ------
        PolicyError
            When the norm has no figure.

        Examples
        --------
        >>> Limit.cited("gb50099.radius.primary").value
        500.0
        """
        found: Norm = norm(norm_id)
        if found.value is None:
            raise PolicyError(messages.text("policy.no_figure", norm=norm_id))
        return cls(found.value, found.unit, found.source, norm_id)


@dataclass(frozen=True, slots=True)
class StageRule:
    """What the policy asks of one stage.

    Parameters
    ----------
    stage
        Name of the stage.
    school_places
        Place classes where its schools may stand.
    within_town
        Whether a block stays with the schools of its own town (where the town has one that may serve it).
    mode
        How its pupils travel by default.
    respects_barriers
        Whether its pupils do not cross railways, arterials and rivers except at crossings.
    class_size
        Pupils a class, by the norm.
    site_class_size
        Pupils a class at a teaching site (incomplete school); None where the stage has none.
    radius
        Straight-line service radius by place class of the block; a class without one has no norm.
    journey
        Longest journey along the streets; None where no norm speaks.
    boarding
        ``none``, ``upper_grades`` (grade 4 and up) or ``allowed``.
    source
        Where the rule itself comes from.
    """

    stage: str
    school_places: tuple[PlaceClass, ...]
    within_town: bool
    mode: Mode
    respects_barriers: bool
    class_size: Limit
    site_class_size: Limit | None = None
    radius: Mapping[PlaceClass, Limit] = field(default_factory=dict)
    journey: Limit | None = None
    boarding: Boarding = "none"
    source: str = "小学相对就近、初中进镇、高中进城"

    def __post_init__(self) -> None:
        if not self.school_places:
            raise PolicyError(messages.text("policy.nowhere", stage=self.stage))
        if self.class_size.value <= 0:
            raise PolicyError(messages.text("policy.class_size", stage=self.stage))


@dataclass(frozen=True, slots=True)
class WarningLevels:
    """From which probability of too few seats on a seat warning (学位预警) is red, orange or yellow.

    Parameters
    ----------
    red
        Four chances in five by default: seats are as good as short, and the zone or the seats have to change
        before the next intake.
    orange
        More likely short than not: a measure is to be prepared, such as rooms, a shared zone or a new line.
    yellow
        One chance in five: to be watched, and forecast again with the next rolls.
    source
        Where the thresholds come from.

    Raises
    ------
    PolicyError
        When they do not ascend from yellow to red within 0-1.

    Examples
    --------
    >>> [WarningLevels().level(p) for p in (0.05, 0.2, 0.5, 0.97, float("nan"))]
    ['none', 'yellow', 'orange', 'red', 'unknown']
    """

    red: float = 0.8
    orange: float = 0.5
    yellow: float = 0.2
    source: str = "zoning: no national document sets thresholds of probability"

    def __post_init__(self) -> None:
        if not 0 < self.yellow < self.orange < self.red <= 1:
            raise PolicyError(
                messages.text("policy.warnings", yellow=self.yellow, orange=self.orange, red=self.red)
            )

    def level(self, probability: float) -> str:
        """Return ``red``, ``orange``, ``yellow`` or ``none``; ``unknown`` where there is no probability."""
        if math.isnan(probability):
            return "unknown"
        reached = (name for name in ("red", "orange", "yellow") if probability >= getattr(self, name))
        return next(reached, "none")


@dataclass(frozen=True, slots=True)
class LayoutPolicy:
    """Rules of every stage, and the thresholds that warnings use.

    Parameters
    ----------
    rules
        One :class:`StageRule` a stage.
    cutoff
        Month and day of the entry cut-off: a child who has reached the entry age by then may enter.
    hide_below
        Counts of children under this are not published.
    warnings
        From which probability on a seat warning is red, orange or yellow.

    Examples
    --------
    >>> three_tier_policy().of("senior").school_places
    ('city',)
    """

    rules: tuple[StageRule, ...]
    cutoff: tuple[int, int] = (8, 31)
    hide_below: int = 5
    warnings: WarningLevels = field(default_factory=WarningLevels)

    def __post_init__(self) -> None:
        stages = [rule.stage for rule in self.rules]
        if len(set(stages)) != len(stages):
            raise PolicyError(messages.text("policy.twice", stages=", ".join(stages)))

    def of(self, stage: str) -> StageRule:
        """Return the rule of a stage.

        Raises
        ------
        PolicyError
            When the policy says nothing of that stage.
        """
        for rule in self.rules:
            if rule.stage == stage:
                return rule
        raise PolicyError(
            messages.text("policy.no_stage", stage=stage, known=", ".join(r.stage for r in self.rules)),
        )

    def with_rule(self, rule: StageRule) -> "LayoutPolicy":
        """Return the policy with one stage's rule replaced."""
        return replace(self, rules=tuple(rule if r.stage == rule.stage else r for r in self.rules))


def three_tier_policy() -> LayoutPolicy:
    """Return the default policy: primary relatively near home, junior in town, senior in the city.

    Kindergartens stand anywhere and the nearest serves, across town lines too; primary schools stand anywhere
    and blocks stay within their town; junior schools stand in towns and the city and blocks stay within their
    town; senior schools stand in the city and serve the whole county.
    """
    return LayoutPolicy((_kindergarten(), _primary(), _junior(), _senior()))


def _kindergarten() -> StageRule:
    return StageRule(
        stage="kindergarten",
        school_places=PLACE_CLASSES,
        within_town=False,
        mode="walk",
        respects_barriers=True,
        class_size=Limit.cited("kg.class.mixed"),
        radius={"city": Limit.cited("gb50180.radius.kindergarten")},
    )


def _primary() -> StageRule:
    radius = Limit.cited("gb50099.radius.primary")
    return StageRule(
        stage="primary",
        school_places=PLACE_CLASSES,
        within_town=True,
        mode="walk",
        respects_barriers=True,
        class_size=Limit.cited("gb50099.class.primary"),
        site_class_size=Limit.cited("gb50099.class.incomplete"),
        radius={"city": radius, "town": radius},
        journey=Limit.cited("lower-primary.journey"),
        boarding="upper_grades",
    )


def _junior() -> StageRule:
    return StageRule(
        stage="junior",
        school_places=("city", "town"),
        within_town=True,
        mode="drive",
        respects_barriers=False,
        class_size=Limit.cited("gb50099.class.junior"),
        radius={"city": Limit.cited("gb50099.radius.junior")},
        boarding="allowed",
    )


def _senior() -> StageRule:
    return StageRule(
        stage="senior",
        school_places=("city",),
        within_town=False,
        mode="drive",
        respects_barriers=False,
        class_size=Limit.cited("gb50099.class.senior"),
        boarding="allowed",
    )
