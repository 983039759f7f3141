"""The printed report of an audit, for parents: figures, what they mean, and how to compute them again."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from zoning import messages
from zoning.errors import Language, Text
from zoning.lottery.audit_report import Audit
from zoning.lottery.findings import Spread
from zoning.lottery.manifest import Manifest, digest_groups
from zoning.lottery.rehearsal import VOID
from zoning.publish.draw_sections import Section
from zoning.publish.draw_tables import sections
from zoning.publish.typeset import typeset
from zoning.publish.whole import whole_files

__all__ = ["FILES", "audit_report", "notes", "summary", "write_audit"]

_FEW: Final = 1000
FILES: Final = ("audit-zh.pdf", "audit-en.pdf", "audit.json")
"""What an audit writes."""
_SHORT: Final = 9
"""Characters of the commitment in the foot of a page."""


def _said(code: str, **fields: object) -> Text:
    return messages.text(f"draw_audit.{code}", **fields)


def summary(audit: Audit) -> tuple[Text, ...]:
    """Return the result of an audit in a few sentences."""
    kept = _said("summary_ok") if audit.ok else _said("summary_broken")
    tests = len(sections_tested(audit))
    if not tests:
        return kept, _said("summary_none")
    if not audit.striking:
        return kept, _said("summary_usual", tests=tests)
    titles = [messages.text(f"draw_audit.title_{name}") for name in audit.striking]
    joined = Text("; ".join(t.en for t in titles), "；".join(t.zh for t in titles))
    return kept, _said("summary_look", tests=tests, titles=joined)


def sections_tested(audit: Audit) -> tuple[str, ...]:
    """Return the tables that a statistical test stands behind."""
    extra = [name for name in ("twins", "freedom") if getattr(audit.before, name, None)]
    return (*audit.odds, *extra)


def notes(audit: Audit) -> tuple[Text, ...]:
    """Return what a reader must know of how the figures were made."""
    made = []
    if audit.draws < _FEW:
        made.append(_said("few", draws=audit.draws))
    if audit.mode == "lowtech":
        made.append(_said("lowtech", draws=f"{audit.draws:,}"))
    if audit.polish:
        made.append(_said("polish", polish=audit.polish))
    return tuple(made)


def command(audit: Audit) -> str:
    """Return the command that computes an audit again."""
    named = " --named FILE" if audit.after and audit.after.named else ""
    return f"zoning draw audit PRIVATE --draws {audit.draws} --series {audit.series}{named}"


def _alt(spread: Spread) -> Text:
    seen = spread.observed
    top = spread.first + spread.width * seen.index(max(seen))
    off = max(abs(a - b) for a, b in zip(seen, spread.expected, strict=True))
    last = spread.first + spread.width * len(seen) - 1
    fields = {"low": spread.first, "high": last, "top": top, "off": f"{off:.0f}", "cases": f"{sum(seen):,}"}
    return messages.text("draw_audit.spread_alt", **fields)


def _figure(spread: Spread, kind: str, lang: Language) -> dict[str, Any]:
    unit = messages.text(f"draw_audit.spread_cases_{kind}")
    return {
        "first": spread.first,
        "width": spread.width,
        "observed": list(spread.observed),
        "expected": list(spread.expected),
        "alt": _alt(spread).of(lang),
        "axis": _said("spread_axis").of(lang),
        "unit": unit.of(lang),
    }


def _filled(section: Section, kind: str, lang: Language) -> dict[str, Any]:
    explained = section.explanation
    return {
        "title": section.title.of(lang),
        "explanation": explained.of(lang) if explained else "",
        "verdict": [text.of(lang) for text in section.verdict],
        "header": [text.of(lang) for text in section.header],
        "rows": [[c.of(lang) if isinstance(c, Text) else c for c in row] for row in section.rows],
        "left": section.left,
        "figure": _figure(section.spread, kind, lang) if section.spread else {},
        "caption": section.caption.of(lang),
    }


def _digests(audit: Audit, lang: Language) -> list[list[str]]:
    none = _said("digest_none").of(lang)
    values = {"commitment": audit.commitment, "roster": audit.roster, "root": audit.root}
    return [
        [messages.text(f"draw_audit.digest_{name}").of(lang), digest_groups(bytes.fromhex(d)) if d else none]
        for name, d in values.items()
        if d or name == "root"
    ]


def audit_report(audit: Audit, manifest: Manifest, *, lang: Language) -> bytes:
    """Return the report of an audit as a PDF, the same bytes each time.

    Parameters
    ----------
    audit
        What was found.
    manifest
        Of the draw that was audited.
    lang
        Language of the report.
    """
    groups = digest_groups(bytes.fromhex(audit.commitment))
    where = " · ".join(part for part in (manifest.place, manifest.school, manifest.purpose) if part)
    words = {
        name: _said(name).of(lang)
        for name in ("summary", "digests", "again", "again_how", "private", "not_verified")
    }
    data: dict[str, Any] = {
        **words,
        "title": _said("report", draw=manifest.draw).of(lang),
        "where": where,
        "foot": _said("foot", draw=manifest.draw, short=groups[:_SHORT]).of(lang),
        "void": VOID if audit.void else "",
        "void_said": messages.text("draw.void").of(lang) if audit.void else "",
        "about": _said("about", draws=f"{audit.draws:,}").of(lang),
        "notes": [text.of(lang) for text in notes(audit)],
        "result": [text.of(lang) for text in summary(audit)],
        "look": bool(audit.striking) or not audit.ok,
        "sections": [_filled(section, audit.kind, lang) for section in sections(audit)],
        "digest_rows": _digests(audit, lang),
        "command": command(audit),
    }
    return typeset("audit", data, lang=lang)


def write_audit(audit: Audit, manifest: Manifest, folder: Path | str) -> tuple[Path, ...]:
    """Write the reports in both languages and all figures, every file or none, and return their paths.

    Parameters
    ----------
    audit
        What was found.
    manifest
        Of the draw that was audited.
    folder
        Where ``audit-zh.pdf``, ``audit-en.pdf`` and ``audit.json`` end up.

    Raises
    ------
    ZoningError
        When the folder cannot be written.
    """
    text = json.dumps(audit.as_json(), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    languages: tuple[Language, ...] = ("zh", "en")
    files: Mapping[str, bytes] = {
        **{f"audit-{lang}.pdf": audit_report(audit, manifest, lang=lang) for lang in languages},
        "audit.json": f"{text}\n".encode(),
    }
    with whole_files(folder) as draft:
        for name, octets in files.items():
            (draft / name).write_bytes(octets)
    return tuple(Path(folder) / name for name in files)
