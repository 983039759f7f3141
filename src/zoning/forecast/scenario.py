"""Scenarios: what the planner supposes of births, new homes and migration."""

from dataclasses import dataclass, fields
from typing import Final, Literal, get_args

Births = Literal["low", "medium", "high"]
Housing = Literal["planned", "delayed", "cancelled"]
Migration = Literal["on", "off"]

DELAYED_BY: Final = 2
"""Years by which the delayed scenario puts off every project that is not handed over yet."""
_ALLOWED: Final = {"births": Births, "housing": Housing, "migration": Migration}


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is supposed of births, new homes and migration; as things are expected to go by default.

    Parameters
    ----------
    births
        Births after the last known year: ``medium`` damps out the recent trend, ``low`` and ``high`` are
        the 10 and 90 % bounds if births go on changing as they did, which a turn of the trend can pass.
        Births already known are the same in all three.
    housing
        ``planned``: projects are handed over as planned, or late as projects are; ``delayed``: those not
        handed over yet two years later than that; ``cancelled``: nothing is added for new homes.
    migration
        Whether migrant children go on moving in (or out) as in the counted years; ``off`` stops it.

    Raises
    ------
    ValueError
        When a value is none of those.

    Examples
    --------
    >>> Scenario(births="low")
    Scenario(births='low', housing='planned', migration='on')
    """

    births: Births = "medium"
    housing: Housing = "planned"
    migration: Migration = "on"

    def __post_init__(self) -> None:
        for one in fields(self):
            value, allowed = getattr(self, one.name), get_args(_ALLOWED[one.name])
            if value not in allowed:
                raise ValueError(f"{one.name} must be one of {', '.join(allowed)}, not {value!r}")
