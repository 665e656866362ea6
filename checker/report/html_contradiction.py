"""A contradiction → a part of an HTML report: the values beside each other, how each follows, the claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from checker.model import Certificate, ClaimRef, Contradiction, Occurrence, Origin, Side, Step
from checker.report.elements import Child, Element, element
from checker.report.mathml import amount
from checker.report.sheet import Sheet, listing, more_text, table, together
from checker.report.wording import (
    ALL_HELD,
    CERTAIN,
    COMBINED,
    LONGEST_FACTOR,
    apart,
    case_of_numbers,
    contradiction_line,
    count,
    elsewhere,
    headline,
    in_full,
    letters,
    origin,
    origins_text,
    ratio_text,
    says_more,
    says_more_exactly,
    used_outside,
)

STEPS_AT_EACH_END = 12
CLAIMS_LISTED = 60
LISTED = 40

Graph = Callable[[Contradiction], Element | None]
"""Draws a contradiction's part of the dependency graph."""


def contradictions(
    sheet: Sheet,
    found: Sequence[Contradiction],
    numbers: Mapping[str, str],
    notes: Mapping[str, str],
    most: int,
    graph: Graph,
) -> list[Element]:
    """At most so many in full, as long as the page has room, the others in a line each if these are few."""
    full, parts, lines = in_full(found, most), list[Element](), list[Element]()
    for one in found:
        part = _contradiction(sheet, one, numbers, notes[one.id], graph) if one.id in full else None
        if part is not None and sheet.page.has_room(part):
            parts.append(part)
        else:
            lines.append(line(sheet, one, numbers))
    if lines:
        heading = sheet.heading(2, "In a line each")
        parts.append(element("div", heading, listing(lines, LISTED, "lines"), class_="others"))
    return parts


def _number(found: Contradiction, numbers: Mapping[str, str]) -> Element | None:
    """Its number, where there are several."""
    number = numbers.get(found.id) if len(numbers) > 1 else None
    return element("span", number, class_="number") if number else None


def line(sheet: Sheet, found: Contradiction, numbers: Mapping[str, str]) -> Element:
    """A contradiction in a line."""
    return element(
        "span",
        _number(found, numbers),
        sheet.short(contradiction_line(found), 300),
        class_="line",
        id=sheet.id(found.id),
        data_contradiction=found.id,
    )


def _contradiction(
    sheet: Sheet, found: Contradiction, numbers: Mapping[str, str], note: str, graph: Graph
) -> Element:
    worst = found.occurrences[0]
    held = bool(found.claims) and all(claim.held for claim in found.claims)
    title = sheet.fresh()
    body: list[Child] = [
        sheet.heading(2, _number(found, numbers), sheet.short(headline(found, worst), 300), id_=title),
        element("p", ALL_HELD) if held else None,
        element("pre", sheet.short(note, 2_000), class_="note", tabindex=0) if note else None,
        _duel(sheet, found, worst),
        element("p", class_="resolved", data_quantity=sheet.quantity(worst.quantity), hidden=True),
        _said(case_of_numbers(found)),
        _derivations(sheet, found, worst),
        graph(found),
        sheet.heading(3, f"Where the claims stand ({found.proof} proof)"),
        _claims(sheet, found.claims),
        _certificate(sheet, found.certificate) if found.certificate else None,
        _elsewhere(sheet, found),
        [_said(f"Rests on a law used outside its limits: {used_outside(one)}") for one in found.outside],
        _origins(sheet, found.origins),
    ]
    return element(
        "article",
        body,
        class_="contradiction",
        id=sheet.id(found.id),
        aria_labelledby=title,
        data_contradiction=found.id,
    )


def _origins(sheet: Sheet, origins: Sequence[Origin]) -> Element | None:
    """Where numbers come from that no claim states."""
    told = [element("li", sheet.short(one, 300)) for one in origins_text(origins)]
    return element("ul", told, class_="origins") if told else None


def _said(text: str) -> Element | None:
    return element("p", text) if text else None


# ---------------------------------------------------------------- the values


