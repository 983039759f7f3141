"""What a draw does and how even its chances are, in words for people without mathematics."""

from collections.abc import Iterator
from typing import Final

from zoning.errors import Text
from zoning.lottery import Manifest
from zoning.publish.draw_words import SPLITS, Part, listed, many, plain, said

__all__ = ["chance_parts", "levels_text", "step_parts"]

_LEVELS: Final = ("gender", "need", "kindergarten", "score")
_WHO: Final = {"seat": "family", "teacher": "teacher", "inspect": "school"}


def levels_text(manifest: Manifest) -> Text:
    """Return what children are spread evenly by; empty without strata."""
    return listed(said(f"level_{name}") if name in _LEVELS else plain(name) for name in manifest.levels)


def _steps_of_split(manifest: Manifest) -> Iterator[Text]:
    if not manifest.capacities:
        yield said("steps_split" if manifest.levels else "steps_split_plain", levels=levels_text(manifest))
    else:
        yield said(
            "steps_split_sizes" if manifest.levels else "steps_sizes_plain", levels=levels_text(manifest)
        )
        yield said("steps_sizes")
    if manifest.together:
        yield said("steps_together", count=manifest.together)
    if manifest.separate:
        yield said("steps_separate", count=manifest.separate)
    if manifest.together or manifest.separate:
        yield said("steps_attempts", attempts=f"{manifest.attempts:,}")
    if manifest.polish:
        yield said("steps_polish", polish=manifest.polish)
    yield said("steps_teachers_later")


def _steps_of_kind(manifest: Manifest) -> Iterator[Text]:
    if manifest.kind == "split":
        yield from _steps_of_split(manifest)
        return
    yield said(f"steps_{manifest.kind}", choose=manifest.choose)
    if manifest.kind == "late" and (manifest.together or manifest.separate or manifest.closed):
        counts = {"together": manifest.together, "separate": manifest.separate, "closed": manifest.closed}
        yield said("steps_late_wishes", **counts)


def step_parts(manifest: Manifest) -> Iterator[Part]:
    """Yield what happens, step by step."""
    end = "" if manifest.n else "_items"
    texts = [said(f"steps_locked{end}")]
    if manifest.mode == "lowtech":
        texts += [said("steps_lowtech", splits=f"{SPLITS:,}"), *_steps_of_split(manifest)]
    else:
        who = said(f"who_{_WHO.get(manifest.kind, 'child')}")
        texts += [said("steps_key", who=who), *_steps_of_kind(manifest)]
    texts.append(said(f"steps_result{end}"))
    for text in texts:
        yield from many("step", text)


def chance_parts(manifest: Manifest) -> Iterator[Part]:
    """Yield how even the chances are, and what is not equal."""
    name: str = manifest.kind
    if manifest.mode == "lowtech":
        name = "lowtech"
    elif name == "split" and manifest.capacities:
        name = "sizes"
    fields = {
        "classes": manifest.classes,
        "count": manifest.n or len(manifest.items),
        "choose": manifest.choose,
        "splits": f"{SPLITS:,}",
    }
    return iter(many("text", said(f"chance_{name}", **fields)))
