"""What was found → a file in one of the formats. A new format is a function here and a line in FORMATS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

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
    from checker.report.beside import comparison_text
    from checker.report.text import summary, to_text

    entries, width, colour = document.entries, document.width, document.colour
    reports = [entry for entry in entries if isinstance(entry, Report)]
    if document.compared:
        return comparison_text(reports, width, colour)
    if len(entries) > 1:
        return summary(entries, width, colour)
    texts = [to_text(report, width, colour, document.proof) for report in reports]
    return "\n".join([*texts, *([] if document.difference is None else [_difference(document)])])


def _difference(document: Document) -> str:
    """What a change makes of the one scenario there is."""
    from checker.report.beside import difference_text

    (after,) = document.entries
    assert isinstance(after, Report) and document.difference is not None
    return difference_text(document.difference, after, document.changes, document.width, document.colour)


def _json(document: Document) -> str:
    from checker.report.json import to_json

    return to_json(document.entries, document.difference)


def _markdown(document: Document) -> str:
    from checker.report.markdown import to_markdown

    changes = "" if document.difference is None else _difference(replace(document, colour=False))
    return to_markdown(document.entries, changes)


def _html(document: Document) -> str:
    from checker.report.html import to_page

    return to_page(document.entries, document.difference, document.changes, document.compared)


def _sarif(document: Document) -> str:
    from checker.report.sarif import to_sarif

    return to_sarif(document.entries)


FORMATS: Mapping[str, Callable[[Document], str]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "html": _html,
    "sarif": _sarif,
}
"""Name → writer. Whatever takes long to import is imported by the writer."""

WITH_GRAPHS = frozenset({"html", "markdown"})
"""The formats that draw what is around a contradiction where a report has its dependency graph."""

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    ".json": ("json", "sarif"),
    ".htm": ("html",),
    ".html": ("html",),
    ".md": ("markdown",),
    ".sarif": ("sarif",),
    ".txt": ("text",),
}
"""The formats that a file's name can stand for, first the one that it asks for."""
