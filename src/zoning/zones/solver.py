"""Linear and mixed-integer programs; the only importer of the solver (HiGHS, by way of scipy)."""

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array, csr_array

from zoning.zones.problem import Floats, Ints

__all__ = ["Optimum", "OutOfTimeError", "solve_lp", "solve_mip"]

Rows = tuple[csr_array | csc_array, Floats]


class OutOfTimeError(Exception):
    """The clock ended a step, which therefore does not count."""


@dataclass(frozen=True, eq=False)
class Optimum:
    """An optimum of a linear program.

    Parameters
    ----------
    value
        Its value.
    x
        The variables, float64 [column].
    equal, most
        Prices of the rows that hold exactly and of those that hold at most, float64 [row]; the latter at
        least 0.
    """

    value: float
    x: Floats = field(repr=False)
    equal: Floats = field(repr=False)
    most: Floats = field(repr=False)


def solve_lp(
    price: Floats, *, equal: Rows, most: Rows | None = None, upper: Floats | None = None
) -> Optimum | None:
    """Return an optimum of a linear program in variables of at least 0; None where there is none.

    Parameters
    ----------
    price
        What is lowered, float64 [column].
    equal
        Rows that hold exactly, and their right-hand sides.
    most
        Rows that hold at most.
    upper
        Upper bounds of the variables, float64 [column].
    """
    bounds = (0, None) if upper is None else np.column_stack([np.zeros(len(price)), upper])
    given: dict[str, Any] = {"A_eq": equal[0], "b_eq": equal[1], "bounds": bounds}
    if most is not None and len(most[1]):
        given |= {"A_ub": most[0], "b_ub": most[1]}
    done = linprog(price, method="highs", **given)
    if done.status != 0 or done.fun is None:
        return None
    worth = np.maximum(-np.asarray(done.ineqlin.marginals), 0.0)
    return Optimum(float(done.fun), np.asarray(done.x), np.asarray(done.eqlin.marginals), worth)


def solve_mip(price: Floats, equal: Rows, *, nodes: int, gap: float, seconds: float) -> Ints | None:
    """Return the columns chosen by a binary program, int [chosen]; None where none was found.

    What is found by the time that the clock ends it is thrown away: it would not repeat.

    Parameters
    ----------
    price
        What is lowered, float64 [column].
    equal
        Rows that hold exactly, and their right-hand sides.
    nodes
        Nodes of the search tree at most: a limit by the clock would give another plan on another machine.
    gap
        Relative gap at which it may stop.
    seconds
        Time left, seconds.

    Raises
    ------
    OutOfTimeError
        When the time was up.
    """
    limits: Any = LinearConstraint(equal[0], equal[1], equal[1])
    whole: Any = np.ones(len(price))
    options: Any = {"node_limit": nodes, "mip_rel_gap": gap, "time_limit": seconds}
    began = time.monotonic()
    found = milp(price, constraints=limits, integrality=whole, bounds=Bounds(0, 1), options=options)
    if time.monotonic() - began >= seconds:
        raise OutOfTimeError
    return None if found.x is None else np.flatnonzero(np.asarray(found.x) > 0.5).astype(np.int32)
