"""Travel times along real streets."""

from zoning.travel.measure import measure_travel
from zoning.travel.nearest import Nearest, nearby_schools, nearest_schools
from zoning.travel.reach import NearestSchools, nearest_school, reach
from zoning.travel.streets import download_streets, read_streets
from zoning.travel.times import TravelTimes

__all__ = [
    "Nearest",
    "NearestSchools",
    "TravelTimes",
    "download_streets",
    "measure_travel",
    "nearby_schools",
    "nearest_school",
    "nearest_schools",
    "reach",
    "read_streets",
]
