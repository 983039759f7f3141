"""What a planner asks of the zones of one stage beyond the policy; see :mod:`zoning.options`."""

from zoning.options import Balance, Prices, ZoneOptions

__all__ = ["Balance", "Prices", "ZoneOptions"]
