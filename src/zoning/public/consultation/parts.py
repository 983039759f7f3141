"""What a consultation document says, part by part; how it looks is left to Word and Typst."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final

from zoning import messages
from zoning.errors import Language, Text
from zoning.public.consultation.homes import homes_of_areas
from zoning.public.consultation.maps import crowded_town
from zoning.public.consultation.words import Words
from zoning.public.ledger.stage import because
from zoning.public.ledger.values import Area, Ledger, StageLedger
from zoning.public.publication import Publication
from zoning.units import school_year

__all__ = ["document_of"]

Part = dict[str, Any]
"""``kind`` is ``heading``, ``para``, ``box``, ``list``, ``table`` or ``figure``."""

_REASONS_NAMED: Final = 2


def document_of(
    publication: Publication, ledger: Ledger, maps: Mapping[str, Sequence[str]], *, lang: Language
) -> dict[str, Any]:
    """Return title, running foot and parts of the document in one language, as JSON can hold them.

    Parameters
    ----------
    publication
        What is published.
    ledger
        Its change ledger.
    maps
        By stage, the maps there are: ``now``, ``proposed``, ``changes``.
    lang
        The language.
    """
    return _Writer(publication, ledger, maps, Words(ledger, lang)).document()


class _Writer:
    def __init__(
        self, publication: Publication, ledger: Ledger, maps: Mapping[str, Sequence[str]], words: Words
    ) -> None:
        self.publication, self.ledger, self.maps, self.words = publication, ledger, maps, words
        self.notice = publication.district.notice
        self.changed = [stage for stage in ledger.stages if stage.changes]
        self.is_open = bool(self.notice.comments_until or self.notice.comments_to.zh)

    def document(self) -> dict[str, Any]:
        """Return the whole document: the answers first, maps and lists after them."""
        say, year = self.words.say, school_year(self.ledger.year)
        title = say("doc_title" if self.is_open else "doc_title_decided", place=self.ledger.place, year=year)
        parts = [
            *self._in_short(), *self._what(), *self._why(), *self._stay(), *self._comment(), *self._next(),
            *self._contact(), *self._figures(), *self._list(), *self._schools(), *self._about(),
        ]  # fmt: skip
        foot = say("doc_foot", year=year, digest=self.ledger.digest[:12])
        return {"title": title, "foot": foot, "office": self.words.of(self.notice.office), "parts": parts}

    def _heading(self, code: str) -> Part:
        return {"kind": "heading", "level": 2, "text": self.words.say(code)}

    def _para(self, code: str, **fields: object) -> Part:
        return {"kind": "para", "text": self.words.say(code, **fields)}

    def _in_short(self) -> Iterator[Part]:
        say = self.words.say
        year = school_year(self.ledger.year)
        lines = [self.words.of(note) for note in self.ledger.notes]
        for stage in self.changed:
            code = "short_stage" if stage.total.children_moved is not None else "short_uncounted"
            lines.append(say(
                code, stage=_begin(stage.label), areas=f"{len(stage.areas):,}", year=year,
                blocks=f"{stage.total.blocks:,}", children=self.words.count(stage.total.children_moved),
            ))  # fmt: skip
            lines += self.words.choices(stage)
        if not lines:
            lines.append(say("short_nothing", year=year))
        if self.changed:
            lines.append(self._rest())
        if self.is_open:
            lines.append(say("short_open"))
        if self.notice.comments_until:
            lines.append(say("short_until", date=self.words.date(self.notice.comments_until)))
        yield {"kind": "box", "title": say("head_short"), "lines": lines}

    def _rest(self) -> str:
        """Return that all other homes keep their school, of the stages that have other homes."""
        plans = self.publication.main.plans
        some = [stage for stage in self.changed if len(plans[stage.stage]) > len(stage.changes)]
        if len(some) == len(self.changed):
            return self.words.say("short_rest")
        return self.words.say("short_rest_of" if some else "short_list", stages=self.words.stages(some))

    def _what(self) -> Iterator[Part]:
        if not self.changed:
            return
        yield self._heading("doc_what")
        head = ["stage", "areas", "blocks", "children", "nearer", "farther", "median"]
        rows = []
        for stage in self.changed:
            t = stage.total
            spans = [None if m is None else (m, m) for m in (t.minutes_before, t.minutes_after)]
            rows.append([
                self.words.of(_begin(stage.label)), f"{len(stage.areas):,}", f"{t.blocks:,}",
                self.words.count(t.children_moved, counted=stage.counted), f"{t.nearer:,}", f"{t.farther:,}",
                " → ".join(self.words.minutes(span) for span in spans),
            ])  # fmt: skip
        yield self._table("what", head, rows, [22, 10, 12, 14, 13, 13, 16])
        yield self._para("doc_reading", below=self.ledger.hidden_below)
        lines = []
        for stage in self.changed:
            for code, schools in (
                ("new_schools", stage.new_schools),
                ("closed_schools", stage.closed_schools),
            ):
                if schools:
                    names = self.words.schools(schools)
                    lines.append(
                        self.words.labelled(_begin(stage.label), self.words.say(code, schools=names))
                    )
        yield from self._items([*lines, *self._notes()])

    def _notes(self) -> list[str]:
        return [self.words.of(note) for stage in self.ledger.stages for note in stage.notes]

    def _items(self, lines: Sequence[str]) -> Iterator[Part]:
        if lines:
            yield {"kind": "list", "items": list(dict.fromkeys(lines))}

    def _table(self, name: str, head: Sequence[str], rows: list[list[str]], widths: Sequence[int]) -> Part:
        titles = [self.words.say(f"col_{one}") for one in head]
        return {"kind": "table", "name": name, "head": titles, "rows": rows, "widths": list(widths)}

    def _why(self) -> Iterator[Part]:
        if not self.changed:
            return
        yield self._heading("doc_why")
        if self.notice.rule.zh:
            yield self._para("doc_rule", rule=self.notice.rule)
        for stage in self.changed:
            codes, total = Counter(one.code for one in stage.changes), f"{len(stage.changes):,}"
            yield self._para("doc_why_stage", stage=_begin(stage.label))
            yield from self._items(
                [
                    self.words.say("doc_reason", blocks=f"{n:,}", total=total, reason=because(code))
                    for code, n in codes.most_common()
                ]
            )

    def _stay(self) -> Iterator[Part]:
        if not self.ledger.stages:
            return
        yield self._heading("doc_stay")
        said = Counter(stage.stays for stage in self.ledger.stages)
        if len(said) == 1:
            yield from self._items([self.words.of(one) for one in self.ledger.stages[0].stays])
            return
        for stage in self.ledger.stages:
            yield {"kind": "para", "text": self.words.labelled(_begin(stage.label))}
            yield from self._items([self.words.of(one) for one in stage.stays])

    def _comment(self) -> Iterator[Part]:
        yield self._heading("doc_comment")
        if not self.is_open:
            yield self._para("comment_none")
            return
        if self.notice.comments_to.zh:
            yield self._para("comment_to", to=self.notice.comments_to)
        if self.notice.comments_until:
            yield self._para("comment_until", date=self.words.date(self.notice.comments_until))
        yield self._para("comment_how")

    def _next(self) -> Iterator[Part]:
        yield self._heading("doc_next")
        year = school_year(self.ledger.year)
        codes = ["next_read", "next_decide", "next_publish", "next_start"] if self.is_open else ["next_start"]
        yield {"kind": "list", "ordered": True, "items": [self.words.say(c, year=year) for c in codes]}

    def _contact(self) -> Iterator[Part]:
        notice, lines = self.notice, []
        if notice.phone:
            lines.append(self.words.say("contact_phone", phone=notice.phone))
        if notice.url:
            lines.append(self.words.say("contact_url", url=notice.url))
        yield self._heading("doc_contact")
        yield (
            {"kind": "para", "text": "　".join(filter(None, [self.words.of(notice.office), *lines]))}
            if (lines or notice.office.zh)
            else self._para("contact_none")
        )

    def _figures(self) -> Iterator[Part]:
        if any(self.maps.values()):
            yield self._heading("doc_maps") | {"new_page": True}
        years = {"now": self.ledger.year_before}
        for stage in self.changed:
            for name in self.maps.get(stage.stage, ()):
                year = school_year(years.get(name) or self.ledger.year)
                town = crowded_town(self.publication.district, stage) if name == "detail" else ""
                fields = {"stage": _begin(stage.label), "year": year, "town": town}
                code = name if self.is_open or name != "proposed" else "decided"
                yield {
                    "kind": "figure",
                    "file": f"{stage.stage}-{name}.png",
                    "caption": self.words.say(f"caption_{code}", **fields),
                    "alt": self.words.say(f"alt_{name}", areas=len(stage.areas), **fields),
                }

    def _list(self) -> Iterator[Part]:
        if not self.changed:
            return
        yield self._heading("doc_list") | {"new_page": True}
        yield self._para("doc_list_how")
        for stage in self.changed:
            yield {"kind": "heading", "level": 3, "text": self.words.of(_begin(stage.label))}
            mode = f"mode_{stage.mode}" if stage.mode in {"walk", "drive"} else "mode_none"
            yield self._para(mode)
            yield from self._towns(stage)

    def _towns(self, stage: StageLedger) -> Iterator[Part]:
        homes = homes_of_areas(self.publication, stage)
        of_town: dict[str, list[Area]] = {}
        for area in stage.areas:
            of_town.setdefault(area.town, []).append(area)
        head = ["number", "homes", "schools", "children", "way", "line"]
        for town, areas in of_town.items():
            rows = [self._area(stage, area, homes[area]) for area in areas]
            title = self.words.plain(town) or self.words.say("off_map")
            table = self._table("areas", head, rows, [6, 31, 28, 10, 13, 12])
            yield table | {"title": title, "strong": [0]}

    def _area(self, stage: StageLedger, area: Area, homes: Sequence[Text]) -> list[str]:
        said = [
            f"{self.words.schools(area.before)} → {self.words.schools(area.after)}",
            *(self.words.of(reason) for reason in area.reasons[:_REASONS_NAMED]),
        ]
        if area.kind != "moved":
            said.insert(1, self.words.say(f"note_{area.kind}"))
        return [
            str(area.number),
            self.words.places(homes),
            "\n".join(said),
            self.words.count(area.children, counted=stage.counted),
            f"{self.words.minutes(area.minutes_before)} → {self.words.minutes(area.minutes_after)}",
            f"{self.words.kilometres(area.metres_before)} → {self.words.kilometres(area.metres_after)}",
        ]

    def _schools(self) -> Iterator[Part]:
        if not self.changed:
            return
        yield self._heading("doc_schools")
        head = ["school", "gained", "lost", "kept"]
        for stage in self.changed:
            count, known = self.words.count, stage.counted
            rows = [
                [
                    self.words.of(self.ledger.name(one.school)),
                    f"{one.blocks_gained:,} / {count(one.children_gained, counted=known)}",
                    f"{one.blocks_lost:,} / {count(one.children_lost, counted=known)}",
                    f"{one.blocks_stayed:,} / {count(one.children_stayed, counted=known)}",
                ]
                for one in stage.schools
            ]
            table = self._table("schools", head, rows, [46, 18, 18, 18])
            yield table | {"title": self.words.of(_begin(stage.label))}

    def _about(self) -> Iterator[Part]:
        yield self._heading("doc_about")
        lines = [
            self.words.say("about_children"),
            self.words.of(self.ledger.about_minutes),
            self.words.say("about_hidden", below=self.ledger.hidden_below),
            self.words.say("about_version", version=version("zoning"), digest=self.ledger.digest),
        ]
        if self.ledger.data_digest:
            lines.append(self.words.say("about_data", digest=self.ledger.data_digest))
        for stage in self.ledger.stages:
            for code, digest in (("note_plan_before", stage.digest_before), ("note_plan", stage.digest)):
                if digest:
                    lines.append(
                        self.words.labelled(messages.text(f"public_ledger.{code}", stage=stage.label), digest)
                    )
        yield {"kind": "list", "small": True, "items": lines}


def _begin(label: Text) -> Text:
    """Return a label that begins a sentence."""
    return Text(label.en[:1].upper() + label.en[1:], label.zh)
