"""Every way to cheat that we know of is refused, each with its own sentence."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from py_arkworks_bls12381 import G1Point, G2Point, Scalar
from tests.lottery.cases import (
    DICE,
    DRAND,
    OTHER_SIGNATURE,
    SEED,
    SIGNATURE,
    TERMS,
    THROWN,
    child,
    public_files,
    sid,
    small_seats,
    small_split,
)

from zoning.errors import DrawError
from zoning.lottery import (
    Balls,
    Committed,
    Constraints,
    Dice,
    Lottery,
    Manifest,
    PublicRoster,
    Revealed,
    Transcript,
    commit_split,
    dummy_secrets,
    read_public_files,
    run_draw,
    verify_draw,
)
from zoning.lottery.canonical import encode
from zoning.roster import Roster

PUBLIC = small_split().public
FILES = public_files(small_split())
DONE = run_draw(PUBLIC, SEED, now=DRAND.at)


def test_an_honest_draw_verifies() -> None:
    """From public files alone everything is found again, and it is said what that does not prove."""
    promised = PUBLIC.manifest.commitment.hex(" ", 2).upper()
    found = verify_draw(DONE.octets(), FILES, promised=promised)
    assert found.transcript == DONE
    assert any("promised before the draw" in text.en for text in found.proved)
    assert not any("rehearsal" in text.en for text in found.unproved)
    assert any("compare its digest" in text.en for text in verify_draw(DONE.octets(), FILES).unproved)


def test_a_rehearsal_says_that_it_is_void() -> None:
    """No rehearsal can be passed off as the draw."""
    made = small_split(mode="rehearsal", published=DRAND.at)
    done = run_draw(made.public, SEED, now=DRAND.at)
    assert done.void
    found = verify_draw(done.octets(), public_files(made))
    assert any("void" in text.en for text in found.unproved)
    passed_off = replace(done, void=False)
    with pytest.raises(DrawError, match="void differs"):
        verify_draw(passed_off.octets(), public_files(made))


def test_an_early_draw_is_refused() -> None:
    """Nothing is drawn a second before the last source speaks."""
    with pytest.raises(DrawError, match=r"not due before 2023-08-23 15:59:24 UTC"):
        run_draw(PUBLIC, SEED, now=DRAND.at - 1)


def test_a_second_run_with_another_seed_is_refused() -> None:
    """A result that somebody dislikes cannot be drawn again; the same seed only repeats it."""
    assert run_draw(PUBLIC, SEED, now=DRAND.at, earlier=DONE) == DONE
    with pytest.raises(DrawError, match="run already with another seed"):
        run_draw(PUBLIC, (Revealed("1" * 20), SEED[1]), now=DRAND.at, earlier=DONE)


def changed(change: Callable[[list[object]], list[object]]) -> Committed:
    """Return the commitment with another roster under the same manifest."""
    return replace(PUBLIC, roster=PublicRoster(tuple(change(list(PUBLIC.roster.records)))))  # type: ignore[arg-type]


def test_a_changed_roster_is_refused() -> None:
    """A child pulled out, put in or renamed after the commitment stops the draw."""
    stranger = replace(PUBLIC.roster.records[0], sid=sid(99))
    renamed = replace(PUBLIC.roster.records[0], h="0" * 64)
    with pytest.raises(DrawError, match="promised 8 children, found 9"):
        run_draw(changed(lambda records: [*records, stranger]), SEED, now=DRAND.at)
    with pytest.raises(DrawError, match="promised 8 children, found 7"):
        run_draw(changed(lambda records: records[1:]), SEED, now=DRAND.at)
    with pytest.raises(DrawError, match="promised 8 children, found 8"):
        run_draw(changed(lambda records: [renamed, *records[1:]]), SEED, now=DRAND.at)


def test_changed_wishes_are_refused() -> None:
    """A pair dropped after the commitment stops the draw."""
    with pytest.raises(DrawError, match="groups and pairs are not the ones committed"):
        run_draw(replace(PUBLIC, constraints=Constraints()), SEED, now=DRAND.at)


@pytest.mark.parametrize(
    ("seed", "reason"),
    [
        (SEED[:1], "names 2 seed sources, 1 were given"),
        ((*SEED, SEED[0]), "names 2 seed sources, 3 were given"),
        ((Revealed(""), SEED[1]), "source dice said nothing. An empty seed"),
        ((SEED[0], Revealed("")), "source drand said nothing. An empty seed"),
        ((Revealed("0" * 20), SEED[1]), "source dice said nothing but zeros"),
        ((SEED[0], Revealed("0" * 96)), "source drand said nothing but zeros"),
        ((Revealed("123456"), SEED[1]), "must be 20 digits"),
        ((Revealed("１" * 20), SEED[1]), "must be 20 digits"),
        ((SEED[0], Revealed(OTHER_SIGNATURE)), "not the beacon's own for round 1000"),
        ((SEED[0], Revealed(SIGNATURE.upper())), "round 1000 is no signature"),
        ((SEED[0], Revealed("b" + SIGNATURE[:-1])), "not the beacon's own for round 1000"),
        ((SEED[0], replace(SEED[1], rung=1)), "Rung 1 is not on the ladder"),
        ((SEED[0], replace(SEED[1], rung=-1)), "Rung -1 is not on the ladder"),
    ],
)
def test_a_bad_seed_is_refused(seed: tuple[Revealed, ...], reason: str) -> None:
    """A missing, empty, zero, short or forged value is an error, never another seed."""
    with pytest.raises(DrawError, match=reason):
        run_draw(PUBLIC, seed, now=DRAND.at)


LOTTERY = Lottery("double colour ball", "2026088", ((6, 33), (1, 16)), DRAND.at)


@pytest.mark.parametrize(
    ("sources", "reason"),
    [
        (((DICE,),), "dice first and a beacon or lottery last"),
        (((DRAND,), (DICE,)), "dice first and a beacon or lottery last"),
        (((DICE,), (DICE,)), "dice first and a beacon or lottery last"),
        (((DICE,), (DRAND,), (DICE,)), "dice first and a beacon or lottery last"),
        (((DICE,), (DRAND, replace(DICE, at=DRAND.at + 9))), "dice first and a beacon or lottery last"),
        (((DRAND,), (LOTTERY,)), "dice first and a beacon or lottery last"),
        (((DICE,), ()), "dice first and a beacon or lottery last"),
        (((Dice(20, DRAND.at),), (DRAND,)), "also in time"),
        (((Dice(6, DICE.at),), (DRAND,)), "count for 147 bits; .* at least 20 dice"),
        (((DICE,), (LOTTERY,)), "count for 90 bits; at least 128"),
        (((Dice(31, DICE.at),), (LOTTERY,)), "count for 126 bits"),
        (((DICE,), (DRAND, replace(LOTTERY, at=DRAND.at + 9))), "count for 90 bits"),
        (((DICE,), (DRAND, LOTTERY)), "stand-in must speak later"),
        (((Balls(3, DICE.at),), (DRAND,)), "Three balls are the only source of the low-tech mode"),
        (((DICE,), (DRAND,), (Balls(3, DRAND.at),)), "Three balls are the only source of the low-tech mode"),
    ],
)
def test_weak_sources_are_refused(sources: tuple[tuple[Dice, ...], ...], reason: str) -> None:
    """Sources that could be tried out, or known by who throws last, never reach a commitment."""
    with pytest.raises(DrawError, match=reason):
        replace(TERMS, sources=sources, n=1).check()


def test_more_than_two_sources_are_a_seed() -> None:
    """Two tables of dice, a lottery and a beacon may all have their say, in this order."""
    made = small_split(sources=((DICE,), (Dice(30, DICE.at + 1),), (LOTTERY,), (DRAND,)))
    said = [SEED[0], Revealed("5" * 30), Revealed("03,11,17,22,28,31+07"), SEED[1]]
    done = run_draw(made.public, said, now=DRAND.at)
    assert verify_draw(done.octets(), public_files(made)).transcript == done


def test_a_lottery_with_enough_dice_is_a_seed() -> None:
    """A place without a beacon draws with 32 dice and a named lottery issue."""
    made = small_split(sources=((Dice(32, DICE.at),), (LOTTERY,)))
    seed = (Revealed("1" * 32), Revealed("03,11,17,22,28,31+07"))
    done = run_draw(made.public, seed, now=DRAND.at)
    assert verify_draw(done.octets(), public_files(made)).transcript == done
    for wrong in ("03,11,17,22,28,31", "03,03,17,22,28,31+07", "3,11,17,22,28,31+07", "03,11,17,22,28,34+07",
                  "11,03,17,22,28,31+07"):  # fmt: skip
        with pytest.raises(DrawError, match="no numbers of issue 2026088"):
            run_draw(made.public, (seed[0], Revealed(wrong)), now=DRAND.at)


def test_a_beacon_of_their_own_is_said_out_loud() -> None:
    """An office that signs rounds itself, with a key that it made, cannot pass for the public beacon."""
    secret = Scalar(7)
    message = hashlib.sha256(DRAND.round.to_bytes(8, "big")).digest()
    tag = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
    signature = (G1Point.hash_to_curve(message, tag) * secret).to_compressed_bytes().hex()
    own = replace(DRAND, chain="a" * 64, public_key=(G2Point() * secret).to_compressed_bytes().hex())
    made = small_split(sources=((DICE,), (own,)))
    done = run_draw(made.public, (SEED[0], Revealed(signature)), now=DRAND.at)
    found = verify_draw(done.octets(), public_files(made))
    assert any("not the usual one" in text.en for text in found.unproved)
    assert not any("not the usual one" in text.en for text in verify_draw(DONE.octets(), FILES).unproved)


def test_a_stand_in_is_said_out_loud() -> None:
    """Whoever uses a source's stand-in cannot hide it."""
    later = replace(DRAND, round=DRAND.round - 1)
    made = small_split(sources=((DICE,), (later, DRAND)))
    done = run_draw(made.public, (SEED[0], replace(SEED[1], rung=1)), now=DRAND.at)
    found = verify_draw(done.octets(), public_files(made))
    assert any("a stand-in was used" in text.en for text in found.unproved)


