"""What a planner asks of the zones of one stage beyond the policy: each option a hard rule or a price."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

__all__ = ["Balance", "ZoneOptions"]


@dataclass(frozen=True, slots=True)
class Balance:
    """Every school's share of a group lies within a band around the district's share.

    Parameters
    ----------
    group
        Column of the residents table that counts the group, such as ``migrants``.
    within
        Half the width of the band, a share (0.05 = five points).
    price_s
        Seconds of the objective for one pupil of the group outside the band; infinity for a hard rule.
    """

    group: str
    within: float
    price_s: float = math.inf


@dataclass(frozen=True, slots=True)
class ZoneOptions:
    """Rules of the zones of one stage; the defaults ask what the policy asks and no more.

    Parameters
    ----------
    years
        Further school years whose seats must suffice with the same zones.
    quantile
        Plan the seats for this quantile of the forecast, a share; None for the mean.
    seat_price_s
        Seconds of the objective for one pupil over the seats; infinity when none may be over.
    contiguous
        Whether zones must be in one piece.
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
    """

    years: tuple[int, ...] = ()
    quantile: float | None = None
    seat_price_s: float = math.inf
    contiguous: bool = True
    least_utilisation: float = 0.0
    least_price_s: float = math.inf
    balance: tuple[Balance, ...] = ()
    grandfathered: bool = False
    locked_blocks: tuple[str, ...] = ()
    locked_schools: tuple[str, ...] = ()
    shared: tuple[tuple[str, ...], ...] = ()

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
        given = dict(record)
        bands = [
            Balance(**{**band, "price_s": math.inf if band["price_s"] is None else band["price_s"]})
            for band in given.pop("balance", ())
        ]
        shared = tuple(tuple(schools) for schools in given.pop("shared", ()))
        plain: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
        return cls(**plain, balance=tuple(bands), shared=shared)


def _written(value: object) -> object:
    """Return a value as JSON holds it."""
    if isinstance(value, float) and math.isinf(value):
        return None
    if isinstance(value, Mapping):
        return {name: _written(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_written(one) for one in value]
    return value
