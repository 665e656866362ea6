"""A number with a unit, or an expression, and its kinds of doubt; how a number is printed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
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

    `number` is in coherent SI units, None for an expression; of a range it is the middle. `unit` is the unit
    as written (dimensionless for a bare number), None for an expression. `last_digit` is half a unit in the
    last digit written, in coherent SI units. `within` bounds the true value, `uncertainty` is one standard
    deviation. With another `relation` than "=" the quantity is only said to be less or more (<, <=, >, >=).
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
    relation: str = "="

    @property
    def is_range(self) -> bool:
        """Whether two ends are written: no digits end, since the number is the middle."""
        return self.number is not None and self.last_digit is None

    def says_of(self, name: str) -> str:
        """What it says of a quantity: `r = 31 pm`, `r < 31 pm`."""
        return f"{name} = {self.text}" if self.relation == "=" else f"{name} {self.text.strip()}"


SAME = 1e-12
"""A temperature is at the zero of its scale if no further away, relatively."""


def in_quadrature(amounts: Sequence[Amount], number: Fraction | None) -> Amount:
    """The doubt that independent ones make together: √(a² + b²), to twenty digits. Raises ValueError for a
    percentage beside an amount where the number that the percentage is of is not known."""
    if len(amounts) == 1:
        return amounts[0]
    relative = all(amount.relative for amount in amounts)
    if not relative:
        if number is None and any(amount.relative for amount in amounts):
            raise ValueError("a percentage and an amount")
        amounts = [Amount(absolute(amount, number or Fraction(0)), relative=False) for amount in amounts]
    total = sum((amount.size**2 for amount in amounts), Fraction(0))
    above, below = total.numerator, total.denominator
    return Amount(Fraction(math.isqrt(above * below * 10**40), below * 10**20), relative)


def absolute(amount: Amount | None, number: Fraction) -> Fraction:
    """The size of a doubt of a number, in coherent SI units."""
    if amount is None:
        return Fraction(0)
    return amount.size * abs(number) if amount.relative else amount.size


def sign_is_certain(value: Value) -> bool:
    """Whether the bound of a number, or the uncertainty of zero, leaves no other sign possible."""
    if value.number is None:
        return True
    if value.number == 0:
        return value.within is None and value.uncertainty is None
    return absolute(value.within, value.number) <= abs(value.number)


def rounding(value: Value, status: str) -> Fraction | None:
    """How far the true value may lie from the one written, in coherent SI units, because digits end.

    Half a unit in the last digit for a measurement, and for any number with a decimal point; None where the
    value is exact or a doubt is stated.
    """
    if value.exact or value.uncertainty is not None or value.within is not None:
        return None
    return value.last_digit if status == "measurement" or value.decimal_point else None


def to_last_digit(value: Value) -> Value:
    """The value read as good to half a unit in its last digit, where a standard uncertainty is stated for it.

    Numbers of one least-squares adjustment agree with each other to their last digits, far better than their
    uncertainties say, which are those of their sizes and almost wholly shared.
    """
    if value.uncertainty is None or value.last_digit is None:
        return value
    return replace(value, uncertainty=None, within=value.within or Amount(value.last_digit, relative=False))


def shown(number: float, unit: Unit, digits: int = 4) -> str:
    """A magnitude in coherent SI, printed in `unit` to so many significant digits: `7.560 pm`."""
    magnitude = (number - float(unit.zero)) / float(unit.factor)
    if abs(number - float(unit.zero)) < SAME * float(unit.zero):  # 0 °C, but for rounding
        magnitude = 0.0
    scientific = f"{magnitude:.{digits - 1}e}"
    if magnitude == 0 or not math.isfinite(magnitude):
        text = f"{magnitude:g}"
    elif -5 < (exponent := int(scientific.partition("e")[2])) < 6:
        text = f"{magnitude:.{max(digits - 1 - exponent, 0)}f}"
    else:
        text = f"{scientific.partition('e')[0]}e{exponent}"
    return text if unit.text in ("", "1") else f"{text} {unit.text}"


def shown_with(number: float, uncertainty: float, unit: Unit) -> str:
    """A magnitude and its standard uncertainty in coherent SI, printed in `unit` with two digits of the
    uncertainty in brackets: `0.84087(39) fm`, `887.7(2.2) s`. Without it where doubles tell no more."""
    magnitude, spread = (number - float(unit.zero)) / float(unit.factor), uncertainty / float(unit.factor)
    largest = max(abs(magnitude), spread)
    if not (math.isfinite(largest) and spread > 1e-15 * largest):
        return shown(number, unit)
    exponent = math.floor(math.log10(largest))
    if -5 < exponent < 6:
        exponent = 0
    spread /= 10.0**exponent
    last = int(f"{spread:.1e}".partition("e")[2]) - 1
    decimals = max(-last, 0)
    digits = f"{spread:.{decimals}f}"
    text = f"{magnitude / 10.0**exponent:.{decimals}f}({digits if last > -2 else digits.lstrip('0.')})"
    text += f"e{exponent}" if exponent else ""
    return text if unit.text in ("", "1") else f"{text} {unit.text}"
