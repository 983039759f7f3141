"""The verifier page computes what the package computes: vectors, random draws, every kind, the beacon."""

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.lottery.cases import (
    DRAND,
    OTHER_ROUND,
    OTHER_SIGNATURE,
    SEED,
    SIGNATURE,
    TERMS,
    child,
    public_files,
    sid,
    small_seats,
    small_split,
)
from tests.lottery.replay import replay
from tests.lottery.vectors import lowtech, on_page, small_draws
from tests.publish.draw_browser import VERIFY_ALL, WORDS, Files, checked, drawn, edited, root_of, texts
from tests.publish.visits import Visit

import zoning
from zoning.errors import DrawError
from zoning.lottery import (
    Commitment,
    Committed,
    Constraints,
    PublicRecord,
    PublicRoster,
    Revealed,
    Tickets,
    commit_seats,
    commit_split,
    dummy_secrets,
    run_draw,
)
from zoning.roster import Applicant, Roster

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[2] / "data" / "geo" / "sample" / "roster.csv"


def test_the_worked_vectors_verify(phone: Visit) -> None:
    """The page finds the roots that the specification prints, for every kind of draw."""
    cases = [
        drawn(small_split().public), drawn(small_split(equal=False, capacities=(5, 3)).public),
        drawn(small_seats().public), *(drawn(committed) for _, committed in small_draws()),
        drawn(lowtech(), (Revealed("417"),)),
    ]  # fmt: skip
    roots = phone.page.evaluate(VERIFY_ALL, [texts(files) for files in cases])
    assert roots == [root_of(files) for files in cases]
    assert all(root in on_page() for root in roots)


def test_bytes_and_tickets_are_those_of_the_page(phone: Visit) -> None:
    """Tickets, whole numbers, the private digest and the rounding are the vectors of the specification."""
    found = phone.page.evaluate(
        """() => {
          const T = drawEngine.ticketsOf(Uint8Array.from({ length: 32 }, (_, i) => i));
          return [T.of("pupil", 1, "A"), T.of("below", "x", 1, 0), String(T.below(6, "x", 1)),
            String(T.below(2n ** 63n + 1n, "x", 1)),
            drawFiles.wallCode("00000000000000000000000001"),
            drawHash.hex(drawFiles.canonical({ sid: "7", name: '甲"\\\\', path: ["L01"], count: -3 }))];
        }"""
    )
    assert all(value in on_page() for value in found)
    assert len(found[0]) == 64


def test_hashes_agree_with_the_browsers_own(phone: Visit) -> None:
    """Plain SHA-256 and HMAC give what WebCrypto gives, for every length around a block."""
    assert phone.page.evaluate(
        """async () => {
          for (let size = 0; size < 200; size++) {
            const data = Uint8Array.from({ length: size }, (_, i) => (i * 7 + size) % 256);
            const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
            if (drawHash.hex(digest) !== drawHash.hex(drawHash.sha256(data))) return size;
            if (!size) continue;
            const kind = { name: "HMAC", hash: "SHA-256" };
            const key = await crypto.subtle.importKey("raw", data, kind, false, ["sign"]);
            const signed = new Uint8Array(await crypto.subtle.sign("HMAC", key, data));
            if (drawHash.hex(signed) !== drawHash.hex(drawHash.hmac(data)(data))) return -size;
          }
          return true;
        }"""
    ) is True  # fmt: skip


