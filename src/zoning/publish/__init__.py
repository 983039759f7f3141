"""Plans as people use them: an atlas in the browser, layers for QGIS, tables, figures."""

from zoning.publish.forecast_book import Asked, ForecastBook
from zoning.publish.forecast_facts import forecast_book
from zoning.publish.forecast_write import publish_forecast
from zoning.publish.printed import measure_text
from zoning.publish.result import Published, StageResult
from zoning.publish.write import publish_atlas, publish_plan, write_forecast

__all__ = [
    "Asked",
    "ForecastBook",
    "Published",
    "StageResult",
    "forecast_book",
    "measure_text",
    "publish_atlas",
    "publish_forecast",
    "publish_plan",
    "write_forecast",
]