def test_short_notice_is_refused() -> None:
    """A commitment is public for three days before anybody can know the seed."""
    with pytest.raises(DrawError, match="less than 72 hours"):
        replace(TERMS, n=1, published=DICE.at - 72 * 3600 + 1).check()


def test_a_swapped_manifest_is_refused() -> None:
    """Another manifest with files and transcript to match does not pass for the one that was promised."""
    other = small_split(draw="another")
    done = run_draw(other.public, SEED, now=DRAND.at)
    promised = PUBLIC.manifest.commitment.hex()
    with pytest.raises(DrawError, match="not the one that was promised"):
        verify_draw(done.octets(), public_files(other), promised=promised)
    with pytest.raises(DrawError, match="not the one that was promised"):
        verify_draw(DONE.octets(), FILES | {"manifest": public_files(other)["manifest"]})


def test_a_transcript_tampered_in_any_byte_is_refused() -> None:
    """There is no byte of a transcript that could be changed without being found."""
    data = DONE.octets()
    for at in range(len(data)):
        with pytest.raises(DrawError, match=r"\w"):
            verify_draw(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], FILES)


@pytest.mark.parametrize("name", ["manifest", "roster", "constraints"])
def test_a_file_tampered_in_any_byte_is_refused(name: str) -> None:
    """There is no byte of a committed file that could be changed without being found."""
    data = FILES[name]
    for at in range(0, len(data), 3):
        with pytest.raises(DrawError, match=r"\w"):
            verify_draw(DONE.octets(), FILES | {name: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]})


