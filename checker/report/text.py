"""Report → text for a terminal: the verdict, what contradicts what, and what each way out costs."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from checker.accepted import all_accepted
from checker.errors import printable
from checker.model import (
    Broken,
    Case,
    Certificate,
    Consequence,
    Contradiction,
    Judged,
    Limit,
    Narrowed,
    Occurrence,
    Report,
    Side,
    Step,
    WayOut,
)
from checker.report.wording import (
    ALL_HELD,
    COMBINED,
    LEFT_OPEN,
    NAMED,
    agreement_sentence,
    amount,
    and_,
    becomes,
    by_reason,
    case_of_numbers,
    case_text,
    clean,
    contradiction_line,
    count,
    cross_checked,
    cut,
    elsewhere,
    fit_sentence,
    headline,
    in_full,
    in_short,
    incomplete_sentence,
    limits_open,
    menu_heading,
    origin,
    origins_text,
    proposal_outcome,
    says_more,
    some,
    subject,
    totals,
    typeset,
    used_outside,
    verdict_of,
    verdict_sentence,
    who,
    worst_fits,
)

# Beyond these lengths a list says how many more there are; the JSON report holds all.
FULL_CONTRADICTIONS = 6
FULL_TENSIONS = 3
LISTED = 20
WAYS_LISTED = 10
STEPS_AT_EACH_END = 10
FITS_LISTED = 6

NARROWEST = 40
_GAP = "  "


def to_text(report: Report, width: int, colour: bool, proof: bool = False) -> str:
    """The report as lines of at most `width` columns (never fewer than 40), ending in a newline.

    A line may be longer only where a word would not fit any line. Control characters from files are
    escaped; the only ones in the text are line ends and, with `colour`, ANSI styles. With `proof`, exact
    contradictions come with the combination of relations that shows them.
    """
    notes = {found.id: found.note or "" for found in (*report.contradictions, *report.tensions)}
    report = clean(report)
    page = Page(max(width, NARROWEST), colour)
    _verdict(page, report)
    numbers = {found.id: str(number) for number, found in enumerate(report.contradictions, start=1)}
    active = [found for found in report.contradictions if found.accepted is None]
    labels = [f"{numbers[found.id]}{_GAP}" for found in active]
    _contradictions(page, active, labels, notes, FULL_CONTRADICTIONS, proof)
    _accepted(page, report, numbers)
    if told := incomplete_sentence(report):
        page.gap()
        page.write(told)
    accepted = {found.id for found in report.contradictions if found.accepted is not None}
    _ways_out(page, [way for way in report.ways_out if not accepted.issuperset(way.settles)], numbers)
    _proposals(page, report.proposals, report.contradictions, numbers)
    if tensions := [found for found in report.tensions if found.accepted is None]:
        page.heading("Tensions")
        _contradictions(page, tensions, [_GAP] * len(tensions), notes, FULL_TENSIONS, proof)
    if report.double_standards:
        page.heading("Double standards")
        for each in report.double_standards:
            page.item(f"{each.rule} is withheld from {each.entity}: {each.reason}")
    _fits(page, report)
    _narrowed(page, report.narrowed)
    _cases(page, report.cases)
    _coverage(page, report)
    _limits(page, report.limits)
    _listing(page, "Assumed", report.assumptions)
    _listing(page, "Warnings", report.warnings)
    return page.text()


def _contradictions(
    page: Page,
    found: Sequence[Contradiction],
    labels: Sequence[str],
    notes: Mapping[str, str],
    most: int,
    proof: bool,
) -> None:
    """At most so many in full, the others in a line each as long as these are few."""
    full = in_full(found, most)
    passed_over = 0
    for one, label in zip(found, labels, strict=True):
        if one.id in full:
            _contradiction(page, one, label, notes[one.id])
            if proof and one.proof == "exact" and one.kind not in ("attribute", "dimension"):
                _proof(page, one.certificate, len(label))
            page.gap()
        elif passed_over < LISTED:
            page.write(f"{label}{contradiction_line(one)}", indent=len(label), first=0)
            passed_over += 1
    page.more(len(found) - len(full) - passed_over)


def _accepted(page: Page, report: Report, numbers: Mapping[str, str]) -> None:
    """What somebody lives with, and why."""
    accepted = [found for found in (*report.contradictions, *report.tensions) if found.accepted is not None]
    if not accepted:
        return
    page.heading("Accepted")
    for one in accepted[:LISTED]:
        label = f"{numbers.get(one.id, 'tension')}{_GAP}"
        page.write(f"{label}{contradiction_line(one)}", indent=2 + len(label), first=2)
        page.write(one.accepted or "", indent=2 + len(label), style="dim")
    page.more(len(accepted) - LISTED)


def summary(reports: Sequence[Report | Broken], width: int, colour: bool) -> str:
    """A line for each file (verdict, counts, path and as much of the title as fits), then the totals."""
    page = Page(max(width, NARROWEST), colour)
    rows = [_summarised(clean(entry)) for entry in reports]
    room = page.width - sum(max(len(row[column][0]) + len(_GAP) for row in rows) for column in (0, 1))
    page.table([(*row[:2], (cut(row[2][0], room), row[2][1])) for row in rows], indent=0)
    page.gap()
    page.write(totals(reports))
    return page.text()


def _summarised(entry: Report | Broken) -> tuple[Cell, Cell, Cell]:
    style = STYLES.get(verdict_of(entry), "")
    about = count(len(entry.mistakes), "mistake") if isinstance(entry, Broken) else entry.title
    return (in_short(entry), style), (entry.path, ""), (about, "dim")


STYLES = {"contradiction": "red", "no contradiction": "green", "undetermined": "yellow", "error": "red"}


# ---------------------------------------------------------------- the parts of a report


def _verdict(page: Page, report: Report) -> None:
    settled = all_accepted(report)
    style = "dim" if settled else STYLES.get(report.verdict, "bold")
    verdict = (report.verdict.upper() + ", ACCEPTED" * settled, style)
    page.table([(verdict, (report.title, "bold"))], indent=0)
    origin = f"{report.path}, after {report.source}" if report.source else report.path
    page.write(origin, style="dim")
    if sentence := verdict_sentence(report):
        page.gap()
        page.write(sentence)


def _contradiction(page: Page, found: Contradiction, label: str, note: str) -> None:
    """One contradiction in full. The note is laid out by whoever wrote it: its lines stay as they are."""
    worst = found.occurrences[0]
    indent = len(label)
    page.gap()
    page.write(label + headline(found, worst), indent=indent, first=0, style="bold")
    if found.claims and all(claim.held for claim in found.claims):
        page.write(ALL_HELD, indent=indent)
    page.verbatim(note, indent)
    if found.kind != "dimension":  # the note has both sides at their places
        _sides(page, worst, {claim.id: claim.source for claim in found.claims}, indent)
    if told := case_of_numbers(found):
        page.gap()
        page.write(told, indent=indent)
    for limit in found.outside:
        page.gap()
        page.write(f"Rests on a law used outside its limits: {used_outside(limit)}", indent=indent)
    if len(found.occurrences) > 1:
        page.gap()
        others = (elsewhere(each, found.case) for each in found.occurrences[1:])
        page.write(f"Also at {some(others)}.", indent=indent)
    page.gap()
    page.write(f"Where the claims stand ({found.proof} proof)", indent=indent)
    page.table(
        [
            (
                (claim.id, ""),
                (f"{claim.status}, held" if claim.held else claim.status, "dim" if claim.held else ""),
                (f"{claim.path}:{claim.line}", "dim"),
            )
            for claim in sorted(found.claims, key=lambda claim: claim.held)
        ],
        indent=indent + 2,
    )
    for line in origins_text(found.origins):
        page.write(line, indent=indent + 4, first=indent + 2, style="dim")


def _proof(page: Page, certificate: Certificate | None, indent: int) -> None:
    page.gap()
    assert certificate is not None  # that is what makes the proof of equations exact
    page.write(f"{COMBINED[certificate.form]}, these relations leave {certificate.conclusion}", indent=indent)
    for one in certificate.relations[:LISTED]:
        times = f"to the power {one.multiplier}" if certificate.form == "product" else f"{one.multiplier} ×"
        page.write(f"{times}: {one.claim} @ {one.entity}", indent=indent + 2, style="dim")
        page.write(typeset(one.equation), indent=indent + 6)
    page.more(len(certificate.relations) - LISTED)


def _sides(page: Page, worst: Occurrence, sources: Mapping[str, str | None], indent: int) -> None:
    """The values side by side, then how each one that takes more than a step is derived."""
    sides = list(zip(_side_names(worst.sides), worst.sides, strict=True))
    rows = []
    for name, side in sides:
        value = f"{name}{_GAP}{amount(side)}" if name else amount(side)
        rows.append(((value, "bold"), (origin(side, worst.quantity, sources), "")))
    page.table(rows, indent)
    for name, side in sides:
        if len(side.steps) > 1:
            derivation(page, name or amount(side), side, indent)


def _side_names(sides: Sequence[Side]) -> list[str]:
    """A letter for each side where several are derived, so that each derivation can name its own."""
    if sum(len(side.steps) > 1 for side in sides) < 2:
        return [""] * len(sides)
    return [chr(ord("A") + position) for position in range(len(sides))]


def derivation(page: Page, label: str, side: Side, indent: int) -> None:
    """Each step's conclusion stands first, the claim that gives it at the right, its equation beneath."""
    page.gap()
    page.write(f"{label}, step by step", indent=indent)
    steps = list(enumerate(side.steps, start=1))
    omitted = len(steps) - 2 * STEPS_AT_EACH_END
    if omitted > 0:
        page.steps(steps[:STEPS_AT_EACH_END], indent + 2)
        page.write(f"… {count(omitted, 'step')} left out …", indent=indent + 2, style="dim")
        steps = steps[-STEPS_AT_EACH_END:]
    page.steps(steps, indent + 2)


