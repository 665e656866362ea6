"""The Python interface, and the notebook that shows it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import networkx
import pytest

import checker
from checker.cli import main
from scripts.run_notebooks import executed

ROOT = Path(__file__).parent.parent
HELIUM = ROOT / "scenarios/helium.yaml"


@pytest.fixture(scope="module")
def helium() -> checker.Report:
    return checker.check(HELIUM)


def test_a_report_is_what_the_command_reports(helium: checker.Report, tmp_path: Path) -> None:
    """Each conversion gives the text that the command writes into a file of that format."""
    for suffix, text in (
        (".sarif", helium.to_sarif()),
        (".md", helium.to_markdown()),
        (".html", helium.to_html()),
        (".txt", helium.to_text()),
    ):
        output = tmp_path / f"report{suffix}"
        main([str(HELIUM), "--output", str(output)])
        assert output.read_text(encoding="utf-8") == text
    entry = json.loads(helium.to_json())["scenarios"][0]
    assert [one["quantity"] for one in entry["contradictions"]] == ["helium.radius"]


def test_records_print_what_they_are(helium: checker.Report) -> None:
    """A report prints as text; a contradiction and a way out show quantity, values and size in a line."""
    assert str(helium) == helium.to_text()
    assert repr(helium) == f"<Report {HELIUM}: contradiction>"
    assert repr(helium.contradictions[0]) == "<c1 value helium.radius: 31 pm | 7.560 pm, 4.1 times>"
    first = helium.ways_out[0]
    assert repr(first) == "<give up quantum-per-system: helium.pair.angular_momentum = 2.03 ħ>"


def test_the_graph_has_what_a_quantity_rests_on_as_ancestors(helium: checker.Report) -> None:
    """Where the stated radius and the quantum meet, in the electron's speed, all six claims come together."""
    graph = helium.graph
    assert isinstance(graph, networkx.DiGraph)
    claims = {node for node, data in graph.nodes(data=True) if data["kind"] == "claim"}
    sides = helium.contradictions[0].occurrences[0].sides
    steps = {f"{step.claim} @ {step.entity}" for side in sides for step in side.steps}
    assert len(steps) == 6
    assert networkx.ancestors(graph, "helium.pair.electron.speed") & claims == steps


def test_changes_are_tried_as_by_the_command() -> None:
    """Without the radius nothing is contradicted; another one is apart by another factor."""
    assert checker.check(HELIUM, drop=["helium.radius"]).verdict == "undetermined"
    assert checker.check(HELIUM, drop="helium.radius").verdict == "undetermined"
    counted = checker.check(ROOT / "scenarios/n-correlations.yaml", set={"n": 9})
    assert counted.contradictions[0].occurrences[0].ratio == pytest.approx(81)
    changed = checker.check(HELIUM, set={"helium.radius": "28 pm"})
    (contradiction,) = changed.contradictions
    assert contradiction.occurrences[0].ratio == pytest.approx(28 / 7.5597, rel=1e-4)
    other = checker.check(HELIUM, drop=["quantum-per-system"], assume=["quantum-per-particle"])
    assert other.assume == ("quantum-per-particle",)


def test_a_broken_file_raises_with_every_mistake(tmp_path: Path) -> None:
    """The error prints as the command prints it: place, line, caret and hint of each mistake."""
    path = tmp_path / "rod.yaml"
    path.write_text("scenario: Rod\nkinds: {rod: {}}\nsystems: {a: {is: rot}, b: {is: rood}}\n")
    with pytest.raises(checker.InputError) as caught:
        checker.check(path)
    assert len(caught.value.mistakes) == 2
    assert str(caught.value).count("did you mean 'rod'?") == 2
    assert f"--> {path}:3:19" in str(caught.value)


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(helium: checker.Report) -> None:
    """The page's text cannot leave its frame, and Markdown and text are there for what shows no HTML."""
    shown = helium._repr_mimebundle_()
    assert set(shown) == {"text/html", "text/markdown", "text/plain"}
    frame = shown["text/html"]
    assert frame.count("<") == 2
    assert frame.startswith("<iframe ")
    assert 'sandbox="allow-scripts"' in frame


def test_importing_the_package_loads_no_engine() -> None:
    """The command and `import checker` start without what only a check needs."""
    code = "import sys, checker; print(sorted(n for n in sys.modules if n.startswith('checker')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['checker', 'checker.errors']"
    with pytest.raises(AttributeError, match="has no attribute 'chekc'"):
        checker.chekc  # noqa: B018


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_run_and_show_what_they_did(path: Path) -> None:
    """Executed anew, no cell fails, and each shows the text that the notebook holds."""

    def texts(notebook: nbformat.NotebookNode) -> list[list[str]]:
        return [
            [
                output.get("text") or output["data"].get("text/markdown", output["data"]["text/plain"])
                for output in cell.outputs
            ]
            for cell in notebook.cells
            if cell.cell_type == "code"
        ]

    kept = texts(nbformat.read(path, as_version=4))
    assert any(kept)
    assert texts(executed(path)) == kept
