"""Reports → Markdown as GitHub renders it (GFM), for issues, pull requests and job summaries."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from checker.excerpt import Surroundings
from checker.model import Broken, Contradiction, Report, Side, WayOut
from checker.report.diagrams import to_mermaid
from checker.report.wording import (
    ALL_HELD,
    COMBINED,
    LEFT_OPEN,
    NAME,
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
    headline,
    in_full,
    limits_open,
    menu_heading,
    one_line,
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
)

# Beyond these lengths a list says how many more there are; the JSON report holds all.
FULL = 6
LISTED = 20
STEPS = 60
LONGEST = 400
"""Characters of any one text from a file."""


def to_markdown(entries: Sequence[Report | Broken], changes: str = "") -> str:
    """A document that ends in a newline: one report in full and what `changes` make of it, or a table of
    several and each in a section that opens. Text from files is escaped, so that none of it is markup, a
    mention or a reference."""
    if len(entries) == 1:
        return _page([*_entry(entries[0], "#"), _fenced(changes) if changes else ""])
    return _page(_several(entries))


def _several(entries: Sequence[Report | Broken]) -> Iterator[str]:
    verdicts = [verdict_of(entry) for entry in entries]
    yield f"# {totals(entries)}"
    yield _table(
        ("verdict", "file", "title"),
        (
            (f"{_MARKS[v]} {v}", code(e.path), plain(_title(e)))
            for v, e in zip(verdicts, entries, strict=True)
        ),
    )
    for verdict, entry in zip(verdicts, entries, strict=True):
        yield _summary(f"{_MARKS[verdict]} {_title(entry) or entry.path}")
        yield from _entry(entry, "##")
        yield "</details>"


# Told apart by their shape as well as by their colour.
_MARKS = {
    "contradiction": "❌",
    "accepted": "☑️",
    "no contradiction": "✅",
    "undetermined": "❔",
    "error": "⛔",
}


def _title(entry: Report | Broken) -> str:
    return count(len(entry.mistakes), "mistake") if isinstance(entry, Broken) else entry.title


def _entry(entry: Report | Broken, level: str) -> Iterator[str]:
    if isinstance(entry, Broken):
        yield f"{level} ⛔ {plain(entry.path)} could not be checked"
        yield _list(
            " ".join(
                filter(
                    None, (code(str(one.location or entry.path)), plain(one.message), plain(one.hint or ""))
                )
            )
            for one in entry.mistakes
        )
    else:
        yield from _report(entry, level)


def _report(report: Report, level: str) -> Iterator[str]:
    notes = {found.id: found.note or "" for found in (*report.contradictions, *report.tensions)}
    report = clean(report)
    verdict = verdict_of(report)
    yield f"{level} {_MARKS[verdict]} {plain(report.title or report.path)}"
    source = f", after {plain(report.source)}" if report.source else ""
    accepted_alone = ", ACCEPTED" * (verdict == "accepted")
    yield f"**{report.verdict.upper()}{accepted_alone}** in {code(report.path)}{source}"
    yield verdict_sentence(report)
    numbers = {found.id: str(number) for number, found in enumerate(report.contradictions, start=1)}
    around = None if report.network is None else Surroundings(report.network)
    active = [found for found in report.contradictions if found.accepted is None]
    labels = {id_: f"{n}. " for id_, n in numbers.items()}
    yield from _contradictions(active, labels, notes, around, f"{level}#")
    if report.interrupted or report.incomplete:
        yield "The search did not come to its end: more contradictions may exist."
    yield from _accepted(report, level)
    accepted = {found.id for found in report.contradictions if found.accepted is not None}
    ways = [way for way in report.ways_out if not accepted.issuperset(way.settles)]
    yield from _ways_out(ways, numbers, level)
    yield from _proposals(report, numbers, level)
    if tensions := [found for found in report.tensions if found.accepted is None]:
        yield f"{level}# Tensions"
        yield from _contradictions(tensions, {}, notes, around, f"{level}##")
    withheld = (
        f"{code(e.rule)} is withheld from {code(e.entity)}: {plain(e.reason)}"
        for e in report.double_standards
    )
    yield from _section("Double standards", withheld, level)
    yield from _section("Joint fits", _fits(report), level)
    yield from _section("Narrowed", _narrowed(report), level)
    if report.cases:
        yield f"{level}# Case by case"
        rows = [(code(case_text(case.parameters)), case.verdict) for case in report.cases]
        yield _table(("case", "verdict"), rows[:LISTED])
        yield _more(len(rows) - LISTED)
    yield from _coverage(report, level)
    beyond = (plain(used_outside(one)) for one in report.limits if one.status == "outside")
    yield from _section("Used outside their limits", beyond, level)
    yield from _section(
        "Whether these are used within their limits is left open",
        map(plain, limits_open(report.limits)),
        level,
    )
    yield from _section("Assumed", map(plain, report.assumptions), level)
    yield from _section("Warnings", map(plain, report.warnings), level)


# ---------------------------------------------------------------- contradictions


def _contradictions(
    found: Sequence[Contradiction],
    labels: Mapping[str, str],
    notes: Mapping[str, str],
    around: Surroundings | None,
    level: str,
) -> Iterator[str]:
    """Some in full, the others in a line each."""
    full = in_full(found, FULL)
    for one in found:
        if one.id in full:
            yield f"{level} {labels.get(one.id, '')}{plain(headline(one, one.occurrences[0]))}"
            yield from _contradiction(one, notes[one.id])
            if around is not None and one.kind != "dimension":
                yield _fenced(to_mermaid(around.contradiction(one)), "mermaid")
    rest = [one for one in found if one.id not in full]
    yield _list(labels.get(one.id, "") + plain(contradiction_line(one)) for one in rest[:LISTED])
    yield _more(len(rest) - LISTED)


def _contradiction(found: Contradiction, note: str) -> Iterator[str]:
    worst = found.occurrences[0]
    if found.claims and all(claim.held for claim in found.claims):
        yield ALL_HELD
    if note:
        yield _fenced(note)
    if found.kind != "dimension":  # the note has both sides at their places
        sources = {claim.id: claim.source for claim in found.claims}
        letters = [chr(ord("A") + place) for place in range(len(worst.sides))]
        rows = [
            (letter, f"**{plain(amount(side))}**", plain(origin(side, worst.quantity, sources)))
            for letter, side in zip(letters, worst.sides, strict=True)
        ]
        yield _table(("side", "value", "comes from"), rows)
        for letter, side in zip(letters, worst.sides, strict=True):
            if len(side.steps) > 1:
                yield from _derivation(letter, side)
    yield case_of_numbers(found)
    for limit in found.outside:
        yield f"Rests on a law used outside its limits: {plain(used_outside(limit))}"
    if len(found.occurrences) > 1:
        yield f"Also at {plain(some(elsewhere(one, found.case) for one in found.occurrences[1:]))}."
    yield f"Where the claims stand ({found.proof} proof):"
    claims = sorted(found.claims, key=lambda one: one.held)
    standing = (f"{one.status}{', held' if one.held else ''}" for one in claims)
    places = (code(f"{one.path}:{one.line}") for one in claims)
    sources_told = (plain(one.source or "") for one in claims)
    ids = (code(one.id) for one in claims)
    yield _table(("claim", "status", "source", "at"), zip(ids, standing, sources_told, places, strict=True))
    yield _list(map(plain, origins_text(found.origins)))
    if found.certificate is not None:
        part = found.certificate
        yield _summary("The combination that is impossible")
        yield f"{COMBINED[part.form]}, these relations leave {code(part.conclusion)}:"
        yield _table(
            ("times", "claim", "relation"),
            (
                (str(one.multiplier), code(f"{one.claim} @ {one.entity}"), code(typeset(one.equation)))
                for one in part.relations[:LISTED]
            ),
        )
        yield _more(len(part.relations) - LISTED)
        yield "</details>"


def _derivation(letter: str, side: Side) -> Iterator[str]:
    yield f"{letter}, step by step:"
    rows = [
        (
            str(number),
            code(typeset(step.gives)),
            code(f"{step.claim} @ {step.entity}" if step.entity else step.claim),
            code(typeset(step.equation)) if says_more(step) else "",
        )
        for number, step in enumerate(side.steps, start=1)
    ]
    left_out = len(rows) - STEPS
    if left_out > 0:
        rows[STEPS // 2 : -STEPS // 2] = [("…", f"{count(left_out, 'step')} left out", "", "")]
    yield _table(("", "gives", "by", "from"), rows)


def _accepted(report: Report, level: str) -> Iterator[str]:
    accepted = [one for one in (*report.contradictions, *report.tensions) if one.accepted is not None]
    lines = (f"{plain(contradiction_line(one))}: {plain(one.accepted or '')}" for one in accepted)
    yield from _section("Accepted", lines, level)


def _ways_out(ways: Sequence[WayOut], numbers: Mapping[str, str], level: str) -> Iterator[str]:
    menus: dict[int, list[WayOut]] = {}
    for way in ways:
        menus.setdefault(way.menu, []).append(way)
    for menu in menus.values():
        yield f"{level}# {menu_heading(menu, numbers)}"
        rows = [(_given_up(way), _then(way)) for way in menu]
        yield _table(("give up", "then"), rows[:LISTED])
        yield _more(len(rows) - LISTED)


def _given_up(way: WayOut) -> str:
    return and_([code(one) for one in way.give_up])


def _then(way: WayOut) -> str:
    told = [
        f"{code(name) if NAME.fullmatch(name) else subject(name)} {plain(becomes(one))}"
        for name, one in way.then.items()
    ]
    enough = [LEFT_OPEN] if way.left_open else []
    return some([*told, *enough], "; ")


def _proposals(report: Report, numbers: Mapping[str, str], level: str) -> Iterator[str]:
    rows = [
        (plain(one.name), and_([code(id_) for id_ in one.give_up]), proposal_outcome(one, numbers))
        for one in report.proposals
    ]
    if rows:
        yield f"{level}# Proposed"
        yield _table(("proposal", "gives up", "outcome"), rows[:LISTED])
        yield _more(len(rows) - LISTED)


# ---------------------------------------------------------------- all together


def _fits(report: Report) -> Iterator[str]:
    if report.agreement is not None and len(report.fits) > 1:
        yield f"All {len(report.fits):,} of them: {agreement_sentence(report.agreement)}"
    for one in report.fits:
        named = plain(some(pull.premise for pull in one.pulls) or some(one.claims))
        if one.agreement is None:
            yield f"{named}: none is found, so whether they agree all together is left open"
            continue
        adjusted = some(f"{code(name)} = {plain(value.shown)}" for name, value in one.adjusted.items())
        yield f"{named}: {agreement_sentence(one.agreement)}{f'; then {adjusted}' if adjusted else ''}"


def _narrowed(report: Report) -> Iterator[str]:
    for one in report.narrowed:
        ends = [("at least", one.low), ("at most", one.high)]
        told = [f"{word} {plain(end.shown)} by {plain(and_(end.premises))}" for word, end in ends if end]
        yield f"{code(one.quantity)}: {'; '.join(told)}"


def _coverage(report: Report, level: str) -> Iterator[str]:
    yield f"{level}# Coverage"
    yield cross_checked(report.coverage)
    groups = by_reason(report.unsettled)
    rows = [
        (f"{len(members):,}", status.replace("_", " "), plain(why), plain(who(members)))
        for (status, why), members in groups.items()
    ]
    if rows:
        yield _table(("claims", "not cross-checked", "because", "these"), rows[:LISTED])
        yield _more(len(rows) - LISTED)


# ---------------------------------------------------------------- Markdown


def _page(blocks: Iterable[str]) -> str:
    return "\n\n".join(filter(None, blocks)) + "\n"


def _section(heading: str, lines: Iterable[str], level: str) -> Iterator[str]:
    every = list(lines)
    if every:
        yield f"{level}# {heading}"
        yield _list(every[:LISTED])
        yield _more(len(every) - LISTED)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _more(number: int) -> str:
    return f"… and {number:,} more" if number > 0 else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def _fenced(text: str, language: str = "text") -> str:
    lines = [one_line(line) if not line.isprintable() else line for line in text.splitlines()]
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return "\n".join([f"{fence}{language}", *lines, fence])


def plain(text: str) -> str:
    """Text that means itself: no markup, no HTML, no mention of people or issues."""
    text = re.sub(
        r"([\\`*\[\]<>|~$]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]))", r"\\\1", cut(one_line(text), LONGEST)
    )
    text = re.sub(r"^([-+#])", r"\\\1", text)
    text = re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", text)
    return _no_reference(text)


def _no_reference(text: str) -> str:
    """`@name`, `#1` and `:tada:` become links and pictures whatever stands before them; a comment inside
    keeps them from it."""
    return re.sub(r"([@#](?=\w)|:(?=[\w+-]+:))", r"\1<!-- -->", text)


def _summary(text: str) -> str:
    return f"<details><summary>{_no_reference(html.escape(cut(one_line(text), LONGEST)))}</summary>"


def code(text: str) -> str:
    """Text as it is, in a code span, which may stand in a table."""
    text = cut(one_line(text), LONGEST).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    gap = " " if "`" in text[:1] + text[-1:] else ""
    return f"{fence}{gap}{text}{gap}{fence}" if text else ""
