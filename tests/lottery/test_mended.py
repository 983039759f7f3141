"""What an office, or a stranger to it, tried and must not succeed with."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.lottery.cases import DRAND, SEED, TERMS, child, public_files, sid, small_split
from tests.lottery.test_following import LATE, drawn, numbered

from zoning.errors import DrawError, PolicyError
from zoning.lottery import Lottery, Swap, commit_seats, commit_split, dummy_secrets, run_draw, verify_draw
from zoning.lottery.audit_draw import audit_draw
from zoning.lottery.making import Drawn, issue_numbers, make_bundle, make_late_bundle
from zoning.lottery.rehearsal import RECORDED, rehearsed
from zoning.lottery.terms import Terms, read_terms
from zoning.roster import Roster

NEEDY = Roster(tuple(child(n, gender="FM"[n % 2], need="x" if n < 6 else "") for n in range(48)))


def test_a_cap_holds_below_another_level() -> None:
    """Two strata of one need may together pass the cap: refused, and cured by putting need first."""
    terms = replace(TERMS, classes=4, levels=("gender", "need"))
    with pytest.raises(DrawError, match="so that a class may get 2"):
        commit_split(NEEDY, terms, dummy_secrets(NEEDY), need_cap=1)
    with pytest.raises(DrawError, match="put need first"):
        commit_split(NEEDY, replace(terms, levels=("need", "gender")), dummy_secrets(NEEDY), need_cap=1)
    commit_split(NEEDY, replace(terms, levels=("need", "gender")), dummy_secrets(NEEDY), need_cap=2)
    with pytest.raises(PolicyError, match="needs the level need"):
        commit_split(NEEDY, replace(terms, levels=("gender",)), dummy_secrets(NEEDY), need_cap=2)


def test_an_invented_polish_is_found_by_whoever_has_the_scores() -> None:
    """An office that makes exchanges of its choice passes the public check and not the audit."""
    roster = Roster(tuple(child(n, scores=(("语文", (n * 37) % 101),)) for n in range(12)))
    bundle = make_bundle(roster, Terms(replace(TERMS, polish=3)))
    honest = run_draw(bundle.public, SEED, now=DRAND.at, scores=bundle.scores)
    assert audit_draw(bundle, draws=5, transcript=honest).ok
    home, paths = dict(honest.result), {r.sid: r.path for r in bundle.public.roster.records}
    other = next((a, b) for a in home for b in home if a < b and paths[a] == paths[b] and home[a] != home[b])
    swaps = (*[s for s in honest.swaps if s.why != "polish"], Swap(*other, "polish"))
    plain = dict(run_draw(replace(bundle.public), SEED, now=DRAND.at, scores=bundle.scores).result)
    for swap in [s for s in honest.swaps if s.why == "polish"][::-1]:
        plain[swap.moved], plain[swap.partner] = plain[swap.partner], plain[swap.moved]
    plain[other[0]], plain[other[1]] = plain[other[1]], plain[other[0]]
    forged = replace(honest, swaps=swaps, result=tuple(sorted(plain.items())))
    with pytest.raises(DrawError, match="does not follow from the files and the seed"):
        audit_draw(bundle, draws=5, transcript=forged)
    with pytest.raises(DrawError, match="does not follow from the files and the seed"):
        Drawn(bundle, forged).check()
    with pytest.raises(DrawError, match="does not follow from the files and the seed"):
        run_draw(bundle.public, SEED, now=DRAND.at, scores=bundle.scores, earlier=forged)


def test_a_round_of_another_time_is_not_the_usual_beacon() -> None:
    """Quicknet's name over a later genesis would name a round that everybody knows already."""
    late = replace(DRAND, genesis=DRAND.genesis + 10**8)
    made = small_split(sources=((replace(TERMS.sources[0][0], at=late.at - 600),), (late,)))
    done = run_draw(made.public, SEED, now=late.at)
    found = verify_draw(done.octets(), public_files(made))
    assert any("not the usual one" in text.en for text in found.unproved)


def test_numbers_of_a_lottery_are_for_the_reader_to_compare() -> None:
    """No file proves which numbers were drawn, and nobody is told so."""
    issue = Lottery("double colour ball", "2026088", ((6, 33), (1, 16)), DRAND.at)
    dice = replace(TERMS.sources[0][0], count=32)
    made = small_split(sources=((dice,), (issue,)))
    seed = (replace(SEED[0], value="1" * 32), replace(SEED[1], value="03,11,17,22,28,31+07"))
    found = verify_draw(run_draw(made.public, seed, now=DRAND.at).octets(), public_files(made))
    assert any("compare with the official notice" in text.en for text in found.unproved)


def test_what_cannot_be_drawn_is_not_committed() -> None:
    """A typing error found after 72 hours and the dice would be a void draw."""
    terms = replace(TERMS, kind="seat", attempts=0, classes=0, levels=(), seats=(("P1", 2),))
    for choices in (("P9",), ("P1", "P1")):
        roster = Roster((child(0, choices=choices), child(1, choices=("P1",))))
        with pytest.raises(DrawError, match="offers no seats, one school twice"):
            commit_seats(roster, terms, dummy_secrets(roster))
    pair = Roster(tuple(child(n) for n in range(4)))
    with pytest.raises(DrawError, match="attempts kept every promise"):
        commit_split(
            pair, replace(TERMS, classes=1, levels=()), dummy_secrets(pair), separate=[(sid(0), sid(1))]
        )