def _duel(sheet: Sheet, found: Contradiction, worst: Occurrence) -> Element | None:
    """The values beside each other, and between two of them how far they are apart."""
    if found.kind == "dimension" or not worst.sides:
        return None
    sources = {claim.id: claim.source for claim in found.claims}
    cards: list[Child] = []
    for place, (letter, side) in enumerate(zip(letters(len(worst.sides)), worst.sides, strict=True)):
        if place == 1 and len(worst.sides) == 2:
            cards.append(_between(sheet, found, worst))
        cards.append(_side(sheet, letter, place, side, origin(side, worst.quantity, sources)))
    return element("div", cards, class_="duel" if len(worst.sides) == 2 else "duel several")


def _side(sheet: Sheet, letter: str, place: int, side: Side, origin_: str) -> Element:
    bound = side.bound and not side.shown.startswith(tuple("<>≤≥"))
    exact = says_more_exactly(side.shown, side.exact)
    claim = side.steps[0].claim if len(side.steps) == 1 else None
    name = element("code", sheet.short(claim), class_="claim") if claim else None
    why = origin_.removeprefix(claim or "").removeprefix(": ")
    return element(
        "div",
        _badge(letter, place),
        element("p", sheet.amount(side.shown), class_="big"),
        element("p", together("= ", sheet.formula(side.exact or "")), class_="exact") if exact else None,
        element("p", "(nearest end)", class_="small") if bound else None,
        element("p", name, ": " if name is not None and why else None, sheet.source(why), class_="small"),
        class_=f"side {_accent(place)}",
        data_claim=sheet.claim(claim) if claim else None,
    )


def _badge(letter: str, place: int) -> Element:
    return element("span", letter, class_=f"badge {_accent(place)}")


def _accent(place: int) -> str:
    return "abc"[min(place, 2)]


def _between(sheet: Sheet, found: Contradiction, worst: Occurrence) -> Element:
    """The factor, or the number of standard deviations, large; in words for who hears the page."""
    words = apart(worst, found.case)
    size: Child = "≠"
    if worst.sigma is not None and (worst.sigma < CERTAIN or worst.ratio is None):
        size = words.removesuffix(" apart")
    elif worst.ratio_exact and len(worst.ratio_exact) <= LONGEST_FACTOR:
        size = ["×\u2009", amount(worst.ratio_exact, sheet.symbols)]
    elif worst.ratio is not None and worst.ratio != 1:
        size = f"×\u2009{ratio_text(worst.ratio)}"
    beside = words.partition("(")[2].rstrip(")")
    return element(
        "div",
        element("span", words or "they differ", class_="hidden"),
        element("span", size, class_="size", aria_hidden="true"),
        element("span", beside or "apart", class_="words", aria_hidden="true"),
        class_="between",
    )


# ---------------------------------------------------------------- the derivations


def _derivations(sheet: Sheet, found: Contradiction, worst: Occurrence) -> Element | None:
    if all(len(side.steps) < 2 for side in worst.sides) or found.kind == "dimension":
        return None  # each value has its one claim beside it
    claims = {claim.id: claim for claim in found.claims}
    columns = []
    for place, (letter, side) in enumerate(zip(letters(len(worst.sides)), worst.sides, strict=True)):
        steps = side.steps
        omitted = len(steps) - 2 * STEPS_AT_EACH_END
        items = [_step(sheet, step, claims.get(step.claim)) for step in steps[:STEPS_AT_EACH_END]]
        if omitted > 0:
            items.append(
                element("li", f"… {count(omitted, 'step')} left out …", class_="more", value=len(items) + 1)
            )
        rest = steps[max(STEPS_AT_EACH_END, len(steps) - STEPS_AT_EACH_END) :]
        for number, step in enumerate(rest, start=len(steps) - len(rest) + 1):
            item = _step(sheet, step, claims.get(step.claim))
            item.set("value", str(number))
            items.append(item)
        columns.append(
            element(
                "div",
                sheet.heading(3, _badge(letter, place), " step by step"),
                element("ol", items, class_="steps"),
                class_=f"derivation {_accent(place)}",
            )
        )
    return element("div", columns, class_="derivations")


