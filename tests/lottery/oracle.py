"""A second, plain implementation of the split, written from docs/draw-specification.md; shares no code."""

import hashlib
import hmac
from dataclasses import dataclass, field
from math import inf


@dataclass
class Oracle:
    """One split: children as {sid: path}, tree as [(label, parent, count)] sorted by label."""

    key: bytes
    paths: dict[str, list[str]]
    tree: list[tuple[str, str, int]]
    k: int
    together: list[list[str]] = field(default_factory=list)
    separate: list[list[str]] = field(default_factory=list)
    sizes: list[int] | None = None
    attempts: int = 1000

    def ticket(self, *parts: object) -> bytes:
        """T of the page."""
        message = b""
        for part in parts:
            octets = str(part).encode("utf-8")
            message += len(octets).to_bytes(4, "big") + octets
        return hmac.new(self.key, message, hashlib.sha256).digest()

    def below(self, n: int, *parts: object) -> int:
        """Return the whole number of the page."""
        i = 0
        while True:
            w = int.from_bytes(self.ticket("below", *parts, i)[:8], "big")
            if w < 2**64 - (2**64 % n):
                return w % n
            i += 1

    def run(self) -> tuple[int, dict[str, int], list[tuple[str, str, str]]] | None:
        """Return attempt, classes and swaps; None when every attempt fails."""
        self.bound = {s for g in self.together + self.separate for s in g}
        for t in range(1, self.attempts + 1):
            self.t, self.swaps = t, []
            self.pupil = {s: self.ticket("pupil", t, s) for s in self.paths}
            self.deal()
            if self.join() and self.part() and self.even() and self.kept():
                return t, self.place, self.swaps
        return None

    def members(self, label: str) -> list[str]:
        """Children of a node."""
        return [s for s in self.paths if label == "L00" or label in self.paths[s]]

    def deal(self) -> None:
        """Place everybody before any exchange."""
        turns = sorted(range(1, self.k + 1), key=lambda c: self.ticket("class", self.t, c))
        if self.sizes is None:
            line = sorted(
                self.paths,
                key=lambda s: (*(self.ticket("node", self.t, x) for x in self.paths[s]), self.pupil[s]),
            )
            self.place = {s: turns[i % self.k] for i, s in enumerate(line)}
            return
        self.place = {}
        for leaf, counts in self.round().items():
            waiting = sorted(self.members(leaf), key=lambda s: self.pupil[s])
            for c in turns:
                for _ in range(counts[c - 1]):
                    self.place[waiting.pop(0)] = c

    def round(self) -> dict[str, list[int]]:
        """Round the shares of unequal classes."""
        assert self.sizes is not None
        n, k = sum(self.sizes), self.k
        inner = {parent for _, parent, _ in self.tree}
        flow = {i * k + c: node[2] * self.sizes[c] for i, node in enumerate(self.tree) for c in range(k)}
        ends: dict[int, tuple[object, object]] = {}
        for i, (label, parent, _) in enumerate(self.tree):
            for c in range(k):
                if parent:
                    ends[i * k + c] = ((parent, c), (label, c) if label in inner else label)
        step = 0
        while any(flow[e] % n for e in flow):
            first = min(e for e in flow if flow[e] % n)
            at, passed, trail = ends[first][1], [(first, 1)], [ends[first][0]]
            while at not in trail:
                trail.append(at)
                e = min(x for x in ends if at in ends[x] and flow[x] % n and x != passed[-1][0])
                way = 1 if ends[e][0] == at else -1
                passed.append((e, way))
                at = ends[e][1] if way == 1 else ends[e][0]
            cycle = passed[trail.index(at) :]
            up = down = inf
            for e, way in cycle:
                to_ceiling, to_floor = n - flow[e] % n, flow[e] % n
                up = min(up, to_ceiling if way == 1 else to_floor)
                down = min(down, to_floor if way == 1 else to_ceiling)
            push = up if self.below(int(up + down), "round", self.t, step) < down else -down
            for e, way in cycle:
                flow[e] += int(way * push)
            step += 1
        return {
            label: [flow[i * k + c] // n for c in range(k)]
            for i, (label, _, _) in enumerate(self.tree)
            if label not in inner
        }

    def partner(self, m: str, allowed: set[int]) -> str | None:
        """Find whom m changes with."""
        chain = ["L00", *self.paths[m]]
        for label in [chain[-1], *([chain[-2]] if len(chain) > 1 else [])]:
            free = [s for s in self.members(label) if s not in self.bound and self.place[s] in allowed]
            if free:
                return min(free, key=lambda s: self.pupil[s])
        return None

    def exchange(self, m: str, q: str | None, why: str) -> bool:
        """Exchange two classes; False when there is nobody to change with."""
        if q is None:
            return False
        self.place[m], self.place[q] = self.place[q], self.place[m]
        self.swaps.append((m, q, why))
        return True

    def join(self) -> bool:
        """Bring groups together."""
        for group in self.together:
            home = self.place[group[self.below(len(group), "leader", self.t, group[0])]]
            for m in group:
                if self.place[m] != home and not self.exchange(m, self.partner(m, {home}), "together"):
                    return False
        return True

    def part(self) -> bool:
        """Part pairs."""
        grouped = {s for g in self.together for s in g}
        for a, b in self.separate:
            if self.place[a] != self.place[b]:
                continue
            free = [s for s in (a, b) if s not in grouped]
            if not free:
                return False
            m = free[self.below(len(free), "mover", self.t, a, b)]
            foes = {x for pair in self.separate if m in pair for x in pair if x != m}
            allowed = set(self.place.values()) - {self.place[x] for x in foes}
            if not self.exchange(m, self.partner(m, allowed), "separate"):
                return False
        return True

    def even(self) -> bool:
        """Check shares."""
        weights = self.sizes or [1] * self.k
        for label, _, count in self.tree:
            inside = [self.place[s] for s in self.members(label)]
            for c, w in enumerate(weights, start=1):
                here = inside.count(c)
                if abs(here * sum(weights) - count * w) >= sum(weights):
                    return False
        return True

    def kept(self) -> bool:
        """Check groups and pairs."""
        return all(len({self.place[s] for s in g}) == 1 for g in self.together) and all(
            self.place[a] != self.place[b] for a, b in self.separate
        )
