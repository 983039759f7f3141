"""A whole draw from its raw files, written from docs/draw-specification.md; shares no code with the package.

It assumes honest files: what it computes is compared with the package's transcript, byte by byte.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.lottery.oracle import Oracle


def canonical(value: object) -> bytes:
    """Return the canonical bytes of a value."""
    if isinstance(value, dict):
        return b"{" + b",".join(canonical(k) + b":" + canonical(value[k]) for k in sorted(value)) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(canonical(item) for item in value) + b"]"
    if isinstance(value, str):
        return b'"' + value.replace("\\", "\\\\").replace('"', '\\"').encode("utf-8") + b'"'
    return str(value).encode("ascii")


def tree(records: Sequence[bytes]) -> bytes:
    """Return the Merkle root by the recursion of RFC 6962."""
    if not records:
        return hashlib.sha256(b"").digest()
    if len(records) == 1:
        return hashlib.sha256(b"\0" + records[0]).digest()
    half = 1
    while half * 2 < len(records):
        half *= 2
    return hashlib.sha256(b"\1" + tree(records[:half]) + tree(records[half:])).digest()


def octets(source: Mapping[str, Any], value: str) -> bytes:
    """Return the bytes of what a source said."""
    if source["type"] == "drand":
        return bytes.fromhex(source["chain"]) + source["round"].to_bytes(8, "big") + bytes.fromhex(value)
    return value.encode("ascii")


def seats(chance: Oracle, records: Sequence[Mapping[str, Any]], offered: Mapping[str, int]) -> dict[str, str]:
    """Return schools by child: all ask their best school left at once, until nobody is refused."""
    families: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        families.setdefault(record["family"], []).append(record)
    wishes = {name: list(members[0]["choices"]) for name, members in families.items()}
    again = True
    while again:
        again = False
        for school, places in offered.items():
            asking = [name for name, left in wishes.items() if left and left[0]["school"] == school]
            asking.sort(key=lambda name: (wishes[name][0]["tier"], chance.ticket("seat", name)))
            taken = 0
            for name in asking:
                if taken >= places:
                    wishes[name].pop(0)
                    again = True
                else:
                    taken += len(families[name])
    return {
        member["sid"]: wishes[name][0]["school"] if wishes[name] else ""
        for name, members in families.items()
        for member in members
    }


def late(
    chance: Oracle, sids: Sequence[str], before: Sequence[int], asked: Mapping[str, Any]
) -> dict[str, str]:
    """Return classes by child of a late batch."""
    grouped = {s for group in asked["together"] for s in group}
    units = [*asked["together"], *([s] for s in sids if s not in grouped)]
    sizes, placed = list(before), dict[str, int]()
    for unit in sorted(units, key=lambda unit: chance.ticket("late", min(unit))):
        shut = {item["class"] for item in asked["closed"] if item["sid"] in unit}
        for pair in asked["separate"]:
            if set(pair) & set(unit):
                shut |= {placed[s] for s in pair if s in placed}
        free = [c for c in range(1, len(sizes) + 1) if c not in shut]
        best = min(free, key=lambda c: (sizes[c - 1], chance.ticket("late_class", min(unit), c)))
        sizes[best - 1] += len(unit)
        placed.update((s, best) for s in unit)
    return {s: str(c) for s, c in placed.items()}


def replay(files: Mapping[str, bytes], seed: Sequence[tuple[int, str]]) -> bytes:
    """Return the transcript that follows from the files and the seed; every split without a score polish."""
    manifest, roster, asked = (json.loads(files[name]) for name in ("manifest", "roster", "constraints"))
    assert all(canonical(json.loads(data)) == data for data in files.values())
    records = roster["records"]
    if records:
        assert tree([canonical(record) for record in records]).hex() == manifest["roster"]
    commitment = hashlib.sha256(files["manifest"]).digest()
    ikm = b""
    for ladder, (rung, value) in zip(manifest["sources"], seed, strict=True):
        part = octets(ladder[rung], value)
        ikm += len(part).to_bytes(4, "big") + part
    kind = manifest["algorithm"].split("/")[1]
    stage = f"late:{manifest['batch']}" if kind == "late" else kind
    prk = hmac.new(commitment, ikm, hashlib.sha256).digest()
    key = hmac.new(prk, b"lot/1/" + stage.encode(), hashlib.sha256).digest()
    chance = Oracle(
        key,
        {record["sid"]: record["path"] for record in records},
        [(s["label"], s["parent"], s["count"]) for s in manifest["strata"]],
        manifest["classes"],
        asked["together"],
        asked["separate"],
        None if manifest["equal"] else manifest["capacities"],
        manifest["attempts"],
    )
    attempt, swaps = 0, list[dict[str, str]]()
    if kind == "split":
        found = chance.run()
        assert found is not None
        attempt, placed, made = found
        result = {s: str(c) for s, c in placed.items()}
        swaps = [{"moved": m, "partner": q, "why": why} for m, q, why in made]
    elif kind == "seat":
        result = seats(chance, records, {item["school"]: item["seats"] for item in manifest["seats"]})
    elif kind == "late":
        result = late(chance, [r["sid"] for r in records], manifest["capacities"], asked)
    else:
        order = sorted(manifest["items"], key=lambda item: chance.ticket(kind, item))
        order = order[: manifest["choose"]] if kind == "inspect" else order
        result = {item: str(turn) for turn, item in enumerate(order, start=1)}
    items: list[object] = [{"id": name, "to": result[name]} for name in sorted(result)]
    return canonical(
        {
            "attempt": attempt,
            "commitment": commitment.hex(),
            "format": "lot/transcript/1",
            "key": key.hex(),
            "result": items,
            "root": tree([canonical(item) for item in items]).hex(),
            "seed": [{"rung": rung, "value": value} for rung, value in seed],
            "stage": stage,
            "swaps": swaps,
            "void": int(manifest["mode"] == "rehearsal"),
        }
    )
