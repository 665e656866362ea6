"""What `check` says of broken files: each message has a place, a code and a way out, and stays as it is."""

from __future__ import annotations

import ast
import os
import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from checker.cli import main
from checker.errors import InputError
from checker.load import load_scenario
from checker.mistakes import CATALOGUE
from scripts.regenerate_messages import CORPUS, Run, files, run, snapshot

FAMILIES = sorted(path for path in CORPUS.iterdir() if path.is_dir())
FILES = [file for family in FAMILIES for file in files(family)]
PACKAGE = Path(__file__).parent.parent / "checker"

MESSAGE = re.compile(
    r"^error: (?P<message>.*) \[(?P<code>[a-z-]+)\]\n"
    r"(?: +--> (?P<path>.*?):(?P<line>\d+):(?P<column>\d+)\n)?"
    r"(?: +\|\n\d+ \| (?P<source>.*)\n +\| (?P<blank> *)(?P<marks>\^+) ?(?P<hint>.*)\n)?",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """One message as a reader sees it; `marked` is the text above the carets."""

    message: str
    code: str
    path: str | None
    line: int
    column: int
    marked: str
    hint: str


outcome = cache(run)


def said(text: str) -> list[Said]:
    found = []
    for match in MESSAGE.finditer(text):
        begin = len(match["blank"] or "")
        marked = (match["source"] or "")[begin : begin + len(match["marks"] or "")]
        found.append(
            Said(
                match["message"],
                match["code"],
                match["path"],
                int(match["line"] or 0),
                int(match["column"] or 0),
                marked,
                match["hint"] or "",
            )
        )
    return found


# ---------------------------------------------------------------- the corpus


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_messages_are_as_they_were(family: Path) -> None:
    """Every message of a family stands in its text, which `python -m scripts.regenerate_messages` writes."""
    assert snapshot(family) == (CORPUS / f"{family.name}.txt").read_text(encoding="utf-8")


def test_the_corpus_has_every_family_and_enough_files() -> None:
    """Snapshots without files, or files without a snapshot, would be compared with nothing."""
    assert {path.stem for path in CORPUS.glob("*.txt")} == {family.name for family in FAMILIES}
    assert len(FILES) > 300


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_broken_file_is_told_with_a_place_and_a_code(file: Path) -> None:
    """Exit status 2, nothing but messages, each with a code of the catalogue and a place inside a file."""
    ended: Run = outcome(file)
    assert ended.status == 2
    assert ended.stdout == ""
    messages = said(ended.stderr)
    assert len(messages) == len(re.findall(r"^error: ", ended.stderr, re.MULTILINE)) > 0
    assert "Traceback" not in ended.stderr
    for one in messages:
        assert one.code in CATALOGUE
        if one.code == "too-many-mistakes":
            continue
        assert one.path is not None
        lines = (CORPUS / one.path).read_bytes().decode("utf-8", "replace").splitlines() or [""]
        assert 1 <= one.line <= len(lines)
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_message_is_one_plain_line(file: Path) -> None:
    """No full stop, no capital but of a name, and nothing wider than 110 columns."""
    text = outcome(file).stderr
    for one in said(text):
        assert not one.message.endswith((".", "!", ":"))
        assert not one.hint.endswith((".", "!", ":"))
        assert not re.match(r"[A-Z][a-z]", one.message)
    assert max(map(len, text.splitlines())) <= 110


UNKNOWN = ("unknown-", "duplicate-key", "invalid-name", "reserved-name", "ambiguous-name")


@pytest.mark.parametrize("file", FILES, ids=str)
def test_the_marked_text_is_the_name_that_the_message_quotes(file: Path) -> None:
    """Where a message is about a name, the carets stand under this name and nothing else."""
    for one in said(outcome(file).stderr):
        if one.code.startswith(UNKNOWN) and one.marked and "'" in one.message:
            quoted = re.findall(r"'([^']*)'", one.message)
            assert one.marked in quoted or one.code == "unknown-escape"


@pytest.mark.parametrize("file", [file for file in FILES if "did you mean" in outcome(file).stderr], ids=str)
def test_what_is_suggested_exists(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the suggested word in place of the marked one, the message is gone."""
    for number, one in enumerate(said(outcome(file).stderr)):
        meant = re.match(r"did you mean '(.*?)'", one.hint)
        if meant is None or one.path != str(file):
            continue
        lines = (CORPUS / file).read_text(encoding="utf-8").splitlines(keepends=True)
        line, begin = lines[one.line - 1], one.column - 1
        lines[one.line - 1] = line[:begin] + meant[1] + line[begin + len(one.marked) :]
        text = "".join(lines).replace("../lab.yaml", str(CORPUS / "lab.yaml"))
        mended = tmp_path / f"{number}.yaml"
        mended.write_text(text, encoding="utf-8")
        try:
            load_scenario(mended)
        except InputError as error:
            places = [(m.code, m.location.line, m.location.column) for m in error.mistakes if m.location]
            assert (one.code, one.line, one.column) not in places


# ---------------------------------------------------------------- the catalogue


MAKERS = {"Mistake", "TextError", "add", "_mistake", "_note", "_refused"}


def test_the_codes_in_use_are_those_of_the_catalogue() -> None:
    """No message has a code that nothing explains, and nothing explains a code that no message has."""
    given, written = set(), set()
    for path in PACKAGE.rglob("*.py"):
        if path.name == "mistakes.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                written.add(node.value)
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if name in MAKERS and len(node.args) > 1:
                    given.add(node.args[0].value)
    assert given - set(CATALOGUE) == set()
    assert set(CATALOGUE) - written == set()


ELSEWHERE = {
    "missing-file",
    "unreadable-file",
    "unwritable-file",
    "existing-file",
    "nothing-to-check",
    "wrong-option",
    "undrawable-value",
    "internal-error",
}
"""Mistakes that no file makes: each is made by a command of the catalogue or by a test below."""


def test_every_code_of_a_file_is_in_the_corpus() -> None:
    """A code without a broken file would change its message unseen."""
    seen = {one.code for file in FILES for one in said(outcome(file).stderr)}
    assert seen == set(CATALOGUE) - ELSEWHERE


LAB = {
    "scenario": "scenario: a lamp\n",
    "quantities": "quantities:\n"
    "  voltage: {symbol: U, unit: V}\n  current: {symbol: I, unit: A}\n"
    "  resistance: {symbol: R, unit: ohm}\n  mass: {symbol: m, unit: kg}\n"
    "  temperature: {symbol: T, unit: K}\n",
    "attributes": "attributes: {lit: [yes, no]}\n",
    "kinds": "kinds: {resistor: {}}\n",
    "systems": "systems: {lamp: {is: resistor, parts: {filament: {is: resistor}}}}\n",
}
RULE = "rules:\n  x:\n    claim: c\n    applies_to: resistor\n    status: law\n"


def in_a_file(example: str) -> str:
    """The lines of an example where they belong, in a scenario that has all else."""
    if example.startswith("#"):
        return f"{example}\n"
    first = example.partition(":")[0]
    indent = "\n".join(f"    {line}" for line in example.splitlines())
    if first.startswith(("lamp.", "lmap.")):
        example = f"given:\n{indent}"
    elif first in ("equation", "roles", "when", "attribute"):
        example = f"{RULE}{indent}"
    own = {line.partition(":")[0] for line in example.splitlines()}
    return "".join(text for key, text in LAB.items() if key not in own) + f"{example}\n"


def codes(example: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The codes of the mistakes in an example: lines of a file, or a command."""
    if example.startswith("check "):
        (folder / "lamp.yaml").write_text(in_a_file("lamp.voltage: 12 V") + f"{RULE}    equation: U = R*I\n")
        main(shlex.split(example)[1:])
        return [one.code for one in said(capsys.readouterr().err)]
    path = folder / "example.yaml"
    path.write_text(in_a_file(example), encoding="utf-8")
    try:
        load_scenario(path)
    except InputError as error:
        return [mistake.code for mistake in error.mistakes]
    return []


@pytest.mark.parametrize("code", [code for code, entry in CATALOGUE.items() if entry.wrong])
def test_the_examples_of_the_catalogue_are_wrong_and_right(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `check explain CODE` shows as wrong makes this mistake and no other; the right one makes none."""
    monkeypatch.chdir(tmp_path)
    assert codes(CATALOGUE[code].wrong, tmp_path, capsys) == [code]
    assert codes(CATALOGUE[code].right, tmp_path, capsys) == []


def test_every_entry_of_the_catalogue_is_written_out() -> None:
    """Codes are words with hyphens, and each is explained in three sentences or more."""
    for code, entry in CATALOGUE.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+){1,2}", code)
        assert all(text.endswith(".") for text in (entry.means, entry.why, entry.mend))
        assert bool(entry.wrong) == bool(entry.right)


def test_explain_prints_a_code_and_suggests_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code is looked up together with the names of the packs, and so is what was probably meant."""
    assert main(["explain", "unknown-unit"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("mistake  unknown-unit\n\nNo unit has this name")
    assert CATALOGUE["unknown-unit"].wrong in printed
    assert main(["explain", "unkown-unit"]) == 2
    assert capsys.readouterr().err == (
        "error: 'unkown-unit' is not known [unknown-name]\n  did you mean 'unknown-unit'?\n"
    )
    assert main(["explain", "newtons-second-lw"]) == 2
    assert "did you mean 'newtons-second-law'?" in capsys.readouterr().err


# ---------------------------------------------------------------- the command line

LINES = [
    (["--sgma", "3,5", "x.yaml"], "unrecognized arguments: --sgma", "did you mean --sigma?"),
    (["--fromat=json", "x.yaml"], "unrecognized arguments: --fromat=json", "did you mean --format?"),
    ([], "the following arguments are required: PATH", "check --help shows what there is"),
    (
        ["compare", "x.yaml"],
        "the following arguments are required: --assume",
        "check compare --help shows what there is",
    ),
    (
        ["--limit", "0", "x.yaml"],
        "argument --limit: a positive whole number is needed, not '0'",
        "check --help shows what there is",
    ),
]


@pytest.mark.parametrize(("words", "message", "hint"), LINES)
def test_a_mistake_on_the_command_line_has_the_form_of_all(
    words: list[str], message: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Message, code and hint as for files, and exit status 2."""
    assert main(words) == 2
    assert capsys.readouterr().err == f"error: {message} [wrong-option]\n  {hint}\n"


def test_a_fault_of_the_program_has_a_code(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody expected ends in a message too, which asks for a report."""
    monkeypatch.setattr("checker.pipeline.check", lambda *arguments: 1 / 0)
    assert main([os.devnull + "x"]) == 2
    assert said(capsys.readouterr().err)[0].code == "missing-file"
    assert main([str(CORPUS / "lab.yaml")]) == 2
    (only,) = said(capsys.readouterr().err)
    assert (only.code, only.message.endswith("ZeroDivisionError: division by zero")) == (
        "internal-error",
        True,
    )
