"""The press text of a draw: what is drawn, from what chance, by which steps; all of it from the manifest."""

from collections.abc import Callable, Iterator
from typing import Final

from zoning.errors import Language, Text
from zoning.lottery import Manifest, digest_groups
from zoning.publish.draw_steps import chance_parts, levels_text, step_parts
from zoning.publish.draw_words import (
    SPLITS,
    WALL_DAYS,
    Part,
    Section,
    listed,
    local_time,
    many,
    mode_warnings,
    other_at,
    plain,
    said,
    source_text,
)

__all__ = ["procedure", "procedure_text"]

_BREAKS: Final = {"step": "{at}. ", "item": "· "}


def _fact(name: str, value: object) -> Part:
    return Part("fact", value if isinstance(value, Text) else plain(value), said(f"fact_{name}"))


def _facts(manifest: Manifest) -> Iterator[Part]:
    yield _fact("kind", said(f"kind_{manifest.kind}", batch=manifest.batch))
    for name in ("draw", "place", "school", "purpose"):
        if getattr(manifest, name):
            yield _fact(name, getattr(manifest, name))
    if manifest.n:
        yield _fact("children", f"{manifest.n:,}")
    if manifest.classes:
        yield _fact("classes", manifest.classes)
        sizes = [
            said("class_size", number=number, size=size)
            for number, size in enumerate(manifest.capacities, start=1)
        ]
        name = "before" if manifest.kind == "late" else "sizes"
        yield _fact(name, listed(sizes) if sizes else said("even_sizes"))
    if manifest.levels:
        yield _fact("levels", levels_text(manifest))
    yield from _offers(manifest)
    yield _fact("published", local_time(manifest.published))
    yield _fact("drawn", local_time(max(ladder[0].at for ladder in manifest.sources)))
    if manifest.previous:
        yield _fact("previous", digest_groups(bytes.fromhex(manifest.previous)))


def _offers(manifest: Manifest) -> Iterator[Part]:
    if manifest.seats:
        yield _fact("schools", len(manifest.seats))
        yield _fact("seats", f"{sum(seats for _, seats in manifest.seats):,}")
        offers = [said("school_seats", school=school, seats=seats) for school, seats in manifest.seats]
        yield _fact("offered", listed(offers))
    if manifest.kind == "teacher":
        yield _fact("teachers", len(manifest.items))
    if manifest.kind == "inspect":
        yield _fact("listed", len(manifest.items))
        yield _fact("chosen", manifest.choose)
    if manifest.items:
        yield _fact("among", listed(plain(item) for item in manifest.items))


def _promise(manifest: Manifest) -> Iterator[Part]:
    name = "promise" if manifest.n else "promise_items"
    yield Part("text", said(name, time=local_time(manifest.published)))
    yield Part("digits", plain(digest_groups(manifest.commitment)))
    yield Part("qr", said("promise_read"))


def _sources(manifest: Manifest) -> Iterator[Part]:
    yield Part("text", said("sources_start"))
    ladders = [[rung.as_json() for rung in ladder] for ladder in manifest.sources]
    yield from (Part("step", source_text(ladder[0])) for ladder in ladders)
    if other_at(manifest):
        yield Part("text", said("posted", time=local_time(other_at(manifest))))
    for number, ladder in enumerate(ladders, start=1):
        if len(ladder) > 1:
            yield Part("text", said("ladder", number=number))
            yield from (Part("step", source_text(rung)) for rung in ladder[1:])
    has_spare = any(len(ladder) > 1 for ladder in ladders)
    yield Part("text", said("ladder_rule" if has_spare else "no_ladder"))
    yield Part("text", said("sources_zone"))


