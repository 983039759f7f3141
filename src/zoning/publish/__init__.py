"""Plans as people use them: an atlas in the browser, layers for QGIS, tables, figures."""

from zoning.publish.printed import measure_text
from zoning.publish.result import Published, StageResult
from zoning.publish.write import publish_atlas, publish_plan, write_forecast

__all__ = ["Published", "StageResult", "measure_text", "publish_atlas", "publish_plan", "write_forecast"]
