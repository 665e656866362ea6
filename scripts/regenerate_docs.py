"""The program's output on the pages in docs/, made anew.

A comment before a block of text says which command fills it, and from the line that starts with one text to
the line before one that starts with another (to the end where that is left out):

    <!-- check scenarios/helium.yaml | from "1  helium" to "   Where" -->

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

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(
    r'(<!-- (?P<command>check .*?)(?: \| from "(?P<first>.*?)"(?: to "(?P<end>.*?)")?)? -->\n```text\n)'
    r"(?P<body>.*?)(?P<close>^```$)",
    re.MULTILINE | re.DOTALL,
)


@cache
def output(command: str) -> str:
    """What a command prints at 100 columns, run in the repository's root."""
    words = shlex.split(command)
    program = Path(sys.executable).with_name(words[0])
    wide = {**os.environ, "COLUMNS": "100"}
    run = subprocess.run(
        [program, *words[1:]], cwd=ROOT, env=wide, capture_output=True, text=True, check=False
    )
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

    return BLOCK.sub(filled, page)


if __name__ == "__main__":
    for path in sorted((ROOT / "docs").glob("*.md")):
        path.write_text(regenerated(path.read_text(encoding="utf-8")), encoding="utf-8")
