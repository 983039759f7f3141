"""The school-age population by block, grade and year."""

from zoning.forecast.forecast import Forecast

__all__ = ["Forecast"]