def test_exchanged_results_are_refused() -> None:
    """Two children whose classes were exchanged afterwards, digests redone, are found."""
    result = list(DONE.result)
    other = next(at for at, (_, goal) in enumerate(result) if goal != result[0][1])
    result[0], result[other] = (result[0][0], result[other][1]), (result[other][0], result[0][1])
    with pytest.raises(DrawError, match="does not follow from the files and the seed: result, root differs"):
        verify_draw(replace(DONE, result=tuple(result)).octets(), FILES)
    with pytest.raises(DrawError, match="attempt differs"):
        verify_draw(replace(DONE, attempt=2).octets(), FILES)
    with pytest.raises(DrawError, match="swaps differs"):
        verify_draw(replace(DONE, swaps=()).octets(), FILES)
    thrown = (Revealed(THROWN[::-1]), SEED[1])
    with pytest.raises(DrawError, match="key, "):
        verify_draw(replace(DONE, seed=thrown).octets(), FILES)
    root = json.loads(DONE.octets()) | {"root": "0" * 64}
    with pytest.raises(DrawError, match="root differs"):
        verify_draw(encode(root), FILES)


@pytest.mark.parametrize("name", ["manifest", "roster", "constraints", "transcript"])
def test_private_data_in_a_public_file_is_refused(name: str) -> None:
    """A name or score that slipped into a public file stops it, before it is published."""
    files = FILES | {"transcript": DONE.octets()}
    value = json.loads(files[name])
    inside = value["records"][0] if name == "roster" else value
    inside["name"] = "甲一"
    files[name] = encode(value)
    with pytest.raises(DrawError, match="a field that does not belong in a public file"):
        verify_draw(files.pop("transcript"), files)