def test_a_blank_is_no_second_ticket() -> None:
    """A child that comes again with a blank in its name, or from next door, is known all the same."""
    homes: dict[str, Any] = {"birth_date": "2020-01-02", "address": "somewhere 1"}
    before = drawn(make_bundle(numbered(0, 8, **homes), Terms(replace(TERMS, classes=2))))
    again = Roster(
        tuple(
            replace(a, sid="2026-0099", name=f"{a.name[0]} {a.name[1:]}", address="somewhere 2")
            for a in numbered(5, 1, **homes)
        )
    )
    with pytest.raises(DrawError, match="in the draw before"):
        make_late_bundle(again, LATE, [before])


def test_numbers_in_file_order_are_numbers() -> None:
    """A school that numbers its children 001, 002 ... can name them in pairs and receipts."""
    roster = Roster(tuple(replace(child(n), sid=f"{n + 1:03d}") for n in range(12)))
    bundle = make_bundle(roster, Terms(TERMS, separate=(("001", "007"),)))
    assert [one["number"] for one in bundle.children] == [a.sid for a in roster]
    bundle.check_roster(Roster(roster.applicants[::-1]))
    counted = make_bundle(replace(roster, is_numbered=False), Terms(TERMS))
    assert {one["number"] for one in counted.children} == {""}


def test_a_rehearsal_leads_to_no_number_of_the_draw() -> None:
    """Names on a rehearsal's wall list cannot be joined with the draw's by registration number."""
    roster = Roster(tuple(child(n) for n in range(12)))
    made = make_bundle(roster, Terms(rehearsed(TERMS)))
    assert not {one["record"]["sid"] for one in made.children} & {a.sid for a in roster}
    assert [a.sid for a in issue_numbers(roster)] == [a.sid for a in roster]


def test_nothing_that_counts_follows_a_rehearsal() -> None:
    """A late batch of a void split is void itself, or refused."""
    made = make_bundle(numbered(0, 8), Terms(rehearsed(replace(TERMS, classes=2))))
    void = Drawn(made, run_draw(made.public, RECORDED, now=DRAND.at))
    with pytest.raises(DrawError, match="was a rehearsal and is void"):
        make_late_bundle(numbered(8, 1), LATE, [void])
    make_late_bundle(numbered(8, 1), replace(LATE, manifest=rehearsed(LATE.manifest)), [void])


AT = "at = 2023-08-23T23:49:24+08:00"
SPLIT = 'kind = "split"\ndraw = "a"\n'
DICE = f'[[sources]]\ntype = "dice"\ncount = 20\n{AT}'
ISSUE = f'[[sources]]\ntype = "lottery"\nname = "a"\nissue = "1"\n{AT}\npools = '


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = ["split"]', "key kind"),
        (f'{SPLIT}previous = "xyz"\n{DICE}', "key previous"),
        (f'{SPLIT}[[sources]]\ntype = ["dice"]', "neither dice"),
        (f"{SPLIT}{ISSUE}[[-1, 33]]", "lacks a field or has one of the wrong kind"),
        (f"{SPLIT}{ISSUE}[[6, 133]]", "lacks a field or has one of the wrong kind"),
        (f"{SPLIT}{ISSUE}[]", "lacks a field or has one of the wrong kind"),
    ],
)
def test_rules_that_could_not_be_read_back_are_refused(tmp_path: Path, text: str, said: str) -> None:
    """What commits can be run: values of the wrong kind are one message, not a crash or a dead commitment."""
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DrawError, match=said):
        read_terms(tmp_path / "rules.toml", kind="split", now=0)


def test_a_commitment_may_be_written_in_groups(tmp_path: Path) -> None:
    """The digest of the draw before it is copied as it is read aloud."""
    text = (
        'kind = "split"\ndraw = "a"\nprevious = "' + " ".join(["5617", "EE1E"] * 8) + '"\n'
        '[[sources]]\ntype = "dice"\ncount = 20\nat = 2023-08-23T23:49:24+08:00\n'
        '[[sources]]\ntype = "drand"\nround = 1000\n'
    )
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
    assert read_terms(tmp_path / "rules.toml", kind="split", now=0).manifest.previous == "5617ee1e" * 8


def test_values_of_few_children_are_not_looked_at_alone() -> None:
    """Nobody finds the one child with a need by trying whom the audit's figures fit."""
    roster = Roster(
        tuple(
            child(n, need="x" if n == 7 else "", kindergarten=f"k{n % 3}" if n < 30 else "rare")
            for n in range(33)
        )
    )
    bundle = make_bundle(roster, Terms(replace(TERMS, classes=3)))
    found = audit_draw(bundle, draws=40).as_json()["before"]
    assert "need" not in found["chances"]
    assert found["chances"]["kindergarten"]["values"] == 3
