"""A size → the text of a scenario with that many claims."""

from __future__ import annotations

import random
from collections.abc import Iterable
from fractions import Fraction
from math import prod


def chain(length: int, ends: tuple[int, int]) -> str:
    """x_{i+1} = k·x_i for so many i, k being 2 and ½ in turn; values that do not fit are given for the two
    quantities numbered in `ends`, which are an even number of steps apart."""
    equations = (f"x{i + 1} = {2 if i % 2 == 0 else 0.5}*x{i}" for i in range(length))
    first, last = ends
    return _scenario(f"A chain of {length}", length + 1, equations, [f"it.x{first}: 1", f"it.x{last}: 3"])


def pairs(count: int) -> str:
    """So many quantities with two different values each."""
    given = [f"it.x{i}: [{{name: a, value: 1}}, {{name: b, value: 2}}]" for i in range(count)]
    return _scenario(f"{count} pairs", count, (), given)


COUPLED_TRUTH = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29)


def coupled() -> str:
    """Ten equations that determine ten quantities and none of which can be solved alone: the truth is the
    first ten primes, and 3 is given for the first quantity."""
    size = len(COUPLED_TRUTH)
    equations = []
    for i in range(size):
        powers = {i: 1, (i + 1) % size: 1, (i + 3) % size: -1}
        constant = prod(Fraction(COUPLED_TRUTH[x]) ** power for x, power in powers.items())
        left, right = f"x{i} * x{(i + 1) % size}", f"x{(i + 3) % size}"
        equations.append(f"{constant.denominator} * {left} = {constant.numerator} * {right}")
    return _scenario("Ten coupled products", size, equations, ["it.x0: 3"])


def given_values(count: int) -> str:
    """So many values with a bound and a source, four for each of a row of resistors, and the laws that tie
    them; all of them fit."""
    lines = [
        "scenario: Resistors, as labelled",
        "quantities:",
        "  voltage: {symbol: U, unit: V}",
        "  current: {symbol: I, unit: A}",
        "  resistance: {symbol: R, unit: ohm}",
        "  power: {symbol: P, unit: W}",
        "kinds: {resistor: {}}",
        "rules:",
        "  ohms-law: {claim: Voltage is resistance times current.,"
        " applies_to: resistor, equation: U = R*I, status: law}",
        "  joules-law: {claim: Power is voltage times current.,"
        " applies_to: resistor, equation: P = U*I, status: law}",
        "systems:",
    ]
    entities = range(count // 4)
    lines += [f"  r{i}: {{is: resistor}}" for i in entities]
    lines.append("given:")
    for i in entities:
        volt, ohm = 10 * (i % 7 + 1), 2 * (i % 5 + 1)
        amounts = {
            "voltage": f"{volt} V",
            "resistance": f"{ohm} ohm",
            "current": f"{1000 * volt / ohm:.0f} mA",
            "power": f"{1000 * volt * volt / ohm:.0f} mW",
        }
        lines += [f"  r{i}.{q}: {{value: {v}, within: 2 %, source: the label}}" for q, v in amounts.items()]
    return "\n".join(lines) + "\n"


def conflicts_to_hit() -> list[frozenset[int]]:
    """20 sets of 4 over 30 elements, which have 3,002 minimal hitting sets."""
    chance = random.Random(7)
    return [frozenset(chance.sample(range(30), 4)) for _ in range(20)]


def _scenario(title: str, quantities: int, equations: Iterable[str], given: Iterable[str]) -> str:
    """One thing with quantities x0, x1 …, a rule of its own for each equation, and given values."""
    rules = [
        f"  r{i}: {{claim: c, applies_to: k, equation: {equation}, status: model}}"
        for i, equation in enumerate(equations)
    ]
    lines = [f"scenario: {title}", "kinds: {k: {}}", "systems: {it: {is: k}}", "quantities:"]
    lines += [f"  x{i}: {{}}" for i in range(quantities)]
    lines += ["rules:", *rules] if rules else []
    return "\n".join([*lines, "given:", *(f"  {one}" for one in given)]) + "\n"
