"""Value text → a value with its kinds of doubt."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from checker.expression import Expression
from checker.units import Unit


@dataclass(frozen=True, slots=True)
class Amount:
    """A size of doubt: absolute in coherent SI units, or a fraction of the value."""

    size: Fraction
    relative: bool


@dataclass(frozen=True, slots=True)
class Value:
    """A value as written, either a number with a unit or an expression of constants and parameters.

    `number` is in coherent SI units, None for an expression. `unit` is the unit as written (dimensionless for
    a bare number), None for an expression. `last_digit` is half a unit in the last digit written, in coherent
    SI units. `within` bounds the true value, `uncertainty` is one standard deviation.
    """

    text: str
    number: Fraction | None
    unit: Unit | None
    expression: Expression | None
    within: Amount | None = None
    uncertainty: Amount | None = None
    last_digit: Fraction | None = None
    decimal_point: bool = False
    exact: bool = False
