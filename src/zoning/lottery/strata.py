"""Strata: a tree of groups of children, each of which every class gets its even share of."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from zoning import messages
from zoning.errors import DrawError
from zoning.lottery.records import PublicRecord

__all__ = ["ROOT", "Stratum", "check_strata", "grow_strata"]

ROOT: Final = "L00"
"""Label of all children together."""
_LABEL: Final = re.compile(r"L[0-9]{2,5}")


@dataclass(frozen=True, slots=True)
class Stratum:
    """One node of the tree.

    Parameters
    ----------
    label
        Opaque name.
    parent
        Label of the node above; empty for the root.
    count
        Children in it.
    """

    label: str
    parent: str
    count: int

    def as_json(self) -> dict[str, Any]:
        """Return the fields as the manifest holds them."""
        return {"count": self.count, "label": self.label, "parent": self.parent}


@dataclass
class _Branch:
    sids: list[str]
    cap: int = 0
    below: list["_Branch"] = field(default_factory=list)


def _parts(
    sids: Iterable[str], values: Mapping[str, str], least: int, caps: Mapping[str, int]
) -> list[_Branch]:
    """Return the parts of one level: large ones and capped ones alone, the rest joined until it is large."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for sid in sids:
        found[values[sid]].append(sid)
    order = sorted(found, key=str.encode)
    capped = [_Branch(found[v], caps[v]) for v in order if v in caps]
    large = [found[v] for v in order if v not in caps and len(found[v]) >= least]
    rest = [sid for v in order if v not in caps and len(found[v]) < least for sid in found[v]]
    while rest and len(rest) < least and large:
        rest += large.pop(min(range(len(large)), key=lambda at: (len(large[at]), at)))
    return capped + [_Branch(part) for part in large] + ([_Branch(rest)] if rest else [])


def _grow(
    branch: _Branch, levels: Sequence[Mapping[str, str]], least: int, caps: Sequence[Mapping[str, int]]
) -> None:
    for at, values in enumerate(levels):
        parts = _parts(branch.sids, values, least, caps[at])
        if len(parts) > 1 or parts[0].cap:
            branch.below = parts
            for part in parts:
                _grow(part, levels[at + 1 :], least, caps[at + 1 :])
            return


def _walk(branch: _Branch, depth: int = 0) -> Iterable[tuple[_Branch, int]]:
    yield branch, depth
    for part in branch.below:
        yield from _walk(part, depth + 1)


def grow_strata(
    digests: Mapping[str, str],
    levels: Sequence[Mapping[str, str]],
    *,
    classes: int,
    caps: Sequence[Mapping[str, int]] | None = None,
    sizes: Sequence[int] = (),
) -> tuple[tuple[Stratum, ...], dict[str, tuple[str, ...]]]:
    """Return the tree and every child's path of labels.

    Parameters
    ----------
    digests
        Digest of the private record by child; it orders the labels, so that they tell nothing.
    levels
        Value by child, one mapping a level, the level that matters most first.
    classes
        How many classes; a stratum below twice as many children joins others.
    caps
        Per level, most children a class of a value; such values stay strata of their own however small. As
        every class gets its even share of a stratum, that alone keeps them.
    sizes
        Sizes of the classes where they differ.

    Returns
    -------
    tree, paths
        Strata sorted by label, the root first; labels from below the root to the leaf by child.

    Raises
    ------
    DrawError
        When a cap is below an even share.

    Examples
    --------
    >>> digests, gender = {s: s for s in "abcdefgh"}, dict(zip("abcdefgh", "FMFMFMFM"))
    >>> tree, paths = grow_strata(digests, [gender], classes=2)
    >>> [(s.label, s.count) for s in tree], paths["a"]
    ([('L00', 8), ('L01', 4), ('L02', 4)], ('L01',))
    """
    root = _Branch(sorted(digests))
    _grow(root, levels, 2 * classes, caps or [{} for _ in levels])
    every = list(_walk(root))
    _check_caps([branch for branch, _ in every], list(sizes) or [1] * classes)
    keyed = sorted(every[1:], key=lambda b: (min(digests[sid] for sid in b[0].sids), b[1]))
    width = max(2, len(str(len(keyed))))
    names = {id(root): ROOT} | {id(b): f"L{n:0{width}d}" for n, (b, _) in enumerate(keyed, start=1)}
    tree = [Stratum(ROOT, "", len(root.sids))]
    paths: dict[str, tuple[str, ...]] = dict.fromkeys(digests, ())
    for branch, _ in every:
        for part in branch.below:
            tree.append(Stratum(names[id(part)], names[id(branch)], len(part.sids)))
            for sid in part.sids:
                paths[sid] += (names[id(part)],)
    return tuple(sorted(tree, key=lambda s: s.label)), paths


def _check_caps(branches: Iterable[_Branch], weights: Sequence[int]) -> None:
    """Refuse a cap that the even shares of its strata, rounded up for the largest class, pass together."""
    capped = [branch for branch in branches if branch.cap]
    whole = max(1, sum(weights))
    most = sum(-(-len(branch.sids) * max(weights) // whole) for branch in capped)
    cap = min((branch.cap for branch in capped), default=0)
    if most > cap:
        count = sum(len(branch.sids) for branch in capped)
        raise DrawError(messages.text("draw.cap", cap=cap, count=count, most=most))


def check_strata(tree: Sequence[Stratum], records: Iterable[PublicRecord]) -> None:
    """Refuse a tree that does not fit the children's paths.

    Parameters
    ----------
    tree
        Strata as the manifest holds them.
    records
        The children.

    Raises
    ------
    DrawError
        When a path is none of the tree, or a count is wrong.
    """
    by_label = {s.label: s for s in tree if _LABEL.fullmatch(s.label)}
    inner = {s.parent for s in tree}
    counted: defaultdict[str, int] = defaultdict(int)
    for record in records:
        above = ""
        for label in (ROOT, *record.path):
            counted[label] += 1
            if label not in by_label or by_label[label].parent != above:
                raise DrawError(messages.text("draw.bad_strata", label=label))
            above = label
        if above in inner:
            raise DrawError(messages.text("draw.bad_strata", label=above))
    if [s.label for s in tree] != sorted(by_label):
        raise DrawError(messages.text("draw.bad_strata", label=ROOT))
    for s in tree:
        if counted[s.label] != s.count or s.count < 1:
            raise DrawError(messages.text("draw.bad_strata", label=s.label))
