"""From a folder of tables and layers to a district: every problem named with its file, row, column and cure."""

from zoning.load.folder import check_folder, read_district

__all__ = ["check_folder", "read_district"]
