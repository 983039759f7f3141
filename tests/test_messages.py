"""Every sentence exists in both languages and prints the same facts in each."""

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

import zoning
from zoning import messages
from zoning.cli import build_command
from zoning.errors import DataError, Language, Problems, Text

CATALOGUE = sorted((Path(messages.__file__).parent / "catalogue").glob("*.toml"))

SOURCE = Path(zoning.__file__).parent
TREES = [ast.parse(p.read_text(encoding="utf-8")) for p in sorted(SOURCE.rglob("*.py"))]
SUFFIXES = {".py", ".js", ".html", ".css"}
AREAS = "|".join(path.stem for path in CATALOGUE)
CODES = {f"{p.stem}.{name}" for p in CATALOGUE for name in tomllib.loads(p.read_text(encoding="utf-8"))}
JOINED = [node for tree in TREES for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
PIECES = {id(piece) for node in JOINED for piece in node.values}
WHOLE = {
    node.value
    for tree in TREES
    for node in ast.walk(tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in PIECES
}


def pattern(node: ast.JoinedStr) -> str:
    """Return the pattern of the strings that an f-string can make of words."""
    pieces = (str(p.value) if isinstance(p, ast.Constant) else None for p in node.values)
    return "".join(r"(\w+(?:\.\w+)?)" if piece is None else re.escape(piece) for piece in pieces)


def test_every_sentence_is_used() -> None:
    """No sentence stays in the catalogue after the code that said it is gone."""
    texts = [p.read_text(encoding="utf-8") for p in SOURCE.rglob("*") if p.suffix in SUFFIXES]
    words = {word for text in texts for form in (r"\w+", r"\w+\.\w*") for word in re.findall(form, text)}
    patterns = {form for form in map(pattern, JOINED) if re.match(r"[a-z_]+(\\\.|_)", form)}

    def is_word(end: str) -> bool:
        """Tell whether the source has a word, or two that a script puts together as `legend_${kind}`."""
        return end in words or any(
            end[: at + 1] in words and end[at + 1 :] in words for at, c in enumerate(end) if c == "_"
        )

    def is_made(code: str, *, depth: int = 2) -> bool:
        """Tell whether an f-string makes a code of words, such as f"cli.help_{name}" of "seed"."""
        found = (re.fullmatch(form, code) for form in patterns) if depth else ()
        return any(all(is_word(g) or is_made(g, depth=depth - 1) for g in m.groups()) for m in found if m)

    assert sorted(code for code in CODES - WHOLE if not is_made(code)) == []


def test_every_code_has_a_sentence() -> None:
    """No rare fault ends in a KeyError because its sentence was never written."""
    files = {".csv", ".toml", ".json", ".geojson", ".gpkg", ".xlsx", ".parquet", ".html", ".streets"}
    wanted = {word for word in WHOLE if re.fullmatch(rf"({AREAS})\.[a-z0-9_]+", word)}
    assert len(wanted) > len(CODES) / 4
    assert sorted(word for word in wanted - CODES if Path(word).suffix not in files) == []
    begun = {form for form in map(pattern, JOINED) if re.match(rf"({AREAS})\\\.", form)}
    files_too = {form for form in begun if "source" in form}  # policy.primary.source, a key of zoning.toml
    assert len(begun) > len(files_too)
    assert [f for f in sorted(begun - files_too) if not any(re.fullmatch(f, c) for c in CODES)] == []


def fields(sentence: str) -> set[str]:
    """Return the names that a sentence fills in, without their formats."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_both_languages_say_the_same(path: Path) -> None:
    """No message has one language only, or leaves a figure out of one of them."""
    for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        assert set(entry) in ({"en", "zh"}, {"en", "zh", "cure_en", "cure_zh"}), code
        assert fields(entry["en"]) == fields(entry["zh"]), code
        if "cure_en" in entry:
            assert fields(entry["cure_en"]) == fields(entry["cure_zh"]), code


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.stem)
def test_chinese_sentences_are_chinese(path: Path) -> None:
    """A sentence that somebody forgot to translate is found."""
    for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for key in ("zh", "cure_zh"):
            assert any("一" <= c <= "鿿" for c in entry.get(key, "一")), f"{code}.{key}"


def test_a_problem_names_place_fault_and_cure() -> None:
    """The one sentence a planner reads names the file, row, column and value, in both languages."""
    problem = messages.problem(
        "district.repeated_id", file="schools.csv", row=7, column="school_id", value="S1",
    )  # fmt: skip
    assert problem.sentence("en").startswith('schools.csv, row 7, "school_id": "S1" stands in more than')
    assert problem.sentence("zh").startswith("schools.csv，第 7 行，“school_id”列：“S1”出现了不止一次")


def test_long_values_are_shortened() -> None:
    """A cell with a whole paragraph in it does not flood the report."""
    problem = messages.problem("district.repeated_id", file="f", value="x" * 500)
    assert problem.value is not None
    assert len(problem.value) == 60
    assert problem.value.endswith("…")


def test_all_problems_are_raised_at_once() -> None:
    """A planner learns of every problem in one run, not one a run."""
    problems = Problems()
    for row in (2, 3):
        problems.add(messages.problem("district.repeated_id", file="f", row=row, value=f"S{row}"))
    with pytest.raises(DataError, match=r'row 2: "S2"[\s\S]*row 3: "S3"') as caught:
        problems.raise_if_failed()
    assert len(caught.value.problems) == 2


def test_a_text_inside_a_sentence_speaks_its_language() -> None:
    """A stage named in a Chinese sentence is not left in English."""
    stage = Text("primary school", "小学")
    said = messages.text("cli.no_plan", stage=stage)
    assert stage.en in said.en
    assert stage.zh in said.zh
    assert stage.en not in said.zh


def test_a_road_is_never_called_a_sub_district() -> None:
    """街道 beside 乡镇 is an office of the city; a road with house numbers has another word."""
    said = {
        f"{path.stem}.{name}": entry["zh"]
        for path in CATALOGUE
        if path.stem.startswith("public")
        for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }
    alone = r"街道(?<!乡镇街道)(?<!乡镇、街道)(?<!乡镇或街道)(?<!乡镇（街道)"
    assert [code for code, zh in said.items() if re.search(alone, zh)] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_argument_and_option_is_explained(lang: Language) -> None:
    """``--help`` says what each thing on the command line means, in the language asked for."""
    command = build_command(lang)
    commands = {**command.commands, **command.commands["draw"].commands}
    found = {
        f"{name} {one.name}": one.help
        for name, part in commands.items()
        if name != "draw"
        for one in part.params
    }
    assert len(found) > 80
    assert [name for name, text in found.items() if not text] == []
    if lang == "zh":
        plain = {"lang", "as_json", "help"}
        assert [n for n, text in found.items() if text.isascii() and n.split()[1] not in plain] == []
