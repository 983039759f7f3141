"""What a proposal prints of the rules it keeps and of what was assumed, in both languages."""

import numpy as np

from zoning import messages
from zoning.district import District
from zoning.errors import Text
from zoning.evaluate import Eligibility, JourneyCost, Load, ZonedDemand
from zoning.forecast import Forecast
from zoning.options import Prices, ZoneOptions
from zoning.plan import Plan
from zoning.travel import TravelTimes
from zoning.zones.naming import name_some
from zoning.zones.units import Units

__all__ = ["said_notes", "said_rules"]


def said_rules(
    district: District,
    cost: JourneyCost,
    *,
    year: int,
    options: ZoneOptions,
    units: Units,
    against: Plan | None,
) -> tuple[Text, ...]:
    """Return every rule and price in force, as it is printed.

    Parameters
    ----------
    district
        The district.
    cost
        Cost of every journey, with the prices.
    year
        Planned school year.
    options
        What is asked of the zones.
    units
        The zones that schools make.
    against
        Zones in force.
    """
    rule = district.policy.of(units.stage)
    places = [messages.text(f"zones.place_{place}") for place in rule.school_places]
    named = Text(", ".join(p.en for p in places), "、".join(p.zh for p in places))
    kept = [messages.text("zones.rule_whole_blocks"), *_seats(options, year)]
    kept.append(messages.text("zones.rule_contiguous" if options.contiguous else "zones_rules.apart"))
    if not options.across_barriers and options.contiguous:
        kept.append(messages.text("zones_rules.barriers"))
    kept.append(messages.text("zones.rule_home"))
    kept.append(messages.text("zones.rule_places", places=named))
    if rule.within_town and np.isinf(cost.prices.left_town_s):
        kept.append(messages.text("zones.rule_town"))
    edits = district.tables.get("neighbours")
    if edits is not None and len(edits):
        kept.append(messages.text("zones_rules.neighbours", count=len(edits)))
    return (*kept, *_prices(district, cost.prices, units.stage, against), *_asked(options, units, year))


def _seats(options: ZoneOptions, year: int) -> list[Text]:
    years = sorted({year, *options.years})
    listed = ", ".join(str(one) for one in years)
    named = Text(listed, listed.replace(", ", "、"))
    if np.isfinite(options.seat_price_s):
        said = [messages.text("zones_rules.seats_price", price=options.seat_price_s, years=named)]
    elif len(years) > 1:
        said = [messages.text("zones_rules.years", years=named)]
    else:
        said = [messages.text("zones.rule_capacity", year=year)]
    if options.quantile is not None:
        said.append(messages.text("zones_rules.quantile", quantile=options.quantile))
    return said


def _prices(district: District, prices: Prices, stage: str, against: Plan | None) -> list[Text]:
    """Return what each departure costs where one can happen."""
    rule = district.policy.of(stage)
    applies = {
        "beyond_journey": rule.journey is not None,
        "beyond_radius": bool(rule.radius),
        "moved": against is not None,
        "left_town": rule.within_town and np.isfinite(prices.left_town_s),
        "misplaced": np.isfinite(prices.misplaced_s),
        "split_feeder": prices.split_feeder_s > 0,
    }
    said = []
    for name in (name for name, there in applies.items() if there):
        price = float(getattr(prices, f"{name}_s"))
        if np.isinf(price):
            said.append(messages.text(f"zones_rules.{name}_hard"))
        elif price > 0:
            said.append(messages.text(f"zones_rules.{name}_price", price=price))
    return said


def _asked(options: ZoneOptions, units: Units, year: int) -> list[Text]:
    said = []
    if options.least_utilisation > 0:
        way = "hard" if np.isinf(options.least_price_s) else "price"
        fields = {"share": options.least_utilisation, "price": options.least_price_s}
        said.append(messages.text(f"zones_rules.least_{way}", **fields))
    for band in options.balance:
        way = "hard" if np.isinf(band.price_s) else "price"
        group = messages.text(f"zones_rules.group_{band.group}")
        said.append(
            messages.text(f"zones_rules.balance_{way}", group=group, within=band.within, price=band.price_s)
        )
    if options.grandfathered:
        said.append(messages.text("zones_rules.grandfathered", year=year))
    if options.locked_blocks:
        named = name_some(list(options.locked_blocks))
        said.append(
            messages.text("zones_rules.locked_blocks", count=len(options.locked_blocks), blocks=named)
        )
    if options.locked_schools:
        named = name_some(list(options.locked_schools))
        said.append(
            messages.text("zones_rules.locked_schools", count=len(options.locked_schools), schools=named)
        )
    shared = [name_some(list(members)) for members in units.members if len(members) > 1]
    said += [messages.text("zones_rules.shared", schools=named) for named in shared]
    if options.deduct_private:
        said.append(messages.text("zones_rules.private"))
    if options.deduct_designated:
        said.append(messages.text("zones_rules.designated"))
    return said


def said_notes(
    district: District,
    demand: Forecast,
    times: TravelTimes,
    found: Eligibility,
    *,
    zoned: ZonedDemand,
    loads: tuple[Load, ...],
    units: Units,
    options: ZoneOptions,
) -> tuple[Text, ...]:
    """Return what was assumed in posing a problem, as it is printed.

    Parameters
    ----------
    district, demand, times
        What the problem was posed from.
    found
        The schools with a zone.
    zoned
        Who follows the zones.
    loads
        What the zones are to hold.
    units
        The zones that schools make.
    options
        What is asked of the zones.
    """
    notes = [*demand.notes, *times.notes, *zoned.notes]
    for reason, schools in found.passed_over.items():
        notes.append(messages.text(f"zones.passed_{reason}", count=len(schools), schools=name_some(schools)))
    if found.unserved_towns:
        towns = found.unserved_towns
        notes.append(messages.text("zones.unserved_towns", count=len(towns), towns=name_some(towns)))
    sites = int(district.school_frame.loc[list(found.school_ids), "teaching_site"].sum())
    if sites:
        notes.append(messages.text("zones.teaching_sites", count=sites))
    if found.freed.any():
        ids = district.block_frame.index[found.freed]
        notes.append(messages.text("zones.freed", count=len(ids), blocks=name_some(list(ids))))
    return (*notes, *_of_options(zoned, loads, found, units, options))


def _of_options(
    zoned: ZonedDemand, loads: tuple[Load, ...], found: Eligibility, units: Units, options: ZoneOptions
) -> list[Text]:
    notes = []
    if options.quantile is not None:
        paths = zoned.forecast.path_count
        code = "evaluate.quantile" if paths > 1 else "evaluate.quantile_one"
        notes.append(messages.text(code, quantile=options.quantile, paths=paths))
    full = {
        name
        for load in loads
        if load.name.startswith("capacity")
        for name, seats in zip(units.names, load.upper, strict=True)
        if seats <= 0
    }
    if full:
        notes.append(messages.text("zones_rules.closing", count=len(full), schools=name_some(sorted(full))))
    gone = sorted({school for schools in options.shared for school in schools} - set(found.school_ids))
    if gone:
        notes.append(messages.text("zones_rules.shared_left", count=len(gone), schools=name_some(gone)))
    return notes
