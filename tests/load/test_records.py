"""A plan's record comes back exactly, and no byte of it can do worse than be refused by a sentence."""

import dataclasses
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.towns import square_town, straight_times

from zoning.district import District
from zoning.errors import DataError, Text
from zoning.evaluate import Prices, Scorecard
from zoning.load import read_record
from zoning.load.plans import FORMATS
from zoning.load.record_options import KINDS, PRICES
from zoning.load.records import record_beside
from zoning.plan import Plan
from zoning.proposal import Certificate, Proposal, SeparatorCut
from zoning.publish import StageResult
from zoning.publish.plans import plan_csv
from zoning.publish.record import FORMAT, plan_json
from zoning.zones import Balance, ZoneOptions

TOWN = square_town(2, 3, schools=[(0, 0), (1, 2)])
PLAN = Plan.of("primary", 2027, {b: "s0" if b.endswith(("0", "1")) else "s1" for b in TOWN.block_frame.index})
BEFORE = Plan.of("primary", 2026, {"b000000": "s0", "b000001": ["s0", "gone"]})
FEEDER = Plan.of("kindergarten", 2027, {"b000000": "s1", "b000001": ["s0", "s1"]})
CERTIFICATE = Certificate(
    (
        ("capacity", "s0", 0.1 + 0.2),
        ("capacity", "s0;s1", 1e-9),
        ("capacity:2029", "s1", 1e-17),
        ("intake", "s0", -1 / 3),
    ),
    (
        SeparatorCut("b001002", "s0", ("b001000", "b000001"), 1234.5678901234567),
        SeparatorCut("b000000", "s1", ("b000002", "b001001"), 0.0),
    ),
    tuple((block, number / 3 - 0.7) for number, block in enumerate(TOWN.block_frame.index)),
)
OPTIONS = ZoneOptions(
    years=(2029,), quantile=0.9, seat_price_s=600.0, contiguous=False, least_utilisation=0.5,
    least_price_s=60.0, balance=(Balance("migrants", 0.05), Balance("registered", 0.1, 30.0)),
    grandfathered=True, locked_blocks=("b000000",), locked_schools=("s1",), shared=(("s0", "s1"),),
)  # fmt: skip
PRICES_ASKED = Prices(beyond_journey_s=1.1, beyond_radius_s=2.2, moved_s=3.3)


def proposal() -> Proposal:
    """Return a proposal whose numbers do not end in binary."""
    return Proposal(
        PLAN, 1000.1, 999.9, 1.0, 12, 7, rules=(Text("whole", "整体"),), certificate=CERTIFICATE
    )  # fmt: skip


def written(folder: Path, found: Proposal | None, against: Plan | None = BEFORE) -> Path:
    """Write a plan and its record."""
    card = Scorecard("primary", 2027, PLAN.digest, ())
    result = StageResult(PLAN, card, found, straight_times(TOWN), against, OPTIONS, PRICES_ASKED, FEEDER)
    (folder / "plan.csv").write_text(plan_csv(PLAN), encoding="utf-8", newline="")
    (folder / "plan.json").write_text(plan_json(TOWN, result), encoding="utf-8", newline="")
    return folder / "plan.json"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A plan with its record."""
    return written(tmp_path, proposal())


def test_everything_reads_back_exactly(path: Path) -> None:
    """Whoever checks a bound has the very numbers, options and plan that it was proved with."""
    for one in (path, path.parent, path.with_suffix(".csv")):
        record = read_record(one, TOWN)
        assert record.plan == PLAN
        assert record.certificate == CERTIFICATE
        assert ZoneOptions.of_record(record.options) == OPTIONS
        assert Prices(**record.prices) == PRICES_ASKED
        assert (record.cost, record.bound, record.seed, record.iterations) == (1000.1, 999.9, 7, 12)
        assert record.against is not None
        assert (record.against.plan, record.against.digest) == (BEFORE, BEFORE.digest)
        assert record.feeder is not None
        assert record.feeder.plan == FEEDER
        assert (record.plan_digest, record.keeps_homes) == (PLAN.digest, False)


def test_the_same_record_is_the_same_bytes(path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two runs can be compared byte by byte."""
    assert written(tmp_path_factory.mktemp("again"), proposal()).read_bytes() == path.read_bytes()


