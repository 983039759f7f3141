"""Numbers as they are printed, in both languages."""

import math

from zoning import messages
from zoning.errors import Text
from zoning.units import school_year

__all__ = ["measure_text"]

_PLAIN = Text("–", "–")
_LONG_M = 2000.0
_LONG_M2 = 1e5
"""From here on kilometres and square kilometres; a gap of a few square metres must not print as 0.00 km²."""
_LARGE = 100.0
_WHOLE = 0.005
_SMALL_SHARE = 0.1
_TIMES = {"s": ("publish.minutes", 60), "pupil_s": ("publish.pupil_hours", 3600)}
_COUNTED = ("pupils", "blocks", "schools", "classes", "parts")


def measure_text(value: float, unit: str) -> Text:
    """Return a number of the scorecard with its unit, as a planner writes it.

    Seconds are printed as minutes, shares as %, long distances as km and large areas as km².

    Parameters
    ----------
    value
        The number, in ``unit``; NaN prints as a dash.
    unit
        Unit of the measure, such as ``s``, ``share`` or ``pupils``.

    Examples
    --------
    >>> measure_text(734.0, "s").en, measure_text(734.0, "s").zh
    ('12.2 min', '12.2 分钟')
    >>> measure_text(0.954, "share").en, measure_text(1240.0, "pupils").zh
    ('95.4 %', '1,240 人')
    >>> measure_text(3500.0, "m").en, measure_text(7200.0, "pupil_s").en, measure_text(2027.0, "year").en
    ('3.5 km', '2.0 pupil-hours', '2027-28')
    >>> measure_text(420.0, "m2").en, measure_text(3.0, "parts").zh
    ('420 m²', '3 处')
    """
    if not math.isfinite(value):
        return _PLAIN
    if unit in _TIMES:
        code, seconds = _TIMES[unit]
        return messages.text(code, value=value / seconds)
    if unit in {"share", "m", "m2", "year"}:
        shown = _sized(value, unit)
        return Text(shown, shown)
    whole = abs(value - round(value)) < _WHOLE or abs(value) >= _LARGE
    shown = f"{value:,.0f}" if whole else f"{value:,.1f}"
    if unit in _COUNTED:
        return messages.text(f"publish.{unit}", value=shown)
    return Text(shown, shown)


def _sized(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value * 100:.{2 if abs(value) < _SMALL_SHARE else 1}f} %"
    if unit == "year":
        return school_year(int(value))
    if unit == "m2":
        return f"{value / 1e6:,.2f} km²" if value >= _LONG_M2 else f"{value:,.0f} m²"
    return f"{value / 1000:,.1f} km" if value >= _LONG_M else f"{value:,.0f} m"
