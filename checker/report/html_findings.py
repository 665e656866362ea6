"""What else a report has to say → parts of an HTML report: ways out, joint fits, coverage, and the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.model import Agreement, Case, Difference, JointFit, Judged, Narrowed, Report, WayOut
from checker.report.elements import Child, Element, element
from checker.report.html_contradiction import line
from checker.report.sheet import Sheet, listing, more_text, table, together
from checker.report.wording import (
    LEFT_OPEN,
    OUTCOMES,
    agreement_sentence,
    and_,
    becomes,
    by_reason,
    case_text,
    changed,
    changed_values,
    contradiction_line,
    counted_verdict,
    cross_checked,
    fit_sentence,
    judged,
    letters,
    limits_open,
    menu_heading,
    proposal_outcome,
    says_more_exactly,
    subject,
    used_outside,
    who,
    worst_fits,
)

LISTED = 40
CARDS = 48
"""So many ways out are shown as cards."""
CONSEQUENCES = 8
FITS_LISTED = 8
PULLS_LISTED = 30


def section(sheet: Sheet, name: str, title: str, *children: Child) -> Element:
    """A part of the report under its heading; a landmark where the page is of one scenario."""
    id_ = sheet.id(name)
    heading = sheet.heading(1, title, id_=f"{id_}-title")
    return element(
        "section", heading, children, id=id_, aria_labelledby=f"{id_}-title" if sheet.alone else None
    )


# ---------------------------------------------------------------- ways out


def ways_out(sheet: Sheet, ways: Sequence[WayOut], numbers: Mapping[str, str]) -> Element | None:
    """A card for each way out, by menu; choosing one shows it everywhere on the page."""
    if not ways:
        return None
    menus: dict[int, list[WayOut]] = {}
    for way in ways:
        menus.setdefault(way.menu, []).append(way)
    parts: list[Element] = []
    room, left_out = CARDS, 0
    for menu in menus.values():
        shown, room = menu[:room], room - min(len(menu), room)
        if shown:
            parts.append(_menu(sheet, shown, numbers, len(menu) - len(shown)))
        else:
            left_out += 1
    if left_out:
        parts.append(element("p", f"… and {left_out:,} more menus", class_="more"))
    return section(sheet, "ways-out", "Ways out", parts)


def _menu(sheet: Sheet, menu: Sequence[WayOut], numbers: Mapping[str, str], left_out: int) -> Element:
    group = sheet.id(f"menu-{menu[0].menu}")
    nothing = element(
        "div",
        element(
            "label",
            element("input", type="radio", name=group, value="", checked=True),
            " leave everything as it stands",
            class_="choice",
        ),
        class_="way none",
    )
    cards = [_way(sheet, way, group, numbers) for way in menu]
    return element(
        "fieldset",
        element("legend", menu_heading(menu, numbers)),
        element("div", nothing, cards, class_="ways"),
        element("p", more_text(left_out), class_="more") if left_out else None,
    )


def _way(sheet: Sheet, way: WayOut, group: str, numbers: Mapping[str, str]) -> Element:
    settled = [numbers[one] for one in way.settles if one in numbers]
    results = list(way.then.items())
    names: list[Child] = []
    for place, premise in enumerate(way.give_up):
        names += [("", ", ", " and ")[(place > 0) + (0 < place == len(way.give_up) - 1)]]
        names += [element("code", sheet.short(premise), class_="claim")]
    rows: list[Child] = []
    for quantity, result in results[:CONSEQUENCES]:
        known = result.value is not None or result.exact
        told: list[Child] = [together("= " if known else "is ", sheet.amount(result.shown))]
        if known and says_more_exactly(result.shown, result.exact):
            told += [" ", together("= ", sheet.amount(result.exact or ""))]
        rows += [
            element("dt", "" if rows else "then ", element("span", sheet.short(subject(quantity)))),
            element(
                "dd",
                told,
                data_then=sheet.quantity(quantity),
                data_words=f"{subject(quantity)} {becomes(result)}"[:400],
            ),
        ]
    rest = len(results) - CONSEQUENCES
    return element(
        "div",
        element(
            "label",
            element("input", type="radio", name=group, value=sheet.claims(way.give_up)),
            element("span", "give up ", names),
            class_="choice",
        ),
        element("dl", rows) if rows else None,
        element("p", more_text(rest), class_="more") if rest > 0 else None,
        element("p", LEFT_OPEN, class_="small") if way.left_open else None,
        class_="way",
        data_gives=sheet.claims(way.give_up),
        data_settles=" ".join(way.settles),
        data_words=f"{and_(way.give_up)}"[:400],
        data_numbers=" ".join(settled),
    )


def proposals(sheet: Sheet, report: Report, numbers: Mapping[str, str]) -> Element | None:
    """Each proposed way out, and what it leaves contradictory."""
    if not report.proposals:
        return None

    def told(one: Judged) -> Child:
        left = [found for found in report.contradictions if found.id in one.leaves]
        return [
            element("strong", sheet.short(one.name)),
            " (give up ",
            sheet.short(and_(one.give_up), 300),
            "): ",
            element("strong", proposal_outcome(one, numbers)),
            listing((_left(sheet, numbers[found.id], contradiction_line(found)) for found in left), LISTED)
            if left
            else None,
        ]

    return section(sheet, "proposals", "Proposed", listing(map(told, report.proposals), LISTED))


def _left(sheet: Sheet, number: str, line: str) -> Child:
    return [element("b", number, class_="number"), " ", sheet.short(line, 300)]


def accepted(sheet: Sheet, report: Report, numbers: Mapping[str, str]) -> Element | None:
    """What somebody lives with, and why."""
    found = [one for one in (*report.contradictions, *report.tensions) if one.accepted is not None]
    if not found:
        return None
    lines = [
        [line(sheet, one, numbers), element("div", sheet.short(one.accepted or "", 300), class_="by")]
        for one in found
    ]
    return section(sheet, "accepted", "Accepted", listing(lines, LISTED, "lines"))


def double_standards(sheet: Sheet, report: Report) -> Element | None:
    if not report.double_standards:
        return None
    rows = [
        (
            element("code", sheet.short(one.rule), class_="claim"),
            sheet.short(one.entity),
            sheet.short(one.reason, 300),
        )
        for one in report.double_standards[:LISTED]
    ]
    return section(
        sheet,
        "double-standards",
        "Double standards",
        table("Rules withheld from entities that they fit", ("Rule", "Withheld from", "Reason given"), rows),
        _more(len(report.double_standards) - LISTED),
    )


def _more(number: int) -> Element | None:
    return element("p", more_text(number), class_="more") if number > 0 else None


# ---------------------------------------------------------------- measurements


def fits(sheet: Sheet, report: Report) -> Element | None:
    """How well measurements fit all together, the worst first; what their values then are."""
    if not report.fits:
        return None
    together = None
    if report.agreement is not None and len(report.fits) > 1:
        together = element("p", f"All {len(report.fits):,} of them: {agreement_sentence(report.agreement)}")
    parts = [_fit(sheet, one) for one in worst_fits(report.fits)[:FITS_LISTED]]
    title = "Joint fit" if len(report.fits) == 1 else "Joint fits"
    return section(sheet, "fits", title, together, parts, _more(len(report.fits) - FITS_LISTED))


def _fit(sheet: Sheet, fit: JointFit) -> Element:
    parts: list[Child] = [element("p", sheet.short(fit_sentence(fit), 400))]
    if fit.agreement is not None and fit.adjusted:
        rows = [
            (sheet.short(name), sheet.amount(value.shown))
            for name, value in list(fit.adjusted.items())[:PULLS_LISTED]
        ]
        parts += [
            table("Adjusted values", ("Quantity", "Adjusted value"), rows),
            _more(len(fit.adjusted) - len(rows)),
        ]
    if fit.agreement is not None and fit.pulls:
        parts += [_pulls(sheet, fit, fit.agreement), _more(len(fit.pulls) - PULLS_LISTED)]
    return element("div", parts, class_="fit")


def _pulls(sheet: Sheet, fit: JointFit, agreement: Agreement) -> Element:
    """How far each value lies from what all others make of its quantity, with a bar to either side."""
    pulls = fit.pulls[:PULLS_LISTED]
    largest = max((abs(one.pull) for one in pulls if one.pull is not None), default=0.0)
    reach = max(largest, 3.0)
    rows = []
    for one in pulls:
        pull = "–" if one.pull is None else f"{round(one.pull, 1) + 0.0:+.1f}\u2009σ".replace("-", "−")
        bar = None if one.pull is None else _bar(one.pull / reach)
        rows.append(
            (element("code", sheet.short(one.premise), class_="claim"), sheet.amount(one.stated), pull, bar)
        )
    headings = ("Stated value of", "Stated", "Pull", f"−{reach:.3g} … +{reach:.3g} σ")
    attributes = [{"data-claim": sheet.claim(one.premise)} for one in pulls]
    return table("How far each value lies from what all others make of it", headings, rows, attributes)


def _bar(share: float) -> Element:
    """A bar from the middle to the left or to the right; the number stands beside it."""
    width = round(abs(share) * 50, 2)
    start = round(50 - width if share < 0 else 50, 2)
    return element(
        "svg",
        element("line", x1=50, x2=50, y1=0, y2=10, class_="axis"),
        element("rect", x=str(start), y=2, width=str(width), height=6),
        class_="pull",
        viewBox="0 0 100 10",
        aria_hidden="true",
    )


def narrowed(sheet: Sheet, found: Sequence[Narrowed]) -> Element | None:
    """What each quantity is narrowed to, and the claims that make each end."""
    if not found:
        return None
    rows: list[tuple[Child, ...]] = []
    for one in found[:LISTED]:
        cells: list[Child] = [sheet.short(one.quantity)]
        for end in (one.low, one.high):
            if end is None:
                cells.append("open")
            else:
                by = sheet.short(and_(end.premises), 200)
                cells.append([sheet.amount(end.shown), element("div", "by ", by, class_="by")])
        rows.append(tuple(cells))
    return section(
        sheet,
        "narrowed",
        "Narrowed",
        table("Ranges that several claims narrow", ("Quantity", "At least", "At most"), rows),
        _more(len(found) - LISTED),
    )


def cases(sheet: Sheet, every: Sequence[Case]) -> Element | None:
    if not every:
        return None
    rows = [(sheet.short(case_text(case.parameters)), case.verdict) for case in every[:LISTED]]
    parts = table("The verdict for each case", ("Case", "Verdict"), rows), _more(len(every) - LISTED)
    return section(sheet, "cases", "Case by case", parts)


# ---------------------------------------------------------------- coverage


def coverage(sheet: Sheet, report: Report) -> Element:
    """How many claims were cross-checked and what became of them, then those that were not, by reason."""
    total = report.coverage.get("claims", 0)
    told = [
        (OUTCOMES.get(status, status.replace("_", " ")), status, report.coverage.get(status, 0))
        for status in _STANDINGS
    ]
    rows = [(words, f"{number:,}") for words, _, number in told if number]
    groups = by_reason(report.unsettled)
    unchecked = [
        (f"{len(members):,}", status.replace("_", " "), why or "–", sheet.short(who(members), 300))
        for (status, why), members in list(groups.items())[:LISTED]
    ]
    return section(
        sheet,
        "coverage",
        "Coverage",
        element("p", cross_checked(report.coverage)),
        _stack([(status, number) for _, status, number in told if number], total) if total else None,
        table("What became of the claims", ("Claims that", "Number"), rows) if rows else None,
        [
            sheet.heading(2, "Claims that were not cross-checked"),
            table("Claims that were not cross-checked", ("Number", "Standing", "Reason", "Which"), unchecked),
            _more(len(groups) - LISTED),
        ]
        if unchecked
        else None,
    )


_STANDINGS = (*OUTCOMES, "unchecked", "undetermined", "not_applied", "withheld")


def _stack(counts: Sequence[tuple[str, int]], total: int) -> Element:
    """One bar, as long as there are claims; the table beneath has the numbers."""
    parts, start = [], 0.0
    for status, number in counts:
        width = 100 * number / total
        parts.append(
            element(
                "rect",
                x=f"{start:.2f}",
                y=0,
                width=f"{max(width - 0.4, 0.2):.2f}",
                height=6,
                class_=f"standing-{status}",
            )
        )
        start += width
    return element(
        "svg", parts, class_="stack", viewBox="0 0 100 6", preserveAspectRatio="none", aria_hidden="true"
    )


def limits(sheet: Sheet, report: Report) -> list[Element]:
    outside = [sheet.short(used_outside(one), 300) for one in report.limits if one.status == "outside"]
    open_ = [sheet.short(one, 300) for one in limits_open(report.limits)]
    titles = ("Used outside their limits", "Whether these are used within their limits is left open")
    return [
        section(sheet, name, title, listing(lines, LISTED))
        for name, title, lines in (("outside", titles[0], outside), ("limits-open", titles[1], open_))
        if lines
    ]


def lines(sheet: Sheet, name: str, title: str, texts: Sequence[str]) -> Element | None:
    return (
        section(sheet, name, title, listing((sheet.short(one, 300) for one in texts), LISTED))
        if texts
        else None
    )


# ---------------------------------------------------------------- beside each other


def what_changes(sheet: Sheet, difference: Difference, after: Report, changes: str) -> Element:
    """What a change makes of the report."""
    old, new = difference.verdicts
    items: list[Child] = [
        [element("b", "verdict"), f": {old} → {new}" if old != new else f": {new}, as before"]
    ]
    for label, told in changed(difference):
        items += [[element("b", label), ": ", sheet.short(line, 300)] for line in told[:LISTED]]
        items += [more_text(len(told) - LISTED)] if len(told) > LISTED else []
    rows: list[tuple[Child, ...]] = []
    left_out = 0
    for label, values in changed_values(difference):
        for name, shown in list(values.items())[:LISTED]:
            arrows = [[" → " if place else "", sheet.amount(one)] for place, one in enumerate(shown)]
            rows.append((sheet.short(name), label, arrows))
        left_out += max(len(values) - LISTED, 0)
    case = f"; values for {case_text(after.case)}" if after.case else ""
    return section(
        sheet,
        "changes",
        f"What changes with {changes[:200]}{case}",
        listing(items, len(items)),
        table("Values that change", ("Quantity", "What becomes of it", "Value"), rows) if rows else None,
        _more(left_out),
    )


def comparison(sheet: Sheet, reports: Sequence[Report]) -> list[Element]:
    """For each given value, what the other claims make of it under each report's assumptions."""
    names = letters(len(reports))
    sets = [
        (name, sheet.short(", ".join(one.assume)), counted_verdict(one))
        for name, one in zip(names, reports, strict=True)
    ]
    by_set = [{one.premise: one for one in report.predictions} for report in reports]
    rows: list[tuple[Child, ...]] = []
    for stated in reports[0].predictions[:LISTED]:
        cells: list[Child] = []
        for predicted in (each.get(stated.premise) for each in by_set):
            if predicted is None:
                cells.append("–")
                continue
            value: list[Child] = []
            if predicted.predicted is not None:
                shown, exact = predicted.predicted
                value = [sheet.amount(shown)]
                if says_more_exactly(shown, exact):
                    value += [" ", together("= ", sheet.amount(exact or ""))]
            cells.append([value, element("div", judged(predicted), class_="by")])
        rows.append(
            (
                element("code", sheet.short(stated.premise), class_="claim"),
                sheet.amount(stated.stated),
                *cells,
            )
        )
    return [
        section(
            sheet,
            "sets",
            "The sets of assumptions",
            table("The sets of assumptions", ("Set", "On trial", "Verdict"), sets),
        ),
        section(
            sheet,
            "predictions",
            "What the other claims make of each given value",
            table("What the other claims make of each given value", ("Given", "Stated as", *names), rows),
            _more(len(reports[0].predictions) - LISTED),
        ),
    ]
