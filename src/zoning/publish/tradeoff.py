"""Alternatives as files: each plan in its own folder, what is traded as a table and as a figure."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from zoning import messages
from zoning.district import District
from zoning.errors import Language, Text
from zoning.evaluate import Scorecard
from zoning.publish.figures import ACCENT, GRID, INK, RED, SOFT, drawing, printable, save
from zoning.publish.plans import csv_text, plan_csv
from zoning.publish.record import plan_json
from zoning.publish.result import StageResult
from zoning.publish.whole import whole_files
from zoning.units import school_year
from zoning.zones import Alternative, Alternatives

__all__ = ["alternative_name", "tradeoff_figure", "tradeoff_table", "write_alternatives"]

_NAMED = ("proposed", "nearest", "fewest_moved", "balanced")
_PALE = "#9fc3cd"


def alternative_name(name: str) -> Text:
    """Return the name of an alternative in both languages.

    Examples
    --------
    >>> alternative_name("fewest_moved").zh, alternative_name("moved_75").en, alternative_name("spare_0.1").en
    ('调整最少', '1.2 min a move', '10 % of the free seats')
    """
    if name in _NAMED:
        return messages.text(f"compare.name_{name}")
    kind, _, value = name.partition("_")
    scale = 1 / 60 if kind == "moved" else 100
    return messages.text(f"compare.between_{kind}", value=float(value) * scale)


def tradeoff_table(found: Alternatives) -> pd.DataFrame:
    """Return one row a plan: what is traded, what it was asked for, cost, bound and gap.

    Parameters
    ----------
    found
        The alternatives.

    Returns
    -------
    DataFrame
        ``plan``, ``on_moves``, ``on_balance`` (whether it is on that curve), ``journey_min`` (minutes a
        pupil), ``pupils_moved``, ``utilisation_spread`` (share), ``moved_price_s`` (seconds), ``spare``
        (share of the free seats that could be used), ``cost``, ``bound`` (pupil-seconds), ``gap`` (share),
        ``pupils_over``, ``iterations``, ``seed``.
    """
    curves = [{one.name for one in curve} for curve in (found.moves, found.balance)]
    rows = [
        {
            "plan": one.name,
            "on_moves": one.name in curves[0],
            "on_balance": one.name in curves[1],
            "journey_min": round(one.journeys_s / 60, 4),
            "pupils_moved": round(one.moved, 2),
            "utilisation_spread": round(one.spread, 6),
            "moved_price_s": one.moved_s,
            "spare": one.spare,
            "cost": round(one.proposal.cost, 3),
            "bound": round(one.proposal.bound, 3),
            "gap": round(one.proposal.gap, 8),
            "pupils_over": round(one.proposal.excess, 3),
            "iterations": one.proposal.iterations,
            "seed": one.proposal.seed,
        }
        for one in found
    ]
    return pd.DataFrame(rows)


def write_alternatives(
    district: District,
    found: Alternatives,
    cards: Mapping[str, Scorecard],
    *,
    folder: Path | str,
    lang: Language = "zh",
) -> list[Path]:
    """Write every plan with its record into its own folder, ``tradeoff.csv`` and ``tradeoff.png``.

    All files or none; plans that an earlier run left there and this one has not are removed.

    Parameters
    ----------
    district
        The district.
    found
        The alternatives.
    cards
        Scorecard of each, by name.
    folder
        Where to write; made when missing.
    lang
        Language that comes first on the figure.

    Returns
    -------
    list
        The paths, table and figure first.

    Raises
    ------
    ZoningError
        When the folder or a file in it cannot be written.
    """
    names = ["tradeoff.csv", "tradeoff.png"]
    with whole_files(folder) as draft:
        texts = {"tradeoff.csv": csv_text(tradeoff_table(found))}
        for one in found:
            (draft / one.name).mkdir()
            plan = one.proposal.plan
            result = StageResult(plan, cards[one.name], one.proposal)
            texts[f"{one.name}/plan.csv"] = plan_csv(plan)
            texts[f"{one.name}/plan.json"] = plan_json(district, result, certified=False)
        for name, text in texts.items():
            (draft / name).write_text(text, encoding="utf-8", newline="")
        save(tradeoff_figure(district, found, lang), draft / "tradeoff.png")
    _clear(Path(folder), {one.name for one in found})
    return [Path(folder) / name for name in [*names, *(name for name in texts if name not in names)]]


def _clear(folder: Path, kept: set[str]) -> None:
    """Remove the plans of an earlier run that this one has not; nothing else that lies there."""
    for path in folder.iterdir():
        ours = path.name in _NAMED or path.name.startswith(("moved_", "spare_"))
        if path.is_dir() and ours and path.name not in kept:
            for name in ("plan.csv", "plan.json"):
                (path / name).unlink(missing_ok=True)
            if not any(path.iterdir()):
                path.rmdir()


def tradeoff_figure(district: District, found: Alternatives, lang: Language) -> Figure:
    """Return the trade-off curves in both languages: journeys against pupils moved, and against balance.

    Parameters
    ----------
    district
        The district.
    found
        The alternatives; without zones in force there is no curve of moves.
    lang
        Language that comes first.
    """
    plan = found.named[0].proposal.plan
    title = messages.text(
        "compare.figure", stage=district.stage(plan.stage).label, year=school_year(plan.year)
    )
    panels = [("moved", 1.0, found.moves)] if found.moves else []
    panels.append(("spread", 100.0, found.balance))
    with drawing():
        figure = Figure(figsize=(5.6 * len(panels), 5.0), layout="constrained")
        place = district.place.name
        head = Text(f"{place.en}: {title.en}", f"{place.zh}：{title.zh}")
        head = Text(printable(head.en), printable(head.zh))
        figure.suptitle(_both(head, lang), x=0.01, ha="left", fontsize=12.5, linespacing=1.4)
        for number, (measure, scale, curve) in enumerate(panels):
            axes = figure.add_subplot(1, len(panels), number + 1)
            _panel(axes, list(found), curve, (measure, scale), lang)
        handles, labels = figure.axes[0].get_legend_handles_labels()
        figure.legend(
            handles, labels, loc="outside lower left", frameon=False, fontsize=8.5, ncols=len(labels)
        )
    return figure


def _panel(
    axes: Axes,
    every: Sequence[Alternative],
    curve: Sequence[Alternative],
    measure: tuple[str, float],
    lang: Language,
) -> None:
    """Draw one curve: journeys upwards, what they are traded for to the right."""
    name, scale = measure

    def point(one: Alternative) -> tuple[float, float]:
        return getattr(one, name) * scale, one.journeys_s / 60

    on_curve = {one.name for one in curve}
    beaten = [point(one) for one in every if one.name not in on_curve]
    labels = [_both(messages.text(f"compare.legend_{kind}"), lang, " / ") for kind in ("curve", "other")]
    axes.plot(*zip(*map(point, curve), strict=True), color=ACCENT, lw=1.8, marker="o", ms=6, label=labels[0])
    if beaten:
        axes.plot(*zip(*beaten, strict=True), color=_PALE, ls="none", marker="o", ms=5, label=labels[1])
    axes.margins(0.2, 0.2)
    axes.autoscale_view()
    left, right = axes.get_xlim()
    axes.set_xlim(max(left, -0.04 * right), right)  # no figure here is below 0
    _write_names(axes, [(point(one), one.name) for one in every if one.name in _NAMED], on_curve, lang)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color=GRID)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel(_both(messages.text(f"compare.axis_{name}"), lang, " / "), fontsize=9.5)
    beside = _both(messages.text("compare.axis_journey"), lang, " / ")
    axes.set_title(beside, loc="left", fontsize=9.5, color=SOFT)


def _write_names(
    axes: Axes, marks: list[tuple[tuple[float, float], str]], on_curve: set[str], lang: Language
) -> None:
    """Write the names of the extremes beside their points, those of one point together.

    No plan lies below and to the left of a curve, so its names go there, but for its steep beginning.
    """
    named: dict[tuple[float, float], list[str]] = {}
    for (x, y), name in marks:
        named.setdefault((round(x, 6), round(y, 6)), []).append(name)
    left, right = axes.get_xlim()
    for (x, y), names in named.items():
        chosen = "proposed" in names
        held = bool(on_curve & set(names))
        tint = RED if chosen else ACCENT if held else _PALE
        axes.plot([x], [y], marker="o", ms=9, color=tint, zorder=3)
        early = x < left + (0.35 if held else 0.72) * (right - left)
        below = held and not early
        axes.annotate(
            "\n".join(_both(alternative_name(name), lang, " ") for name in names), (x, y),
            xytext=(9 if early else -7, -8 if below else 8), textcoords="offset points",
            ha="left" if early else "right", va="top" if below else "bottom",
            fontsize=8.5, color=RED if chosen else INK, linespacing=1.35,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6},
        )  # fmt: skip


def _both(text: Text, lang: Language, between: str = "\n") -> str:
    """Return a text in both languages, one first."""
    first, second = (text.zh, text.en) if lang == "zh" else (text.en, text.zh)
    return f"{first}{between}{second}"
