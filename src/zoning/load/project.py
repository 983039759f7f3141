"""``zoning.toml``: read, checked key by key, and turned into settings and a policy."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from zoning import messages
from zoning.district import STAGES
from zoning.errors import Problems, Text
from zoning.load.headers import nearest
from zoning.load.notices import PublishKeys, notice_of
from zoning.load.settings import DEFAULT_CRS, TOML, Settings
from zoning.options import ZoneOptions, option_names
from zoning.policy import Boarding, Mode, PlaceClass

UNREAD: Final = Settings(Text("", ""), 2000)
"""Stands in for the settings while the other files are checked although ``zoning.toml`` is faulty."""

_STAGE_WORDS: Final = {stage.name: stage.label for stage in STAGES}
_Word = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_Positive = Annotated[float, Field(gt=0)]
_Probability = Annotated[float, Field(gt=0, le=1)]
_Stage = Literal["kindergarten", "primary", "junior", "senior"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Place(_Part):
    name: _Word
    name_en: str = ""
    year: Annotated[int, Field(ge=1990, le=2100)]
    map_approval: str = ""
    attribution: str = ""
    data_date: str = ""
    cutoff: Annotated[str, Field(pattern=r"^\d{2}-\d{2}$")] | None = None
    languages: list[Literal["zh", "en"]] = ["zh", "en"]


class _Crs(_Part):
    input: _Word = DEFAULT_CRS
    metric: _Word | None = None


class _Answers(_Part):
    datum: str | None = None
    encoding: str | None = None
    axes: Literal["swapped", "as written"] | None = None
    missing_capacity: Literal["enrolment", "skip"] | None = None


class _File(_Part):
    crs: _Word | None = None
    encoding: _Word | None = None
    axes: Literal["swapped", "as written"] | None = None
    datum: _Word | None = None
    layer: _Word | None = None
    sheet: _Word | None = None


class _Rule(_Part):
    source: str = ""
    class_size: _Positive | None = None
    site_class_size: _Positive | None = None
    school_places: list[PlaceClass] | None = None
    within_town: bool | None = None
    mode: Mode | None = None
    respects_barriers: bool | None = None
    boarding: Boarding | None = None
    radius_m: dict[PlaceClass, _Positive] | None = None
    journey_minutes: _Positive | None = None


class _Warnings(_Part):
    source: str = ""
    red: _Probability | None = None
    orange: _Probability | None = None
    yellow: _Probability | None = None


class _Thresholds(_Part):
    hide_below: Annotated[int, Field(ge=0)] | None = None


class _Project(_Part):
    place: _Place
    crs: _Crs = _Crs()
    answers: _Answers = _Answers()
    files: dict[str, _File] = {}
    policy: dict[_Stage, _Rule] = {}
    thresholds: _Thresholds = _Thresholds()
    warnings: _Warnings = _Warnings()
    zones: dict[_Stage, ZoneOptions] = {}
    publish: PublishKeys = PublishKeys()


def read_project(folder: Path, problems: Problems) -> Settings | None:
    """Return what ``zoning.toml`` of a folder says; None when it cannot be used.

    Parameters
    ----------
    folder
        The input folder.
    problems
        Takes every key that is wrong, all at once.
    """
    path = folder / TOML
    if not path.is_file():
        problems.add(messages.problem("load.no_toml", file=TOML))
        return None
    raw = _parse(path.read_bytes(), problems)
    if raw is None:
        return None
    project = _validate(raw, problems)
    if project is None:
        return None
    _check_sources(project, problems)
    return _settings(project)


def _parse(data: bytes, problems: Problems) -> dict[str, Any] | None:
    """Return the tables of a TOML file; a byte-order mark, which Notepad adds, is dropped."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            problems.add(messages.problem("load.toml_not_utf8", file=TOML))
            return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        row = int(found[1]) if found else None
        lines = text.splitlines()
        shown = lines[row - 1].strip() if row and row <= len(lines) else None
        code = "load.toml_syntax" if shown else "load.toml_syntax_end"
        problems.add(messages.problem(code, file=TOML, row=row, value=shown))
        return None


def _validate(raw: dict[str, Any], problems: Problems) -> _Project | None:
    """Return the checked project; unknown keys are left out with a warning."""
    try:
        return _Project.model_validate(raw)
    except ValidationError as error:
        faults = error.errors()
    serious = False
    for fault in faults:
        place = [str(part) for part in fault["loc"] if part != "[key]"]
        if fault["type"] in _EXTRA:
            _drop(raw, place)
            _unknown_key(place, problems)
        else:
            serious = True
            _bad_key(place, fault["type"], fault, problems)
    return None if serious else _validate(raw, problems)


