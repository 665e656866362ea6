"""The program's output on the pages in docs/, made anew.

A comment before a block of text says which command fills it, and from the line that starts with one text to
the line before one that starts with another (to the end where that is left out):

    <!-- check scenarios/helium.yaml | from "1  helium" to "   Where" -->

A block of text that begins with `$ check …` is what that command prints in a folder with the YAML files of
the page, each under the name in its first line.

Run it from the repository's root: `.venv/bin/python scripts/regenerate_docs.py`.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(
    r'(<!-- (?P<command>check .*?)(?: \| from "(?P<first>.*?)"(?: to "(?P<end>.*?)")?)? -->\n```text\n)'
    r"(?P<body>.*?)(?P<close>^```$)",
    re.MULTILINE | re.DOTALL,
)


FILE = re.compile(r"^```yaml\n(# (?P<name>\S+\.yaml)\n.*?)^```$", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"^```text\n\$ (?P<command>check .*)\n(?:.*\n)*?```$", re.MULTILINE)


def run_in(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command)
    program = Path(sys.executable).with_name(words[0])
    wide = {**os.environ, "COLUMNS": "100"}
    return subprocess.run(
        [program, *words[1:]], cwd=folder, env=wide, capture_output=True, text=True, check=False
    )


@cache
def output(command: str) -> str:
    """What a command prints at 100 columns, run in the repository's root."""
    run = run_in(ROOT, command)
    if run.stderr:
        raise ValueError(f"{command}: {run.stderr}")
    return run.stdout


def cut(text: str, first: str | None, end: str | None) -> str:
    """The lines from one that starts with `first` to the one before a line that starts with `end`."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(first or ""))
    rest = range(start + 1, len(lines))
    stop = next(i for i in rest if lines[i].startswith(end)) if end else len(lines)
    return "\n".join(lines[start:stop]).rstrip() + "\n"


def regenerated(page: str) -> str:
    """The page with the program's output as it is now."""

    def filled(match: re.Match[str]) -> str:
        return match[1] + cut(output(match["command"]), match["first"], match["end"]) + match["close"]

    def told(match: re.Match[str]) -> str:
        with TemporaryDirectory() as folder:
            for file in FILE.finditer(page):
                (Path(folder) / file["name"]).write_text(file[1], encoding="utf-8")
            run = run_in(Path(folder), match["command"])
        return f"```text\n$ {match['command']}\n{run.stdout}{run.stderr}```"

    return SESSION.sub(told, BLOCK.sub(filled, page))


if __name__ == "__main__":
    for path in sorted((ROOT / "docs").glob("*.md")):
        path.write_text(regenerated(path.read_text(encoding="utf-8")), encoding="utf-8")
