"""The worked vectors of docs/draw-specification.md; run as a module, it writes them into the page.

``python -m tests.lottery.vectors`` after a change of the specification.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.lottery.cases import DICE, DRAND, SEED, SIGNATURE, TERMS, THROWN, sid, small_seats, small_split

from zoning.lottery import (
    Balls,
    Committed,
    Constraints,
    Lottery,
    PublicRecord,
    PublicRoster,
    Revealed,
    Tickets,
    run_draw,
)
from zoning.lottery.canonical import encode, lengthened
from zoning.lottery.lowtech import published_splits
from zoning.lottery.merkle import inclusion_proof
from zoning.lottery.records import secret_of, wall_code
from zoning.lottery.rounding import round_counts
from zoning.lottery.seats import draw_seats
from zoning.lottery.seed import draw_key, stage_key
from zoning.lottery.split import split_classes

PAGE = Path(__file__).parents[2] / "docs" / "draw-specification.md"
START, END = "<!-- vectors: begin -->\n", "<!-- vectors: end -->\n"


def _block(title: str, lines: Iterator[str]) -> str:
    return f"### {title}\n\n```text\n" + "\n".join(lines) + "\n```\n\n"


def _bytes() -> Iterator[str]:
    value = {"sid": "7", "name": '甲"\\', "path": ["L01"], "count": -3}
    yield f"canonical  {encode(value).decode()}"
    yield f"hex        {encode(value).hex()}"
    yield f"LP('ab')   {lengthened(b'ab').hex()}"
    tickets = Tickets(bytes(range(32)))
    yield f"key        {bytes(range(32)).hex()}"
    yield f"T('pupil', 1, 'A')       {tickets.of('pupil', 1, 'A').hex()}"
    yield f"T('below', 'x', 1, 0)    {tickets.of('below', 'x', 1, 0).hex()}"
    yield f"below(6, 'x', 1)         {tickets.below(6, 'x', 1)}"
    yield f"below(2**63 + 1, 'x', 1) {tickets.below(2**63 + 1, 'x', 1)}"


def _files() -> Iterator[str]:
    kept = small_split()
    public = kept.public
    record, code = kept.records[0], kept.secrets[sid(0)]
    yield f"receipt code  {code}"
    yield f"wall code     {wall_code(code)}"
    yield f"private       {record.octets().decode()}"
    yield f"h             {record.digest(secret_of(code))}"
    yield f"roster        {public.roster.octets().decode()}"
    yield f"roster root   {public.roster.root}"
    proof = inclusion_proof([encode(child.as_json()) for child in public.roster.records], 2)
    yield f"proof of record 2 (from 0)  {' '.join(digest.hex() for digest in proof)}"
    yield f"constraints   {public.constraints.octets().decode()}"
    yield f"digest        {public.constraints.root}"
    yield f"manifest      {public.manifest.octets().decode()}"
    yield f"commitment    {public.manifest.commitment.hex()}"


def _seed() -> Iterator[str]:
    manifest = small_split().public.manifest
    octets = [DICE.octets(THROWN), DRAND.octets(SIGNATURE)]
    key = draw_key(manifest.commitment, manifest.sources, SEED)
    lottery = Lottery("double colour ball", "2026088", ((6, 33), (1, 16)), 0)
    yield f"dice          {octets[0].hex()}"
    yield f"drand         {octets[1].hex()}"
    yield f"randomness    {hashlib.sha256(bytes.fromhex(SIGNATURE)).hexdigest()}"
    yield f"lottery       {lottery.octets('03,11,17,22,28,31+07').hex()}  ({lottery.bits} bits)"
    yield f"ikm           {b''.join(map(lengthened, octets)).hex()}"
    yield f"PRK           {key.hex()}"
    for stage in ("split", "seat", "teacher", "inspect", "late:1"):
        yield f"K {stage:<10}  {stage_key(key, stage).hex()}"


def _tickets(committed: Committed) -> Tickets:
    manifest = committed.manifest
    return Tickets(stage_key(draw_key(manifest.commitment, manifest.sources, SEED), manifest.stage))


def _split() -> Iterator[str]:
    public = small_split().public
    tickets = _tickets(public)
    for c in (1, 2):
        yield f"T('class', 1, {c})    {tickets.of('class', 1, c).hex()}"
    for stratum in public.manifest.strata:
        yield f"T('node', 1, {stratum.label})  {tickets.of('node', 1, stratum.label).hex()}"
    for name in public.roster.sids:
        yield f"T('pupil', 1, {name})  {tickets.of('pupil', 1, name).hex()}"
    twin = min(sid(1), sid(2))
    yield f"below(2, 'leader', 1, {twin})  {tickets.below(2, 'leader', 1, twin)}"
    transcript = run_draw(public, SEED, now=DRAND.at)
    yield f"transcript  {transcript.octets().decode()}"
    yield f"sha256      {hashlib.sha256(transcript.octets()).hexdigest()}"


def _unequal() -> Iterator[str]:
    public = small_split(equal=False, capacities=(5, 3)).public
    tickets = _tickets(public)
    yield f"commitment  {public.manifest.commitment.hex()}"
    yield f"counts of attempt 1  {round_counts(public.manifest.strata, (5, 3), tickets, 1)}"
    transcript = run_draw(public, SEED, now=DRAND.at)
    yield f"attempt     {transcript.attempt}"
    yield f"root        {transcript.root}"
    yield f"sha256      {hashlib.sha256(transcript.octets()).hexdigest()}"


def _polish() -> Iterator[str]:
    public = small_split().public
    scores = {name: (at * at * 10,) for at, name in enumerate(public.roster.sids)}
    split = split_classes(
        public.roster, replace(public.manifest, polish=5), Constraints(), _tickets(public), scores=scores
    )
    yield "as the split above, without groups and pairs, at most 5 exchanges"
    yield f"scores, tenths, in order of sid  {[s for (s,) in scores.values()]}"
    yield from (f"swap    {s.moved} {s.partner} {s.why}" for s in split.swaps)
    yield f"placed  {[c for _, c in split.placed]}"


def _seats() -> Iterator[str]:
    public = small_seats().public
    tickets = _tickets(public)
    yield f"roster      {public.roster.octets().decode()}"
    yield f"commitment  {public.manifest.commitment.hex()}"
    for name in sorted({record.family for record in public.roster.records}):
        yield f"T('seat', {name})  {tickets.of('seat', name).hex()}"
    draw = draw_seats(public.roster, public.manifest.seats, tickets)
    for child, school in draw.placed:
        yield f"{child}  {school or '-'}"
    for school, line in draw.waiting.items():
        yield f"waiting {school}  {' '.join(line) or '-'}"
    yield f"root  {run_draw(public, SEED, now=DRAND.at).root}"


def small_draws() -> Iterator[tuple[str, Committed]]:
    """Yield the commitments of a late batch, of head teachers and of an inspection."""
    none = Constraints()
    late = PublicRoster(tuple(PublicRecord(sid(n), "0" * 64) for n in (20, 21, 22)))
    asked = Constraints(together=((sid(20), sid(21)),), closed=((sid(22), 1),))
    base = replace(TERMS, attempts=0, classes=0, levels=(), constraints=none.root)
    yield (
        "late",
        Committed(
            replace(
                base, kind="late", draw="late", batch=1, classes=3, capacities=(10, 9, 9), n=3,
                roster=late.root, constraints=asked.root, together=1, closed=1,
            ),
            late,
            asked,
        ),
    )  # fmt: skip
    yield "teacher", Committed(replace(base, kind="teacher", draw="teachers", items=("T1", "T2", "T3")))
    items = ("P1", "P2", "P3", "P4", "P5")
    yield "inspect", Committed(replace(base, kind="inspect", draw="inspection", items=items, choose=2))


def _others() -> Iterator[str]:
    for name, committed in small_draws():
        transcript = run_draw(committed, SEED, now=DRAND.at)
        yield f"{name:<8} commitment {committed.manifest.commitment.hex()}"
        yield f"         result     {list(transcript.result)}"
        yield f"         root       {transcript.root}"


def lowtech() -> Committed:
    """Return the small split in the low-tech mode."""
    return small_split(mode="lowtech", sources=((Balls(3, DRAND.at),),)).public


def _lowtech() -> Iterator[str]:
    public = lowtech()
    transcript = run_draw(public, [Revealed("417")], now=DRAND.at)
    yield f"commitment    {public.manifest.commitment.hex()}"
    key = draw_key(public.manifest.commitment, public.manifest.sources, [Revealed("417")])
    yield f"PRK of 417    {key.hex()}"
    yield f"K split       {transcript.key}"
    yield f"root          {transcript.root}"
    yield f"splits.csv    {hashlib.sha256(published_splits(public)).hexdigest()}"


def worked() -> str:
    """Return the vectors as the page shows them."""
    parts = {
        "Bytes, tickets, numbers": _bytes,
        "Records, roster, constraints, manifest": _files,
        "Seed and keys": _seed,
        "A split": _split,
        "Unequal classes": _unequal,
        "Score polish": _polish,
        "Seats": _seats,
        "Late batch, teachers, inspection": _others,
        "Low-tech mode": _lowtech,
    }
    return "".join(_block(title, lines()) for title, lines in parts.items())


def on_page() -> str:
    """Return what the page shows now."""
    return PAGE.read_text(encoding="utf-8").split(START)[1].split(END)[0].lstrip("\n")


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(START)[0], text.split(END)[1]
    PAGE.write_text(f"{before}{START}\n{worked()}{END}{after}", encoding="utf-8")
