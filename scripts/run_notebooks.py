"""The notebooks in examples/, executed anew: what they show is what the program says.

Of each output the text is kept, of the report its Markdown, which GitHub shows; a page of HTML would only be
a copy of what the program makes. From the root: `.venv/bin/python -m scripts.run_notebooks`.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

EXAMPLES = Path(__file__).parent.parent / "examples"
TIMEOUT = 120
"""Seconds for each cell."""


def executed(path: Path) -> nbformat.NotebookNode:
    """The notebook run from its folder. Raises CellExecutionError where a cell does."""
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=TIMEOUT, resources=where, coalesce_streams=True).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # the times
        for output in cell.get("outputs", []):
            if "text/markdown" in output.get("data", {}):
                output["data"].pop("text/html", None)
    return notebook


if __name__ == "__main__":
    for path in sorted(EXAMPLES.glob("*.ipynb")):
        nbformat.write(executed(path), path)