def _ways_out(page: Page, ways: Sequence[WayOut], numbers: Mapping[str, str]) -> None:
    menus: dict[int, list[WayOut]] = {}
    for way in ways:
        menus.setdefault(way.menu, []).append(way)
    for menu in menus.values():
        page.heading(menu_heading(menu, numbers))
        page.table(
            [((f"give up {and_(way.give_up)}", ""), (_outcome(way), "dim")) for way in menu[:WAYS_LISTED]],
            indent=2,
        )
        page.more(len(menu) - WAYS_LISTED)


def _outcome(way: WayOut) -> str:
    enough = LEFT_OPEN if way.left_open else ""
    return "; ".join(filter(None, (_consequences(way.then), enough)))


def _consequences(then: Mapping[str, Consequence]) -> str:
    told = [f"{subject(quantity)} {becomes(result)}" for quantity, result in then.items()]
    return f"then {some(told, '; ')}" if told else ""


def _proposals(
    page: Page,
    proposals: Sequence[Judged],
    contradictions: Sequence[Contradiction],
    numbers: Mapping[str, str],
) -> None:
    """Each proposal, and what it leaves contradictory."""
    if not proposals:
        return
    page.heading("Proposed")
    for each in proposals:
        outcome = proposal_outcome(each, numbers)
        page.item(f"{each.name} (give up {and_(each.give_up)}): {outcome}")
        for found in (one for one in contradictions if one.id in each.leaves):
            label = f"{numbers[found.id]}{_GAP}"
            page.write(f"{label}{contradiction_line(found)}", 4 + len(label), 4, "dim")


