"""From a folder of tables and layers to a district; every problem has its file, row, column and cure."""

from zoning.load.folder import check_folder, read_district
from zoning.load.lists import read_list
from zoning.load.matching import match_addresses
from zoning.load.plans import read_plan
from zoning.load.records import PlanRecord, read_record
from zoning.load.rosters import read_roster
from zoning.load.samples import sample_district
from zoning.load.schema import schema_markdown
from zoning.load.templates import write_templates

__all__ = [
    "PlanRecord",
    "check_folder",
    "match_addresses",
    "read_district",
    "read_list",
    "read_plan",
    "read_record",
    "read_roster",
    "sample_district",
    "schema_markdown",
    "write_templates",
]
