"""From a forecast, its summed paths and the seat warnings to the book of numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from zoning import messages
from zoning.district import District, Stage
from zoning.errors import DataError, Text
from zoning.evaluate import allocate, seat_warnings
from zoning.forecast import Forecast, forecast_residents
from zoning.plan import Plan
from zoning.publish.forecast_book import Asked, ForecastBook, ScenarioTotals
from zoning.publish.forecast_courses import BANDS, DRIVERS, Course, Outlook, Warned
from zoning.publish.forecast_rolls import Rolls, birth_cohorts
from zoning.publish.forecast_runs import Past

__all__ = ["forecast_book"]

Floats = npt.NDArray[np.float64]


def forecast_book(
    district: District,
    demand: Forecast,
    *,
    asked: Asked,
    plans: Mapping[str, Plan] | None = None,
    scenarios: Sequence[ScenarioTotals] = (),
    past: Past | None = None,
    notes: Iterable[Text] = (),
) -> ForecastBook:
    """Return every number that the outputs of a forecast print.

    Parameters
    ----------
    district
        The district.
    demand
        The forecast.
    asked
        What it was asked for.
    plans
        Zones by stage under which schools are looked at; a stage without any has no schools in the book.
    scenarios
        Totals under other assumptions.
    past
        Errors of earlier forecasts.
    notes
        What else was assumed.
    """
    made = _Made(district, demand, _now(district), Rolls.of(district))
    past = Past() if past is None else past
    towns, grades, county = made.areas()
    given = {} if plans is None else plans
    schools = [made.schools(stage, given[stage.name]) for stage in district.stages if stage.name in given]
    absent = [
        messages.text("publish_forecast.no_zones", stage=stage.label)
        for stage in district.stages
        if stage.name not in given
    ]
    single = [messages.text("publish_forecast.one_path")] if demand.path_count == 1 else []
    every = (*demand.notes, *notes, *past.notes, *absent, *single)
    return ForecastBook(
        district.place, asked, district.stages, demand, made.now, county, grades, towns,
        tuple(one for of_stage in schools for one in of_stage), tuple(scenarios),
        birth_cohorts(district, demand.years), demand.drivers, _thresholds(district),
        past.scores, past.advice,
        tuple(dict.fromkeys(every)),
    )  # fmt: skip


def _thresholds(district: District) -> dict[Warned, float]:
    """Return the policy's thresholds of seat warnings."""
    found = district.policy.warnings
    return {"red": found.red, "orange": found.orange, "yellow": found.yellow}


def _now(district: District) -> Floats | None:
    """Return the children by block and grade in the year under way, on the basis of the forecast."""
    try:
        return forecast_residents(district, years=[district.place.year]).mean[:, :, 0]
    except DataError:
        return None


