"""Stages and grades.

A grade is an int that grows by one a year of progress: kindergarten K1, K2, K3 are -2, -1, 0; grades 1-12 are
themselves. A child who follows the normal path is ``grade + 5`` years old at the cut-off of its entry, so K1
is age 3 and grade 1 is age 6.
"""

import re
from dataclasses import dataclass
from typing import Final

from zoning.errors import Text

AGE_OF_GRADE_ZERO: Final = 5


def grade_label(grade: int) -> str:
    """Return a grade as tables write it.

    Examples
    --------
    >>> [grade_label(g) for g in (-2, 0, 1, 12)]
    ['K1', 'K3', '1', '12']
    """
    return str(grade) if grade >= 1 else f"K{grade + 3}"


def parse_grade(label: str) -> int:
    """Return the grade that a table writes as ``K1``-``K3`` or ``1``-``12``.

    Raises
    ------
    ValueError
        When it is neither.

    Examples
    --------
    >>> parse_grade("K1"), parse_grade(" 7 ")
    (-2, 7)
    """
    clean = label.strip().upper()
    # Python reads "1_2" as 12; in a table it is class 2 of grade 1.
    found = re.fullmatch(r"(K?)(\d{1,2})", clean)
    grade = int(found[2]) - (3 if found[1] else 0) if found else 13
    if not (-2 <= grade <= 12) or clean.startswith("K") != (grade <= 0):
        raise ValueError(f"{label!r} is neither K1-K3 nor 1-12")
    return grade


@dataclass(frozen=True, slots=True)
class Stage:
    """A span of grades served by one kind of school.

    Parameters
    ----------
    name
        Stable name, such as ``primary``.
    first, last
        First and last grade, as coded in this module.
    label
        Name to print.

    Examples
    --------
    >>> list(STAGES[1].grades), STAGES[1].entry_age
    ([1, 2, 3, 4, 5, 6], 6)
    """

    name: str
    first: int
    last: int
    label: Text

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"stage {self.name}: last grade {self.last} before first grade {self.first}")

    @property
    def grades(self) -> range:
        """Grades of the stage, youngest first."""
        return range(self.first, self.last + 1)

    @property
    def ages(self) -> range:
        """Ages in years of the children in those grades on the normal path."""
        return range(self.first + AGE_OF_GRADE_ZERO, self.last + AGE_OF_GRADE_ZERO + 1)

    @property
    def entry_age(self) -> int:
        """Age in years at which a child enters."""
        return self.first + AGE_OF_GRADE_ZERO


STAGES: Final = (
    Stage("kindergarten", -2, 0, Text("kindergarten", "幼儿园")),
    Stage("primary", 1, 6, Text("primary school", "小学")),
    Stage("junior", 7, 9, Text("junior middle school", "初中")),
    Stage("senior", 10, 12, Text("senior high school", "高中")),
)
"""The stages of the Chinese system, youngest first."""
