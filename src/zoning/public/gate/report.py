"""What the publication gate reports: findings with their place and cure, and what was overridden and why."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from typing import Any, Final, Literal

from zoning import messages
from zoning.errors import Language, Problem, Text
from zoning.public.publication import Publication

__all__ = ["LEVELS", "GateFinding", "GateReport", "Level", "finding"]

Level = Literal["never", "reason", "warning"]
FORMAT: Final = 1
LEVELS: Final[Mapping[str, Level]] = {
    "personal_column": "never",
    "id_number": "never",
    "mobile_phone": "never",
    "phone": "never",
    "birth_date": "never",
    "email": "never",
    "child_name": "never",
    "registration": "never",
    "small_count": "never",
    "count_by_total": "never",
    "missing_year": "never",
    "override_unknown": "never",
    "override_never": "never",
    "override_no_reason": "never",
    "name_in_text": "reason",
    "map_number": "reason",
    "coverage": "reason",
    "address_no_school": "reason",
    "certificate_other": "reason",
    "plan_older": "reason",
    "plan_other": "reason",
    "comments_past": "reason",
    "no_office": "reason",
    "roster_unread": "reason",
    "unread": "reason",
    "pupils_over": "warning",
    "times_estimated": "warning",
    "plan_edited": "warning",
    "plan_unrecorded": "warning",
    "other_year": "warning",
    "override_unneeded": "warning",
}
"""What each code is: refused always, refused unless a reason is written, or only told."""


@dataclass(frozen=True, slots=True)
class GateFinding:
    """One thing that the gate found.

    Parameters
    ----------
    code
        Its short name, which ``--override`` takes.
    level
        ``never``: refused, whatever is said. ``reason``: refused unless a reason is written. ``warning``:
        told.
    problem
        Where it is, what it is and the cure, in both languages.
    count
        How often it stands in that column.
    reason
        Why it was overridden; empty when it was not.
    """

    code: str
    level: Level
    problem: Problem
    count: int = 1
    reason: str = ""

    @property
    def refuses(self) -> bool:
        """Whether it stops the publication."""
        return self.level == "never" or (self.level == "reason" and not self.reason)


def finding(
    code: str,
    *,
    file: str,
    row: int | None = None,
    column: str | None = None,
    count: int = 1,
    **fields: object,
) -> GateFinding:
    """Return a finding with its sentences from the catalogue; it never carries a value.

    Examples
    --------
    >>> one = finding("mobile_phone", file="list.csv", row=7, column="备注", spots="7")
    >>> one.refuses, one.problem.sentence().startswith('list.csv, row 7, "备注": holds a mobile phone number')
    (True, True)
    """
    level = LEVELS[code]
    problem = messages.problem(
        f"public_gate.{code}",
        file=file,
        row=row,
        column=column,
        severity="warning" if level == "warning" else "error",
        count=count,
        **fields,
    )
    return GateFinding(code, level, problem, count)


@dataclass(frozen=True, eq=False)
class GateReport:
    """Whether files may be published, and what was found.

    Parameters
    ----------
    publication
        What is published.
    today
        Date of the check.
    files
        SHA-256 (hex) and size in bytes of each file.
    findings
        Refusals first.
    overrides
        Reason by code, as they were given.
    """

    publication: Publication = field(repr=False)
    today: date
    files: Mapping[str, tuple[str, int]] = field(repr=False)
    findings: tuple[GateFinding, ...]
    overrides: Mapping[str, str]

    @property
    def ok(self) -> bool:
        """Whether nothing refuses."""
        return not any(one.refuses for one in self.findings)

    @property
    def refusals(self) -> tuple[GateFinding, ...]:
        """What stops the publication."""
        return tuple(one for one in self.findings if one.refuses)

    def as_json(self) -> str:
        """Return the report as ``publication.json`` holds it: what was checked and overridden, and when."""
        publication = self.publication
        place = publication.district.place
        record = {
            "format": FORMAT,
            "kind": "zoning.publication",
            "made_by": f"zoning {version('zoning')}",
            "ok": self.ok,
            "date": self.today.isoformat(),
            "place": {"en": place.name.en, "zh": place.name.zh},
            "year": publication.main.year,
            "map_approval": place.map_approval,
            "data_digest": place.digest,
            "plans": {stage: plan.digest for stage, plan in publication.main.plans.items()},
            "files": {name: {"sha256": digest, "bytes": size} for name, (digest, size) in self.files.items()},
            "findings": [_record(one) for one in self.findings],
            "overrides": [
                {"code": code, "reason": reason, "date": self.today.isoformat()}
                for code, reason in sorted(self.overrides.items())
            ],
        }
        plain = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
        return f"{plain}\n"

    def text(self, lang: Language | None = None) -> str:
        """Return the report to read; in Chinese and English when no language is named."""
        languages: tuple[Language, ...] = ("zh", "en") if lang is None else (lang,)
        return "\n".join("\n".join(self._lines(one)) + "\n" for one in languages)

    def _lines(self, lang: Language) -> list[str]:
        publication = self.publication
        state = "open" if self.ok else "shut"
        fields = {"place": publication.district.place.name, "year": publication.main.year}
        lines = [messages.text(f"public_gate.gate_{state}", count=len(self.refusals), **fields).of(lang)]
        for one in self.findings:
            lines.append(f"{_mark(one)} [{one.code}] {one.problem.sentence(lang)}")
            if one.refuses:
                way = "may_override" if one.level == "reason" else "no_override"
                lines.append(f"    {messages.text(f'public_gate.{way}', name=one.code).of(lang)}")
            elif one.reason:
                lines.append(f"    {messages.text('public_gate.overridden', reason=one.reason).of(lang)}")
        return lines


def _mark(one: GateFinding) -> str:
    return "✗" if one.refuses else "!" if one.reason else "·"


def _record(one: GateFinding) -> dict[str, Any]:
    problem = one.problem
    record: dict[str, Any] = {
        "code": one.code,
        "level": one.level,
        "refuses": one.refuses,
        "file": problem.file,
        "row": problem.row,
        "column": problem.column,
        "count": one.count,
        **_pair(Text(problem.sentence("en"), problem.sentence("zh"))),
    }
    return record | ({"reason": one.reason} if one.reason else {})


def _pair(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def digests_of(files: Mapping[str, bytes]) -> dict[str, tuple[str, int]]:
    """Return SHA-256 (hex) and size of each file, by name.

    Examples
    --------
    >>> digests_of({"a": b""})["a"][0][:8]
    'e3b0c442'
    """
    return {name: (hashlib.sha256(files[name]).hexdigest(), len(files[name])) for name in sorted(files)}
