"""``zoning draw audit``: many draws of the committed roster, and the draw that counted among them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zoning import messages
from zoning.cli.draw_run import BundleFolder
from zoning.cli.output import AsJson, Lang, Output
from zoning.errors import Text

if TYPE_CHECKING:
    from zoning.lottery.audit import Simulation
    from zoning.lottery.bundle import Bundle

Draws = Annotated[int, typer.Option("--draws", min=1)]
Series = Annotated[int, typer.Option("--series", min=0)]
Named = Annotated[str, typer.Option("--named", metavar="FILE", show_default=False)]


def run(
    bundle: BundleFolder,
    draws: Draws = 1000,
    series: Series = 1,
    named: Named = "",
    lang: Lang = "",
    as_json: AsJson = False,
) -> None:
    """Show how equal chances are, and after a draw how it looks among others; exit 1 when it is uneven.

    Raises
    ------
    typer.Exit
        When a stratum misses its even share (exit 1).
    """
    output = Output.of(lang, as_json=as_json)
    from zoning.lottery.audit import simulate
    from zoning.lottery.bundle import open_bundle
    from zoning.publish.ceremony import earlier_transcript

    opened = open_bundle(bundle)
    with output.progress(messages.text("draw.simulating", draws=draws)):
        made = simulate(opened.public, draws=draws, seed=series)
    document = _before(output, made, opened)
    earlier = earlier_transcript(opened, (Path(bundle),))
    ok = made.uneven == 0
    if earlier is not None:
        result = {sid: int(home) for sid, home in earlier.result}
        after = _after(output, made, opened, result, named)
        document["after"] = after
        ok = ok and not after["uneven"]
    void = opened.public.manifest.mode == "rehearsal"
    if void:
        from zoning.cli.clock import void_text

        output.show(void_text())
    output.result(document | {"ok": ok, "void": void})
    if not ok:
        raise typer.Exit(1)


def _attributes(bundle: "Bundle") -> dict[str, dict[str, str]]:
    """Return attributes by name and child; their values are never shown."""
    records = [one["record"] for one in bundle.children]
    return {
        "gender": {r["sid"]: r["gender"] for r in records},
        "need": {r["sid"]: str(bool(r["need"])) for r in records},
        "twins": {r["sid"]: str(bool(r["twin_group"])) for r in records},
        "kindergarten": {r["sid"]: r["kindergarten"] for r in records},
        "hour": {r["sid"]: r["registered_at"][:13] for r in records},
    }


def _words(*codes: str) -> list[Text]:
    return [messages.text(f"draw.audit_{code}") for code in codes]


def _before(output: Output, made: "Simulation", bundle: "Bundle") -> dict[str, Any]:
    """Show and return sizes, strata, chances and the freedom of wishes."""
    gap, p, uneven = made.pupil_gap(), made.pupil_p(), made.uneven
    fields = {"draws": len(made.placed), "size": made.size_gap, "uneven": uneven, "gap": gap, "p": p}
    output.show(messages.text("draw.audit_summary", **fields))
    chances = {name: made.chance(values) for name, values in _attributes(bundle).items()}
    rows = [
        [messages.text(f"draw.audit_{name}").of(output.lang), f"{c.values}", f"{c.gap:.3f}", f"{c.score:.1f}"]
        for name, c in chances.items()
    ]
    title = messages.text("draw.audit_chances")
    output.table(title, _words("attribute", "values", "gap", "score"), rows)
    free = made.freedom()
    wishes = [
        [" ".join(f.children), *_said(output, f.kind), f"{f.reached}", f"{f.largest:.3f}"] for f in free
    ]
    if wishes:
        header = _words("children", "wish", "reached", "largest")
        output.table(messages.text("draw.audit_freedom"), header, wishes)
    attempts = float(made.attempts.mean())
    return {
        "draws": len(made.placed),
        "size_gap": made.size_gap,
        "uneven": uneven,
        "pupil_gap": gap,
        "pupil_p": p,
        "attempts": attempts,
        "chances": {n: {"values": c.values, "gap": c.gap, "score": c.score} for n, c in chances.items()},
        "freedom": [
            {"wish": f.kind, "children": f.children, "reached": f.reached, "largest": f.largest} for f in free
        ],
    }


def _said(output: Output, kind: str) -> list[str]:
    return [messages.text(f"draw.audit_{kind}").of(output.lang)]


def _after(
    output: Output, made: "Simulation", bundle: "Bundle", result: dict[str, int], named: str
) -> dict[str, Any]:
    """Show and return floor/ceil table, balance of attributes and the named list."""
    table = made.shares(result)
    rows = [[s.label, f"{s.number}", f"{s.count}", f"{s.least}", f"{s.most}"] for s in table]
    header = _words("stratum", "class", "count", "least", "most")
    output.table(messages.text("draw.audit_shares"), header, rows)
    strata = set(bundle.public.manifest.levels)
    ps = {
        name: made.balance_p(result, values)
        for name, values in _attributes(bundle).items()
        if name not in strata
    }
    lines = [[messages.text(f"draw.audit_{name}").of(output.lang), f"{p:.3f}"] for name, p in ps.items()]
    output.table(messages.text("draw.audit_balance"), _words("attribute", "p"), lines)
    after: dict[str, Any] = {"uneven": sum(not share.ok for share in table), "balance_p": ps}
    if named:
        sids = Path(named).read_text(encoding="utf-8-sig").split()
        issued = {one["number"]: one["record"]["sid"] for one in bundle.children if one["number"]}
        listed = {issued.get(sid, sid) for sid in sids}
        most, p = made.connected(result, listed)
        output.show(messages.text("draw.audit_connected", listed=len(listed), most=most, p=p))
        after["connected"] = {"listed": len(listed), "most": most, "p": p}
    return after
