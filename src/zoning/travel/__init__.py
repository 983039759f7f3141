"""Travel times along real streets."""

from zoning.travel.times import TravelTimes

__all__ = ["TravelTimes"]
