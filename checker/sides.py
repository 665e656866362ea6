"""A minimal conflict in one place → the quantity it shows in, and the two values that comes out as."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from checker.closed_form import Form, pretty, shortest, text
from checker.conflicts import Occurrence as Found
from checker.derivation import Derived, Deriver
from checker.expression import Expression, Name, to_text
from checker.model import STATUSES, Claim, Equates, Gives, Occurrence, Quantizes, Requires, Side, Step
from checker.ranges import SMALLEST, is_value, range_of
from checker.units import Unit

MAX_RATIO = 1e300
"""A larger ratio is no number worth showing."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The claim whose quantity is shown, the quantity as an expression, and what the claim says it is
    (None for a given value: that is the relation's own)."""

    claim: int
    quantity: Expression
    states: Expression | None


def describe(deriver: Deriver, found: Found) -> tuple[Occurrence, Form | None]:
    """Both sides of a conflict, each with its derivation, and the closed form of their ratio."""
    claims = deriver.oracle.claims
    entities = tuple(sorted({claims[index].entity for index in found.claims}))
    if found.refutation.kind == "attribute":
        return _attribute(deriver, found, entities), None
    shown = choose(deriver, found)
    one, other = _two_sides(deriver, found, shown)
    ratio = _ratio(one, other, found)
    sigma = math.sqrt(found.strain) if math.isfinite(found.strain) else None
    exact = ratio_form(one, other) if ratio is not None else None
    digits = 4
    if ratio is not None and 1 < ratio < 1.01:  # as many as it takes to tell the sides apart
        digits = min(2 - math.floor(math.log10(ratio - 1)), 15)
    given = claims[shown.claim].relations[0]
    written = given.value if isinstance(given, Gives) and given.value.number is not None else None
    unit = written.unit if written else None
    stated = _side(deriver, shown, one, True, unit, digits)
    if written:
        stated = replace(stated, shown=written.text)  # with the digits its author wrote
    against = _side(deriver, shown, other, False, unit, digits)
    if not against.claims:  # no single derivation: all the others together
        others = sorted({claims[index].premise for index in found.claims - {shown.claim}})
        against = replace(against, claims=tuple(others) or stated.claims)
    sides = stated, against
    exact_text = None if exact is None else text(shortest(exact, deriver.named))
    return Occurrence(entities, quantity_text(shown.quantity), sides, ratio, exact_text, sigma), exact


def choose(deriver: Deriver, found: Found) -> Shown:
    """What to show: a disputed given first, the least entrenched; then a held one; then the `of` of a quantum
    or the left side of an equation, at the highest entity."""
    oracle, premises = deriver.oracle, deriver.grounded.premises
    rank = {status: number for number, status in enumerate(STATUSES)}

    def given_key(index: int) -> tuple[bool, int, int]:
        return index in oracle.held, -rank[premises[oracle.claims[index].premise].status], index

    def rule_key(index: int) -> tuple[bool, int, bool, int]:
        claim = oracle.claims[index]
        kind = oracle.claims[index].relations[0]
        quantum = isinstance(kind, Quantizes) or _is_quantum(deriver, claim)
        return index in oracle.held, claim.entity.count("."), not quantum, index

    givens = [index for index in found.claims if isinstance(oracle.claims[index].relations[0], Gives)]
    if givens:
        index = min(givens, key=given_key)
        relation = oracle.claims[index].relations[0]
        assert isinstance(relation, Gives)
        return Shown(index, relation.of, None)
    rules = [i for i in found.claims if not isinstance(oracle.claims[i].relations[0], Requires)]
    index = min(rules, key=rule_key)
    for relation in oracle.claims[index].relations:
        match relation:
            case Equates(left=left, right=right):
                return Shown(index, left, right)
            case Quantizes(of=of):
                return Shown(index, of, None)
    raise AssertionError("a conflict without a relation")


def _is_quantum(deriver: Deriver, claim: Claim) -> bool:
    return claim.premise in deriver.grounded.quanta


def _two_sides(deriver: Deriver, found: Found, shown: Shown) -> tuple[Derived, Derived]:
    """What the shown claim says the quantity is, and what the others make of it."""
    others = found.claims - {shown.claim}
    quantity = shown.quantity
    states = quantity if shown.states is None else shown.states
    alone = {shown.claim}
    if shown.states is None:
        given = deriver.oracle.claims[shown.claim].relations[0]
        one_sided = isinstance(given, Gives) and given.value.relation != "="
        one = deriver.derive(quantity, alone, tight=one_sided)
        torn: list[int] = []
    else:
        # what the claim's right side needs, the others may determine or only relate
        torn = deriver.undetermined(states, others)
        one = deriver.derive(states, others, quantity, torn)
    other = deriver.derive(quantity, others, quantity, torn, near=one.number)
    limited = found.refutation.kind != "value" or _says_nothing(deriver, other, quantity)
    if other.number is None and limited:
        other = _bound(deriver, found, shown, others, one.number) or other
    stated = deriver.oracle.claims[shown.claim].relations[0]
    if one.number is None and isinstance(stated, Gives) and stated.value.uncertainty:
        # around zero no equation says so, but it is stated all the same
        one = replace(one, number=None if stated.value.number is None else float(stated.value.number))
    if one.number is None and one.form is None and shown.states is None:
        one = _bound(deriver, found, shown, alone, other.number) or one
    return one, other


def _statement(deriver: Deriver, shown: Shown, derived: Derived) -> Step:
    """The step by which the shown claim itself gives its quantity."""
    claim = deriver.oracle.claims[shown.claim]
    left = (
        deriver.label(shown.quantity, claim.entity)
        if isinstance(shown.quantity, Name)
        else to_text(shown.quantity)
    )
    parts = [left]
    if (exact := deriver.exact(derived.form)) is not None:
        parts.append(pretty(exact))
    if derived.number is not None:
        parts.append(deriver.show(derived.number, shown.quantity))
    path = ".".join(shown.quantity.parts) if isinstance(shown.quantity, Name) else ""
    return Step(claim.premise, claim.entity, deriver.relation_text(shown.claim), " = ".join(parts), path)


def _bound(
    deriver: Deriver,
    found: Found,
    shown: Shown,
    claims: frozenset[int] | set[int],
    near: float | None,
) -> Derived | None:
    """The nearest end of the range that is left: of an inequality, or the nearest whole number of quanta."""
    residual = found.refutation.row.residual if found.refutation.row else None
    if residual is not None and residual.whole is not None and residual.target is not None:
        whole = deriver.derive(
            shown.quantity, claims, shown.quantity, whole={residual.whole: residual.target}
        )
        if whole.number is not None:
            return whole
    tight = deriver.derive(shown.quantity, claims, shown.quantity, tight=True)
    ends = range_of(deriver, shown.quantity, claims)
    if ends is not None and near is not None and not ends[0] <= near <= ends[1]:
        end = ends[0] if near < ends[0] else ends[1]
        if tight.number is None or not math.isclose(tight.number, end, rel_tol=1e-6):
            end = end if abs(end) > SMALLEST else 0.0
            tight = replace(tight, number=end, form=None, bound=not is_value(ends))
    elif tight.number is None:
        # a sign is the limit: what is left open may come as close to zero as it likes
        open_ = deriver.open_unknowns(found.claims, shown.quantity)
        tight = deriver.derive(shown.quantity, claims, shown.quantity, zero=open_)
    return tight if tight.number is not None and math.isfinite(tight.number) else None


def _side(
    deriver: Deriver, shown: Shown, derived: Derived, stated: bool, unit_shown: Unit | None, digits: int
) -> Side:
    """One side, printed in a unit; `stated` if the shown claim itself says so."""
    quantity = shown.quantity
    exact = deriver.exact(derived.form)
    unit = deriver.coherent_unit(quantity)
    number = derived.number
    if number is not None and derived.form is not None and exact is None and not derived.bound:
        number = None if _symbolic(derived.form) else number
    uncertainty = None if number is None else deriver.uncertainty(derived, quantity)
    given = derived.stated()
    if number is not None:
        written = deriver.show(number, quantity, unit_shown, digits, uncertainty)
        if given is not None and given.of == quantity and given.value.unit is not None:
            # with the digits and in the unit that its author wrote
            text, unit_read = given.value.text, given.value.unit
            same = unit_shown is None or (unit_read.factor, unit_read.zero) == (
                unit_shown.factor,
                unit_shown.zero,
            )
            written = text if same else f"{written} ({text})"
    elif derived.form is not None and derived.form.powers != {f"?{deriver.unknown(quantity)}": 1}:
        written = deriver.symbolic(derived.form)
    else:
        written = "no solution"
    steps, own = derived.steps(digits), (deriver.oracle.claims[shown.claim].premise,)
    if stated and (shown.states is not None or not steps):
        steps = (*steps, _statement(deriver, shown, derived))
    premises = tuple(sorted({*derived.premises(), *own})) if stated else derived.premises()
    return Side(number, unit, written, exact, premises, steps, derived.bound, uncertainty)


def _says_nothing(deriver: Deriver, derived: Derived, quantity: Expression) -> bool:
    """Whether a form is none, has a symbol without a name in it, or is the quantity itself."""
    if derived.form is None:
        return True
    symbols = [int(str(base)[1:]) for base in derived.form.powers if str(base).startswith("?")]
    return any(deriver.system.names[one] is None or one == deriver.unknown(quantity) for one in symbols)


def _symbolic(form: Form) -> bool:
    return any(str(base).startswith("?") for base in form.powers)


def _ratio(one: Derived, other: Derived, found: Found) -> float | None:
    """How many times the larger side is the smaller one."""
    if one.number is not None and other.number is not None:
        if one.number * other.number <= 0:
            return None
        low, high = sorted((abs(one.number), abs(other.number)))
        ratio = high / low if low > high / MAX_RATIO else math.inf
        return ratio if math.isfinite(ratio) else None
    form = ratio_form(one, other)
    return None if form is None or form.powers else float(form.number)


def ratio_form(one: Derived, other: Derived) -> Form | None:
    """The ratio of the sides in closed form, turned so that it is at least 1."""
    if one.form is None or other.form is None or other.form.number == 0:
        return None
    ratio = one.form / other.form
    if ratio.number < 0 or any(str(base).startswith("?") for base in ratio.powers):
        return None
    if one.number is not None and other.number is not None:
        upside_down = abs(one.number) < abs(other.number)
    else:
        upside_down = not ratio.powers and abs(ratio.number) < 1
    return ratio**-1 if upside_down else ratio


def quantity_text(quantity: Expression) -> str:
    return ".".join(quantity.parts) if isinstance(quantity, Name) else to_text(quantity)


def _attribute(deriver: Deriver, found: Found, entities: tuple[str, ...]) -> Occurrence:
    """A stated attribute against what a rule demands, or two rules against each other."""
    sides, quantity = [], ""
    seen: dict[tuple[str, str], str] = {}
    for index in sorted(found.claims):
        claim = deriver.oracle.claims[index]
        for relation in claim.relations:
            if isinstance(relation, Requires):
                seen.setdefault((relation.entity, relation.attribute), relation.value)
    for index in sorted(found.claims, reverse=True):
        claim = deriver.oracle.claims[index]
        for relation in claim.relations:
            if not isinstance(relation, Requires):
                continue
            rivals = {
                other.value
                for i in found.claims
                for other in deriver.oracle.claims[i].relations
                if isinstance(other, Requires)
                and (other.entity, other.attribute) == (relation.entity, relation.attribute)
            }
            if len(rivals) < 2:
                continue
            quantity = f"{relation.entity}.{relation.attribute}"
            gives = f"{relation.attribute} = {relation.value}"
            text_ = deriver.grounded.premises[claim.premise].text
            said = gives if claim.premise == quantity else text_
            step = Step(claim.premise, claim.entity, said, gives, quantity)
            sides.append(Side(None, "", relation.value, None, (claim.premise,), (step,)))
    return Occurrence(entities, quantity, tuple(sides), None, None, None)
