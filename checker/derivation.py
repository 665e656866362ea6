"""Solved claims → how a value follows: its closed form and its steps, each from a claim.

The numbers were found by propagation; here its steps are gone through once more for one quantity, this time
with constants, parameters and torn unknowns as symbols.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product

from checker.adjustment import adjust
from checker.closed_form import ONE, Form, add, pretty, shortest, symbol, text
from checker.consistency import Oracle
from checker.expression import (
    Call,
    Expression,
    Name,
    Number,
    Power,
    Product,
    Sum,
    dimension_of,
    evaluate,
    names,
)
from checker.ground import dimensions
from checker.model import Equates, Gives, Grounded, Quantizes, Step
from checker.propagate import propagate
from checker.solution import Solution
from checker.terms import Coefficient, Monomial, NormalForm, Range
from checker.units import Unit, coherent
from checker.value import Value, shown, shown_with

MAX_ALTERNATIVES = 16
"""How many combinations of solutions are looked at for the values a quantity may have."""
MAX_ADJUSTED = 1_000
"""Uncertainties are propagated through so many equations."""


@dataclass(frozen=True, slots=True)
class Derived:
    """What an expression comes out as: `number` in coherent SI (None where it is not determined) and `form`
    over constants, parameters and symbols (None where a stated number enters). `bound` marks the end of a
    range; `several` lists the numbers where the equations have more than one solution."""

    number: float | None
    form: Form | None
    bound: bool
    replay: _Replay
    unknowns: tuple[int, ...]
    several: tuple[float, ...] = ()

    def steps(self, digits: int = 4) -> tuple[Step, ...]:
        """How it follows, each step from a claim."""
        return tuple(self.replay.steps(self.replay.reasons(self.unknowns), self.unknowns, digits))

    def stated(self) -> Gives | None:
        """The one given value that it is, if it is one."""
        reasons = self.replay.reasons(self.unknowns)
        if len(reasons) != 1:
            return None
        relation = self.replay.system.equations[reasons[0]].claim
        (first, *others) = self.replay.deriver.oracle.claims[relation].relations
        return first if isinstance(first, Gives) and not others else None

    def claims(self) -> frozenset[int]:
        """The claims it rests on."""
        equations = self.replay.system.equations
        return frozenset(equations[index].claim for index in self.replay.reasons(self.unknowns))

    def premises(self) -> tuple[str, ...]:
        """The ids of the premises it rests on."""
        claims = self.replay.deriver.oracle.claims
        return tuple(sorted({claims[index].premise for index in self.claims()}))


class Deriver:
    """Derives values from chosen claims of one grounded scenario."""

    def __init__(self, grounded: Grounded, oracle: Oracle) -> None:
        self.grounded = grounded
        self.oracle = oracle
        self.system = oracle.system
        self.units = _user_units(grounded)
        self.dimension = dimensions(grounded)
        self.named = {*grounded.constants, "hbar", "a_0"}

    def derive(
        self,
        wanted: Expression,
        claims: Iterable[int],
        prefer: Expression | None = None,
        torn: Iterable[int] = (),
        whole: Mapping[int, int] | None = None,
        tight: bool = False,
        zero: Iterable[int] = (),
        near: float | None = None,
    ) -> Derived:
        """What `wanted` comes out as from `claims` alone.

        Unknowns in `torn` are kept as symbols, those in `whole` set to the given numbers. With `tight`,
        inequalities are taken at their ends, so that the value is a bound; so are the unknowns in `zero`. Of
        several solutions the one closest to `near` is taken.
        """
        chosen = set(claims)
        equations = [index for claim in sorted(chosen) for index in self.system.of_claim.get(claim, ())]
        prefer_torn = self.unknown(prefer or wanted)
        unknowns = [u for name in names(wanted) if (u := self.system.index.get(name.parts)) is not None]
        zero, symbols = tuple(zero), [*torn, *(whole or ())]

        def solved(choices: tuple[int, ...]) -> _Replay:
            found = propagate(
                self.system, equations, (), prefer_torn, symbols, tight, zero=zero, choices=choices
            )
            replay = _Replay(self, found, whole or {})
            if replay.number(wanted) is not None:
                return replay
            # the value may follow although unknowns on the way to it do not
            found = propagate(self.system, equations, (), None, symbols, tight, unknowns, choices=choices)
            return _Replay(self, found, whole or {})

        replay = solved(())
        number = replay.number(wanted)
        options = replay.solution.options
        several: dict[float, _Replay] = {}
        if options and number is not None:
            for choices in islice(product(*map(range, options)), MAX_ALTERNATIVES):
                other = solved(choices)
                if (found := other.number(wanted)) is not None:
                    several.setdefault(float(f"{found:.9g}"), other)
            if len(several) > 1 and near is not None:
                replay = several[min(several, key=lambda one: abs(one - near))]
                number = replay.number(wanted)
        form = self.matching(replay.form(wanted), number)
        bound = tight or bool(zero) or bool(whole)
        alternatives = tuple(sorted(several)) if len(several) > 1 else ()
        return Derived(number, form, bound, replay, tuple(unknowns), alternatives)

    def readings(self, solution: Solution) -> Iterator[tuple[Name, float, str | None]]:
        """Each quantity that a solution determines, with its number and closed form."""
        replay = _Replay(self, solution, {})
        for unknown in replay.in_order():
            name, number = self.system.names[unknown], replay.unknown_number(unknown)
            if name is not None and number is not None:
                form = self.matching(replay.unknown_form(unknown), number)
                yield name, number, self.exact(form)

    def uncertainty(self, derived: Derived, wanted: Expression) -> float | None:
        """The standard uncertainty of a derived value, in coherent SI; None where nobody stated any, or it is
        not known."""
        unknown = self.unknown(wanted)
        if unknown is None or derived.number is None or derived.bound or derived.several:
            return None
        equations = derived.replay.reasons((unknown,))
        if len(equations) > MAX_ADJUSTED or not any(map(self.system.is_uncertain, equations)):
            return None
        near = {
            one: number
            for index in equations
            for one in self.system.unknowns[index]
            if (number := derived.replay.solution.number(one)) is not None
        }
        found = adjust(self.system, equations, near, nominal=True)
        if found is None or not math.isclose(found.point[unknown], derived.number, rel_tol=1e-6):
            return None
        return found.uncertainty.get(unknown)

    def adjusted(self, wanted: Expression, claims: Iterable[int]) -> tuple[float, float] | None:
        """The value of a quantity and its standard uncertainty, in coherent SI, that fit all uncertain claims
        tied to it best; None where none are, or where that is not known."""
        unknown = self.unknown(wanted)
        tied = self.oracle.tied(claims).get(unknown, ()) if unknown is not None else ()
        equations = [index for claim in sorted(tied) for index in self.system.of_claim.get(claim, ())]
        if unknown is None or not any(map(self.system.is_uncertain, equations)):
            return None
        found = adjust(self.system, equations, self.oracle.nominal(tied))
        if found is None or not found.uncertainty.get(unknown):
            return None
        return found.point[unknown], found.uncertainty[unknown]

    def matching(self, form: Form | None, number: float | None) -> Form | None:
        """The form, unless its value is not the number: a root taken with the other sign."""
        if form is None or number is None or any(str(base)[0] in "?(" for base in form.powers):
            return form
        value = float(form.number)
        for base, power in form.powers.items():
            value *= (float(base) if isinstance(base, Fraction) else self.constant(base)) ** float(power)
        return form if math.isclose(value, number, rel_tol=1e-6) else None

    def unknown(self, expression: Expression) -> int | None:
        return self.system.index.get(expression.parts) if isinstance(expression, Name) else None

    def undetermined(self, expression: Expression, claims: Iterable[int]) -> list[int]:
        """The unknowns in an expression that the claims leave open."""
        equations = [index for claim in claims for index in self.system.of_claim.get(claim, ())]
        solution = propagate(self.system, equations)
        unknowns = {u for name in names(expression) if (u := self.system.index.get(name.parts)) is not None}
        return sorted(u for u in unknowns if (known := solution.value(u)) is None or known.powers)

    def open_unknowns(self, claims: Iterable[int], except_for: Expression) -> list[int]:
        """The unknowns that some claims speak of and leave open."""
        equations = [index for claim in sorted(claims) for index in self.system.of_claim.get(claim, ())]
        solution = propagate(self.system, equations)
        unknowns = {u for index in equations for u in self.system.unknowns[index]}
        return sorted(unknowns - solution.known.keys() - {self.unknown(except_for)})

    # -------------------------------------------------------- how things are written

    def exact(self, form: Form | None) -> str | None:
        """The closed form over named constants and parameters, None where another symbol is in it."""
        if form is None or any(str(base).startswith("?") for base in form.powers):
            return None
        return text(shortest(form, self.named))

    def label(self, name: Name, entity: str) -> str:
        """A quantity's symbol as seen from an entity: `L`, `electron.L`; a constant's name as it is."""
        if len(name.parts) == 1:
            return name.parts[0]
        owner, quantity = name.parts
        sign = self.grounded.quantities[name].symbol or quantity
        if owner == entity:
            return sign
        prefix = entity + "."
        return f"{owner.rpartition('.')[2] if owner.startswith(prefix) else owner}.{sign}"

    def symbolic(self, form: Form, entity: str = "") -> str:
        """A form with the unknowns kept as symbols written by their quantities' symbols: `3·y`."""
        short, renamed = shortest(form, self.named), dict[str | Fraction, Fraction]()
        for base, power in short.powers.items():
            if isinstance(base, str) and base.startswith("?"):
                name = self.system.names[int(base[1:])]
                base = self.label(name, entity) if name else "k"
            renamed[base] = renamed.get(base, Fraction(0)) + power
        return pretty(text(Form(short.number, renamed)))

    def unit(self, quantity: Expression) -> Unit:
        """The unit in which people read a quantity: the one it was given in, else the declared one."""
        if quantity in self.grounded.quantities:
            assert isinstance(quantity, Name)
            return self.units.get(quantity.parts) or self.grounded.quantities[quantity].unit
        dimension = dimension_of(quantity, self.dimension)
        return Unit(coherent(dimension), Fraction(1), dimension)

    def coherent_unit(self, quantity: Expression) -> str:
        """The SI unit in which a value is given to programs: the declared one where it is coherent."""
        if isinstance(quantity, Name) and quantity in self.grounded.quantities:
            unit = self.grounded.quantities[quantity].unit
            return unit.text if unit.factor == 1 else coherent(unit.dimension)
        return self.unit(quantity).text

    def show(
        self,
        number: float,
        quantity: Expression,
        unit: Unit | None = None,
        digits: int = 4,
        uncertainty: float | None = None,
    ) -> str:
        """A number for people, in the unit given or else the one they read the quantity in."""
        unit = unit or self.unit(quantity)
        return shown_with(number, uncertainty, unit) if uncertainty else shown(number, unit, digits)

    def constant(self, name: str) -> float:
        value = self.grounded.parameters.get(name) or self.grounded.constants[name].value
        if value.number is not None:
            return float(value.number)
        assert value.expression is not None
        return evaluate(value.expression, lambda one: self.constant(one.parts[0]))

    def constant_form(self, name: str) -> Form | None:
        """A constant in terms of the primitive ones."""
        constant = self.grounded.constants.get(name)
        if name in self.grounded.parameters or constant is None or constant.value.expression is None:
            return symbol(name)
        return form_of(constant.value.expression, lambda one: self.constant_form(one.parts[0]))

    def relation_text(self, claim: int) -> str:
        texts = []
        for relation in self.oracle.claims[claim].relations:
            match relation:
                case Equates(text=equation, within=within):
                    texts.append(f"{equation} (within {100 * within:g} %)" if within else equation)
                case Quantizes(text=equation):
                    texts.append(equation)
                case Gives(of=of, value=value):
                    texts.append(value.says_of(self.label(of, of.parts[0])) + _bound(value))
        return "; ".join(texts)


