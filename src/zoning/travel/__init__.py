"""Travel times along real streets."""

from zoning.travel.measure import measure_travel
from zoning.travel.reach import NearestSchools, nearest_school, reach
from zoning.travel.streets import download_streets, read_streets
from zoning.travel.times import TravelTimes

__all__ = [
    "NearestSchools",
    "TravelTimes",
    "download_streets",
    "measure_travel",
    "nearest_school",
    "reach",
    "read_streets",
]