@dataclass(frozen=True, eq=False)
class _Made:
    """Courses of one forecast."""

    district: District
    demand: Forecast
    now: Floats | None
    rolls: Rolls

    def areas(self) -> tuple[tuple[Course, ...], tuple[Course, ...], tuple[Course, ...]]:
        """Return the courses of towns by stage, of the county by grade and by stage."""
        blocks = self.district.block_frame
        names, code = np.unique(blocks["town"].to_numpy(dtype=str), return_inverse=True)
        rows, ones = np.arange(len(blocks), dtype=np.int64), np.ones(len(blocks))
        paths = self.demand.sums(rows, code.astype(np.int64), ones, len(names))
        whole = paths.sum(axis=1)
        inside = [code == number for number in range(len(names))]
        every = np.ones(len(blocks), dtype=np.bool_)
        towns = [
            self._course(stage, paths[:, number], share, level="town", place=str(name))
            for stage in self.district.stages
            for number, (name, share) in enumerate(zip(names, inside, strict=True))
        ]
        county = [self._course(stage, whole, every) for stage in self.district.stages]
        known = {grade for stage in self.district.stages for grade in stage.grades}
        grades = [
            self._course(self._stage_of(grade), whole, every, grade=grade)
            for grade in self.demand.grades
            if grade in known
        ]
        return tuple(towns), tuple(grades), tuple(county)

    def _stage_of(self, grade: int) -> Stage:
        return next(stage for stage in self.district.stages if grade in stage.grades)

    def _course(
        self,
        stage: Stage,
        paths: Floats,
        share: npt.NDArray[np.generic],
        *,
        level: str = "county",
        place: str = "",
        grade: int | None = None,
    ) -> Course:
        """Return a course from its summed paths [path, grade, year] and the share of each block [block]."""
        grades = self._columns(stage.grades if grade is None else [grade])
        summed = paths[:, grades].sum(axis=1)
        weight = share.astype(np.float64)
        name = Text(place, place) if place else self.district.place.name
        return Course(
            "town" if level == "town" else "county", place, name, stage.name, self.demand.years,
            mean=self._weighed(self.demand.mean, weight, grades),
            bands=self._bands(summed),
            now=self._weighed_now(weight, grades),
            now_year=self.district.place.year,
            history=self.rolls.of_area(stage, town=place, grade=grade),
            seats=self._seats(stage, place) if grade is None else np.full(len(self.demand.years), np.nan),
            drivers=self._drivers(weight, grades),
            grade=grade,
        )  # fmt: skip

    def schools(self, stage: Stage, plan: Plan) -> list[Outlook]:
        """Return the courses of the zones of a stage, in the order of the district's schools."""
        rows = allocate(self.district, plan)
        frame = seat_warnings(self.district, plan, self.demand)
        grades, years = self._columns(stage.grades), self.demand.years
        schools = self.district.school_frame
        found = []
        for at, school in enumerate(schools.index):
            of_school = frame[frame["school_id"] == school].set_index("year")
            if of_school.empty:
                continue
            of_school = of_school.reindex(list(years))
            mine = rows.school == at
            blocks = len(self.demand.block_ids)
            weight = np.bincount(rows.block[mine], rows.share[mine], minlength=blocks).astype(np.float64)
            columns = {name: of_school[name].to_numpy(dtype=np.float64) for name in _NUMBERS}
            bands = np.stack([columns[name] for name in ("low95", "low80", "high80", "high95")])
            found.append(
                Outlook(
                    "school", str(school), _name(schools.loc[school]), stage.name, years,
                    mean=columns["mean"], bands=bands, now=self._weighed_now(weight, grades),
                    now_year=self.district.place.year, history=self.rolls.of_school(stage, str(school)),
                    seats=columns["capacity"], drivers=self._drivers(weight, grades),
                    town=str(schools.loc[school, "town"] or ""), p_over=columns["p_over"],
                    p_large=columns["p_large"], classes=columns["classes"],
                    warned=tuple(of_school["level"].fillna("none")),
                )
            )  # fmt: skip
        return found

    def _columns(self, grades: Iterable[int]) -> list[int]:
        return [self.demand.grades.index(grade) for grade in grades if grade in self.demand.grades]

    def _weighed(self, children: Floats, weight: Floats, grades: list[int]) -> Floats:
        inside = np.flatnonzero(weight)  # a zone is a small part of the blocks
        return np.asarray(weight[inside] @ children[inside][:, grades].sum(axis=1))

    def _weighed_now(self, weight: Floats, grades: list[int]) -> float:
        if self.now is None:
            return float("nan")
        return float(self._weighed(self.now[:, :, None], weight, grades)[0])

    def _drivers(self, weight: Floats, grades: list[int]) -> dict[str, Floats]:
        parts = self.demand.drivers
        return {name: self._weighed(parts[name], weight, grades) for name in DRIVERS if name in parts}

    def _bands(self, summed: Floats) -> Floats:
        if self.demand.path_count == 1:
            return np.full((len(BANDS), summed.shape[1]), np.nan)
        return np.asarray(np.quantile(summed, BANDS, axis=0))

    def _seats(self, stage: Stage, town: str) -> Floats:
        frames = (self.district.schools_of(stage.name, year) for year in self.demand.years)
        return np.array(
            [
                float(f.loc[f["town"] == town, "capacity"].sum() if town else f["capacity"].sum())
                for f in frames
            ]
        )


_NUMBERS: Final = (
    "capacity", "mean", "low95", "low80", "high80", "high95", "p_over", "classes", "p_large",
)  # fmt: skip


def _name(row: "pd.Series[str]") -> Text:
    chinese, english = str(row["name"]), row.get("name_en")
    return Text(english if isinstance(english, str) and english else chinese, chinese)
