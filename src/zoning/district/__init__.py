"""Everything that is planned together: blocks, schools, stages, policy and the tables about them."""

from zoning.district.adjacency import Adjacency, shared_borders
from zoning.district.district import District, Place
from zoning.district.notice import PublicNotice
from zoning.district.rows import Block, School
from zoning.district.stage import STAGES, Stage, grade_label, parse_grade

__all__ = [
    "STAGES",
    "Adjacency",
    "Block",
    "District",
    "Place",
    "PublicNotice",
    "School",
    "Stage",
    "grade_label",
    "parse_grade",
    "shared_borders",
]
