"""What shows that claims cannot hold together, and conditions on the doubts of values that may show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checker.solution import EQUAL, Number, Residual
from checker.terms import NormalForm, System


@dataclass(frozen=True, slots=True)
class Row:
    """A residual as a condition on doubts: value + Σ slope·doubt `relation` 0, and where it comes from. In an
    inequality, logarithms of undetermined unknowns may stand as well: `torn` with their slopes. Where
    several whole numbers would do, `others` are the values against those after the first. `claims` are those
    it rests on, `blur` is what rounding may have changed in it; `joint` tells that it adds up several
    conditions."""

    value: float
    slopes: Mapping[int, float]
    torn: Mapping[int, float]
    relation: str
    remainder: float
    multipliers: Mapping[int, Number]
    residual: Residual
    claims: frozenset[int]
    others: tuple[float, ...] = ()
    blur: float = 0.0
    joint: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Refutation:
    """Claims that cannot hold together. `kind` is value, quantum, bound or attribute. `minimal` tells that
    leaving any one out is known to mend it; `exact` that it rests on exact arithmetic alone.
    `row` is the impossible condition where there is a single one."""

    claims: frozenset[int]
    kind: str
    minimal: bool
    exact: bool
    row: Row | None


def kind_of(system: System, equations: Iterable[int]) -> str:
    """What a proof from these equations needs: whole numbers, inequalities, or values alone."""
    equations = list(equations)
    if any(unknown in system.whole for index in equations for unknown in system.unknowns[index]):
        return "quantum"
    return "bound" if any(system.is_inequality(index) for index in equations) else "value"


def is_product(system: System, equation: int) -> bool:
    """Whether an equation is one between products of powers."""
    found = system.equations[equation]
    return isinstance(found, NormalForm) and found.row is not None


def span(slopes: Mapping[int, float], system: System) -> tuple[float, float]:
    """How far rounding and bounds let Σ slope·doubt lie below and above zero."""
    low = high = 0.0
    for atom, slope in slopes.items():
        ends = slope * system.atoms[atom].low, slope * system.atoms[atom].high
        low += min(ends)
        high += max(ends)
    return low, high


def possible(low: float, high: float, relation: str) -> bool:
    """Whether some value in [low, high] stands in `relation` to zero."""
    if relation == "=":
        return low <= 0 <= high
    if relation in ("<", ">"):  # `low` and `high` are already widened by EQUAL
        return low < -2 * EQUAL if relation == "<" else high > 2 * EQUAL
    return low <= 0 if relation == "<=" else high >= 0


def gap(low: float, high: float, relation: str) -> float:
    """What is missing, with its sign, for [low, high] to meet the relation."""
    if low > 0 and not relation.startswith(">"):
        return low
    if high < 0 and not relation.startswith("<"):
        return high
    return 0.0


def holds(value: float, relation: str) -> bool:
    if relation in ("=", "sign"):
        return abs(value) <= EQUAL
    if relation == "<":
        return value < -EQUAL
    if relation == ">":
        return value > EQUAL
    return value <= EQUAL if relation == "<=" else value >= -EQUAL
