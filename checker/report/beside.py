"""Reports beside each other → text: what a change makes of one; what each set of premises makes of the
given values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from checker.model import Difference, Predicted, Report
from checker.report.text import STYLES, Cell, Page
from checker.report.wording import (
    apart_by,
    case_text,
    clean,
    contradiction_line,
    equals,
    typeset,
    used_outside,
)

LISTED = 20
LETTERS = 26


def difference_text(difference: Difference, after: Report, change: str, width: int, colour: bool) -> str:
    """What the change makes of the report, as lines of at most `width` columns."""
    difference, page = clean(difference), Page(width, colour)
    page.heading(f"What changes with {clean(change)}{_for(after)}")
    old, new = difference.verdicts
    page.item(f"verdict: {old} → {new}" if old != new else f"verdict: {new}, as before")
    for label, found in (("gone", difference.disappear), ("new", difference.appear)):
        _lines(page, label, [contradiction_line(one) for one in found])
    pairs = [(contradiction_line(old), contradiction_line(new)) for old, new in difference.change]
    _lines(page, "still", [new if old == new else f"{new} (before: {old})" for old, new in pairs])
    _lines(page, "outside its limits now", [used_outside(one) for one in difference.outside])
    places = [f"{one.rule} @ {one.entity} ({typeset(one.condition)})" for one in difference.inside]
    _lines(page, "no longer found outside its limits", places)
    _values(page, "gets a value", difference.determined)
    _values(page, "loses its value", difference.undetermined)
    _values(page, "changes", {n: f"{old} → {new}" for n, (old, new) in difference.values.items()})
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
    names = [
        chr(ord("A") + number) if number < LETTERS else str(number + 1) for number in range(len(reports))
    ]
    rows: list[tuple[Cell, ...]] = []
    for name, report in zip(names, reports, strict=True):
        number = len(report.contradictions)
        verdict = f"{number} contradictions" if number > 1 else report.verdict
        rows.append(((name, "bold"), (verdict, STYLES[report.verdict]), (", ".join(report.assume), "")))
    page.table(rows, indent=0)
    page.heading("What the other claims make of each given value")
    by_set = [{one.premise: one for one in report.predictions} for report in reports]
    for stated in reports[0].predictions:
        page.gap()
        page.write(f"{stated.premise}, stated as {typeset(stated.stated)}", indent=0, style="bold")
        rows = []
        for name, predicted in zip(names, (table.get(stated.premise) for table in by_set), strict=True):
            if predicted is not None:
                shown = equals(*_pair(predicted)) if predicted.predicted else "–"
                rows.append(((name, ""), (shown, ""), (_judged(predicted), _COLOURS[predicted.status])))
        page.table(rows, indent=2)
    return page.text()


def _pair(predicted: Predicted) -> tuple[str, str | None]:
    assert predicted.predicted is not None
    return predicted.predicted


def _judged(predicted: Predicted) -> str:
    words = {"agrees": "agrees", "open": "nothing else speaks about it", "tension": "in tension"}
    told = [words.get(predicted.status, "contradicts")]
    if predicted.status in ("tension", "contradicts"):
        told.append(apart_by(predicted.sigma, predicted.ratio, None))
    if predicted.predicted is not None:
        formulas = f"{predicted.stated} {predicted.predicted[1] or ' '.join(predicted.case)}"
        case = case_text({n: x for n, x in predicted.case.items() if re.search(rf"\b{n}\b", formulas)})
        told.append(case and f"for {case}")
    return ", ".join(filter(None, told))


_COLOURS = {"agrees": "green", "tension": "yellow", "contradicts": "red", "open": "dim"}
