"""Products of powers of constants → the closed form a physicist would write: a₀/7, h/(2e), n².

Constants are expanded to primitive ones while a value is derived; here they are put together again into
the named combination that makes the expression shortest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from checker.terms import rational_root

Base = str | Fraction

# named combinations of constants (CODATA, "Fundamental physical constants": defining relations), with what
# one costs in length against a plain constant
NAMED: Mapping[str, tuple[int, Fraction, Mapping[str, int]]] = {
    "hbar": (1, Fraction(1, 2), {"h": 1, "pi": -1}),
    "a_0": (2, Fraction(1), {"epsilon_0": 1, "h": 2, "pi": -1, "m_e": -1, "e": -2}),
    "alpha": (2, Fraction(1, 2), {"e": 2, "epsilon_0": -1, "h": -1, "c": -1}),
    "R_inf": (2, Fraction(1, 8), {"m_e": 1, "e": 4, "epsilon_0": -2, "h": -3, "c": -1}),
    "mu_B": (2, Fraction(1, 4), {"e": 1, "h": 1, "pi": -1, "m_e": -1}),
    "Phi_0": (3, Fraction(1, 2), {"h": 1, "e": -1}),
}


@dataclass(frozen=True, slots=True)
class Form:
    """number · Π base^exponent. A base is a constant's, parameter's or unknown's name, a sum in brackets, or
    a rational under a root."""

    number: Fraction
    powers: Mapping[Base, Fraction]

    def __mul__(self, other: Form) -> Form:
        powers = dict(self.powers)
        number = self.number * other.number
        for base, exponent in other.powers.items():
            powers[base] = powers.get(base, Fraction(0)) + exponent
        for base in [base for base, exponent in powers.items() if exponent.denominator == 1]:
            if isinstance(base, Fraction):
                number *= base ** powers.pop(base).numerator
        return Form(number, {base: exponent for base, exponent in powers.items() if exponent})

    def __pow__(self, exponent: Fraction | int) -> Form:
        exponent = Fraction(exponent)
        powers = {base: one * exponent for base, one in self.powers.items()}
        if exponent.denominator == 1:
            return Form(self.number**exponent.numerator, powers)
        root = rational_root(self.number, exponent)
        if root is not None:
            return Form(root, powers)
        return Form(Fraction(1), {**powers, self.number: exponent})

    def __truediv__(self, other: Form) -> Form:
        return self * other**-1


ONE = Form(Fraction(1), {})


def symbol(name: str) -> Form:
    return Form(Fraction(1), {name: Fraction(1)})


def add(forms: Iterable[Form]) -> Form | None:
    """A sum: one product again where terms differ only by a number, else a bracket of constants; None where
    it is zero or unknowns differ."""
    merged: dict[tuple[tuple[str, Fraction], ...], tuple[Fraction, Form]] = {}
    for form in forms:
        key = tuple(sorted((str(base), exponent) for base, exponent in form.powers.items()))
        total = merged[key][0] if key in merged else Fraction(0)
        merged[key] = total + form.number, form
    kept = [Form(number, form.powers) for number, form in merged.values() if number]
    if len(kept) < 2:
        return kept[0] if kept else None
    if any(str(base).startswith("?") for form in kept for base in form.powers):
        return None  # an unknown inside a bracket could not be put in later
    common = dict(kept[0].powers)
    for form in kept[1:]:
        common = {base: one for base, one in common.items() if form.powers.get(base) == one}
    shared = Form(Fraction(1), common)
    inner = [form / shared for form in kept]
    inner.sort(key=lambda form: (-sum(form.powers.values()), str(form)))
    scale = abs(inner[0].number)
    texts = [text(Form(form.number / scale, form.powers)) for form in inner]
    bracket = texts[0] + "".join(f" - {one[1:]}" if one.startswith("-") else f" + {one}" for one in texts[1:])
    return shared * Form(scale, {f"({bracket})": Fraction(1)})


def shortest(form: Form, named: Collection[str]) -> Form:
    """The same value over the constants `named` that are in use or well known, as short as it gets."""
    best, length = form, _length(form)
    choices = [name for name in NAMED if name in named]
    for names in [(), *((one,) for one in choices), *combinations(choices, 2)]:
        trials = [form]
        for name in names:
            _, number, powers = NAMED[name]
            whole = Form(number, {base: Fraction(one) for base, one in powers.items()})
            trials = [
                trial * symbol(name) ** power / whole**power
                for trial in trials
                for power in {form.powers[base] / one for base, one in powers.items() if base in form.powers}
            ]
        for trial in trials:
            if (shorter := _length(trial)) < length:
                best, length = trial, shorter
    return best


def _length(form: Form) -> Fraction:
    """How long a form is to write: exponents count, named combinations count for more."""
    total = Fraction(0)
    for base, exponent in form.powers.items():
        cost = NAMED[str(base)][0] if base in NAMED else Fraction(3, 2) if base == "pi" else 1
        total += cost * (abs(exponent) + (exponent.denominator > 1))
    return total + sum(
        len(str(one)) for one in (abs(form.number.numerator), form.number.denominator) if one != 1
    )


def text(form: Form) -> str:
    """`a_0/7`, `h/(2*e)`, `n**2`, `sqrt(7/(16*r))`: as an expression of constants is written."""
    roots = {base: one * 2 for base, one in form.powers.items() if one.denominator == 2}
    whole = {base: one for base, one in form.powers.items() if base not in roots}
    above, below = _over_and_under(Form(form.number, whole))
    if roots:
        under_root = Form(Fraction(1), {})
        for base, one in roots.items():
            power = (
                Form(base**one.numerator, {})
                if isinstance(base, Fraction)
                else Form(Fraction(1), {base: one})
            )
            under_root = under_root * power
        above.append(f"sqrt({text(under_root)})")
    sign = "-" if form.number < 0 else ""
    if not below:
        return sign + "*".join(above or ["1"])
    return f"{sign}{'*'.join(above or ['1'])}/{below[0] if len(below) == 1 else '(' + '*'.join(below) + ')'}"


def _over_and_under(form: Form) -> tuple[list[str], list[str]]:
    """The factors of a numerator and of a denominator."""
    above = [_power(base, one) for base, one in _ordered(form) if one > 0]
    below = [_power(base, -one) for base, one in _ordered(form) if one < 0]
    size = abs(form.number)
    if size.numerator != 1:
        above.insert(0, str(size.numerator))
    if size.denominator != 1:
        below.insert(0, str(size.denominator))
    return above, below


def _ordered(form: Form) -> list[tuple[Base, Fraction]]:
    order = ("pi", "epsilon_0", "mu_0", "hbar", "h")
    return sorted(
        form.powers.items(),
        key=lambda item: (order.index(item[0]) if item[0] in order else len(order), str(item[0])),
    )


def _power(base: Base, exponent: Fraction) -> str:
    name = f"({base})" if isinstance(base, Fraction) and base.denominator != 1 else str(base)
    if exponent == 1:
        return name
    return f"{name}**{exponent}" if exponent.denominator == 1 else f"{name}**({exponent})"


def vanishes_when(ratio: Form, parameters: Collection[str]) -> str | None:
    """The value of the only parameter in `ratio` at which the ratio is one, or how two parameters in it are
    related there."""
    if ratio.number <= 0 or not ratio.powers or not set(ratio.powers) <= set(parameters):
        return None
    (name, exponent), *others = ratio.powers.items()
    if len(others) == 1 and others[0][1] == -exponent:
        times = rational_root(ratio.number, -1 / exponent)
        if times is None:
            return None
        return f"{name} = {others[0][0]}" if times == 1 else f"{name} = {times}*{others[0][0]}"
    if others:
        return None
    root = rational_root(ratio.number, -1 / exponent)
    return f"{name} = {root}" if name in parameters and root is not None else None


_PRETTY = {
    "hbar": "ħ", "a_0": "a₀", "pi": "π", "epsilon_0": "ε₀", "mu_0": "μ₀", "alpha": "α", "R_inf": "R∞",
    "mu_B": "μ_B", "Phi_0": "Φ₀", "k_B": "k_B",
}  # fmt: skip
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def pretty(exact: str) -> str:
    """`a₀/7`, `h/(2·e)`, `n²`: the same for people."""
    import re

    exact = re.sub(r"\*\*(\d+)", lambda found: found[1].translate(_RAISED), exact)
    exact = re.sub(r"[A-Za-z_]\w*", lambda found: _PRETTY.get(found[0], found[0]), exact)
    return exact.replace("*", "·").replace("sqrt(", "√(")
