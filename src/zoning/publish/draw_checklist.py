"""The checklist of a draw's ceremony: who does what and when, what is filmed, where the digits go."""

from collections.abc import Iterator
from typing import Any, Final

from zoning.errors import Language, Text
from zoning.lottery import Manifest, digest_groups
from zoning.lottery.terms import COMMANDS
from zoning.publish.draw_words import (
    DAY_S,
    WALL_DAYS,
    Part,
    Section,
    local_date,
    local_time,
    many,
    mode_warnings,
    other_at,
    plain,
    said,
    sections_data,
    source_text,
    thrown_at,
    void_mark,
)

__all__ = ["checklist_data"]

_HAND: Final = ("dice", "balls")


def _firsts(manifest: Manifest) -> list[dict[str, Any]]:
    """Return the first rung of each source as the manifest's file holds it."""
    return [ladder[0].as_json() for ladder in manifest.sources]


def _by_hand(manifest: Manifest) -> str:
    return next((s["type"] for s in _firsts(manifest) if s["type"] in _HAND), _HAND[0])


def _times(manifest: Manifest) -> dict[str, Text]:
    due = max(source["at"] for source in _firsts(manifest))
    return {
        "published": local_time(manifest.published),
        "first": local_time(thrown_at(manifest)),
        "other": local_time(other_at(manifest) or due),
        "down": local_date(due + WALL_DAYS * DAY_S),
    }


def _before(manifest: Manifest) -> Iterator[Text]:
    command = COMMANDS[manifest.kind]
    yield said("do_before_children" if manifest.n else "do_before_items", command=command)
    if manifest.kind == "split":
        yield said("do_before_split")
    count = sum(source["count"] for source in _firsts(manifest) if source["type"] in _HAND)
    yield said(f"do_before_{_by_hand(manifest)}", count=count)
    yield said("do_before_people")


def _day(manifest: Manifest) -> Iterator[Text]:
    yield said("do_day_start")
    for source in _firsts(manifest):
        if source["type"] in _HAND:
            fields = {"time": local_time(source["at"]), "count": source["count"]}
            yield said(f"do_day_{source['type']}", other=_times(manifest)["other"], **fields)


def _draw(manifest: Manifest) -> Iterator[Text]:
    asked = [source for source in _firsts(manifest) if source["type"] not in _HAND]
    for source in asked:
        fields = {key: source.get(key, "") for key in ("round", "name", "issue")}
        yield said(f"do_draw_{source['type']}", time=local_time(source["at"]), **fields)
    yield said("do_run")


def _after(manifest: Manifest) -> Iterator[Text]:
    yield said("do_after_check")
    yield said("do_after", down=_times(manifest)["down"])
    if manifest.kind == "split":
        yield said("do_after_split")
    yield said("do_after_keep", contact=manifest.contact or said("the_office"))


def _phases(manifest: Manifest) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    yield said("phase_before"), tuple(_before(manifest))
    yield said("phase_publish"), (said("do_publish", **_times(manifest)),)
    yield said("phase_day"), tuple(_day(manifest))
    yield said("phase_draw"), tuple(_draw(manifest))
    yield said("phase_after"), tuple(_after(manifest))


def _rows(texts: tuple[Text, ...], lang: Language) -> list[dict[str, Any]]:
    rows = []
    for text in texts:
        for line in text.of(lang).split("\n"):
            who, _, what = line.partition(" | ")
            rows.append({"who": who, "what": what.removeprefix("● "), "film": what.startswith("● ")})
    return rows


def _facts(manifest: Manifest) -> Iterator[Part]:
    times = _times(manifest)
    names = {"published": "published", "first": "first_balls" if _by_hand(manifest) == "balls" else "first"}
    if other_at(manifest):
        names["other"] = "posted"
    yield from (Part("fact", times[key], said(f"fact_{name}")) for key, name in names.items())
    yield Part("fact", local_time(max(source["at"] for source in _firsts(manifest))), said("fact_drawn"))
    yield Part("fact", times["down"], said("fact_down"))


def _ladders(manifest: Manifest) -> Iterator[Part]:
    for number, ladder in enumerate(manifest.sources, start=1):
        if len(ladder) > 1:
            yield Part("text", said("ladder", number=number))
            yield from (Part("step", source_text(rung.as_json())) for rung in ladder[1:])
    has_spare = any(len(ladder) > 1 for ladder in manifest.sources)
    yield Part("text", said("ladder_rule" if has_spare else "no_ladder"))


def _void(manifest: Manifest) -> Iterator[Part]:
    words = manifest.rules.void
    yield Part("text", plain(words) if words else said("rule_missing"))
    yield Part("text", said("void_cases_lowtech" if manifest.mode == "lowtech" else "void_cases"))


def _boxes(manifest: Manifest, lang: Language) -> list[dict[str, Any]]:
    return [
        {
            "count": source["count"],
            "title": said("head_boxes", number=at).of(lang),
            "words": said("boxes", time=local_time(source["at"]), count=source["count"]).of(lang),
        }
        for at, source in enumerate(_firsts(manifest), start=1)
        if source["type"] in _HAND
    ]


def checklist_data(manifest: Manifest, lang: Language) -> dict[str, Any]:
    """Return what the template of the checklist is filled with.

    Parameters
    ----------
    manifest
        The terms.
    lang
        Language of the page.
    """
    groups = digest_groups(manifest.commitment)
    mark = void_mark(manifest)
    foot = said("foot_checklist", groups=groups[:19]).of(lang)
    columns = ("what", "who", "time", "initials", "role", "name", "signature")
    ends = (
        Section(said("phase_ladder"), tuple(_ladders(manifest))),
        Section(said("phase_void"), tuple(_void(manifest))),
    )
    top = (*mode_warnings(manifest), Part("text", said("checklist_how")))
    facts = Section(said("head_times"), tuple(_facts(manifest)))
    return {
        "title": said("title_checklist", draw=manifest.draw).of(lang),
        "over": " · ".join(part for part in (manifest.place, manifest.school) if part),
        "foot": f"{foot} · {mark}" if mark else foot,
        "void": mark,
        "commitment": said("fact_commitment").of(lang),
        "groups": groups,
        "top": sections_data((Section(plain(""), top), facts), lang),
        "columns": {name: said(f"column_{name}").of(lang) for name in columns},
        "phases": [
            {"title": title.of(lang), "rows": _rows(texts, lang)} for title, texts in _phases(manifest)
        ],
        "boxes": _boxes(manifest, lang),
        "ends": sections_data(ends, lang),
        "signed": said("phase_signed").of(lang),
        "roles": [part.text.of(lang) for part in many("item", said("roles"))],
    }
