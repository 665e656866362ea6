"""Random claims about lengths → the text of a scenario, with a hypothesis strategy that draws them.

Values are planted first and most claims are true of them; the others are off by a factor.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from hypothesis import strategies as st

MAX_DISPUTED = 9
UNITS = {"m": 0, "cm": 2, "Å": 10, "pm": 12}
"""Unit → the power of ten that turns metres into it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about a `thing` or its `piece`s; `relation` is a line of YAML."""

    id: str
    applies_to: str
    relation: str
    status: str = "hypothesis"
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A length in metres, a range or a bound of it. `doubt` is "within", "uncertainty" or "": the fraction
    `size` of the value."""

    path: str
    number: str
    doubt: str = ""
    size: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Claims:
    """Rules and values about one thing with pieces `left`, as often as `count` says, and `right`."""

    rules: tuple[Rule, ...]
    given: tuple[Given, ...]
    count: int

    def disputed(self) -> int:
        return sum(rule.status == "hypothesis" for rule in self.rules) + len(self.given)


def as_yaml(*systems: Claims, names: Sequence[str] = ("one", "two"), unit: str = "m") -> str:
    """A scenario with one thing for each of `systems`, which share nothing; names begin with those given."""
    lines = ["scenario: Random claims", "quantities:"]
    lines += [f"  {name}: {{unit: m}}" for name in QUANTITIES]
    for key, entry in (("kinds", _kinds), ("rules", _rules), ("systems", _systems), ("given", _given)):
        inside = [
            line for name, system in zip(names, systems, strict=False) for line in entry(system, name, unit)
        ]
        lines += [f"{key}:", *inside] if inside else []
    return "\n".join(lines) + "\n"


def _kinds(system: Claims, name: str, unit: str) -> list[str]:
    return [f"  {name}-thing: {{}}", f"  {name}-piece: {{}}"]


def _rules(system: Claims, name: str, unit: str) -> list[str]:
    lines = []
    for rule in system.rules:
        lines += [
            f"  {name}-{rule.id}:",
            "    claim: It is claimed.",
            f"    applies_to: {name}-{rule.applies_to}",
            f"    {rule.relation}",
            f"    status: {rule.status}",
        ]
        lines += [f"    within: {rule.within}"] if rule.within else []
    return lines


def _systems(system: Claims, name: str, unit: str) -> list[str]:
    return [
        f"  {name}:",
        f"    is: {name}-thing",
        "    parts:",
        f"      left: {{is: {name}-piece, count: {system.count}}}",
        f"      right: {{is: {name}-piece}}",
    ]


def _given(system: Claims, name: str, unit: str) -> list[str]:
    lines = []
    paths: dict[str, list[Given]] = {}
    for given in system.given:
        paths.setdefault(given.path, []).append(given)
    for path, several in paths.items():
        lines.append(f"  {name}.{path}:")
        for number, given in enumerate(several):
            power = f"e{UNITS[unit]}" if UNITS[unit] else ""
            entry = f'name: n{number}, value: "{given.number}{power} {unit}"'
            if given.doubt == "within":
                entry += f", within: {float(given.size * 100):g} %"
            elif given.doubt:
                size = float(given.size * Fraction(given.number))
                entry += f", {given.doubt}: {size:g}{power} {unit}"
            lines.append(f"    - {{{entry}}}")
    return lines


def shuffled(claims: Claims, seed: int) -> Claims:
    """The same rules and values in another order."""
    rules = list(claims.rules)
    random.Random(seed).shuffle(rules)
    return replace(claims, rules=tuple(rules))


# ---------------------------------------------------------------- drawing

QUANTITIES = ("a", "b", "c", "d", "f")
SQUARES = (1, 4, 9, 16, 25)
FACTORS = (Fraction(2), Fraction(3, 2), Fraction(11, 10), Fraction(1, 3))


@st.composite
def systems_of_claims(draw: st.DrawFn, uncertain: bool | None = None) -> Claims:
    """Claims of all sorts; `uncertain` says whether standard uncertainties occur, None leaves it open."""
    count = draw(st.integers(1, 3))
    adds = draw(st.booleans())
    values = {name: Fraction(draw(st.sampled_from(SQUARES))) for name in QUANTITIES}
    values["left.a"] = Fraction(draw(st.sampled_from(SQUARES)))
    values["right.a"] = draw(st.sampled_from([values["left.a"], Fraction(4), Fraction(3)]))
    rules: list[Rule] = []
    if adds:
        values["a"] = count * values["left.a"] + values["right.a"]
        status = draw(st.sampled_from(["hypothesis", "law"]))
        rules.append(Rule("adds", "thing", "additive: a", status))
    for number in range(draw(st.integers(2, 5))):
        kind = draw(st.sampled_from(["product", "product", "product", "bound", "quantum", "sum", "piece"]))
        rules.append(_DRAWN[kind](draw, values, f"r{number}"))
    if draw(st.booleans()) and not adds:
        rules.append(replace(_product(draw, values, "law", true=True), status="law", within=None))
    given: list[Given] = []
    disputed = sum(rule.status == "hypothesis" for rule in rules)
    for _ in range(draw(st.integers(1, MAX_DISPUTED - disputed)) if disputed < MAX_DISPUTED else 0):
        given.append(_value(draw, values, uncertain))
    return Claims(tuple(rules), tuple(given), count)


