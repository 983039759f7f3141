"""What a run of the command line says of a plan that does not fit."""

from pathlib import Path

import pandas as pd
import pytest
from tests.towns import block_name, square_town

from zoning.cli.output import Output
from zoning.cli.planning import Search, plan_stages


def residents(big: float) -> pd.DataFrame:
    """Return the children of a 2 × 2 town: one block with `big` a grade, 3 in each of the others."""
    rows = [
        (block_name(r, c), 2026, age, big if (r, c) == (0, 1) else 3.0, float("nan"), float("nan"))
        for r in range(2)
        for c in range(2)
        for age in range(18)
    ]
    return pd.DataFrame(rows, columns=["block_id", "year", "age", "residents", "registered", "migrants"])


@pytest.mark.parametrize(("big", "fits"), [(10.0, True), (30.0, False)])
def test_a_school_over_its_seats_is_a_finding(big: float, fits: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """A block bigger than any school is planned, written and said, and the run ends as a finding."""
    town = square_town(2, 2, schools=[(0, 0), (1, 1)], capacity=150, tables={"residents": residents(big)})
    output = Output(lang="en", as_json=True)
    complete, document = plan_stages(output, town, "primary", Search(2027, 7), folder=tmp_path)
    assert complete is fits
    assert document["ok"] is fits
    assert (tmp_path / "primary" / "plan.csv").exists()
    plan = document["plans"][0]  # type: ignore[index]
    assert (plan["gap"] is None) is not fits