def _fits(page: Page, report: Report) -> None:
    """How well measurements fit all together, the worst first; what their values then are."""
    fits = report.fits
    if not fits:
        return
    page.heading("Joint fit" if len(fits) == 1 else "Joint fits")
    if report.agreement is not None and len(fits) > 1:
        page.item(f"All {len(fits):,} of them: {agreement_sentence(report.agreement)}")
    for one in worst_fits(fits)[:FITS_LISTED]:
        page.item(fit_sentence(one))
        if one.agreement is None:
            continue
        for name, value in list(one.adjusted.items())[:NAMED]:
            page.write(f"{name} = {typeset(value.shown)}", indent=6, first=4)
        if len(one.adjusted) > NAMED:
            page.write(f"… and {len(one.adjusted) - NAMED:,} more adjusted values", indent=4, style="dim")
        pulled = [each for each in one.pulls if each.pull is not None]
        if one.agreement.dof > 1 and pulled:
            told = some(f"{each.premise} {round(each.pull or 0, 1) + 0.0:+.1f} σ" for each in pulled)
            page.write(f"furthest from all others: {told}", indent=6, first=4)
    page.more(len(fits) - FITS_LISTED)


def _narrowed(page: Page, narrowed: Sequence[Narrowed]) -> None:
    """What each quantity is narrowed to, and the claims that make each end."""
    if not narrowed:
        return
    page.heading("Narrowed")
    for one in narrowed[:LISTED]:
        ends = [end for end in (one.low, one.high) if end is not None]
        words = ["at least"] * (one.low is not None) + ["at most"] * (one.high is not None)
        if len(ends) == 2 and ends[0].premises == ends[1].premises:
            page.item(f"{one.quantity}: {typeset(f'{ends[0].shown} … {ends[1].shown}')}")
            page.write(f"by {and_(ends[0].premises)}", indent=6, first=4, style="dim")
            continue
        for word, end in zip(words, ends, strict=True):
            page.item(f"{one.quantity}: {word} {typeset(end.shown)}")
            page.write(f"by {and_(end.premises)}", indent=6, first=4, style="dim")
    page.more(len(narrowed) - LISTED)


def _cases(page: Page, cases: Sequence[Case]) -> None:
    if not cases:
        return
    page.heading("Case by case")
    rows = []
    for case in cases[:LISTED]:
        rows.append(((case_text(case.parameters), ""), (case.verdict, STYLES.get(case.verdict, ""))))
    page.table(rows, indent=2)
    page.more(len(cases) - LISTED)


