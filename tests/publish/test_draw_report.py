"""The printed audit: the same bytes each time, every figure from the one value, whole or not at all."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.lottery.cases import TERMS, child
from tests.lottery.test_audit_draw import SECRET, office, seats
from tests.lottery.vectors import small_draws

from zoning.errors import DrawError, Text
from zoning.lottery.audit_draw import audit_draw
from zoning.lottery.audit_report import Audit, LotsBefore
from zoning.lottery.findings import Lots, Share
from zoning.lottery.making import make_bundle
from zoning.lottery.terms import Terms
from zoning.publish import draw_report
from zoning.publish.draw_report import audit_report, notes, summary, write_audit
from zoning.publish.draw_tables import sections
from zoning.roster import Roster


def said(audit: Audit, lang: str = "en") -> str:
    """Return everything that the tables and verdicts of an audit say."""
    words: list[str | Text] = []
    for section in sections(audit):
        words += [section.title, section.caption, *section.verdict, *section.header]
        words += [section.explanation] if section.explanation else []
        words += [cell for row in section.rows for cell in row]
    words += [*summary(audit), *notes(audit)]
    return "\n".join(w if isinstance(w, str) else w.en if lang == "en" else w.zh for w in words)


@pytest.mark.parametrize("kind", ["split", "seat"])
def test_a_report_has_the_same_bytes_twice(kind: str) -> None:
    """A report can be compared byte by byte; languages and rehearsals differ."""
    bundle, transcript = office(kind)
    audit = audit_draw(bundle, draws=60, transcript=transcript)
    manifest = bundle.public.manifest
    first = audit_report(audit, manifest, lang="zh")
    assert first == audit_report(audit, manifest, lang="zh")
    others = {
        audit_report(audit, manifest, lang="en"),
        audit_report(replace(audit, mode="rehearsal"), manifest, lang="zh"),
    }
    assert len(others | {first}) == 3
    assert all(pdf.startswith(b"%PDF-") for pdf in others)


@pytest.mark.parametrize("kind", ["split", "seat"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_hold_no_value_of_a_child(kind: str, lang: str) -> None:
    """Subgroups are counted and never named, in either language."""
    bundle, transcript = office(kind)
    text = said(audit_draw(bundle, draws=60, transcript=transcript), lang)
    assert [word for word in SECRET if word in text] == []
    assert not re.search(r"None(?! of)|nan|\{\w*\}", text)


def test_every_kind_of_draw_has_a_report() -> None:
    """Late children, teachers and inspections get a small honest report, in words of their own."""
    for _, public in small_draws():
        bundle = replace(office("split")[0], public=public, children=())
        audit = audit_draw(bundle, draws=40)
        assert "The order of the lots is uniform by construction" in said(audit)
        assert audit_report(audit, public.manifest, lang="en").startswith(b"%PDF-")
    alone = replace(audit, before=LotsBefore(Lots(1, 3, 0, (0.5, 0.5, 0.0), 0.0, 1.0)))
    assert "nothing to compare" in said(alone)


def test_a_finding_is_said_on_top() -> None:
    """Whoever reads only the first lines learns that a rule was broken, and which table to look at."""
    assert "None of the statistical tests (2) found more" in said(seats())
    assert "Chances of single children" in summary(seats(p=0.001))[1].en
    assert "请核查" in summary(seats(p=0.001))[1].zh
    assert "must not be used" in summary(seats(most=3))[0].en
    assert "took 3 beyond its seats, and only 1 are allowed" in said(seats(most=3))
    assert "the difference is larger" in said(seats(share=0.9))
    assert "(p < 0.001)" in said(seats(p=0.0001))


def test_a_class_without_its_share_has_a_star() -> None:
    """The cell that is wrong can be found in a table of hundreds."""
    bundle, transcript = office("split")
    audit = audit_draw(bundle, draws=10, transcript=transcript)
    assert audit.after is not None
    shares = (Share("L00", 1, 9, 6, 6), *audit.after.shares[1:])  # type: ignore[union-attr]
    wrong = replace(audit, after=replace(audit.after, shares=shares))
    assert "9*" in said(wrong)
    assert "1 strata of classes miss" in said(wrong)
    assert not wrong.ok
    assert "coarse" in said(wrong)


def test_many_classes_stand_in_several_tables() -> None:
    """Twenty classes do not run off the page: no table has more than fourteen of them."""
    children = Roster(tuple(child(n) for n in range(80)))
    bundle = make_bundle(children, Terms(replace(TERMS, classes=20)))
    shares = tuple(Share("L00", c, 4, 4, 4) for c in range(1, 21))
    audit = audit_draw(bundle, draws=3)
    _, transcript = office("split")
    after = audit_draw(office("split")[0], draws=3, transcript=transcript).after
    both = replace(audit, after=replace(after, shares=shares))  # type: ignore[type-var]
    widths = [len(s.header) for s in sections(both) if s.code == "shares"]
    assert widths == [2 + 14, 2 + 6]


def test_the_largest_rows_of_a_city_are_printed() -> None:
    """Five hundred schools in three tiers do not become fifty pages; the sentence says where the rest is."""
    audit = seats()
    cell = audit.before.cells[0]  # type: ignore[union-attr]
    cells = tuple(replace(cell, school=f"P{n:03d}", children=n % 97) for n in range(500))
    city = replace(audit, before=replace(audit.before, cells=cells))  # type: ignore[type-var]
    (table,) = (s for s in sections(city) if s.code == "cells")
    assert len(table.rows) == 60
    assert "60 rows with the most children are shown of 500" in table.verdict[0].en


def test_files_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When one language cannot be typeset, the reports of an earlier audit stay as they were."""
    bundle, _ = office("split")
    audit = audit_draw(bundle, draws=10)
    manifest = bundle.public.manifest
    files = write_audit(audit, manifest, tmp_path / "draw")
    before = {path.name: path.read_bytes() for path in files}
    assert set(before) == {"audit-zh.pdf", "audit-en.pdf", "audit.json"}
    assert json.loads(before["audit.json"]) == json.loads(json.dumps(audit.as_json()))
    assert write_audit(audit, manifest, tmp_path / "draw") == files
    assert {path.name: path.read_bytes() for path in files} == before

    def fail(*_: object, lang: str, **__: object) -> bytes:
        if lang == "en":
            raise DrawError(Text("broken", "坏了"))
        return b"new"

    monkeypatch.setattr(draw_report, "audit_report", fail)
    with pytest.raises(DrawError, match="broken"):
        write_audit(audit, manifest, tmp_path / "draw")
    assert {path.name: path.read_bytes() for path in (tmp_path / "draw").iterdir()} == before