def test_a_plan_that_was_given_has_no_proof(tmp_path: Path) -> None:
    """A plan drawn by hand reads back without cost, bound or certificate."""
    record = read_record(written(tmp_path, None), TOWN)
    assert (record.plan, record.cost, record.bound, record.certificate) == (PLAN, None, None, None)


def test_thousands_of_cuts_stay_small(tmp_path: Path) -> None:
    """A certificate of 5,000 cuts of 12 blocks is a file that can be sent by mail."""
    names = tuple(TOWN.block_frame.index)
    cuts = tuple(SeparatorCut(names[0], "s1", names * 2, 1 / (n + 3)) for n in range(5_000))
    found = dataclasses.replace(proposal(), certificate=Certificate((), cuts))
    path = written(tmp_path, found)
    assert path.stat().st_size < 400_000
    assert read_record(path, TOWN).certificate == found.certificate


def test_a_certificate_without_block_prices_is_read(path: Path) -> None:
    """A record written before there were any, or where the bound needs none, is whole."""
    record = json.loads(path.read_text(encoding="utf-8"))
    for blocks in ({}, None):
        record["certificate"]["block_prices"] = blocks
        if blocks is None:
            del record["certificate"]["block_prices"]
        path.write_text(json.dumps(record), encoding="utf-8")
        assert read_record(path, TOWN).certificate == dataclasses.replace(CERTIFICATE, blocks=())


def test_a_plan_asked_with_other_seats_holds_no_certificate(path: Path) -> None:
    """An alternative keeps its cost and bound, and nobody checks them against the seats of the folder."""
    card = Scorecard("primary", 2027, PLAN.digest, ())
    path.write_text(plan_json(TOWN, StageResult(PLAN, card, proposal()), certified=False), encoding="utf-8")
    record = read_record(path, TOWN)
    assert (record.cost, record.bound, record.certificate) == (1000.1, 999.9, None)
    assert "certificate" not in path.read_text(encoding="utf-8")


def test_a_record_of_format_1_is_read(path: Path) -> None:
    """Plans of the first version keep their cost and bound; there is no certificate to check."""
    first = {
        "format": 1, "stage": "primary", "year": 2027, "plan_digest": "x", "data_digest": "y", "cost": 10.0,
        "bound": 8.0, "gap": 0.25, "seed": 1, "iterations": 2, "prices": {"s0": 3.0},
    }  # fmt: skip
    path.write_text(json.dumps(first), encoding="utf-8-sig")
    record = read_record(path, TOWN)
    assert (record.cost, record.bound, record.certificate, record.against) == (10.0, 8.0, None, None)


def test_reader_and_writer_know_the_same() -> None:
    """An option, a price or a format that one side learns is not forgotten on the other."""
    assert set(KINDS) >= {field.name for field in dataclasses.fields(ZoneOptions)}
    assert set(PRICES) >= {field.name for field in dataclasses.fields(Prices)}
    assert max(FORMATS) == FORMAT


