"""What the pages in docs/ show is what the program prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "how-it-decides.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (only,) = found
    return only


def test_the_proof_on_the_page_is_the_one_that_is_printed(tmp_path: Path) -> None:
    """The scenario on the page, saved under the name it carries, prints the report on the page."""
    scenario = block("yaml")
    name = scenario.partition("\n")[0].removeprefix("# ")
    (tmp_path / name).write_text(scenario, encoding="utf-8")
    command = [Path(sys.executable).with_name("check"), "--proof", name]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (shown.returncode, shown.stderr) == (1, "")
    assert shown.stdout == block("text")


def test_every_module_on_the_page_exists() -> None:
    """The page names files of the package, and each is there."""
    named = set(re.findall(r"`(\w+\.py)`", PAGE))
    assert named
    assert {name for name in named if not (ROOT / "checker" / name).exists()} == set()