def _bound(value: Value) -> str:
    """The bound within which a value is good, where it is stated beside the value."""
    within, unit = value.within, value.unit
    if within is None or value.is_range:
        return ""
    if within.relative:
        return f" (within {float(100 * within.size):g} %)"
    size = float(within.size / unit.factor) if unit else float(within.size)
    return f" (within {size:g}{f' {unit.text}' if unit and unit.text else ''})"


class _Replay:
    """One solution gone through again with symbols."""

    def __init__(self, deriver: Deriver, solution: Solution, whole: Mapping[int, int]) -> None:
        self.deriver = deriver
        self.system = deriver.system
        self.solution = solution
        self.whole = whole
        self.forms: dict[int, Form | None] = {}
        self.torn_forms: dict[str, Form | None] = {}
        self.resolved = {one.torn: one for one in solution.resolved}

    # -------------------------------------------------------- values

    def number(self, wanted: Expression) -> float | None:
        try:
            return evaluate(wanted, self._value)
        except (ValueError, OverflowError, LookupError, ZeroDivisionError):
            return None

    def _value(self, name: Name) -> float:
        if len(name.parts) == 1:
            return self.deriver.constant(name.parts[0])
        number = (
            self.unknown_number(self.system.index[name.parts]) if name.parts in self.system.index else None
        )
        if number is None:
            default = self.deriver.grounded.defaults[name]
            if default.value.number is not None:
                return float(default.value.number)
            assert default.value.expression is not None
            return evaluate(default.value.expression, self._value)
        return number

    def unknown_number(self, unknown: int) -> float | None:
        known = self.solution.value(unknown)
        if known is None or any(torn not in self.whole for torn, _ in known.powers):
            return None
        log = known.log + sum(float(power) * math.log(self.whole[torn]) for torn, power in known.powers)
        return (known.sign * math.exp(log) if known.sign else 0.0) if log < 709 else None

    def form(self, wanted: Expression) -> Form | None:
        return form_of(wanted, self._form_of_name)

    def _form_of_name(self, name: Name) -> Form | None:
        if len(name.parts) == 1:
            return self.deriver.constant_form(name.parts[0])
        if name.parts in self.system.index:
            return self.unknown_form(self.system.index[name.parts])
        default = self.deriver.grounded.defaults.get(name)
        if default is None or default.value.expression is None:
            return None
        return form_of(default.value.expression, self._form_of_name)

    def unknown_form(self, unknown: int) -> Form | None:
        if unknown not in self.solution.known:
            return None
        reached = () if unknown in self.forms else self.reached([unknown])
        for one in sorted(reached, key=lambda u: self.solution.known[u].order):
            if one not in self.forms:
                equation = self.solution.known[one].equation
                self.forms[one] = self.solved(equation, one) if equation >= 0 else symbol(f"?{one}")
        for found in self.solution.resolved:
            key = f"?{found.torn}"
            if key not in self.torn_forms:
                self.torn_forms[key] = self.closed(found.torn, list(found.multipliers))
        for torn, number in self.whole.items():
            self.torn_forms[f"?{torn}"] = Form(Fraction(number), {})
        return self.put_in(self.forms[unknown])

    def in_order(self) -> list[int]:
        """All unknowns that are known, each with its form after those it rests on."""
        order = sorted(self.solution.known, key=lambda one: self.solution.known[one].order)
        for unknown in order:
            equation = self.solution.known[unknown].equation
            self.forms[unknown] = self.solved(equation, unknown) if equation >= 0 else symbol(f"?{unknown}")
        return order

    def put_in(self, form: Form | None) -> Form | None:
        """Resolved torn unknowns replaced by what they were found to be."""
        while form is not None:
            key = next((base for base in form.powers if base in self.torn_forms), None)
            if key is None:
                return form
            found = self.torn_forms[str(key)]
            if found is None or key in found.powers:
                return None
            power = form.powers[key]
            rest = Form(form.number, {base: one for base, one in form.powers.items() if base != key})
            form = rest * found**power
        return None

    def solved(self, index: int, unknown: int) -> Form | None:
        """The form of an unknown by the equation that gave it."""
        equation = self.system.equations[index]
        if isinstance(equation, Range) or equation.function:
            return None
        return _balance(self.classes(equation, unknown))

    def closed(self, torn: int, indexes: list[int]) -> Form | None:
        """The form of a torn unknown by the equation that resolved it."""
        if len(indexes) != 1:
            return None
        equation = self.system.equations[indexes[0]]
        if isinstance(equation, Range) or equation.function:
            return None
        key = f"?{torn}"
        terms = self.terms(equation)
        if terms is None:
            return None
        classes: dict[Fraction, list[Form]] = {}
        for form in terms:
            placed = self.put_in(form)
            if placed is None:
                return None
            power = placed.powers.get(key, Fraction(0))
            rest = Form(placed.number, {base: one for base, one in placed.powers.items() if base != key})
            classes.setdefault(power, []).append(rest)
        return _balance(classes)

    def classes(self, equation: NormalForm, unknown: int) -> dict[Fraction, list[Form]] | None:
        """The addends of an equation by their power of an unknown, which is left out of them."""
        classes: dict[Fraction, list[Form]] = {}
        for group in equation.groups:
            power = Fraction(dict(group.unknowns).get(unknown, 0))
            rest = tuple(pair for pair in group.unknowns if pair[0] != unknown)
            forms = self.group_forms(rest, group.coefficient)
            if forms is None:
                return None
            classes.setdefault(power, []).extend(forms)
        return classes

    def terms(self, equation: NormalForm) -> list[Form] | None:
        found: list[Form] = []
        for group in equation.groups:
            forms = self.group_forms(group.unknowns, group.coefficient)
            if forms is None:
                return None
            found += forms
        return found

    def group_forms(self, unknowns: Monomial, coefficient: Coefficient) -> list[Form] | None:
        shared = ONE
        for unknown, power in unknowns:
            known = self.solution.value(unknown)
            if known is not None and not known.sign:
                return []
            form = self.forms.get(unknown)
            if form is None or (form.number < 0 and Fraction(power).denominator > 1):
                return None
            shared = shared * form ** Fraction(power)
        forms = []
        for factor, atoms in coefficient:
            form = Form(Fraction(factor), {}) * shared
            for key, power in atoms:
                name = self.system.atoms[-1 - key].name
                if name is None:
                    return None
                if name:
                    form = form * symbol(name) ** Fraction(power)
            forms.append(form)
        return forms

    # -------------------------------------------------------- reasons

    def reached(self, unknowns: Iterable[int]) -> set[int]:
        """These unknowns and all that their values rest on."""
        found: set[int] = set()
        waiting = [unknown for unknown in unknowns if unknown in self.solution.known]
        while waiting:
            unknown = waiting.pop()
            if unknown in found:
                continue
            found.add(unknown)
            equation = self.solution.known[unknown].equation
            equations = [equation] if equation >= 0 else list(self._resolving(unknown))
            for index in equations:
                waiting.extend(u for u in self.system.unknowns[index] if u in self.solution.known)
        return found

    def _resolving(self, torn: int) -> Iterator[int]:
        if torn in self.resolved:
            yield from self.resolved[torn].multipliers

    def reasons(self, unknowns: Iterable[int]) -> list[int]:
        """The equations behind some values, each after those it uses."""
        placed: list[tuple[float, int]] = []
        for unknown in self.reached(unknowns):
            known = self.solution.known[unknown]
            if known.equation >= 0:
                placed.append((known.order, known.equation))
            for index in self._resolving(unknown) if known.equation < 0 else ():
                last = max(self.solution.known[u].order for u in self.system.unknowns[index])
                placed.append((last + 0.5, index))
        return [index for _, index in sorted(set(placed))]

    def steps(self, equations: list[int], wanted: Iterable[int], digits: int) -> Iterator[Step]:
        """A step for each equation: what it gives, first as a form, then as a number."""
        gives = {self.solution.known[u].equation: u for u in self.solution.known}
        closes, aims = self.closing(equations, wanted), {*wanted}
        # of simultaneous equations, that for what is asked for comes last
        for index in sorted(equations, key=lambda one: closes.get(one) in aims):
            unknown = closes.get(index, gives.get(index, -1))
            if unknown < 0 or self.system.names[unknown] is None:
                continue
            form = self.put_in(self.forms.get(unknown)) if index in closes else self.forms.get(unknown)
            yield self.step(index, unknown, form, digits)
        for unknown in wanted:
            known = self.solution.known.get(unknown)
            if known is None or known.equation < 0 or not equations or equations[-1] == known.equation:
                continue
            form = self.unknown_form(unknown)
            if form != self.forms.get(unknown):
                yield self.step(known.equation, unknown, form, digits)

    def closing(self, equations: list[int], wanted: Iterable[int]) -> dict[int, int]:
        """The torn unknown that each of some simultaneous equations is said to give: another one each, as far
        as there are any, and the last equation what is wanted."""
        closed: dict[int, list[int]] = {}
        for found in self.solution.resolved:
            for index in found.multipliers:
                closed.setdefault(index, []).append(found.torn)
        told, closes = set[int](), dict[int, int]()
        for index in reversed([one for one in equations if one in closed]):
            own = [torn for torn in closed[index] if torn in self.system.unknowns[index]] or closed[index]
            left = [torn for torn in own if torn not in told] or own
            closes[index] = next((torn for torn in wanted if torn in left), left[-1])
            told.add(closes[index])
        return closes

    def step(self, index: int, unknown: int, form: Form | None, digits: int) -> Step:
        claim = self.system.equations[index].claim
        name = self.system.names[unknown]
        assert name is not None
        entity = self.deriver.oracle.claims[claim].entity
        parts = [self.deriver.label(name, entity)]
        if form is not None:
            parts.append(self.deriver.symbolic(form, entity))
        symbolic = form is not None and any(base in self.symbols() for base in form.powers)
        number = None if symbolic else self.unknown_number(unknown)
        if number is not None:
            as_number = self.deriver.show(number, name, digits=digits)
            if as_number != parts[-1]:
                parts.append(as_number)
        elif form is None and (multiple := self.multiple(unknown, entity, digits)):
            parts.append(multiple)
        claimed = self.deriver.oracle.claims[claim]
        equation, path = self.deriver.relation_text(claim), ".".join(name.parts)
        return Step(claimed.premise, claimed.entity, equation, " = ".join(parts), path)

    def multiple(self, unknown: int, entity: str, digits: int) -> str | None:
        """An unknown as a number times others that are kept as symbols: `803.0 kg/m^3·V`."""
        known = self.solution.value(unknown)
        name = self.system.names[unknown]
        if known is None or name is None or not known.powers or abs(known.log) > 700:
            return None
        dimension, symbols = self.deriver.dimension(name), []
        for torn, power in known.powers:
            kept = self.system.names[torn]
            if kept is None:
                return None
            exponent = Fraction(power)
            dimension /= self.deriver.dimension(kept) ** exponent
            raised = (
                "" if exponent == 1 else f"^{exponent}" if exponent.denominator == 1 else f"^({exponent})"
            )
            symbols.append(self.deriver.label(kept, entity) + raised)
        unit = Unit(coherent(dimension), Fraction(1), dimension)
        number = shown(known.sign * math.exp(known.log), unit, digits)
        return "·".join([number, *symbols])

    def symbols(self) -> set[str]:
        return {f"?{unknown}" for unknown, known in self.solution.known.items() if known.equation < 0}


