"""What is said of a report, in words that all formats share: headlines, amounts, sentences."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from checker.accepted import all_accepted
from checker.errors import printable
from checker.model import (
    Agreement,
    Broken,
    Consequence,
    Contradiction,
    Difference,
    JointFit,
    Judged,
    Limit,
    Occurrence,
    Origin,
    Predicted,
    Report,
    Side,
    Step,
    Unsettled,
    WayOut,
)

CERTAIN = 1000
"""From so many standard deviations on, a factor tells more than their number."""
LONGEST_FACTOR = 24
NAMED = 4

SIGNS = {"contradiction": "≠", "tension": "±", "agreement": "✓"}
"""What marks a quantity in a graph."""


def typeset(formula: str) -> str:
    """A formula as physicists print it: `hbar**2/(2*m_0)` is ħ²/(2·m₀), `5e-7` is 5·10⁻⁷."""
    formula = re.sub(
        r"(?<![\w.])(\d+(?:\.\d+)?)e([+-]?\d+)(?!\w)",
        lambda m: f"{m[1]}·10{str(int(m[2])).translate(_SUPERSCRIPTS)}",
        formula,
    )
    formula = re.sub(
        r"(?<![\w.])(?:hbar|pi|alpha|epsilon|mu)(?=_0|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]|(?![\w.]))",
        lambda m: _SYMBOLS[m[0]],
        formula,
    )
    formula = re.sub(r"(?<![\w.])(\w)_(\d+)(?!\w)", lambda m: m[1] + m[2].translate(_SUBSCRIPTS), formula)
    formula = re.sub(r"(?:\*\*|\^)(-?\d+)(?![\w.^]|\*\*)", lambda m: m[1].translate(_SUPERSCRIPTS), formula)
    formula = formula.replace("**", "^").replace(" - ", " − ")
    return re.sub(r"\s*\*\s*", "·", formula)


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SYMBOLS = {"hbar": "ħ", "pi": "π", "alpha": "α", "epsilon": "ε", "mu": "μ"}


def equals(shown: str, exact: str | None) -> str:
    """The value for people, and its closed form where that is another one."""
    return f"{typeset(shown)} = {typeset(exact or '')}" if says_more_exactly(shown, exact) else typeset(shown)


def says_more_exactly(shown: str, exact: str | None) -> bool:
    """Whether there is a closed form that does not look like the value for people."""
    return bool(exact) and typeset(exact or "").replace("·", "") != typeset(shown).replace(" ", "")


NAME = re.compile(r"[\w.@-]+")


def ratio_text(ratio: float) -> str:
    """Three digits, more where the ratio is so close to 1 that these would hide it."""
    if 1 < ratio < 1e6 and math.isclose(ratio, round(ratio), rel_tol=1e-12):
        return str(round(ratio))
    text = next((text for digits in range(3, 16) if float(text := f"{ratio:#.{digits}g}") != 1), "1")
    return typeset(text.rstrip("."))


# ---------------------------------------------------------------- the verdict


def verdict_of(entry: Report | Broken) -> str:
    if isinstance(entry, Broken):
        return "error"
    return "accepted" if all_accepted(entry) else entry.verdict


def in_short(entry: Report | Broken) -> str:
    """The verdict with how many there are of what else matters."""
    if isinstance(entry, Broken):
        return "error"
    told = counted_verdict(entry).removeprefix("1 ") + accepted_among(entry.contradictions)
    others = [(entry.tensions, "tension"), (entry.warnings, "warning")]
    return ", ".join([told, *(count(len(found), noun) for found, noun in others if found)])


def accepted_among(found: Sequence[Contradiction]) -> str:
    """Behind the number of contradictions, how many of them are accepted."""
    accepted = sum(one.accepted is not None for one in found)
    return f" ({'' if accepted == len(found) else f'{accepted} '}accepted)" if accepted else ""


def totals(entries: Sequence[Report | Broken]) -> str:
    """How many scenarios there are, and how many with each verdict."""
    verdicts = Counter(verdict_of(entry) for entry in entries)
    counts = ", ".join(
        f"{verdicts[verdict]} {word}" for verdict, word in _TOTALS.items() if verdicts[verdict]
    )
    return f"{count(len(entries), 'scenario')}: {counts}"


def counted_verdict(report: Report) -> str:
    """The verdict, or the number of contradictions where there are several."""
    number = len(report.contradictions)
    return count(number, "contradiction") if number > 1 else report.verdict


_TOTALS = {
    "contradiction": "with a contradiction",
    "accepted": "with accepted ones alone",
    "no contradiction": "with none",
    "undetermined": "undetermined",
    "error": "broken",
}


def verdict_sentence(report: Report) -> str:
    """What a verdict means, where no contradiction says it."""
    fits = [report.agreement, *(one.agreement for one in report.fits)]
    misfit = report.coverage.get("misfit") or any(one is not None and one.misfit for one in fits)
    sentence = _SENTENCES.get("tension" if report.tensions else "misfit" if misfit else report.verdict, "")
    return "" if report.contradictions else sentence


_SENTENCES = {
    "no contradiction": "Among the claims that could be cross-checked, all agree.",
    "tension": "Among the claims that could be cross-checked, none contradict; some are in tension.",
    "misfit": "Among the claims that could be cross-checked, none contradict; but many together do not fit.",
    "undetermined": "Nothing could be cross-checked.",
}


# ---------------------------------------------------------------- contradictions


def in_full(contradictions: Sequence[Contradiction], most: int) -> set[str]:
    """The ids of those that are told in full: the first one of each quantity, then the others in order."""
    firsts: dict[str, str] = {}
    for each in contradictions:
        firsts.setdefault(each.occurrences[0].quantity, each.id)
    ids = dict.fromkeys([*firsts.values(), *(each.id for each in contradictions)])
    return set(list(ids)[:most])


def headline(found: Contradiction, worst: Occurrence) -> str:
    """The quantity, what is wrong with it and by how much; in a parametric scenario, when nothing is."""
    ways = len(worst.sides)
    if found.kind != "value":
        trouble = _TROUBLES[found.kind]
    elif ways < 2:
        trouble = "has no value that satisfies all of its claims"
    else:
        trouble = f"comes out {'two' if ways == 2 else ways} ways"
    distance = apart(worst, found.case)
    size = f", {distance}" if distance else ""
    vanishing = f"; none at {typeset(found.vanishes_when)}" if found.vanishes_when else ""
    return f"{_quantity(worst.quantity)} {trouble}{size}{vanishing}"


def contradiction_line(found: Contradiction) -> str:
    """A contradiction in a line: its headline, and what is disputed in it."""
    disputed = [claim.id for claim in found.claims if not claim.held]
    held = f"{and_([claim.id for claim in found.claims])}, all held"
    return f"{headline(found, found.occurrences[0])}: {and_(disputed) or held}"


_TROUBLES = {
    "quantum": "fits no allowed number of quanta",
    "bound": "comes out beyond its bound",
    "attribute": "is said to be two things",
    "dimension": "has two dimensions",
}


def _quantity(text: str) -> str:
    """The name of a quantity as it is, an expression or equation in its place as a formula."""
    return text if NAME.fullmatch(text) else typeset(text)


def apart(occurrence: Occurrence, parameters: Iterable[str]) -> str:
    return apart_by(occurrence.sigma, occurrence.ratio, occurrence.ratio_exact, parameters)


def apart_by(
    sigma: float | None, ratio: float | None, ratio_exact: str | None, parameters: Iterable[str] = ()
) -> str:
    """How far two sides are apart: in standard uncertainties where these decide, else as a factor, of which
    there is a largest where parameters are in it."""
    if sigma is not None and (sigma < CERTAIN or ratio is None):
        rounded, close = f"{sigma:.1f}", f"{sigma:.2f}"
        # 4.98 is no 5.0 where 5 is a limit
        whole = rounded.endswith(".0") and not close.endswith(".00")
        return f"{close if whole else rounded} σ apart"
    if ratio == 1:
        return ""
    exact = typeset(ratio_exact) if ratio_exact else None
    if ratio is None:
        return f"a factor {exact} apart" if exact else ""
    if exact and any(re.search(rf"\b{re.escape(one)}\b", ratio_exact or "") for one in parameters):
        return f"a factor {exact} apart ({ratio_text(ratio)} at most)"
    if exact and (len(exact) > LONGEST_FACTOR or any(map(str.isalpha, exact))):
        return f"a factor {ratio_text(ratio)} apart" + (f" ({exact})" if len(exact) <= LONGEST_FACTOR else "")
    return f"a factor {exact or ratio_text(ratio)} apart"


def elsewhere(occurrence: Occurrence, parameters: Iterable[str]) -> str:
    distance = apart(occurrence, parameters)
    return f"{_quantity(occurrence.quantity)} ({distance})" if distance else _quantity(occurrence.quantity)


def case_of_numbers(found: Contradiction) -> str:
    """For which values of the parameters the numbers of its sides are, where that makes a difference."""
    exact = " ".join(side.exact or "" for side in found.occurrences[0].sides)
    case = case_text({name: n for name, n in found.case.items() if re.search(rf"\b{name}\b", exact)})
    return f"The numbers are those for {case}." if case else ""


def amount(side: Side) -> str:
    says_so = side.shown.startswith(tuple("<>≤≥"))
    return f"{equals(side.shown, side.exact)}{' (nearest end)' if side.bound and not says_so else ''}"


def origin(side: Side, quantity: str, sources: Mapping[str, str | None]) -> str:
    """Where a value comes from: how many steps, or the one claim with its equation or its source."""
    if len(side.steps) != 1:
        return f"derived in {len(side.steps)} steps" if side.steps else ""
    (step,) = side.steps
    given = step.claim.split("@")[0] == quantity
    if not given and says_more(step):
        return f"{step.claim}: {typeset(step.equation)}"
    bound = re.search(r" \(within [^()]*\)$", step.equation)
    reason = sources.get(step.claim)
    return (f"{step.claim}: {reason}" if reason else step.claim) + (bound[0] if bound else "")


def says_more(step: Step) -> bool:
    """Whether the equation tells more than the conclusion; `angular_momentum = ħ` beside `L = ħ` does not."""
    name, _, rest = typeset(step.equation).partition(" = ")
    return bool(name) and not (NAME.fullmatch(name) and rest in typeset(step.gives).split(" = "))


def origins_text(origins: Sequence[Origin]) -> Iterator[str]:
    """The constants by their table, and what kinds supply by its place."""
    places: dict[tuple[str, str], list[str]] = {}
    for one in origins:
        constant = one.of == "constant"
        table = one.source.partition(",")[0] if constant else one.source
        text = one.name if constant else f"{one.name} = {one.value}"
        places.setdefault((one.of, table), []).append(typeset(text))
    for (_, table), texts in places.items():
        yield f"{and_(texts)}: {table}"


COMBINED = {
    "product": "Each raised to its power and all multiplied",
    "linear": "Each taken so many times and all added",
}


def used_outside(limit: Limit) -> str:
    values = f", and {typeset(limit.shown)}" if limit.shown else ""
    return f"{limit.rule} @ {limit.entity} holds for {typeset(limit.condition)}{values}"


def subject(quantity: str) -> str:
    # What a given-up equation says of its left side may be any expression.
    return quantity if NAME.fullmatch(quantity) else "the left side of its equation"


def becomes(result: Consequence) -> str:
    known = result.value is not None or result.exact
    return f"= {equals(result.shown, result.exact)}" if known else f"is {typeset(result.shown)}"


def proposal_outcome(proposal: Judged, numbers: Mapping[str, str]) -> str:
    """What a proposed way out is worth; contradictions by their numbers."""
    left = runs([numbers.get(found, found) for found in proposal.leaves])
    return "works" if proposal.works else f"leaves {left}" if left else "does not work"


def menu_heading(menu: Sequence[WayOut], numbers: Mapping[str, str]) -> str:
    """What the ways out of a menu settle, and for which case their numbers are."""
    settled = [numbers.get(each, each) for each in menu[0].settles]
    case = case_text(menu[0].case)
    numbered = f"; numbers for {case}" if case else ""
    return f"Fix {runs(settled) if len(numbers) > 1 else 'it'} by any one of{numbered}"


LEFT_OPEN = "whether that is enough is left open"


def incomplete_sentence(report: Report) -> str:
    """Why there may be more than the report says, where there may."""
    if report.interrupted:
        return "Interrupted: this is what was found so far; more may exist."
    if report.incomplete:
        return "The search met its limit (--limit) or claims it could not decide: more may exist."
    return ""


ALL_HELD = "All claims in it are held: none of them is on trial."


def case_text(parameters: Mapping[str, float | int]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in parameters.items())


def fit_sentence(fit: JointFit) -> str:
    """How well the values of a joint fit fit, or that none is found."""
    if fit.agreement is None:
        return f"None is found for {some(fit.claims)}: whether they agree all together is left open."
    several = f"{count(len(fit.pulls), 'uncertain value')}{' together' if len(fit.pulls) > 1 else ''}"
    return f"{several if fit.pulls else some(fit.claims)}: {agreement_sentence(fit.agreement)}"


def worst_fits(fits: Sequence[JointFit]) -> list[JointFit]:
    """Those that fit worst first, before them those that were not found."""
    return sorted(fits, key=lambda each: each.agreement.p if each.agreement else -1.0)


def agreement_text(found: Agreement) -> str:
    """How well values fit, in few words: `χ² = 51.3 for 1: a misfit`."""
    verdict = "a misfit" if found.misfit else "they fit"
    return f"χ² = {typeset(f'{found.chi2:.3g}')} for {found.dof:,}: {verdict}"


def agreement_sentence(found: Agreement) -> str:
    if math.isinf(found.chi2):
        return "no shift of uncertain values makes all of them hold: they misfit"
    freedom = "1 degree" if found.dof == 1 else f"{found.dof:,} degrees"
    verdict = "they misfit" if found.misfit else "they fit"
    p = f"= {typeset(f'{found.p:.2g}')}" if found.p else "< 10⁻³⁰⁰"
    chi2 = typeset(f"{found.chi2:.4g}")
    return f"χ² = {chi2} for {freedom} of freedom, p {p}, Birge ratio {found.birge:.3g}: {verdict}"


def cross_checked(coverage: Mapping[str, int]) -> str:
    """How many claims were cross-checked, and what became of them."""
    total = coverage.get("claims", 0)
    checked = [(status, coverage.get(status, 0)) for status in OUTCOMES]
    number = sum(several for _, several in checked)
    outcome = ", ".join(f"{several:,} {OUTCOMES[status]}" for status, several in checked if several)
    were = "was" if (number or total) == 1 else "were"
    return f"{number:,} of {count(total, 'claim')} {were} cross-checked{outcome and f': {outcome}'}."


def by_reason(unsettled: Iterable[Unsettled]) -> Mapping[tuple[str, str], Sequence[Unsettled]]:
    """The claims that were not cross-checked, by what became of them and why."""
    groups: dict[tuple[str, str], list[Unsettled]] = {}
    for each in unsettled:
        why = _NO_SUCH_KIND if each.why.startswith("no entity is of kind") else each.why
        groups.setdefault((each.status, why), []).append(each)
    return groups


def limits_open(limits: Iterable[Limit]) -> list[str]:
    """The laws of which is not known whether they are used within their limits, with the places."""
    conditions: dict[str, list[str]] = {}
    for one in limits:
        if one.status == "unknown":
            conditions.setdefault(f"{one.rule} ({typeset(one.condition)})", []).append(one.entity)
    return [f"{rule} @ {some(entities)}" for rule, entities in conditions.items()]


OUTCOMES = {
    "conflict": "in conflict",
    "tension": "in tension",
    "misfit": "misfit all together",
    "holds": "hold",
}

_NO_SUCH_KIND = "nothing here is of the kind they speak about"


def who(claims: Sequence[Unsettled]) -> str:
    """A single claim with its entity; several by their rules, with how often each."""
    if len(claims) == 1:
        (only,) = claims
        return f"{only.claim} @ {only.entity}" if only.entity else only.claim
    times = Counter(each.claim for each in claims)
    return some(f"{name} ({number} times)" if number > 1 else name for name, number in times.items())


# ---------------------------------------------------------------- beside each other


def changed(difference: Difference) -> Iterator[tuple[str, Sequence[str]]]:
    """What a change makes of contradictions and limits: a label, and a line for each."""
    pairs = [(contradiction_line(old), contradiction_line(new)) for old, new in difference.change]
    yield "gone", [contradiction_line(one) for one in difference.disappear]
    yield "new", [contradiction_line(one) for one in difference.appear]
    yield "still", [new if old == new else f"{new} (before: {old})" for old, new in pairs]
    yield "outside its limits now", [used_outside(one) for one in difference.outside]
    inside = [f"{one.rule} @ {one.entity} ({typeset(one.condition)})" for one in difference.inside]
    yield "no longer found outside its limits", inside


def changed_values(difference: Difference) -> Iterator[tuple[str, Mapping[str, tuple[str, ...]]]]:
    """What a change makes of values: a label, and for each quantity what it is, or was and is."""
    yield "gets a value", {name: (shown,) for name, shown in difference.determined.items()}
    yield "loses its value", {name: (shown,) for name, shown in difference.undetermined.items()}
    yield "changes", difference.values


def judged(predicted: Predicted) -> str:
    """How a given value stands to what the other claims make of it."""
    words = {"agrees": "agrees", "open": "nothing else speaks about it", "tension": "in tension"}
    told = [words.get(predicted.status, "contradicts")]
    if predicted.status in ("tension", "contradicts"):
        told.append(apart_by(predicted.sigma, predicted.ratio, None))
    if predicted.predicted is not None:
        formulas = f"{predicted.stated} {predicted.predicted[1] or ' '.join(predicted.case)}"
        case = case_text({n: x for n, x in predicted.case.items() if re.search(rf"\b{n}\b", formulas)})
        told.append(case and f"for {case}")
    return ", ".join(filter(None, told))


# ---------------------------------------------------------------- words


def letters(number: int) -> list[str]:
    """A letter each, as long as there are enough."""
    return [chr(ord("A") + place) if place < 26 else str(place + 1) for place in range(number)]


def count(number: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def and_(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: max(room - 1, 0)]}…"


def some(names: Iterable[str], between: str = ", ") -> str:
    """The first few names, and how many more there are."""
    every = list(names)
    rest = len(every) - NAMED
    return between.join(every) if rest <= 1 else f"{between.join(every[:NAMED])} and {rest} more"


def runs(numbers: Sequence[str]) -> str:
    """Numbers in words, three or more that follow each other as `3 to 7`."""
    runs: list[list[str]] = []
    for one in numbers:
        if runs and one.isdecimal() and int(one) == int(runs[-1][-1]) + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    told = [[f"{run[0]} to {run[-1]}"] if len(run) > 2 else run for run in runs]
    return and_([name for run in told for name in run])


# ---------------------------------------------------------------- text from files


_Record = TypeVar("_Record")


def clean(node: _Record) -> _Record:
    """The same records with all their text printable: a file must not move the cursor, set colours or turn
    the writing direction."""
    return _cleaned(node)  # type: ignore[no-any-return]


def _cleaned(node: Any) -> Any:
    if isinstance(node, str):
        return one_line(node)
    if isinstance(node, tuple):
        return tuple(_cleaned(each) for each in node)
    if isinstance(node, Mapping):
        return {_cleaned(key): _cleaned(value) for key, value in node.items()}
    if is_dataclass(node) and not isinstance(node, type):
        return replace(node, **{each.name: _cleaned(getattr(node, each.name)) for each in fields(node)})
    return node


def one_line(text: str) -> str:
    """Text from a file on one line, with whatever could act on a terminal written as an escape."""
    return printable(" ".join(text.split()))