def test_a_field_too_few_is_refused() -> None:
    """A file of another version is named, not half read."""
    value = json.loads(FILES["manifest"])
    del value["polish"]
    with pytest.raises(DrawError, match="manifest lacks a field"):
        Manifest.of(encode(value))
    with pytest.raises(DrawError, match="asks for lot/split/2"):
        Manifest.of(encode(json.loads(FILES["manifest"]) | {"algorithm": "lot/split/2"}))
    with pytest.raises(DrawError, match="neither dice, nor a drand round"):
        Manifest.of(encode(json.loads(FILES["manifest"]) | {"sources": [[{"type": "stock"}]]}))


def test_names_in_another_normal_form_are_refused() -> None:
    """A name typed on another system has one digest only; the message gives the row."""
    roster = Roster((child(0), child(1, name="Zoe\u0301")))
    with pytest.raises(DrawError, match=r"row 3\.name is not in Unicode normal form C"):
        commit_split(roster, TERMS, dummy_secrets(roster))
    invisible = Roster((child(0, name="甲\u200b一"), child(1)))
    with pytest.raises(DrawError, match=r"row 2\.name holds an invisible"):
        commit_split(invisible, TERMS, dummy_secrets(invisible))


def test_a_child_has_one_number() -> None:
    """Nobody gets a second ticket by a second row, and numbers of other kinds are refused."""
    twice = Roster((child(0), child(0, name="乙二")))
    with pytest.raises(DrawError, match="stands on the roster twice"):
        commit_split(twice, TERMS, dummy_secrets(twice))
    plain = Roster((child(0, sid="2026-0001"), child(1)))
    with pytest.raises(DrawError, match="2026-0001 is not 26 characters"):
        commit_split(plain, TERMS, dummy_secrets(plain))
    with pytest.raises(DrawError, match="receipt code is missing"):
        commit_split(Roster((child(0), child(1))), TERMS, {sid(0): "I" * 26, sid(1): "0" * 26})


def test_no_public_file_holds_what_is_private() -> None:
    """Names, needs, addresses and codes are in none of the files; their digests are."""
    told = {
        "name": "丁四",
        "need": "视力",
        "address": "某路9号",
        "kindergarten": "某园",
        "birth_date": "2020-01-01",
    }
    roster = Roster((child(3, **told), child(4)))
    made = commit_split(roster, TERMS, dummy_secrets(roster))
    files = public_files(made)
    text = files["roster"] + files["constraints"] + run_draw(made.public, SEED, now=DRAND.at).octets()
    assert text.isascii()
    assert not any(word.encode() in text + files["manifest"] for word in told.values())
    assert made.records[0].digest((1).to_bytes(16, "big")) in files["roster"].decode()


def test_sizes_that_do_not_add_up_are_refused() -> None:
    """A place too many or too few is found before the commitment."""
    with pytest.raises(DrawError, match="7 places for 8 children"):
        small_split(equal=False, capacities=(4, 3))
    with pytest.raises(DrawError, match="8 places for 8 children"):
        small_split(capacities=(4, 4))


def test_missing_files_are_named(tmp_path: Path) -> None:
    """A parent who saved three of four files learns which one is missing."""
    for name, data in FILES.items():
        (tmp_path / f"{name}.json").write_bytes(data)
    with pytest.raises(DrawError, match=r"file transcript\.json is missing"):
        read_public_files(tmp_path / "transcript.json")
    (tmp_path / "transcript.json").write_bytes(DONE.octets())
    transcript, files = read_public_files(tmp_path / "transcript.json")
    assert verify_draw(transcript, files).transcript == DONE
    (tmp_path / "roster.json").unlink()
    with pytest.raises(DrawError, match=r"file roster\.json is missing"):
        read_public_files(tmp_path / "transcript.json")
    with pytest.raises(DrawError, match=r"file roster\.json is missing"):
        verify_draw(transcript, {"manifest": files["manifest"], "constraints": files["constraints"]})


def test_every_kind_of_file_is_read_back_whole() -> None:
    """What is written is what is read, for splits and seat draws alike."""
    for made in (small_split(), small_split(equal=False, capacities=(5, 3)), small_seats()):
        public, files = made.public, public_files(made)
        assert Manifest.of(files["manifest"]) == public.manifest
        assert PublicRoster.of(files["roster"]) == public.roster
        assert Constraints.of(files["constraints"]) == public.constraints
        done = run_draw(public, SEED, now=DRAND.at)
        assert Transcript.of(done.octets()) == done
        assert verify_draw(done.octets(), files).transcript == done
        assert hashlib.sha256(files["manifest"]).digest() == public.manifest.commitment