def _value(draw: st.DrawFn, values: dict[str, Fraction], uncertain: bool | None) -> Given:
    path = draw(st.sampled_from(sorted(values)))
    number = values[path] * draw(st.sampled_from([Fraction(1), Fraction(1), *FACTORS[:2]]))
    sorts = ["exact", "exact", "decimal", "within", "range", "bound", "uncertainty"]
    sort = draw(st.sampled_from(sorts[:-1] if uncertain is False else sorts))
    whole = number.denominator == 1
    if sort == "uncertainty" or uncertain:
        size = draw(st.sampled_from([Fraction(1, 20), Fraction(1, 8), Fraction(1, 4)]))
        return Given(path, f"{float(number):g}", "uncertainty", size)
    if sort == "within":
        return Given(
            path, f"{float(number):g}", "within", draw(st.sampled_from([Fraction(1, 20), Fraction(1, 5)]))
        )
    if sort == "range":
        return Given(path, f"[{float(number * 9 / 10):g}, {float(number * 21 / 20):g}]")
    if sort == "bound":
        sign = draw(st.sampled_from(["<", "<=", ">", ">="]))
        return Given(path, f"{sign} {float(number * (Fraction(11, 10) if '<' in sign else 1)):g}")
    if sort == "decimal" or not whole:
        return Given(path, f"{float(number):.1f}")
    return Given(path, str(number))


def _factor(draw: st.DrawFn, true: bool = False) -> Fraction:
    """1 for a claim that is true of the planted values."""
    return Fraction(1) if true or draw(st.integers(0, 2)) else draw(st.sampled_from(FACTORS))


def _product(draw: st.DrawFn, values: dict[str, Fraction], id_: str, true: bool = False) -> Rule:
    """Powers of two or three lengths, balanced: a^(1/2)*b = 3/2*c^(3/2)."""
    names = draw(st.permutations(QUANTITIES))[: draw(st.integers(2, 3))]
    roots = all(math.isqrt(int(values[name])) ** 2 == values[name] for name in names)
    choices = [Fraction(1), Fraction(2), Fraction(-1)] + ([Fraction(1, 2)] if roots else [])
    exponents = [draw(st.sampled_from(choices)) for _ in names[1:]]
    last = sum(exponents, Fraction(0))
    right = math.prod(_power(values[name], e) for name, e in zip(names[1:], exponents, strict=True))
    factor = _power(values[names[0]], last) / right * _factor(draw, true)
    product = "*".join(_printed(name, e) for name, e in zip(names[1:], exponents, strict=True))
    left = _printed(names[0], last) if last else "1"
    within = draw(st.sampled_from([None, None, "10 %", "30 %"]))
    return Rule(id_, "thing", f"equation: {left} = {factor}*{product}", within=within)


def _power(value: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator == 1:
        return value**exponent.numerator
    return Fraction(math.isqrt(int(value))) ** exponent.numerator


def _printed(name: str, exponent: Fraction) -> str:
    return name if exponent == 1 else f"{name}^({exponent})"


def _bound(draw: st.DrawFn, values: dict[str, Fraction], id_: str) -> Rule:
    """One length bounds another, with a tenth to spare where it is true."""
    one, other = draw(st.permutations(QUANTITIES))[:2]
    sign = draw(st.sampled_from(["<", "<=", ">", ">="]))
    room = Fraction(11, 10) if "<" in sign else Fraction(9, 10)
    factor = values[one] / values[other] * draw(st.sampled_from([room, room, 1 / room]))
    return Rule(id_, "thing", f"equation: {one} {sign} {factor}*{other}")


def _quantum(draw: st.DrawFn, values: dict[str, Fraction], id_: str) -> Rule:
    """One length counts another."""
    one, other = draw(st.permutations(QUANTITIES))[:2]
    ratio = values[one] / values[other]
    fixed = [str(int(ratio))] if ratio.denominator == 1 else []
    number = draw(st.sampled_from(["whole", "half-whole", "3", *fixed]))
    return Rule(id_, "thing", f"quantum: {{of: {one}, is: {other}, number: {number}}}")


def _sum(draw: st.DrawFn, values: dict[str, Fraction], id_: str) -> Rule:
    """A length is the sum of two others, or what is left of one without the other."""
    one, two, total = draw(st.permutations(QUANTITIES))[:3]
    sign = draw(st.sampled_from(["+", "+", "-"])) if values[one] > values[two] else "+"
    rest = values[one] + values[two] if sign == "+" else values[one] - values[two]
    factor = rest / values[total] * _factor(draw)
    return Rule(id_, "thing", f"equation: {factor}*{total} = {one} {sign} {two}")


def _piece(draw: st.DrawFn, values: dict[str, Fraction], id_: str) -> Rule:
    """Every piece has a fixed share of a length of the whole."""
    whole = draw(st.sampled_from(QUANTITIES))
    factor = values["left.a"] / values[whole] * _factor(draw)
    return Rule(id_, "piece", f"equation: a = {factor}*whole.{whole}")


_DRAWN = {"product": _product, "bound": _bound, "quantum": _quantum, "sum": _sum, "piece": _piece}
