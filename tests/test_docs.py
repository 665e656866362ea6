"""What the pages in docs/ show is what the program prints."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from checker.errors import TextError
from checker.pipeline import check, estimates
from checker.report.plot import plot
from checker.value_text import parse_given

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "how-it-decides.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (only,) = found
    return only


def test_the_output_on_the_pages_is_what_the_program_prints() -> None:
    """Made anew by the script that fills the pages, every page stays as it is."""
    found = importlib.util.spec_from_file_location("regenerate_docs", ROOT / "scripts" / "regenerate_docs.py")
    assert found is not None and found.loader is not None
    script = importlib.util.module_from_spec(found)
    found.loader.exec_module(script)
    paper = (ROOT / "docs" / "the-paper.md").read_text(encoding="utf-8")
    assert len(script.BLOCK.findall(paper)) >= 8
    writing = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
    assert len(script.SESSION.findall(writing)) == len(script.FILE.findall(writing)) == 3
    for page in (ROOT / "docs").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert script.regenerated(text) == text, page


def test_the_numbers_in_the_text_about_the_paper_are_those_of_the_report() -> None:
    """The contradictions that the page calls by number dispute what it says of them."""
    disputed = [
        {claim.id for claim in one.claims if not claim.held}
        for one in check(ROOT / "scenarios" / "pavlov-2025.yaml").contradictions
    ]
    flux = "cooper_pair.magnetic_flux"
    assert disputed[1 - 1] == {"quantum-per-particle", "flux-adds", "flux-energy", flux}
    assert disputed[2 - 1] == {"whole-quanta-only", "flux-adds", "flux-energy", flux}
    assert disputed[3 - 1] == {"quantum-per-particle", "flux-energy-of-a-system", flux}
    assert disputed[4 - 1] == {"whole-quanta-only", "flux-energy-of-a-system", flux}
    assert disputed[6 - 1] == {"flux-adds", "flux-energy", "flux-energy-of-a-system"}
    assert disputed[12 - 1] == {"quantum-per-system", "whole-quanta-only"}
    assert disputed[15 - 1] == {"quantum-per-system", "two-electron-atom", "helium.radius"}
    assert {"positronium.line_frequency"} < disputed[17 - 1] & disputed[18 - 1]


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


def test_the_picture_on_the_page_says_what_one_drawn_now_says() -> None:
    """Its words and numbers are compared: lines and letters depend on the version of matplotlib."""

    def words(picture: bytes) -> list[str]:
        return [text for one in ElementTree.fromstring(picture).iter() if (text := (one.text or "").strip())]

    drawn = plot(estimates(ROOT / "scenarios/gallery/proton-radius-2010.yaml", "proton.charge_radius"), "svg")
    kept = (ROOT / "docs" / "proton-radius.svg").read_bytes()
    assert "0.84087(39) fm" in words(kept)
    assert {one for one in words(kept) if "matplotlib" not in one.lower()} == {
        one for one in words(drawn) if "matplotlib" not in one.lower()
    }


def test_the_pictures_on_the_page_of_graphs_are_what_is_drawn_now() -> None:
    """The picture of helium and the Mermaid block are those that the commands on the page make."""
    page = (ROOT / "docs" / "graphs.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^```sh\n(check .*) --output (docs/\S+)\n```", page, re.MULTILINE)
    assert printed(command[0]) == (ROOT / command[1]).read_text(encoding="utf-8")
    (mermaid,) = re.findall(r"^```mermaid\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (command,) = re.findall(r"`(check graph .* --format mermaid)`", page)
    assert printed(command) == mermaid


def printed(command: str) -> str:
    program, *words = command.split()
    run = [Path(sys.executable).with_name(program), *words]
    return subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_the_forms_on_the_page_of_values_are_read_and_the_others_refused() -> None:
    """The first table shows what can be written, the second what cannot and, in code, what can instead."""
    page = (ROOT / "docs" / "values.md").read_text(encoding="utf-8")
    read, refused = (
        [row.split("|")[1:3] for row in re.findall(r"^\| `.*$", part, re.MULTILINE)]
        for part in page.partition("These are refused")[::2]
    )
    assert (len(read), len(refused)) == (16, 9)
    for written, _ in read:
        parse_given(written.strip(' `"'))
    for written, instead in refused:
        with pytest.raises(TextError):
            parse_given(written.strip(" `"))
        for code in re.findall("`([^`]*[0-9][^`]*)`", instead):
            parse_given(code)
