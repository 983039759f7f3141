"""The options of a plan's record, as :class:`zoning.zones.ZoneOptions` takes them."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from zoning.load.fields import Fields, is_number, is_text, is_whole

__all__ = ["KINDS", "PRICES", "read_options", "read_prices"]

KINDS: Final[Mapping[str, str]] = {
    "years": "years",
    "quantile": "share",
    "seat_price_s": "price",
    "contiguous": "flag",
    "across_barriers": "flag",
    "least_utilisation": "share",
    "least_price_s": "price",
    "balance": "balance",
    "grandfathered": "flag",
    "locked_blocks": "blocks",
    "locked_schools": "schools",
    "shared": "shared",
    "deduct_private": "flag",
    "deduct_designated": "flag",
    "prices": "prices",
}
"""Every option of ``ZoneOptions`` by the kind of its value."""

PRICES: Final = (
    "beyond_journey_s",
    "beyond_radius_s",
    "moved_s",
    "left_town_s",
    "misplaced_s",
    "split_feeder_s",
)
"""Every price of ``Prices``."""


def read_options(fields: Fields, known: Mapping[str, set[str]]) -> dict[str, Any]:
    """Return the options of a record; report those that do not exist or hold what they cannot.

    Parameters
    ----------
    fields
        The options.
    known
        Ids of the district's ``blocks`` and ``schools``.
    """
    found = {}
    for name in fields.values:
        if name not in KINDS:
            fields.report("load_record.unknown_key", name)
            continue
        value = _value(fields, name, KINDS[name], known)
        if value is not None:
            found[name] = value
    return found


def read_prices(fields: Fields) -> dict[str, float]:
    """Return the prices of a journey, seconds; null is one that forbids. Report those that do not exist."""
    found = {}
    for name in fields.values:
        if name not in PRICES:
            fields.report("load_record.unknown_key", name)
            continue
        price = _priced(fields, name)
        if price is not None:
            found[name] = price
    return found


def _value(fields: Fields, name: str, kind: str, known: Mapping[str, set[str]]) -> object:
    """Return the value of an option; None where it cannot be one."""
    plain: dict[str, Callable[[Fields, str], object]] = {
        "flag": Fields.flag,
        "share": _share,
        "price": _priced,
        "years": _years,
        "balance": _balance,
        "prices": _prices,
    }
    if kind in plain:
        return plain[kind](fields, name)
    if kind == "shared":
        every = fields.items(name, "ids", lambda v: isinstance(v, list) and all(map(is_text, v)))
        return [fields.known(name, schools, known["schools"], "schools") for schools in every]
    return fields.known(name, fields.items(name, "text", is_text), known[kind], kind)


def _years(fields: Fields, name: str) -> list[int]:
    return fields.items(name, "whole", lambda v: is_whole(v) and 1900 <= v <= 2200)


def _prices(fields: Fields, name: str) -> dict[str, float] | None:
    inside = fields.inside(name)
    return None if inside is None else read_prices(inside)


def _share(fields: Fields, name: str) -> float | None:
    return fields.take(name, "share", lambda v: is_number(v) and 0 <= v <= 1)  # type: ignore[no-any-return]


def _priced(fields: Fields, name: str) -> float | None:
    """Return a price in seconds; null is one that nothing may pay."""
    return math.inf if fields.values[name] is None else fields.number(name, least=0.0)


def _balance(fields: Fields, name: str) -> list[dict[str, Any]]:
    bands = []
    for band in fields.items(name, "object", lambda v: isinstance(v, dict)):
        one = Fields(band, fields.file, fields.problems, f"{fields.within}{name}.")
        for key in set(band) - {"group", "within", "price_s"}:
            one.report("load_record.unknown_key", key)
        group, within = one.text("group"), _share(one, "within")
        price = one.number("price_s", least=0.0, optional=True)
        if group is not None and within is not None:
            bands.append({"group": group, "within": within, "price_s": price})
    return bands
