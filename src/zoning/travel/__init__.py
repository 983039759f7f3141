"""Travel times along real streets."""

from zoning.travel.measure import measure_travel
from zoning.travel.streets import download_streets, read_streets
from zoning.travel.times import TravelTimes

__all__ = ["TravelTimes", "download_streets", "measure_travel", "read_streets"]
