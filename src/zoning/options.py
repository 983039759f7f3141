"""What a planner asks of the zones of one stage beyond the policy: each option a hard rule or a price.

A price is in seconds of travel; an infinite one (``inf`` in ``zoning.toml``) makes the option a rule that no
plan may break. The options of a place stand in ``zoning.toml`` under ``[zones.<stage>]``.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import ConfigDict, Field

__all__ = ["Balance", "Prices", "ZoneOptions", "option_names"]

_STRICT: Final = ConfigDict(extra="forbid")
Price = Annotated[float, Field(ge=0)]
Group = Literal["migrants", "registered"]
SchoolYear = Annotated[int, Field(ge=1990, le=2100)]


@dataclass(frozen=True, slots=True)
class Prices:
    """What a departure costs, in seconds of travel a pupil would accept to avoid it; infinity forbids it.

    What is forbidden is no part of the cost: nobody may depart, and the scorecard counts who does.

    Parameters
    ----------
    beyond_journey_s
        A journey longer than the policy's limit along the streets. Ten minutes: enough to prefer any school
        within the limit that is not ten minutes further, and too little to empty a school for it.
    beyond_radius_s
        A school outside the straight-line service radius. One minute: the norm is a 宜 (should), and the
        travel time itself already counts the distance.
    moved_s
        A child whose school changes against the plan compared with. Five minutes: zones stay as they are
        unless the new school is clearly nearer (教基厅〔2022〕1号: zones are to be stable).
    left_town_s
        A child zoned outside its town, where the policy keeps blocks within it. Forbidden.
    misplaced_s
        A school in a place class where the policy places none of the stage. Forbidden: it gets no zone.
    split_feeder_s
        A child whose lower-stage zone goes for the most part to another upper-stage school. Free; if
        forbidden, every lower-stage zone goes to one upper-stage school whole.

    Raises
    ------
    ValueError
        When a price is below 0: a bound needs costs of at least 0.

    Examples
    --------
    >>> Prices().moved_s
    300.0
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    beyond_journey_s: Price = 600.0
    beyond_radius_s: Price = 60.0
    moved_s: Price = 300.0
    left_town_s: Price = math.inf
    misplaced_s: Price = math.inf
    split_feeder_s: Price = 0.0

    def __post_init__(self) -> None:
        if not min(dataclasses.astuple(self)) >= 0:
            raise ValueError(f"prices must be at least 0: {self}")


@dataclass(frozen=True, slots=True)
class Balance:
    """Every school's share of a group lies within a band around the district's share.

    Parameters
    ----------
    group
        Column of the residents table that counts the group: ``migrants`` or ``registered``.
    within
        Half the width of the band, a share (0.05 = five points).
    price_s
        Seconds of the objective for one pupil of the group outside the band; infinity for a hard rule.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    group: Group
    within: Annotated[float, Field(ge=0, le=1)]
    price_s: Price = math.inf


@dataclass(frozen=True, slots=True)
class ZoneOptions:
    """Rules of the zones of one stage; the defaults ask what the policy asks and no more.

    Parameters
    ----------
    years
        Further school years whose seats must suffice with the same zones.
    quantile
        Plan the seats for this quantile of the forecast too, a share from 0.5; None for the mean alone.
    seat_price_s
        Seconds of the objective for one pupil over the seats; infinity when none may be over.
    contiguous
        Whether zones must be in one piece.
    across_barriers
        Whether a zone may hang together across a barrier; if not, borders along one join nothing.
    least_utilisation
        Share of its seats that each school must fill at least; 0 for no such rule.
    least_price_s
        Seconds of the objective for one pupil short of that; infinity for a hard rule.
    balance
        Bands around the share of a group.
    grandfathered
        Whether enrolled pupils stay where they are, so that only those who enter from the planned year on
        follow the new zones.
    locked_blocks
        Blocks that keep their school.
    locked_schools
        Schools that keep their zone exactly.
    shared
        Sets of schools that share one zone, with their seats together.
    deduct_private
        Whether pupils expected in private schools need no seat in a zone.
    deduct_designated
        Whether migrant children attend the schools designated for them, as far as those have seats.
    prices
        What a departure from the policy costs a pupil.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    years: tuple[SchoolYear, ...] = ()
    quantile: Annotated[float, Field(ge=0.5, lt=1)] | None = None
    seat_price_s: Price = math.inf
    contiguous: bool = True
    across_barriers: bool = True
    least_utilisation: Annotated[float, Field(ge=0, le=1)] = 0.0
    least_price_s: Price = math.inf
    balance: tuple[Balance, ...] = ()
    grandfathered: bool = False
    locked_blocks: tuple[str, ...] = ()
    locked_schools: tuple[str, ...] = ()
    shared: tuple[tuple[str, ...], ...] = ()
    deduct_private: bool = False
    deduct_designated: bool = False
    prices: Prices = field(default_factory=Prices)

    def record(self) -> dict[str, Any]:
        """Return the options that differ from the defaults, as JSON writes them; infinity is null."""
        plain = dataclasses.asdict(self)
        default = dataclasses.asdict(ZoneOptions())
        return {name: _written(value) for name, value in plain.items() if value != default[name]}

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the options that a record holds.

        Raises
        ------
        TypeError
            When the record names an option that does not exist.

        Examples
        --------
        >>> options = ZoneOptions(years=(2028,), balance=(Balance("migrants", 0.05),))
        >>> ZoneOptions.of_record(options.record()) == options
        True
        """
        given = {name: _read(value, name) for name, value in record.items()}
        if "balance" in given:
            given["balance"] = tuple(Balance(**band) for band in given["balance"])
        if "prices" in given:
            given["prices"] = Prices(**given["prices"])
        return cls(**given)


def option_names(path: Sequence[str] = ()) -> list[str]:
    """Return the names of the options, or of the keys of one of them.

    Parameters
    ----------
    path
        Where in the options: empty for the options, ``["prices"]`` or ``["balance", "0"]`` inside of one.

    Examples
    --------
    >>> option_names(["balance", "0"])
    ['group', 'within', 'price_s']
    """
    kinds: dict[str, type[Prices | Balance]] = {"prices": Prices, "balance": Balance}
    kind = kinds.get(path[0], ZoneOptions) if path else ZoneOptions
    return [one.name for one in dataclasses.fields(kind)]


def _written(value: object) -> object:
    """Return a value as JSON holds it."""
    if isinstance(value, float) and math.isinf(value):
        return None
    if isinstance(value, Mapping):
        return {name: _written(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_written(one) for one in value]
    return value


def _read(value: object, name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a value of a record as an option holds it; null is an infinite price."""
    if value is None and name.endswith("_s"):
        return math.inf
    if isinstance(value, Mapping):
        return {key: _read(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return tuple(_read(one, name) for one in value)
    return value
