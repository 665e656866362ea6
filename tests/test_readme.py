"""What README.md shows runs as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from checker.cli import SUBCOMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return found


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("check")
    return subprocess.run([command, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_the_example_for_writers_runs(tmp_path: Path) -> None:
    """The rule pack and the scenario, saved under the names they carry, give the contradiction promised."""
    for block in blocks("yaml"):
        name = block.partition("\n")[0].removeprefix("# ")
        (tmp_path / name).write_text(block, encoding="utf-8")
    commands = [line.partition("#")[0].split()[1:] for line in blocks("sh")[-1].splitlines()]
    assert commands == [["lamp.yaml"], ["test", "ohm.yaml", "lamp.yaml"]]

    checked = check(tmp_path, *commands[0])
    assert (checked.returncode, checked.stderr) == (1, "")
    assert "lamp.current" in checked.stdout
    assert "1.22" in checked.stdout

    tested = check(tmp_path, *commands[1])
    assert (tested.returncode, tested.stderr) == (0, "")
    assert "2 examples, 1 scenario" in tested.stdout


def test_the_first_command_checks_a_scenario_that_ships() -> None:
    """The scenario that README's first command names exists, and has the contradiction it is shown for."""
    scenario = blocks("sh")[0].split()[-1]
    checked = check(ROOT, scenario)
    assert (checked.returncode, checked.stderr) == (1, "")
    assert "helium.radius" in checked.stdout


def test_the_lines_of_python_give_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each expression with a value in its comment has that value, and the others run."""
    monkeypatch.chdir(ROOT)
    (program,) = blocks("python")
    names: dict[str, object] = {}
    compared = 0
    for line in program.splitlines():
        source, _, comment = line.partition("#")
        try:
            value = eval(source, names)
        except SyntaxError:
            exec(source, names)
            continue
        if comment.strip()[:1] in ("[", "(", "'"):
            assert repr(value) == comment.strip()
            compared += 1
    assert compared == 3


def test_the_second_command_runs_the_tests() -> None:
    """README's second command is one line that sets up an environment of its own and ends in pytest."""
    (command,) = blocks("sh")[1].splitlines()
    assert command.startswith("python3 -m venv .venv && ")
    assert command.endswith(" && .venv/bin/pytest")


def test_every_file_that_readme_links_to_exists() -> None:
    """A link to a file of the repository leads to one."""
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_option_is_documented_and_exists() -> None:
    """README's section on commands names exactly the options that `check` and its subcommands have."""
    section = README.partition("## Commands")[2].partition("## From Python")[0]
    assert [word for word in SUBCOMMANDS if f"`check {word}" not in section] == []
    subcommands = ([], *([word] for word in SUBCOMMANDS))
    helps = (check(ROOT, *subcommand, "--help").stdout for subcommand in subcommands)
    listed = set(re.findall(r"--[a-z][a-z-]*", " ".join(helps))) - {"--help", "--version"}
    assert set(re.findall(r"--[a-z][a-z-]*", section)) == listed