def _drop(raw: Any, place: list[str]) -> None:  # noqa: ANN401 - tables and lists of TOML
    for part in place[:-1]:
        raw = raw[int(part)] if isinstance(raw, list) else raw[part]
    del raw[place[-1]]


_EXTRA: Final = ("extra_forbidden", "unexpected_keyword_argument")
_KEYS: Final[Mapping[str, type[BaseModel]]] = {
    "place": _Place,
    "crs": _Crs,
    "answers": _Answers,
    "files": _File,
    "policy": _Rule,
    "thresholds": _Thresholds,
    "warnings": _Warnings,
    "publish": PublishKeys,
}


def _unknown_key(place: list[str], problems: Problems) -> None:
    known: Sequence[str] = list(_Project.model_fields)
    if len(place) > 1:
        is_option = place[0] == "zones"
        known = option_names(place[2:-1]) if is_option else list(_KEYS[place[0]].model_fields)
    alike = nearest(place[-1], known)
    code = "load.unknown_key" if alike is None else "load.unknown_key_alike"
    key = ".".join(place)
    problems.add(
        messages.problem(code, file=TOML, column=key, alike=alike, known=", ".join(known), severity="warning")
    )


def _bad_key(place: list[str], kind: str, fault: Any, problems: Problems) -> None:  # noqa: ANN401
    key = ".".join(place)
    if kind in ("missing", "string_too_short"):
        problems.add(messages.problem("load.missing_key", file=TOML, column=key))
        return
    expected = fault.get("ctx", {}).get("expected")
    if expected:
        allowed = expected.replace("'", '"').replace(" or ", ", ")
        problems.add(
            messages.problem("load.key_choice", file=TOML, column=key, value=fault["input"], allowed=allowed)
        )
        return
    wanted = messages.text(f"load.key_{_wanted(kind, place[0])}")
    problems.add(messages.problem("load.bad_key", file=TOML, column=key, value=fault["input"], wanted=wanted))


def _wanted(kind: str, section: str) -> str:
    if kind.startswith(("float", "greater", "less")) and section == "warnings":
        return "probability"
    if kind.startswith(("int", "float", "greater", "less")):
        return "number"
    if kind.startswith("bool"):
        return "bool"
    if kind.startswith(("model", "dict", "mapping", "dataclass")):
        return "table"
    if kind == "value_error":
        return "day"
    return "list" if kind.startswith(("list", "tuple")) else "word"


def _check_sources(project: _Project, problems: Problems) -> None:
    for stage, rule in project.policy.items():
        if rule.model_dump(exclude_none=True, exclude={"source"}) and not rule.source.strip():
            problems.add(
                messages.problem(
                    "load.policy_source",
                    file=TOML,
                    column=f"policy.{stage}.source",
                    stage=_STAGE_WORDS[stage],
                )
            )
    warnings = project.warnings
    if warnings.model_dump(exclude_none=True, exclude={"source"}) and not warnings.source.strip():
        problems.add(messages.problem("load.warnings_source", file=TOML, column="warnings.source"))


def _settings(project: _Project) -> Settings:
    place = project.place
    cutoff = None if place.cutoff is None else (int(place.cutoff[:2]), int(place.cutoff[3:]))
    return Settings(
        name=Text(place.name_en or place.name, place.name),
        year=place.year,
        map_approval=place.map_approval,
        attribution=place.attribution,
        data_date=place.data_date,
        crs=project.crs.input,
        metric=project.crs.metric,
        answers=project.answers.model_dump(exclude_none=True),
        files={file: item.model_dump(exclude_none=True) for file, item in project.files.items()},
        policy={stage: rule.model_dump(exclude_none=True) for stage, rule in project.policy.items()},
        thresholds=project.thresholds.model_dump(exclude_none=True),
        warnings=_given(project.warnings),
        cutoff=cutoff,
        options={str(stage): asked for stage, asked in project.zones.items()},
        notice=notice_of(project.publish),
    )


def _given(part: _Part) -> dict[str, Any]:
    """Return what a part of the project states beside its source, with it; nothing where it is silent."""
    stated = part.model_dump(exclude_none=True)
    return stated if set(stated) - {"source"} else {}