def _rules(manifest: Manifest) -> Iterator[Part]:
    yield Part("text", said("rules_start"))
    needed = {
        "twins": manifest.n > 0,
        "late": manifest.kind == "split",
        "waiting": manifest.kind == "seat",
        "void": True,
    }
    for name, is_needed in needed.items():
        words = getattr(manifest.rules, name)
        if not words and not is_needed:
            continue
        yield Part("fact", plain(words) if words else said("rule_missing"), said(f"rule_{name}"))
    yield Part("text", said("void_cases_lowtech" if manifest.mode == "lowtech" else "void_cases"))


def _check(manifest: Manifest) -> Iterator[Part]:
    yield from many("step", said("check_steps"))
    if manifest.mode == "lowtech":
        yield Part("step", said("check_splits", splits=f"{SPLITS:,}"))
    if manifest.n:
        yield from many("step", said("check_own"))
    if manifest.kind == "seat":
        yield Part("step", said("check_waiting"))
    program = manifest.program
    yield Part("text", said("check_page" if program.verifier else "check_no_page"))
    if program.verifier:
        yield Part("digits", plain(program.verifier))
    fields = {"name": program.name, "version": program.version}
    yield Part("text", said("check_program" if program.digest else "check_no_program", **fields))
    if program.digest:
        yield Part("digits", plain(program.digest))
    yield Part("text", said("check_command"))


def _open(manifest: Manifest) -> Iterator[Part]:
    kinds = {rung.as_json()["type"] for ladder in manifest.sources for rung in ladder}
    levels = {"levels": levels_text(manifest)}
    cases = {
        "open_dice": "dice" in kinds,
        "open_balls": "balls" in kinds,
        "open_splits": "balls" in kinds,
        "open_lottery": "lottery" in kinds,
        "open_records": manifest.n > 0,
        "open_list": True,
        "open_strata": bool(manifest.levels),
        "open_polish": manifest.polish > 0,
        "open_before": True,
        "open_ladder": any(len(ladder) > 1 for ladder in manifest.sources),
    }
    return (Part("item", said(name, **levels)) for name, is_so in cases.items() if is_so)


def _privacy(manifest: Manifest) -> Iterator[Part]:
    if not manifest.n:
        yield Part("text", said("privacy_items"))
        return
    yield from many("text", said("privacy", days=WALL_DAYS))
    if manifest.kind == "seat":
        yield Part("text", said("privacy_seat"))


def _contact(manifest: Manifest) -> Iterator[Part]:
    contact = manifest.contact
    yield Part("text", said("contact", contact=contact) if contact else said("no_contact"))


_SECTIONS: Final[tuple[tuple[str, Callable[[Manifest], Iterator[Part]]], ...]] = (
    ("what", _facts),
    ("promise", _promise),
    ("sources", _sources),
    ("steps", step_parts),
    ("chances", chance_parts),
    ("rules", _rules),
    ("check", _check),
    ("open", _open),
    ("privacy", _privacy),
    ("contact", _contact),
)


def procedure(manifest: Manifest) -> tuple[Section, ...]:
    """Return the sections of the press text.

    Parameters
    ----------
    manifest
        The terms; nothing else is printed.
    """
    first = Section(plain(""), mode_warnings(manifest))
    rest = (Section(said(f"head_{name}"), tuple(make(manifest))) for name, make in _SECTIONS)
    return (first, *rest) if first.parts else tuple(rest)


def procedure_text(manifest: Manifest, lang: Language) -> str:
    """Return the press text of one language as plain text, to paste into a page or a message."""
    lines = [said("title_procedure", draw=manifest.draw).of(lang)]
    for section in procedure(manifest):
        title = section.title.of(lang)
        lines += ["", *([f"【{title}】" if lang == "zh" else title.upper()] if title else ())]
        step = 0
        for part in section.parts:
            step = step + 1 if part.kind == "step" else 0
            colon = "：" if lang == "zh" else ": "
            label = f"{part.label.of(lang)}{colon}" if part.label else ""
            lines.append(_BREAKS.get(part.kind, "").format(at=step) + label + part.text.of(lang))
    return "\n".join(lines) + "\n"
