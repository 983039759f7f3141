"""What a user would pick instead: statsforecast's AutoETS, series by series, in a process of its own.

    python benchmarks/autoets.py SERIES.npz FOUND.npz

SERIES.npz holds ``values`` (float64 [value], one series after the other), ``start`` (int64 [series + 1]) and
``horizon``; FOUND.npz gets ``ahead``, float64 [series, horizon], NaN where AutoETS refuses, and ``version``.
Annual, no season: ``AutoETS(season_length=1, model="ZZN")``. It refuses series of fewer than seven values.
This file imports nothing of the project, so that any Python with statsforecast can run it.
"""

import itertools
import sys
import warnings
from importlib.metadata import version

import numpy as np
from statsforecast.models import AutoETS


def ahead_of(values: np.ndarray, horizon: int) -> np.ndarray:
    try:
        return np.asarray(AutoETS(season_length=1, model="ZZN").forecast(y=values, h=horizon)["mean"])
    except (NotImplementedError, ValueError, IndexError, ArithmeticError):  # too short, or a single value
        return np.full(horizon, np.nan)


def main() -> int:
    warnings.simplefilter("ignore")
    with np.load(sys.argv[1]) as given:
        values, start, horizon = given["values"], given["start"], int(given["horizon"])
    series = (values[a:b] for a, b in itertools.pairwise(start))
    ahead = np.array([ahead_of(one, horizon) for one in series]).reshape(-1, horizon)
    np.savez(sys.argv[2], ahead=np.maximum(ahead, 0.0), version=version("statsforecast"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