def _split(chance: random.Random) -> Commitment:
    count, classes = chance.randint(2, 40), chance.randint(1, 5)
    twins = chance.randint(0, count // 6)
    rows = []
    for n in range(count):
        fields: dict[str, object] = {
            "gender": chance.choice("FM"), "kindergarten": chance.choice(("甲园", "乙园", "")),
            "need": "yes" if chance.random() < 0.1 else "",
        }  # fmt: skip
        if n < 2 * twins:
            fields |= {"twin_group": f"T{n // 2}", "together": chance.random() < 0.8}
        rows.append(child(n, **fields))
    roster = Roster(tuple(rows))
    terms = replace(
        TERMS, classes=classes, attempts=60,
        levels=tuple(chance.sample(("need", "gender", "kindergarten"), chance.randint(0, 3))),
        mode=chance.choice(("draw", "rehearsal")),
    )  # fmt: skip
    if chance.random() < 0.4:
        cuts = sorted(chance.sample(range(1, count), min(classes, count) - 1))
        sizes = [b - a for a, b in zip([0, *cuts], [*cuts, count], strict=True)]
        terms = replace(terms, classes=len(sizes), equal=False, capacities=tuple(sizes))
    free = chance.sample(range(2 * twins, count), min(4, count - 2 * twins) // 2 * 2)
    pairs = [(sid(a), sid(b)) for a, b in zip(free[::2], free[1::2], strict=True)]
    return commit_split(roster, terms, dummy_secrets(roster), separate=pairs if classes > 1 else [])


def _seats(chance: random.Random) -> Commitment:
    rows: list[Applicant] = []
    for n in range(chance.randint(1, 30)):
        order = chance.sample(("P1", "P2", "P3"), chance.randint(0, 3))
        twins = f"T{n}" if chance.random() < 0.2 else ""
        fields = {"choices": tuple(order), "tier": chance.randint(1, 2), "twin_group": twins}
        rows.extend(child(n + 100 * extra, **fields) for extra in range(2 if twins else 1))
    roster = Roster(tuple(rows))
    seats = tuple((name, chance.randint(0, 6)) for name in ("P1", "P2", "P3"))
    terms = replace(TERMS, kind="seat", attempts=0, classes=0, levels=(), seats=seats)
    return commit_seats(roster, terms, dummy_secrets(roster))


def _late(chance: random.Random) -> Committed:
    names = sorted(sid(n) for n in range(chance.randint(1, 20)))
    roster = PublicRoster(tuple(PublicRecord(name, "0" * 64) for name in names))
    classes = chance.randint(1, 5)
    mixed = chance.sample(names, len(names))
    groups = [tuple(sorted(mixed[n : n + 2])) for n in (0, 2) if len(mixed) > n + 3 and chance.random() < 0.5]
    free = mixed[4:]
    pairs = (
        {tuple(sorted(chance.sample(free, 2))) for _ in range(3)} if len(free) > 1 and classes > 1 else set()
    )
    closed = {(name, chance.randint(1, classes)) for name in chance.sample(names, len(names) // 3)}
    asked = Constraints(
        together=tuple(sorted(groups)), separate=tuple(sorted(pairs)), closed=tuple(sorted(closed))
    )
    terms = replace(
        TERMS, kind="late", batch=chance.randint(1, 12), attempts=0, levels=(), classes=classes,
        capacities=tuple(chance.randint(0, 3) for _ in range(classes)), n=len(names), roster=roster.root,
        constraints=asked.root, together=len(groups), separate=len(pairs), closed=len(closed),
    )  # fmt: skip
    return Committed(terms, roster, asked)


def _random_public(chance: random.Random) -> Committed:
    kind = chance.random()
    if kind < 0.2:
        return _seats(chance).public
    return _late(chance) if kind < 0.4 else _split(chance).public


def _random_draws(count: int) -> Iterator[Files]:
    chance = random.Random(20270901)  # noqa: S311 - the same rosters every time
    while count:
        try:
            public = _random_public(chance)
            dice = "".join(chance.choices("0123456789", k=20))
            files = drawn(public, (Revealed(dice), Revealed(SIGNATURE)))
        except DrawError:
            continue  # rules that no split keeps
        count -= 1
        yield files


def test_a_thousand_random_draws_give_the_same_roots(phone: Visit) -> None:
    """Browser and Python find the same bytes for 1,000 random rosters with every kind of wish."""
    cases = list(_random_draws(1000))
    roots = phone.page.evaluate(VERIFY_ALL, [texts(files) for files in cases])
    assert roots == [root_of(files) for files in cases]
    swaps = [json.loads(files["transcript"])["swaps"] for files in cases]
    assert sum(map(bool, swaps)) > 100
    assert sum(json.loads(files["transcript"])["attempt"] > 1 for files in cases) > 10


def test_another_round_of_the_beacon_verifies(phone: Visit) -> None:
    """The signature check is no table of one round."""
    source = replace(DRAND, round=OTHER_ROUND)
    made = small_split(sources=((TERMS.sources[0][0],), (source,)))
    seed = (SEED[0], Revealed(OTHER_SIGNATURE))
    files = public_files(made)
    files["transcript"] = run_draw(made.public, seed, now=source.at).octets()
    assert f"drand round {OTHER_ROUND} is genuine" in checked(phone, files)


def test_polish_is_checked_as_far_as_it_is_public(phone: Visit) -> None:
    """A real polish passes and is named as partly unproved; one between strata does not."""
    marks = [(("数学", 1000 - 7 * n), ("语文", 10 * n * n)) for n in range(12)]
    roster = Roster(tuple(child(n, gender="FM"[n % 2], scores=marks[n]) for n in range(12)))
    made = commit_split(roster, replace(TERMS, polish=3), dummy_secrets(roster))
    files = public_files(made)
    files["transcript"] = run_draw(made.public, SEED, now=DRAND.at, scores=made.scores).octets()
    swaps = json.loads(files["transcript"])["swaps"]
    assert swaps
    found = checked(phone, files)
    assert WORDS["open_polish"]["en"] in found
    assert WORDS["proved_polish"]["en"] in found
    other = next(sid(n) for n in range(12) if n % 2 != _number(swaps[0]["moved"]) % 2)
    bad = edited("transcript", lambda v: v["swaps"][0].update(partner=other))(files)
    assert "which it may not" in checked(phone, bad)


def _number(name: str) -> int:
    return next(n for n in range(12) if sid(n) == name)


def test_two_hundred_thousand_tickets(phone: Visit) -> None:
    """The digest over 200,000 tickets is Python's."""
    tickets = Tickets(bytes(range(32)))
    ours = hashlib.sha256()
    for n in range(200_000):
        ours.update(tickets.of("pupil", 1, str(n)))
    theirs = phone.page.evaluate(
        """() => {
          const T = drawEngine.ticketsOf(Uint8Array.from({ length: 32 }, (_, i) => i));
          const all = new Uint8Array(200000 * 32);
          for (let n = 0; n < 200000; n++) all.set(drawHash.unhex(T.of("pupil", 1, n)), 32 * n);
          return drawHash.hex(drawHash.sha256(all));
        }"""
    )
    assert theirs == ours.hexdigest()


def test_the_sample_roster_gives_the_same_root(phone: Visit) -> None:
    """600 children in 12 classes, equal and unequal, with 25 pairs to part, as Python splits them."""
    roster = zoning.read_roster(SAMPLE, zoning.sample_district())
    sids = [a.sid for a in roster]
    pairs = [(sids[10 * n], sids[10 * n + 5]) for n in range(25)]
    terms = replace(TERMS, classes=12, levels=("need", "gender", "kindergarten"))
    sizes = (45, 45, 46, 47, 48, 50, 50, 52, 53, 54, 55, 55)
    cases = []
    for one in (terms, replace(terms, equal=False, capacities=sizes)):
        few = pairs if one.equal else pairs[:5]
        made = commit_split(roster, one, dummy_secrets(roster), separate=few, need_cap=2)
        cases.append(drawn(made.public))
    roots = phone.page.evaluate(VERIFY_ALL, [texts(files) for files in cases])
    assert roots == [root_of(files) for files in cases]


def test_a_beacon_of_ones_own_is_named(phone: Visit) -> None:
    """A manifest that names a chain other than the usual one is not praised."""
    made = small_split(sources=((TERMS.sources[0][0],), (replace(DRAND, chain="0" * 64),)))
    files = public_files(made)
    files["transcript"] = replay(files, [(said.rung, said.value) for said in SEED])
    found = checked(phone, files)
    assert "depends on who holds that key" in found
    assert "nobody could choose it." not in found