def _step(sheet: Sheet, step: Step, claim: ClaimRef | None) -> Element:
    stated = _is_given(step.claim)
    equation = _equation(sheet, step.claim, step.equation)
    as_written = stated and " = " in step.equation and step.gives.count(" = ") == 1  # with the digits it has
    return element(
        "li",
        element("div", equation if as_written else sheet.statement(step.gives), class_="gives"),
        element("div", "from ", equation, class_="from") if says_more(step) and not as_written else None,
        element(
            "div",
            element("code", sheet.short(step.claim), class_="claim"),
            (" @ ", sheet.short(step.entity)) if step.entity and not stated else None,
            (", ", _status(claim)) if claim else None,
            class_="by",
        ),
        element(
            "div",
            (sheet.source(claim.source), " — ") if claim.source else None,
            _place(sheet, claim),
            class_="by",
        )
        if claim
        else None,
        data_claim=sheet.claim(step.claim),
    )


def _is_given(premise: str) -> bool:
    """Whether it is the path of a value; ids of rules have no dots."""
    return "." in premise


def _equation(sheet: Sheet, premise: str, text: str) -> Element:
    """What a premise says: a given value may have a unit, the equation of a rule has none."""
    return sheet.statement(text) if _is_given(premise) else sheet.formula(text)


def _place(sheet: Sheet, claim: ClaimRef) -> Element:
    return element("span", sheet.short(f"{claim.path}:{claim.line}"), class_="place")


def _status(claim: ClaimRef) -> str:
    return f"{claim.status}, held" if claim.held else claim.status


# ---------------------------------------------------------------- claims, places, proof


def _claims(sheet: Sheet, claims: Sequence[ClaimRef]) -> list[Element]:
    ordered = sorted(claims, key=lambda claim: claim.held)
    rows, attributes = [], []
    for claim in ordered[:CLAIMS_LISTED]:
        entities = ", ".join(claim.entities[:3]) + (
            f" and {len(claim.entities) - 3} more" if len(claim.entities) > 3 else ""
        )
        rows.append(
            (
                [
                    element("code", sheet.short(claim.id), class_="claim"),
                    element("div", sheet.short(claim.text, 300), class_="by"),
                ],
                sheet.short(entities),
                _status(claim),
                sheet.source(claim.source or "–"),
                _place(sheet, claim),
            )
        )
        attributes.append({"data-claim": sheet.claim(claim.id)})
    headings = ("Claim", "Of", "Status", "Source", "File and line")
    parts = [table("The claims in it", headings, rows, attributes)]
    if len(ordered) > CLAIMS_LISTED:
        parts.append(element("p", more_text(len(ordered) - CLAIMS_LISTED), class_="more"))
    return parts


def _elsewhere(sheet: Sheet, found: Contradiction) -> Element | None:
    if len(found.occurrences) < 2:
        return None
    places = [sheet.short(elsewhere(each, found.case)) for each in found.occurrences[1 : LISTED + 1]]
    rest = len(found.occurrences) - 1 - len(places)
    told: list[Child] = []
    for place in places:
        told += [", " if told else None, place]
    return element("p", "Also at ", told, f" {more_text(rest)}" if rest > 0 else None, ".")


def _certificate(sheet: Sheet, certificate: Certificate) -> Element:
    """The combination of relations that is impossible, folded up."""
    rows = []
    for one in certificate.relations[:CLAIMS_LISTED]:
        name = element("code", sheet.short(f"{one.claim} @ {one.entity}"), class_="claim")
        rows.append((name, str(one.multiplier).replace("-", "−"), _equation(sheet, one.claim, one.equation)))
    taken = "To the power" if certificate.form == "product" else "Times"
    rest = len(certificate.relations) - len(rows)
    values = list(certificate.values.items())[:LISTED]
    return element(
        "details",
        element(
            "summary",
            f"{COMBINED[certificate.form]}, these relations leave ",
            sheet.formula(certificate.conclusion),
        ),
        table("The relations of the proof", ("Relation", taken, "Equation"), rows),
        element("p", more_text(rest), class_="more") if rest > 0 else None,
        element(
            "p",
            "In them, in SI units: ",
            [
                (", " if place else "", sheet.statement(f"{name} = {value:.10g}"))
                for place, (name, value) in enumerate(values)
            ],
            ".",
        )
        if values
        else None,
    )
