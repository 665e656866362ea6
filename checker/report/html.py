"""What was found → one HTML file that needs nothing else: no network, no fonts, no script to be complete.

Everything from files is text in a tree of elements, never markup; the policy at the head of the page allows
its own style and script and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files

from checker import __version__
from checker.errors import Mistake, printable, render
from checker.model import Broken, Contradiction, Difference, Report
from checker.report import html_findings as findings
from checker.report.elements import Child, Element, element, to_html
from checker.report.html_contradiction import contradictions
from checker.report.html_graph import Graphs
from checker.report.sheet import Page, Sheet, linked, listing, more_text, table
from checker.report.wording import (
    accepted_among,
    clean,
    count,
    cut,
    in_short,
    incomplete_sentence,
    totals,
    verdict_of,
    verdict_sentence,
)

FULL_CONTRADICTIONS = 12
FULL_TENSIONS = 6
FULL_SCENARIOS = 500
MISTAKES_LISTED = 40
TITLE = 160

_MARKS = {"contradiction": "≠", "accepted": "≠", "no contradiction": "=", "undetermined": "?", "error": "!"}


def to_page(
    entries: Sequence[Report | Broken],
    difference: Difference | None = None,
    changes: str = "",
    compared: bool = False,
) -> str:
    """The page, ending in a newline. The same reports give the same page."""
    notes = [_notes(entry) for entry in entries]
    entries = [clean(entry) if isinstance(entry, Report) else entry for entry in entries]
    page = Page()
    reports = [entry for entry in entries if isinstance(entry, Report)]
    if compared:
        title = reports[0].title
        body: list[Child] = [_compared(reports, page)]
    elif len(entries) == 1:
        (entry,) = entries
        title = entry.title if isinstance(entry, Report) else entry.path
        body = [_entry(entry, notes[0], "s1", 1, page, clean(difference), clean(changes))]
    else:
        title = totals(entries)
        body = _several(entries, notes, page)
    return _document(cut(printable(title), TITLE), body, page)


def _notes(entry: Report | Broken) -> dict[str, str]:
    """The notes of contradictions and tensions: their lines are laid out by whoever wrote them."""
    if isinstance(entry, Broken):
        return {}
    return {
        found.id: "\n".join(map(printable, (found.note or "").splitlines()))
        for found in (*entry.contradictions, *entry.tensions)
    }


# ---------------------------------------------------------------- the page


def _document(title: str, body: Sequence[Child], page: Page) -> str:
    style, script = _asset("page.css") + page.style, _asset("page.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", content=policy, **{"http-equiv": "Content-Security-Policy"}),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="generator", content=f"check {__version__}"),
        element("title", title),
        element("style", style),
    )
    root = element(
        "html",
        head,
        element(
            "body",
            element("a", "Skip to the report", href="#report", class_="skip"),
            element("main", body, _long_texts(page), id="report", tabindex=-1),
            _foot(),
            element("script", script),
        ),
        lang="en",
    )
    return f"<!doctype html>\n{to_html(root)}\n"


def _asset(name: str) -> str:
    return (files("checker.report") / "assets" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


_WORDS = {
    "held": "is given up only where held claims alone contradict each other. By default definitions and laws "
    "are held; all other claims are disputed.",
    "way out": "a smallest set of claims without which no contradiction is left; each was tried.",
    "proof": "exact: relations that together leave something impossible; numerical: every solution is "
    "excluded; statistical: values lie too many standard deviations apart.",
}


def _foot() -> Element:
    return element(
        "footer",
        element("dl", [(element("dt", word), element("dd", meaning)) for word, meaning in _WORDS.items()]),
        element("p", f"Made by check {__version__}. It says what contradicts what, and takes no side."),
    )


def _long_texts(page: Page) -> Element | None:
    if not page.ids:
        return None
    rest = f"{page.left_out:,} more are only in the JSON report." if page.left_out else None
    return element(
        "section",
        element("h2", "Long texts in full", id="long-texts"),
        element(
            "ol",
            [element("li", list(linked(text)), id=id_) for text, id_ in page.ids.items()],
            class_="long",
        ),
        element("p", rest, class_="more") if rest else None,
        aria_labelledby="long-texts",
    )


# ---------------------------------------------------------------- several scenarios


def _several(
    entries: Sequence[Report | Broken], notes: Sequence[Mapping[str, str]], page: Page
) -> list[Child]:
    """A table with a line for each file, then a section for each."""
    rows: list[tuple[Child, ...]] = []
    sections = []
    for number, (entry, each) in enumerate(zip(entries, notes, strict=True), start=1):
        if number > FULL_SCENARIOS:
            break
        prefix = f"s{number}"
        title = entry.title if isinstance(entry, Report) else count(len(entry.mistakes), "mistake")
        verdict = verdict_of(entry)
        rows.append(
            (
                element("a", cut(printable(title), TITLE) or "untitled", href=f"#{prefix}"),
                [_mark(verdict), "\u00a0", in_short(entry)],
                element("span", cut(printable(entry.path), TITLE), class_="place"),
            )
        )
        sections.append(_entry(entry, each, prefix, 2, page))
    left_out = len(entries) - len(rows)
    return [
        element("header", element("h1", totals(entries)), class_="page"),
        element(
            "nav",
            table("All scenarios", ("Scenario", "Verdict", "File"), rows),
            element("p", more_text(left_out), class_="more") if left_out else None,
            aria_label="All scenarios",
            class_="summary",
        ),
        sections,
    ]


def _mark(verdict: str) -> Element:
    return element("span", _MARKS.get(verdict, ""), class_="mark", aria_hidden="true")


# ---------------------------------------------------------------- one scenario


def _entry(
    entry: Report | Broken,
    notes: Mapping[str, str],
    prefix: str,
    level: int,
    page: Page,
    difference: Difference | None = None,
    changes: str = "",
) -> Element:
    if isinstance(entry, Broken):
        return _broken(entry, Sheet(prefix, level, {}, page))
    sheet = Sheet(prefix, level, entry.symbols, page)
    graph = Graphs(entry.network, sheet).draw if entry.network else _no_graph
    numbers = {found.id: str(number) for number, found in enumerate(entry.contradictions, start=1)}
    active = [found for found in entry.contradictions if found.accepted is None]
    tensions = [found for found in entry.tensions if found.accepted is None]
    settled = {found.id for found in entry.contradictions if found.accepted is not None}
    ways = [way for way in entry.ways_out if not settled.issuperset(way.settles)]
    parts: list[Child] = [
        _verdict(sheet, entry, len(ways)),
        findings.section(
            sheet,
            "contradictions",
            "The contradiction" if len(active) == 1 else "The contradictions",
            contradictions(sheet, active, numbers, notes, FULL_CONTRADICTIONS, graph),
        )
        if active
        else None,
        findings.accepted(sheet, entry, numbers),
        _sentence(incomplete_sentence(entry)),
        findings.ways_out(sheet, ways, numbers),
        findings.proposals(sheet, entry, numbers),
        findings.section(
            sheet,
            "tensions",
            "Tensions",
            element(
                "div",
                contradictions(sheet, tensions, {}, notes, FULL_TENSIONS, graph),
                class_="tensions",
            ),
        )
        if tensions
        else None,
        findings.double_standards(sheet, entry),
        findings.fits(sheet, entry),
        findings.narrowed(sheet, entry.narrowed),
        findings.cases(sheet, entry.cases),
        findings.coverage(sheet, entry),
        findings.limits(sheet, entry),
        findings.lines(sheet, "assumed", "Assumed", entry.assumptions),
        findings.lines(sheet, "warnings", "Warnings", entry.warnings),
        findings.what_changes(sheet, difference, entry, changes) if difference else None,
    ]
    return element("article", parts, class_="scenario", id=prefix, aria_labelledby=f"{prefix}-title")


def _verdict(sheet: Sheet, report: Report, ways: int) -> Element:
    """The verdict at a glance, and how many there are of what the page shows."""
    verdict = f"{report.verdict}, accepted" if verdict_of(report) == "accepted" else report.verdict
    accepted = accepted_among(report.contradictions)
    counts = [count(len(report.contradictions), "contradiction") + accepted] * bool(
        accepted or len(report.contradictions) > 1
    )
    if report.tensions:
        counts.append(count(len(report.tensions), "tension") + accepted_among(report.tensions))
    counts += [f"{ways:,} {'way' if ways == 1 else 'ways'} out"] if ways else []
    counts += [count(report.coverage.get("claims", 0), "claim")]
    counts += [count(len(report.warnings), "warning")] if report.warnings else []
    title = element(
        f"h{sheet.level}",
        element("span", _mark(report.verdict), verdict.capitalize(), class_="word"),
        element("span", ": ", class_="hidden"),
        element("span", sheet.short(report.title or "untitled", TITLE), class_="title"),
        id=f"{sheet.prefix}-title",
    )
    source = (", after ", sheet.source(report.source)) if report.source else None
    return element(
        "header",
        title,
        element("p", element("span", sheet.short(report.path), class_="place"), source, class_="where"),
        element("ul", [element("li", one) for one in counts], class_="counts"),
        _sentence(verdict_sentence(report)),
        class_="verdict",
    )


def _sentence(text: str) -> Element | None:
    return element("p", text, class_="sentence") if text else None


def _no_graph(found: Contradiction) -> None:
    """Where the report has no dependency graph."""


def _compared(reports: Sequence[Report], page: Page) -> Element:
    sheet = Sheet("s1", 1, reports[0].symbols, page)
    return element(
        "article",
        element(
            "header",
            element(
                "h1", element("span", sheet.short(reports[0].title, TITLE), class_="title"), id="s1-title"
            ),
            element("p", element("span", sheet.short(reports[0].path), class_="place"), class_="where"),
            class_="verdict",
        ),
        findings.comparison(sheet, reports),
        class_="scenario",
        id="s1",
        aria_labelledby="s1-title",
    )


# ---------------------------------------------------------------- files with mistakes


def _broken(broken: Broken, sheet: Sheet) -> Element:
    """A file that could not be checked, with its mistakes."""
    title = element(
        f"h{sheet.level}",
        element("span", _mark("error"), "Could not be checked", class_="word"),
        element("span", ": ", class_="hidden"),
        element("span", sheet.short(printable(broken.path)), class_="title"),
        id=f"{sheet.prefix}-title",
    )
    return element(
        "article",
        element("header", title, class_="verdict"),
        listing((_mistake(sheet, one) for one in broken.mistakes), MISTAKES_LISTED, "mistakes"),
        class_="scenario",
        id=sheet.prefix,
        aria_labelledby=f"{sheet.prefix}-title",
    )


def _mistake(sheet: Sheet, mistake: Mistake) -> Child:
    first, _, rest = render(mistake).rstrip().removeprefix("error: ").partition("\n")
    return [
        element("p", sheet.short(first, 400)),
        element("pre", sheet.short(rest, 2_000), tabindex=0) if rest else None,
    ]