def _balance(classes: dict[Fraction, list[Form]] | None) -> Form | None:
    """Solve A·x^p + B·x^q = 0 for x."""
    if classes is None:
        return None
    sums = {power: total for power, forms in classes.items() if (total := add(forms)) is not None}
    if len(sums) != 2:
        return None
    (p, a), (q, b) = sums.items()
    ratio = b * Form(Fraction(-1), {}) / a
    if (ratio.number < 0 and (p - q).denominator % 2 == 0) or (ratio.number < 0 and (p - q) % 2 != 1):
        return None
    if ratio.number < 0:
        return Form(Fraction(-1), {}) * Form(-ratio.number, ratio.powers) ** (1 / (p - q))
    return ratio ** (1 / (p - q))


def form_of(expression: Expression, lookup: Callable[[Name], Form | None]) -> Form | None:
    """An expression as a form, where it is one; `lookup` gives the forms of its names."""
    match expression:
        case Number(value):
            return Form(value, {}) if value else None
        case Name():
            return lookup(expression)
        case Sum(terms):
            forms = [form_of(term, lookup) for term in terms]
            return None if any(form is None for form in forms) else add(f for f in forms if f is not None)
        case Product(factors):
            product: Form | None = ONE
            for factor in factors:
                form = form_of(factor, lookup)
                product = product * form if product is not None and form is not None else None
            return product
        case Power(base, exponent):
            form, power = form_of(base, lookup), form_of(exponent, lookup)
            if (
                form is None
                or power is None
                or power.powers
                or (form.number <= 0 and power.number.denominator > 1)
            ):
                return None
            return form**power.number
        case Call():
            return None


def _user_units(grounded: Grounded) -> dict[tuple[str, ...], Unit]:
    """The unit in which somebody gave each quantity."""
    found: dict[tuple[str, ...], Unit] = {}
    for claim in grounded.claims:
        for relation in claim.relations:
            if isinstance(relation, Gives) and relation.value.unit is not None:
                found.setdefault(relation.of.parts, relation.value.unit)
    return found