def _set(*keys: str | int, value: object) -> Callable[[dict[str, Any]], None]:
    def change(record: dict[str, Any]) -> None:
        inner: Any = record
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_set("format", value=3), "newer format"),
        (_set("format", value="two"), "newer format"),
        (_set("cost", value="12"), r'key "cost": "12" is not a finite number of at least 0'),
        (_set("cost", value=-1), r'"cost": "-1" is not a finite number of at least 0'),
        (_set("bound", value=math.nan), r'"bound": "NaN" is not a finite number'),
        (_set("bound", value=2000.0), r"is above the cost 1000\.1"),
        (_set("gap", value=0.5), r"does not follow from cost and bound"),
        (_set("seed", value=1.5), r'"seed": "1.5" is not a whole number'),
        (_set("iterations", value=10**400), r'"iterations": .* is not a whole number'),
        (_set("stage", value="junior"), r"is not the plan of the table beside it \(primary 2027\)"),
        (_set("keeps_homes", value=None), r'"keeps_homes": The key is missing'),
        (_set("certificate", value=None), r'"certificate": The key is missing'),
        (_set("certificate", "prices", "capacity", "s0", value=math.inf), r'capacity.s0": "Infinity" is'),
        (_set("certificate", "prices", "capacity", "s9", value=1.0), r'"s9" does not stand in schools'),
        (_set("certificate", "blocks", 0, value="b9"), r'"b9" does not stand in blocks'),
        (_set("certificate", "block_prices", "b000000", value=math.nan), r'_prices.b000000": "NaN" is not'),
        (_set("certificate", "block_prices", "b000000", value="1"), r'block_prices.b000000": "1" is not a'),
        (_set("certificate", "block_prices", "b9", value=1.0), r'block_prices": "b9" does not stand in'),
        (_set("certificate", "block_prices", value=[1.0]), r'block_prices": "\[1.0\]" is not an object'),
        (_set("certificate", "block_prices", value=None), r'block_prices": The key is missing'),
        (_set("certificate", "cuts", 0, value=[0, 0]), r"\[0, 0\]\" is not a cut"),
        (_set("certificate", "cuts", 0, value=[0, 0, math.nan, 1]), r"NaN, 1\]\" is not a cut"),
        (_set("certificate", "cuts", 0, value=[-1, 0, 1.0, 1]), r"is not a cut"),
        (_set("certificate", "cuts", 0, value=[True, 0, 1.0, 1]), r"is not a cut"),
        (_set("options", "magic", value=1), r'"options.magic": This version knows no such key'),
        (_set("options", "years", value=["2029"]), r'"options.years": "2029" is not a whole number'),
        (_set("options", "quantile", value=2), r'"options.quantile": "2" is not a share'),
        (_set("options", "seat_price_s", value="dear"), r'"dear" is not a finite number of at least 0'),
        (_set("options", "contiguous", value=0), r'"0" is not true or false'),
        (_set("options", "balance", 0, "band", value=1), r'"options.balance.band": This version knows no'),
        (_set("options", "balance", value={}), r'"options.balance": "{}" is not a list'),
        (_set("options", "locked_blocks", value=["b9"]), r'"options.locked_blocks": "b9" does not stand in'),
        (_set("options", "shared", value=[["s0", 1]]), r"is not a list of ids"),
        (_set("journey_prices", "moved_s", value=-1.0), r'"journey_prices.moved_s": "-1.0" is not a'),
        (_set("journey_prices", "love_s", value=1.0), r'"journey_prices.love_s": This version knows no'),
        (_set("against", "zones", "s0", value=["b9"]), r'"against.zones": "b9" does not stand in blocks'),
        (_set("against", "zones", "", value=["b000000"]), r'"against.zones.": .*is not text'),
        (_set("against", "in_force", value="no"), r'"against.in_force": "no" is not true or false'),
        (_set("against", value=3), r'"against": "3" is not an object'),
    ],
)  # fmt: skip
def test_every_fault_has_its_own_sentence(
    path: Path, change: Callable[[dict[str, Any]], None], message: str
) -> None:
    """A number that somebody changed is named with its key, in both languages."""
    record = json.loads(path.read_text(encoding="utf-8"))
    change(record)
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        read_record(path, TOWN)
    assert all(problem.what.zh and problem.cure.zh for problem in caught.value.problems)


