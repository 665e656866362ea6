"""What was found → a file in one of the formats. A new format is a function here and a line in FORMATS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checker.model import Broken, Difference, Report


@dataclass(frozen=True, slots=True)
class Document:
    """What a report holds: an entry a scenario, in order; entries that are `compared` are of one scenario.
    Where one was changed, it has what the change makes of it and the words that made it. With `proof`, text
    shows the combinations of relations that are impossible; it is `width` columns wide."""

    entries: tuple[Report | Broken, ...]
    difference: Difference | None = None
    changes: str = ""
    compared: bool = False
    proof: bool = False
    width: int = 100
    colour: bool = False


def _text(document: Document) -> str:
    from checker.report.beside import comparison_text, difference_text
    from checker.report.text import summary, to_text

    entries, width, colour = document.entries, document.width, document.colour
    reports = [entry for entry in entries if isinstance(entry, Report)]
    if document.compared:
        return comparison_text(reports, width, colour)
    if len(entries) > 1:
        return summary(entries, width, colour)
    text = ""
    for report in reports:
        text += to_text(report, width, colour, document.proof)
        if document.difference is not None:
            text += "\n" + difference_text(document.difference, report, document.changes, width, colour)
    return text


def _json(document: Document) -> str:
    from checker.report.json import to_json

    return to_json(document.entries, document.difference)


def _markdown(document: Document) -> str:
    from checker.report.markdown import to_markdown

    return to_markdown(document.entries)


def _sarif(document: Document) -> str:
    from checker.report.sarif import to_sarif

    return to_sarif(document.entries)


FORMATS: Mapping[str, Callable[[Document], str]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "sarif": _sarif,
}
"""Name → writer. Whatever takes long to import is imported by the writer."""

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    ".json": ("json", "sarif"),
    ".md": ("markdown",),
    ".sarif": ("sarif",),
}
"""The formats that a file's name can stand for, first the one that it asks for."""
