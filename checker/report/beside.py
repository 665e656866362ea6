"""Reports beside each other → text: what a change makes of one; what each set of premises makes of the
given values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.model import Difference, Report
from checker.report.text import STYLES, Cell, Page
from checker.report.wording import (
    case_text,
    changed,
    changed_values,
    clean,
    counted_verdict,
    equals,
    judged,
    letters,
    typeset,
)

LISTED = 20


def difference_text(difference: Difference, after: Report, change: str, width: int, colour: bool) -> str:
    """What the change makes of the report, as lines of at most `width` columns."""
    difference, page = clean(difference), Page(width, colour)
    page.heading(f"What changes with {clean(change)}{_for(after)}")
    old, new = difference.verdicts
    page.item(f"verdict: {old} → {new}" if old != new else f"verdict: {new}, as before")
    for label, lines in changed(difference):
        _lines(page, label, lines)
    for label, values in changed_values(difference):
        _values(page, label, {name: " → ".join(shown) for name, shown in values.items()})
    return page.text()


def _for(report: Report) -> str:
    return f"; values for {case_text(report.case)}" if report.case else ""


def _lines(page: Page, label: str, lines: Sequence[str]) -> None:
    for line in lines[:LISTED]:
        page.item(f"{label}: {line}")
    page.more(len(lines) - LISTED)


def _values(page: Page, label: str, values: Mapping[str, str]) -> None:
    if not values:
        return
    page.item(f"{label}:")
    rows = [((name, ""), (typeset(shown), "")) for name, shown in list(values.items())[:LISTED]]
    page.table(rows, indent=4)
    page.more(len(values) - LISTED)


def comparison_text(reports: Sequence[Report], width: int, colour: bool) -> str:
    """A table: for each given value, what the other claims make of it under each report's assumptions."""
    reports, page = [clean(report) for report in reports], Page(width, colour)
    page.heading(reports[0].title)
    names = letters(len(reports))
    rows: list[tuple[Cell, ...]] = []
    for name, report in zip(names, reports, strict=True):
        rows.append(
            (
                (name, "bold"),
                (counted_verdict(report), STYLES[report.verdict]),
                (", ".join(report.assume), ""),
            )
        )
    page.table(rows, indent=0)
    page.heading("What the other claims make of each given value")
    by_set = [{one.premise: one for one in report.predictions} for report in reports]
    for stated in reports[0].predictions:
        page.gap()
        page.write(f"{stated.premise}, stated as {typeset(stated.stated)}", indent=0, style="bold")
        rows = []
        for name, predicted in zip(names, (table.get(stated.premise) for table in by_set), strict=True):
            if predicted is not None:
                shown = equals(*predicted.predicted) if predicted.predicted else "–"
                rows.append(((name, ""), (shown, ""), (judged(predicted), _COLOURS[predicted.status])))
        page.table(rows, indent=2)
    return page.text()


_COLOURS = {"agrees": "green", "tension": "yellow", "contradicts": "red", "open": "dim"}