def test_all_faults_are_told_at_once(path: Path) -> None:
    """A planner is not sent back to the file once a fault; of a thousand alike five are told."""
    record = json.loads(path.read_text(encoding="utf-8"))
    record |= {"cost": "x", "seed": None, "options": {"a": 1, "b": 2}}
    record["certificate"]["cuts"] = [[]] * 1000
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(DataError, match=r'"cost"[\s\S]*"seed"[\s\S]*options.a[\s\S]*options.b') as caught:
        read_record(path, TOWN)
    assert len(caught.value.problems) == 4 + 5


def test_null_is_an_infinite_price(path: Path) -> None:
    """What a price forbids altogether is null in the file, for JSON has no infinity."""
    record = json.loads(path.read_text(encoding="utf-8"))
    record["journey_prices"]["moved_s"] = None
    record["options"] |= {"seat_price_s": None, "prices": {"left_town_s": None, "moved_s": 2.0, "love_s": 1}}
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(DataError, match=r'"options.prices.love_s": This version knows no') as caught:
        read_record(path, TOWN)
    assert len(caught.value.problems) == 1
    del record["options"]["prices"]["love_s"]
    path.write_text(json.dumps(record), encoding="utf-8")
    found = read_record(path, TOWN)
    assert found.prices["moved_s"] == found.options["seat_price_s"] == math.inf
    assert found.options["prices"] == {"left_town_s": math.inf, "moved_s": 2.0}


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"9" * 5000, b'{"format": 2', b"[]", b"null"]
)
def test_bytes_that_are_no_record_are_refused(path: Path, raw: bytes) -> None:
    """Half a download is a sentence, not a traceback."""
    path.write_bytes(raw)
    with pytest.raises(DataError, match=r"plan\.json.*(?:not the JSON|no record of a plan)"):
        read_record(path, TOWN)


def test_a_record_is_known_by_its_name_or_its_format(path: Path) -> None:
    """A JSON file that happens to have a table's name is not taken for a record."""
    assert record_beside(path.with_suffix(".csv")) == path
    other = path.with_name("zones.csv")
    other.write_text("block_id,school_id\n", encoding="utf-8")
    assert record_beside(other) is None
    other.with_suffix(".json").write_text("[1]", encoding="utf-8")
    assert record_beside(other) is None
    other.with_suffix(".json").write_text('{"format": 2}', encoding="utf-8")
    assert record_beside(other) is not None
    assert record_beside(path.with_name("plan.gpkg")) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def keys_of(value: object, lead: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside a JSON value."""
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)  # type: ignore[assignment]
    else:
        return []
    return [way for key, one in inside for way in ((*lead, key), *keys_of(one, (*lead, key)))]


def reads_or_refuses(path: Path, district: District) -> None:
    """Read a record; any error but a DataError is a fault of the reader."""
    try:
        record = read_record(path, district)
    except DataError as error:
        refused = error
    else:
        ZoneOptions.of_record(record.options)
        Prices(**record.prices)
        return
    assert refused.problems
    assert all(problem.sentence("zh") for problem in refused.problems)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_value_breaks_the_reader(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever stands in place of any value, the record is read or refused."""
    path = written(tmp_path_factory.getbasetemp(), proposal())
    record = json.loads(path.read_text(encoding="utf-8"))
    way = data.draw(st.sampled_from(keys_of(record)))
    _set(*way, value=data.draw(JSON))(record)
    path.write_text(json.dumps(record), encoding="utf-8")
    reads_or_refuses(path, TOWN)


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=60), at=st.integers(0, 3000), keep=st.booleans())
def test_no_byte_breaks_the_reader(
    raw: bytes, at: int, keep: bool, tmp_path_factory: pytest.TempPathFactory  # noqa: FBT001
) -> None:  # fmt: skip
    """Whatever bytes are written over the file, the record is read or refused."""
    path = written(tmp_path_factory.getbasetemp(), proposal())
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + raw + (whole[at + len(raw) :] if keep else b""))
    reads_or_refuses(path, TOWN)