def _coverage(page: Page, report: Report) -> None:
    """How many claims were cross-checked and what became of them, then those that were not, by reason."""
    page.heading("Coverage")
    page.item(cross_checked(report.coverage))
    groups = by_reason(report.unsettled)
    for (status, why), members in list(groups.items())[:LISTED]:
        reason = f", {why}" if why else ""
        page.item(f"{len(members):,} {status.replace('_', ' ')}{reason}: {who(members)}")
    page.more(len(groups) - LISTED)


def _limits(page: Page, limits: Sequence[Limit]) -> None:
    """The laws used outside their limits, then those of which that is not known."""
    lines = [used_outside(one) for one in limits if one.status == "outside"]
    _listing(page, "Used outside their limits", lines)
    _listing(page, "Whether these are used within their limits is left open", limits_open(limits))


def _listing(page: Page, heading: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    page.heading(heading)
    for line in lines[:LISTED]:
        page.item(line)
    page.more(len(lines) - LISTED)


# ---------------------------------------------------------------- words


# ---------------------------------------------------------------- the page


_ANSI = {"bold": "1", "dim": "2", "red": "1;31", "green": "1;32", "yellow": "1;33"}

# A text and its style.
Cell = tuple[str, str]

# A last column narrower than this is put beneath the others instead.
_LAST_COLUMN = 32


class Page:
    """Lines of text no wider than `width`; styles are put on last, so that they never disturb alignment."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = width
        self._colour = colour
        self._lines: list[str] = []

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"

    def gap(self) -> None:
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def heading(self, text: str) -> None:
        self.gap()
        self.write(text, style="bold")

    def write(self, text: str, indent: int = 0, first: int | None = None, style: str = "") -> None:
        """Text wrapped at `indent`, its first line at `first` where that differs."""
        start = indent if first is None else first
        for number, line in enumerate(self._wrapped(text, indent)):
            self._lines.append(" " * (indent if number else start) + self._styled(line, style))

    def verbatim(self, text: str, indent: int) -> None:
        for line in map(printable, text.splitlines()):
            if indent + len(line) <= self.width:
                self._lines.append((" " * indent + line).rstrip())
            else:
                self.write(line, indent=indent + 4, first=indent)

    def item(self, text: str) -> None:
        self.write(text, indent=4, first=2)

    def more(self, number: int) -> None:
        if number > 0:
            self.write(f"… and {number:,} more", indent=2, style="dim")

    def table(self, rows: Sequence[tuple[Cell, ...]], indent: int) -> None:
        """Aligned columns, the last one wrapped; cells beneath each other where columns leave it no room."""
        if not rows:
            return
        widths = [max(len(row[column][0]) for row in rows) for column in range(len(rows[0]))]
        start = indent + sum(widths[:-1]) + len(_GAP) * len(widths[:-1])
        if start + min(widths[-1], _LAST_COLUMN) > self.width:
            for (text, style), *others in rows:
                self.write(text, indent=indent, style=style)
                self.write(_GAP.join(other for other, _ in others), indent=indent + 2, style="dim")
            return
        for row in rows:
            cells = [
                self._styled(text, style) + " " * (width - len(text))
                for (text, style), width in zip(row[:-1], widths[:-1], strict=True)
            ]
            text, style = row[-1]
            first, *rest = self._wrapped(text, start) or [""]
            self._lines.append((" " * indent + _GAP.join([*cells, self._styled(first, style)])).rstrip())
            self._lines.extend(" " * start + self._styled(line, style) for line in rest)

    def steps(self, steps: Sequence[tuple[int, Step]], indent: int) -> None:
        """Numbered conclusions with their claims at the right, and each equation that says more beneath."""
        digits = len(str(steps[-1][0]))
        start = indent + digits + len(_GAP)
        conclusions = [typeset(step.gives) for _, step in steps]
        claims = [f"{step.claim} @ {step.entity}" if step.entity else step.claim for _, step in steps]
        column = start + max(map(len, conclusions)) + len(_GAP)
        beside = column + max(map(len, claims)) <= self.width
        for (number, step), conclusion, claim in zip(steps, conclusions, claims, strict=True):
            label = f"{number:>{digits}}{_GAP}"
            if beside:
                padding = " " * (column - start - len(conclusion))
                self._lines.append(" " * indent + label + conclusion + padding + self._styled(claim, "dim"))
            else:
                self.write(label + conclusion, indent=start, first=indent)
                self.write(f"by {claim}", indent=start + 2, first=start, style="dim")
            if says_more(step):
                equation = typeset(step.equation)
                self.write(f"from {equation}", indent=start + 2, first=start, style="dim")

    def _wrapped(self, text: str, indent: int) -> list[str]:
        # Ids and units hold hyphens, so lines break at spaces alone.
        return textwrap.wrap(text, self.width - indent, break_on_hyphens=False)

    def _styled(self, text: str, style: str) -> str:
        return f"\x1b[{_ANSI[style]}m{text}\x1b[0m" if self._colour and style and text else text
